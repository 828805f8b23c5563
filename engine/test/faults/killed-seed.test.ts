/**
 * The making of the demo tenants is killed at several places: nothing half made is served under their names, and the next run ends with the
 * same tenants as one that nobody disturbed.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { unfinished } from '../../start/seed-demo.ts'
import { freshDatabase } from '../harness/database.ts'
import { endLeftRedis } from '../harness/redis.ts'
import { root } from '../source-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'nexus-seed-'))
const clients: pg.Client[] = []
const children: ChildProcess[] = []
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL')
  await endLeftRedis(folder)
  await Promise.all(clients.map(client => client.end()))
  rmSync(folder, { recursive: true, force: true })
})

interface Ground {
  readonly url: string
  readonly sql: <T extends object>(text: string) => Promise<T[]>
}

async function openGround(): Promise<Ground> {
  const { adminUrl: url } = await freshDatabase()
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  clients.push(client)
  return { url, sql: async text => (await client.query(text)).rows as never }
}

function seed({ url }: Ground): ChildProcess {
  const env = { PATH: process.env['PATH'], NODE_ENV: 'test', NEXUS_DATA_DIR: folder, DATABASE_URL: url }
  const child = spawn(process.execPath, [join(root, 'engine/start/cli.ts'), 'seed'], { env, stdio: 'ignore' })
  children.push(child)
  return child
}

async function seedToTheEnd(ground: Ground): Promise<void> {
  expect(await once(seed(ground), 'exit')).toEqual([0, null])
}

const keysOf = async ({ sql }: Ground): Promise<string[]> =>
  (await sql<{ key: string }>('select key from nexus.tenant order by key')).map(({ key }) => key)

/** Every table of a tenant's content by its rows, without what two runs differ in by nature: ids, instants and the places of lines made of them. */
const contentOf = ({ sql }: Ground): Promise<object[]> =>
  sql(`select t.key, r.entity_no, count(*)::int as records, sum(r.i1)::text as amounts, min(r.version) as version,
      (select count(*)::int from nexus.record_history h where h.tenant_id = t.id and h.entity_no = r.entity_no) as history,
      md5(string_agg(regexp_replace((r.data - 'position')::text, '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'id', 'g'), '' order by
        regexp_replace((r.data - 'position')::text, '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'id', 'g') collate "C")) as data
    from nexus.record r join nexus.tenant t on t.id = r.tenant_id group by t.id, t.key, r.entity_no order by 1, 2`)

let calm: Ground
let disturbed: Ground
beforeAll(async () => {
  ;[calm, disturbed] = await Promise.all([openGround(), openGround()])
  await seedToTheEnd(calm)
}, 120_000)

test.each([5, 900, 2_500])(
  'killed after %i records, it leaves no tenant of the name',
  async least => {
    const child = seed(disturbed)
    const ended = once(child, 'exit')
    for (let there = 0; there < least; await sleep(5))
      there = Number((await disturbed.sql<{ n: number }>('select count(*)::int as n from nexus.record'))[0]?.n)
    child.kill('SIGKILL')
    expect(await ended).toEqual([null, 'SIGKILL'])
    expect(await keysOf(disturbed)).toEqual([unfinished('demo')])
  },
  60_000,
)

test('the next run finishes it, as if nobody had disturbed it', async () => {
  await seedToTheEnd(disturbed)
  expect(await keysOf(disturbed)).toEqual(['demo', 'other'])
  expect(await contentOf(disturbed)).toEqual(await contentOf(calm))
  const before = await contentOf(disturbed)
  await seedToTheEnd(disturbed)
  expect(await contentOf(disturbed)).toEqual(before)
}, 120_000)
