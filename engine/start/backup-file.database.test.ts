/** Backup and restore as an operator types them, and as they are when somebody pulls the plug: processes killed at once, files left behind. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, createWriteStream, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { administer } from '../platform/server-admin.ts'
import { freshDatabase, type TestDatabase } from '../test/harness/database.ts'
import { endLeftRedis } from '../test/harness/redis.ts'
import { startWorkspace } from '../test/harness/workspace.ts'
import { backUpInto, backUpTo } from './backup-file.ts'

// Each command is a process that loads the program.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 })
const folder = mkdtempSync(join(tmpdir(), 'nexus-backup-file-'))
afterAll(async () => {
  await endLeftRedis(folder)
  rmSync(folder, { recursive: true })
})
let database: TestDatabase
let empty: TestDatabase
const file = join(folder, 'whole.backup')

beforeAll(async () => {
  const workspace = await startWorkspace()
  database = workspace.database
  empty = await freshDatabase()
  await workspace.createTenant('acme')
  const admin = await workspace.signIn('acme', 'admin@acme.test')
  for (let n = 0; n < 20; n++) {
    const operations = Array.from({ length: 500 }, (_, at) => ({ op: 'create', values: { name: `Customer ${n * 500 + at}` } }))
    const made = await admin('POST', '/api/records/customer/bulk', { operations })
    if (made.status !== 200) throw new Error(JSON.stringify(made.problem))
  }
})

function start(on: TestDatabase, ...args: string[]): ChildProcess {
  const env = { PATH: process.env['PATH'], NODE_ENV: 'test', NEXUS_DATA_DIR: folder, DATABASE_URL: on.adminUrl }
  return spawn(process.execPath, [join(import.meta.dirname, 'cli.ts'), ...args], { env, cwd: folder, stdio: ['pipe', 'pipe', 'pipe'] })
}

async function nexus(on: TestDatabase, ...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = start(on, ...args)
  let [stdout, stderr] = ['', '']
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number]
  return { code, stdout, stderr }
}

const count = async (on: TestDatabase, table: string): Promise<number> =>
  Number((await administer(on.adminUrl, client => client.query<{ n: string }>(`select count(*) as n from nexus.${table}`))).rows[0]?.n)

test('a backup that is killed leaves no file that looks whole', async () => {
  const out = join(folder, 'killed.backup')
  const child = start(database, 'backup', '--out', out)
  const ended = once(child, 'close')
  while (!readdirSync(folder).some(name => name.endsWith('.partial'))) await sleep(1)
  child.kill('SIGKILL')
  await ended
  expect(existsSync(out)).toBe(false)
  const [partial = ''] = readdirSync(folder).filter(name => name.endsWith('.partial'))
  const refused = await nexus(empty, 'restore', join(folder, partial))
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/damaged|no backup/)])
  expect(await count(empty, 'tenant')).toBe(0)
})

test.each(['SIGINT', 'SIGTERM'] as const)('a backup that is ended by %s leaves nothing, and says by what it was ended', async signal => {
  const before = readdirSync(folder).filter(name => name.endsWith('.partial'))
  const child = start(database, 'backup', '--out', join(folder, `${signal}.backup`))
  const ended = once(child, 'close')
  while (!readdirSync(folder).some(name => name.startsWith(signal))) await sleep(1)
  child.kill(signal)
  expect(await ended).toEqual([null, signal])
  expect(readdirSync(folder).filter(name => name.startsWith(signal) || name.endsWith('.partial'))).toEqual(before)
})

test('a drill that is ended by Ctrl-C leaves neither the data nor a server', { timeout: 60_000 }, async () => {
  const aside = mkdtempSync(join(folder, 'aside-'))
  // The user of the embedded Postgres has to get in.
  for (const each of [folder, aside]) chmodSync(each, 0o755)
  const drills = (): string[] => readdirSync(aside).filter(name => name.startsWith('nexus-drill-'))
  const env = { PATH: process.env['PATH'], NODE_ENV: 'test', NEXUS_DATA_DIR: folder, TMPDIR: aside, DATABASE_URL: database.adminUrl }
  const child = spawn(process.execPath, [join(import.meta.dirname, 'cli.ts'), 'drill'], { env, stdio: 'ignore' })
  const ended = once(child, 'close')
  const pidFile = (): string | undefined =>
    drills()
      .map(name => join(aside, name, 'postgres/data/postmaster.pid'))
      .find(path => existsSync(path))
  while (pidFile() === undefined) await sleep(5)
  const pid = Number(readFileSync(pidFile() ?? '', 'utf8').split('\n')[0])
  child.kill('SIGINT')
  expect((await ended)[1]).toBe('SIGINT')
  expect(drills()).toEqual([])
  expect(() => process.kill(pid, 0)).toThrow('ESRCH')
})

test('a backup is readable by its owner alone, and never written over another', async () => {
  const made = await nexus(database, 'backup', '--out', file, '--json')
  expect(made.code).toBe(0)
  const told = JSON.parse(made.stdout)
  expect(told).toMatchObject({ file, tenants: [{ key: 'acme' }], file_bytes: statSync(file).size })
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(made.stderr).toContain(`keep NEXUS_SECRET and NEXUS_OPERATOR_TOKEN (${join(folder, 'secrets.json')}) elsewhere`)
  expect(await nexus(database, 'backup', '--out', file)).toMatchObject({ code: 2, stderr: expect.stringContaining('is there already') })
  expect(await nexus(database, 'backup', '--tenant', 'nobody')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('no tenant “nobody”'),
  })
  const looked = await nexus(empty, 'restore', '--verify', '--json', file)
  expect([looked.code, JSON.parse(looked.stdout)]).toMatchObject([0, { id: told.id, rows: told.rows, is_ours: true }])
  expect(await count(empty, 'tenant')).toBe(0)
})

test('a restore that is killed has changed nothing, and the next one is whole', async () => {
  const child = start(empty, 'restore', file)
  const ended = once(child, 'close')
  for (let rows = 0; rows === 0; await sleep(2)) {
    const busy = await administer(
      empty.adminUrl,
      async client =>
        (
          await client.query(
            `select 1 from pg_stat_activity where application_name = 'nexus_restore' and query like 'insert into nexus.record%'`,
          )
        ).rowCount ?? 0,
    )
    rows = busy
    if (child.exitCode !== null) throw new Error('The restore was too fast to be killed.')
  }
  child.kill('SIGKILL')
  await ended
  expect([await count(empty, 'tenant'), await count(empty, 'record')]).toEqual([0, 0])
  const again = await nexus(empty, 'restore', file)
  expect([again.code, again.stderr]).toEqual([0, expect.stringMatching(/acme: restored, \d+ rows of \d+ tables compared; audit whole/)])
  expect(await count(empty, 'record')).toBe(await count(database, 'record'))
  expect(await nexus(empty, 'restore', file)).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('is there already from this backup'),
  })
})

test('a pipe is as good as a file, and one that ends early is refused', async () => {
  const target = await freshDatabase()
  const from = start(database, 'backup', '--tenant', 'acme', '--out', '-')
  const into = start(target, 'restore', '-')
  from.stdout?.pipe(into.stdin as NodeJS.WritableStream)
  const [[made], [taken]] = (await Promise.all([once(from, 'close'), once(into, 'close')])) as [[number], [number]]
  expect([made, taken]).toEqual([0, 0])
  expect(await count(target, 'record')).toBe(await count(database, 'record'))
  const cut = start(await freshDatabase(), 'restore', '-')
  cut.stdin?.end(Buffer.from([0x28, 0xb5, 0x2f, 0xfd]))
  expect((await once(cut, 'close'))[0]).toBe(1)
  expect(readdirSync(folder).filter(name => name.endsWith('.spool'))).toEqual([])
})

test('what was typed wrong does nothing', async () => {
  writeFileSync(join(folder, 'empty.backup'), '')
  const trials: [string[], number, RegExp][] = [
    [['restore'], 2, /Name a backup/],
    [['restore', join(folder, 'nothing')], 2, /There is no file/],
    [['restore', file, '--replace', '--as-key', 'x'], 2, /exclude each other/],
    [['restore', join(folder, 'empty.backup')], 1, /no backup/],
    [['restore', file, '--tenant', 'other'], 1, /does not hold the tenant “other”; it holds “acme”/],
  ]
  for (const [args, code, words] of trials) {
    const ended = await nexus(empty, ...args)
    expect([args, ended.code, ended.stdout]).toEqual([args, code, ''])
    expect(ended.stderr).toMatch(words)
  }
})

test('a disk without room, or a Postgres that goes away, ends a backup at once and leaves no file', async () => {
  const request = {
    adminUrl: database.adminUrl,
    secret: 'secret-of-the-backup-file-test-0123456789',
    engine: { name: 'nexus', version: '0', commit: 'test' },
  }
  await expect(backUpTo(createWriteStream('/dev/full'), request)).rejects.toMatchObject({ code: 'ENOSPC' })

  const out = join(folder, 'cut-off.backup')
  const cutOff = backUpInto(out, {
    ...request,
    progress: () =>
      void administer(database.adminUrl, client =>
        client.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'nexus_backup' and datname = current_database()`,
        ),
      ),
  })
  // What Postgres still said of it, or that it is gone where the line broke first.
  await expect(cutOff).rejects.toThrow(/terminating connection|The connection to Postgres was lost/)
  expect(readdirSync(folder).filter(name => name.startsWith('cut-off'))).toEqual([])
  for (let left = 1; left > 0; ) {
    const found = await administer(database.adminUrl, client =>
      client.query(`select 1 from pg_stat_activity where application_name = 'nexus_backup' and datname = current_database()`),
    )
    left = found.rowCount ?? 0
  }
})
