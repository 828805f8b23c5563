import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../kernel/ids.ts'
import { createLog } from '../kernel/log.ts'
import { createDatabase } from '../platform/postgres.ts'
import type { Database } from '../platform/types.ts'
import { freshDatabase } from '../test/harness/database.ts'
import { EVENT_DAYS, startHousekeeping } from './housekeeping.ts'

const lines: string[] = []
const log = createLog({ write: line => void lines.push(line) })
let database: Database
let admin: pg.Client
let adminUrl: string

beforeAll(async () => {
  const fresh = await freshDatabase()
  adminUrl = fresh.adminUrl
  database = createDatabase({ url: fresh.url })
  admin = new pg.Client({ connectionString: adminUrl })
  await admin.connect()
})
afterAll(async () => {
  await admin.end()
  await database.close()
})

const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10)
const tables = async () =>
  (await admin.query<{ name: string }>(`select relname as name from pg_class where relname ~ '^(outbox|audit)_[0-9]{8}$'`)).rows.map(
    row => row.name,
  )
const nameOf = (table: string, offset: number) => `${table}_${day(offset).replaceAll('-', '')}`

async function oldDay(offset: number, sequence: number | null): Promise<void> {
  await admin.query('set role nexus_owner')
  await admin.query(
    `create table nexus.${nameOf('outbox', offset)} partition of nexus.outbox for values from ('${day(offset)}') to ('${day(offset + 1)}')`,
  )
  await admin.query('reset role')
  await admin.query('insert into nexus.outbox (tenant_id, id, at, sequence, envelope) values ($1, $2, $3, $4, $5)', [
    newId(),
    newId(),
    day(offset),
    sequence,
    '{}',
  ])
}

test('the days to come are made, days that are over dropped, unless something in them still waits', async () => {
  await oldDay(-EVENT_DAYS - 3, 1)
  await oldDay(-EVENT_DAYS - 2, null)
  await oldDay(-EVENT_DAYS + 1, 1)
  const housekeeping = startHousekeeping({ database, log })
  await housekeeping.tidy()
  await housekeeping.stop()
  const found = await tables()
  expect(found).toEqual(expect.arrayContaining([nameOf('outbox', 1), nameOf('audit', 1), nameOf('outbox', 4)]))
  expect(found).toContain(nameOf('outbox', -EVENT_DAYS - 2))
  expect(found).toContain(nameOf('outbox', -EVENT_DAYS + 1))
  expect(found).not.toContain(nameOf('outbox', -EVENT_DAYS - 3))
  expect(lines).toEqual([])
})

test('behind a long backup it does not wait, lets writers by, and comes back', async () => {
  const backup = new pg.Client({ connectionString: adminUrl })
  await backup.connect()
  await admin.query(`drop table nexus.${nameOf('audit', 3)}`)
  await backup.query('begin')
  await backup.query('select 1 from nexus.audit limit 1')
  const housekeeping = startHousekeeping({ database, log, retryMs: 200 })
  const tidied = housekeeping.tidy()
  let longest = 0
  for (const until = Date.now() + 1_500; Date.now() < until; ) {
    const began = performance.now()
    await admin.query(
      `insert into nexus.audit (tenant_id, id, at, action, details, trace_id) values ($1, $2, now(), 'test.written', '{}', repeat('a', 32))`,
      [newId(), newId()],
    )
    longest = Math.max(longest, performance.now() - began)
  }
  await tidied
  expect(longest).toBeLessThan(1_000)
  expect(await tables()).not.toContain(nameOf('audit', 3))
  await backup.query('commit')
  await backup.end()
  await expect.poll(tables, { timeout: 5_000 }).toContain(nameOf('audit', 3))
  await housekeeping.stop()
  expect(lines).toEqual([])
})

test('a database that is away is told in the log and ends nothing', async () => {
  const away = createDatabase({ url: 'postgres://nobody@127.0.0.1:1/none' })
  const housekeeping = startHousekeeping({ database: away, log })
  await housekeeping.stop()
  await away.close()
  expect(lines.length).toBeGreaterThanOrEqual(3)
})
