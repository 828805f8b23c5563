/** `npm test`: brings what the tests need, then checks and tests everything; the last line says how many passed and failed. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { bringNeeds } from './needs.ts'
import { root } from './source-files.ts'
import { runStep, STATIC_STEPS } from './steps.ts'

interface Report {
  readonly numPassedTests: number
  readonly numPendingTests: number
  readonly testResults: readonly {
    readonly status: string
    /** Path of the file. */
    readonly name: string
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

/** What a run of the tests came to; `broken` tells file and name of each test that failed. */
interface Outcome {
  readonly passed: number
  readonly skipped: number
  readonly broken: readonly { readonly file: string; readonly test: string }[]
}

/** So many that fail are a fault and no accident. */
const ACCIDENTS = 3

bringNeeds()
const verdicts = await Promise.all(STATIC_STEPS.map(runStep))
const tests = await runTwice(process.argv.slice(2))
const passed = verdicts.filter(Boolean).length + tests.passed
const failed = verdicts.filter(verdict => !verdict).length + tests.broken.length
if (tests.skipped > 0) console.log(`${tests.skipped} tests were SKIPPED, see above.`)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

/**
 * Tests that kill servers and race writers can meet a moment that nobody thought of. What failed beside all the others is run once more by
 * itself; a test that then passes counts as passed and is NAMED as unstable, so that it is mended and not forgotten.
 */
async function runTwice(args: readonly string[]): Promise<Outcome> {
  const first = await runTests(args)
  if (first.broken.length === 0 || first.broken.length > ACCIDENTS) return first
  const files = [...new Set(first.broken.map(each => each.file))]
  if (files.some(file => file === '')) return first
  console.log(`\nOnce more, by themselves: ${files.map(file => relative(root, file)).join(', ')}`)
  const second = await runTests(files)
  const again = new Set(second.broken.map(({ file, test }) => `${file} > ${test}`))
  const unstable = first.broken.filter(({ file, test }) => !again.has(`${file} > ${test}`))
  for (const { file, test } of unstable) console.log(`UNSTABLE, passed only by itself: ${relative(root, file)} > ${test}`)
  return { passed: first.passed + unstable.length, skipped: first.skipped, broken: second.broken }
}

async function runTests(args: readonly string[]): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'nexus-report-'))
  const reportFile = join(folder, 'report.json')
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'engine/test/vitest.config.ts']
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`]
  const child = spawn(process.execPath, [...vitest, ...reporters, ...args], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  const code = await new Promise<number>(done => child.on('close', status => done(status ?? 1)))
  // A run that ends badly without a test to blame has failed all the same.
  const ended = code === 0 ? [] : [{ file: '', test: `the run ended with ${code}` }]
  try {
    const report = JSON.parse(readFileSync(reportFile, 'utf8')) as Report
    const broken = report.testResults.flatMap(({ name: file, status, assertionResults }) => {
      const failures = assertionResults.filter(test => test.status === 'failed').map(test => ({ file, test: test.fullName }))
      // A file that does not even load has no tests to fail; it fails as one.
      return failures.length === 0 && status === 'failed' ? [{ file, test: 'the file itself' }] : failures
    })
    return { passed: report.numPassedTests, skipped: report.numPendingTests, broken: broken.length === 0 ? ended : broken }
  } catch {
    return { passed: 0, skipped: 0, broken: [{ file: '', test: 'there is no report' }] }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
