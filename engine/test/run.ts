/** `npm test`: brings what the tests need, then checks and tests everything; the last line says how many passed and failed. */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bringNeeds } from './needs.ts'
import { root } from './source-files.ts'
import { runStep, STATIC_STEPS } from './steps.ts'

interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly testResults: readonly {
    readonly status: string
    readonly name: string
    readonly assertionResults: readonly { readonly status: string }[]
  }[]
}

bringNeeds()
const verdicts = await Promise.all(STATIC_STEPS.map(runStep))
const tests = await runTests(process.argv.slice(2))
const passed = verdicts.filter(Boolean).length + tests.passed
const failed = verdicts.filter(verdict => !verdict).length + tests.failed
if (tests.skipped > 0) console.log(`${tests.skipped} tests were SKIPPED, see above.`)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

async function runTests(args: readonly string[]): Promise<{ passed: number; failed: number; skipped: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'nexus-report-'))
  const reportFile = join(folder, 'report.json')
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'engine/test/vitest.config.ts']
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportFile}`]
  const child = spawn(process.execPath, [...vitest, ...reporters, ...args], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  const code = await new Promise<number>(done => child.on('close', status => done(status ?? 1)))
  try {
    const report = JSON.parse(readFileSync(reportFile, 'utf8')) as Report
    // A file that does not even load has no tests to fail; it fails as one.
    const unloaded = report.testResults.filter(
      file => file.status === 'failed' && !file.assertionResults.some(test => test.status === 'failed'),
    ).length
    const failed = report.numFailedTests + unloaded
    return { passed: report.numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed, skipped: report.numPendingTests }
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
