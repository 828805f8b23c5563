import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const run = (...args: string[]) => spawnSync(process.execPath, [join(import.meta.dirname, 'bootstrap.mjs'), ...args], { encoding: 'utf8' })

test('says which commands there are when it does not know one', () => {
  const { status, stderr } = run('strat')
  expect(status).toBe(2)
  expect(stderr).toContain('there is no command "strat"; there are nexus, start, dev,')
})

test('takes no name of an object for a command', () => {
  expect(run('constructor').status).toBe(2)
})

test('passes arguments and the exit code on', () => {
  const { status, stdout } = run('smoke', 'http://127.0.0.1:9')
  expect(status).toBe(1)
  expect(stdout).toContain('http://127.0.0.1:9: 4 of these went wrong')
})
