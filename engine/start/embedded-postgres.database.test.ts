/** The embedded server as people meet it: first and second start, killed, moved, started by root and by others. */
import { execFile, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { administer } from '../platform/server-admin.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'

// Each test makes a database cluster or two, which takes a busy machine its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const isRoot = process.getuid?.() === 0
const said: string[] = []
let dataDir: string

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'nexus-embedded-'))
  chmodSync(dataDir, 0o755)
  said.length = 0
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

const start = (durable = false) => startEmbeddedPostgres({ dataDir, durable, log: line => said.push(line) })
const ask = async (url: string, text: string): Promise<unknown> =>
  Object.values((await administer(url, client => client.query<Record<string, unknown>>(text))).rows[0] ?? {})[0]

test('creates the data once, takes over a running server, and the last one out stops it', async () => {
  const first = await start(true)
  expect(said).toEqual(['Creating the embedded database …'])
  expect(await ask(first.adminUrl, 'show fsync')).toBe('on')
  await ask(first.adminUrl, 'create table kept as select 1 as n')
  const second = await start(true)
  expect([first.reused, second.reused, second.pid]).toEqual([false, true, first.pid])

  await administer(second.adminUrl, async () => first.stop())
  expect(await ask(second.adminUrl, 'select n from kept')).toBe(1)
  await second.stop()
  await expect(ask(second.adminUrl, 'select 1')).rejects.toThrow()

  const third = await start(true)
  expect(third.reused).toBe(false)
  expect(await ask(third.adminUrl, 'select n from kept')).toBe(1)
  await third.stop()
})

test('keeps the password to itself', async () => {
  const server = await start()
  const password = readFileSync(join(dataDir, 'postgres/password'), 'utf8').trim()
  expect(statSync(join(dataDir, 'postgres/password')).mode & 0o777).toBe(0o600)
  expect(server.adminUrl).toContain(password)
  expect(readFileSync(`/proc/${server.pid}/cmdline`, 'utf8')).not.toContain(password)
  expect(await ask(server.adminUrl, 'show listen_addresses')).toBe('127.0.0.1')
  await expect(ask(server.adminUrl.replace(password, 'guess'), 'select 1')).rejects.toThrow('password authentication failed')
  await server.stop()
})

test('starts again after the server was killed, with what was committed', async () => {
  const first = await start(true)
  await ask(first.adminUrl, 'create table kept as select 2 as n')
  process.kill(first.pid, 'SIGKILL')
  await sleep(200)
  const second = await start(true)
  expect(second.reused).toBe(false)
  expect(await ask(second.adminUrl, 'select n from kept')).toBe(2)
  await second.stop()
})

test('is not misled by a pid file whose number belongs to another process by now', async () => {
  const first = await start()
  const pidFile = join(dataDir, 'postgres/data/postmaster.pid')
  const lines = readFileSync(pidFile, 'utf8').split('\n')
  await first.stop()
  writeFileSync(pidFile, [String(process.ppid), ...lines.slice(1)].join('\n'))
  const second = await start()
  expect(second.reused).toBe(false)
  await second.stop()
})

test('two first starts at the same moment end with one server', async () => {
  const script = `
    import { startEmbeddedPostgres } from ${JSON.stringify(join(import.meta.dirname, 'embedded-postgres.ts'))}
    const server = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, durable: false, log: () => undefined })
    console.log(server.pid)
    process.exit()`
  const run = promisify(execFile)
  const both = await Promise.all([1, 2].map(() => run(process.execPath, ['--input-type=module', '-e', script])))
  const server = await start()
  expect(both.map(({ stdout }) => Number(stdout))).toEqual([server.pid, server.pid])
  await server.stop()
})

test('two starts at the same moment end with one server', async () => {
  const warm = await start()
  await warm.stop()
  const both = await Promise.all([start(), start()])
  expect(both[0].pid).toBe(both[1].pid)
  await both[0].stop()
})

test('refuses the data of another major version, in words', async () => {
  const server = await start()
  await server.stop()
  writeFileSync(join(dataDir, 'postgres/data/PG_VERSION'), '17\n')
  await expect(start()).rejects.toThrow('written by Postgres 17, and this is Postgres 18')
})

test.runIf(isRoot)('goes to /var/lib when its user can not reach the folder, and finds its data there again', async () => {
  chmodSync(dataDir, 0o700)
  const first = await start()
  await ask(first.adminUrl, 'create table kept as select 3 as n')
  await first.stop()
  expect(said.join()).toMatch(/its data goes to \/var\/lib\/nexus-[0-9a-f]{12}\/data/)
  const away = readFileSync(join(dataDir, 'postgres/data-is-at'), 'utf8').trim()
  chmodSync(dataDir, 0o755)
  const second = await start()
  expect(await ask(second.adminUrl, 'select n from kept')).toBe(3)
  await second.stop()
  expect(existsSync(join(dataDir, 'postgres/data'))).toBe(false)
  rmSync(join(away, '..'), { recursive: true })
})

test.runIf(isRoot)('works for an ordinary user, whose server root can take over', async () => {
  const nobody = { uid: 65_534, gid: 65_534 }
  chownSync(dataDir, nobody.uid, nobody.gid)
  const script = `
    import { startEmbeddedPostgres } from ${JSON.stringify(join(import.meta.dirname, 'embedded-postgres.ts'))}
    const server = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, durable: false, log: () => undefined })
    console.log(JSON.stringify({ uid: process.getuid(), pid: server.pid }))
    process.exit()`
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], { ...nobody, cwd: '/', encoding: 'utf8' })
  const theirs = JSON.parse(run.stdout) as { uid: number; pid: number }
  expect(theirs.uid).toBe(nobody.uid)
  const ours = await start()
  expect([ours.reused, ours.pid]).toEqual([true, theirs.pid])
  await ours.stop()
  const again = await start()
  expect(statSync(`/proc/${again.pid}`).uid).toBe(nobody.uid)
  await again.stop()
})
