/** A backup and a restore pass everything through and keep nothing of it: the memory of their processes does not grow with what there is. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { afterAll, expect, test } from 'vitest'
import { administer } from '../platform/server-admin.ts'
import { freshDatabase } from '../test/harness/database.ts'
import { startWorkspace } from '../test/harness/workspace.ts'

const RECORDS = 110_000
const LARGE = 200e6
/** What a busy process lets lie about before it is tidied up; keeping all of it would take 250. */
const MOST_ABOVE_IDLE_MB = 175
/** Of that little comes in the second half; a process that kept what passes through would need 126 then. */
const MOST_LATE_MB = 90

const folder = mkdtempSync(join(tmpdir(), 'nexus-flat-'))
afterAll(() => rmSync(folder, { recursive: true }))
const workspace = await startWorkspace()
const tenant = await workspace.createTenant('heavy')

/** Records of two kilobytes each, no two alike. */
async function fill(): Promise<void> {
  const customer = (await workspace.wired.models.current(tenant.id)).model.entities.get('customer')
  const noOf = (key: string): string => String(customer?.fields.get(key)?.no)
  await administer(workspace.database.adminUrl, client =>
    client.query(
      `insert into nexus.record (tenant_id, entity_no, id, created_at, updated_at, data)
        select $1, $2, (lpad(to_hex(n), 8, '0') || '-0000-7000-8000-000000000000')::uuid, now(), now(), jsonb_build_object($4::text, 'Customer ' || n,
          $5::text, (select string_agg(md5(n || '/' || k), '') from generate_series(1, 62) k)) from generate_series(1, $3::int) n`,
      [tenant.id, customer?.no, RECORDS, noOf('name'), noOf('description')],
    ),
  )
}

interface Ran {
  readonly answer: { readonly bytes: number; readonly rows: number }
  readonly peakMb: number
  /** The most in the first half of its time. */
  readonly earlyMb: number
}

/** Runs a command in a process of its own, whose resident memory is looked at ten times a second. */
async function nexus(databaseUrl: string, ...args: string[]): Promise<Ran> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'cli.ts'), ...args, '--json'], {
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'test',
      NEXUS_DATA_DIR: folder,
      NEXUS_SECRET: 'Zk8vQ2mB7xN4tR9wL1pF6sH3jD5gC0aY',
      DATABASE_URL: databaseUrl,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { out: '', error: '' }
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (said.error += chunk.toString()))
  const ended = once(child, 'close')
  const looks: number[] = []
  const isOver = ended.then(() => true)
  do {
    // Once it has ended there is nothing to be told of it.
    const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(child.pid)]).catch(() => ({ stdout: '0' }))
    looks.push(Number(stdout) / 1024)
  } while (!(await Promise.race([isOver, sleep(100, false)])))
  expect([args[0], child.exitCode, said.error]).toEqual([args[0], 0, said.error])
  expect(looks.length).toBeGreaterThan(3)
  const [peakMb, earlyMb] = [Math.max(...looks), Math.max(...looks.slice(0, looks.length / 2))]
  return { answer: JSON.parse(said.out) as Ran['answer'], peakMb, earlyMb }
}

test('memory stays flat while a large installation is backed up, read and restored', { timeout: 600_000 }, async () => {
  const [small, large] = [join(folder, 'small.backup'), join(folder, 'large.backup')]
  const [littleBacked, littleRead, littleRestored] = [
    await nexus(workspace.database.adminUrl, 'backup', '--out', small),
    await nexus(workspace.database.adminUrl, 'restore', '--verify', small),
    await nexus((await freshDatabase()).adminUrl, 'restore', small),
  ]
  await fill()
  const backed = await nexus(workspace.database.adminUrl, 'backup', '--out', large)
  expect([backed.answer.bytes > LARGE, backed.answer.rows > RECORDS]).toEqual([true, true])
  const read = await nexus(workspace.database.adminUrl, 'restore', '--verify', large)
  const restored = await nexus((await freshDatabase()).adminUrl, 'restore', large)
  const figures = [
    { what: 'backup', idle: littleBacked, busy: backed },
    { what: 'verify', idle: littleRead, busy: read },
    { what: 'restore', idle: littleRestored, busy: restored },
  ]
  const lines = figures.map(
    ({ what, idle, busy }) => `${what} ${[idle.peakMb, busy.earlyMb, busy.peakMb].map(mb => mb.toFixed(0)).join(' / ')} MB`,
  )
  console.log(`${(backed.answer.bytes / 1e6).toFixed(0)} MB, idle / first half / at most: ${lines.join(', ')}`)
  const grows = figures.filter(
    ({ idle, busy }) => busy.peakMb - idle.peakMb > MOST_ABOVE_IDLE_MB || busy.peakMb - busy.earlyMb > MOST_LATE_MB,
  )
  expect(grows.map(({ what }) => what)).toEqual([])
})
