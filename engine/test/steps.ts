/** Runs the tools that judge the code, each as a step with a name, a verdict and a time; its words are shown only when it fails. */
import { spawn } from 'node:child_process'
import { root } from './source-files.ts'

export interface Step {
  readonly name: string
  /** Program file in node_modules and its arguments. */
  readonly run: readonly [file: string, ...args: string[]]
}

/** What needs neither database nor browser and looks at the text alone. */
export const STATIC_STEPS: readonly Step[] = [
  { name: 'types', run: ['node_modules/typescript-7/bin/tsc', '--noEmit'] },
  { name: 'lint', run: ['node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings'] },
  { name: 'format', run: ['node_modules/@biomejs/biome/bin/biome', 'format', '.', '--max-diagnostics=20'] },
]

/** The fast tests: units, golden cases, architecture, drift of generated files. */
export const UNIT_STEP: Step = {
  name: 'unit tests',
  run: ['node_modules/vitest/vitest.mjs', 'run', '--config', 'engine/test/vitest.config.ts', '--project', 'unit', '--reporter=dot'],
}

/** Runs a step and says how it went; true when it passed. */
export async function runStep({ name, run: [file, ...args] }: Step): Promise<boolean> {
  const started = performance.now()
  const { code, output } = await runQuietly(file, args)
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  if (code !== 0) console.log(output.trimEnd())
  console.log(`${code === 0 ? '✓' : '✗'} ${name} (${seconds} s)`)
  return code === 0
}

function runQuietly(file: string, args: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise(done => {
    const child = spawn(process.execPath, [file, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')))
    child.on('error', error => done({ code: 1, output: error.message }))
    child.on('close', code => done({ code: code ?? 1, output }))
  })
}
