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

test('tells what smoke takes, and refuses what it does not', () => {
  expect(run('smoke', '--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('--password-from <name>') as unknown })
  expect(run('smoke', '--emial', 'a@b.test')).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringContaining('nexus smoke has no option --emial. Is --email meant?') as unknown,
  })
  const { status, stdout } = run('smoke', 'http://127.0.0.1:9', '--json')
  expect([status, JSON.parse(stdout)]).toMatchObject([1, { ok: false, steps: [{ name: 'GET /health', ok: false }, {}, {}, {}] }])
})
