import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../kernel/ids.ts'
import { createLog } from '../kernel/log.ts'
import type { SecurityEvent } from '../kernel/security-log.ts'
import { createDatabase } from '../platform/postgres.ts'
import type { Database } from '../platform/types.ts'
import { freshDatabase } from '../test/harness/database.ts'
import { createCursorBox } from '../validate/cursor.ts'
import { append, type AuditEntry, createDenialLedger, exportAudit, listAudit, startSealer, verifyAudit } from './index.ts'

const key = randomBytes(32)
const log = createLog(undefined, 'silent')
const events: SecurityEvent[] = []
const securityLog = { append: (event: SecurityEvent) => void events.push(event), close: () => undefined }
const cursors = createCursorBox('secret')
let url: string
let database: Database
let admin: pg.Client

beforeAll(async () => {
  const fresh = await freshDatabase()
  const { adminUrl } = fresh
  url = fresh.url
  database = createDatabase({ url })
  admin = new pg.Client({ connectionString: adminUrl })
  await admin.connect()
})
afterAll(async () => {
  await admin.end()
  await database.close()
})

const user = newId()
/** A reader for whom every field exists. */
const ALL = (): boolean => true
const trace = 'a'.repeat(32)
const origin = (now = new Date()) => ({ now, traceId: trace, ip: '127.0.0.1', caller: { userId: user } })

function write(tenantId: string, ...entries: AuditEntry[]): Promise<void> {
  return database.writeAs(tenantId, connection => append(connection, origin(), entries))
}

async function seal(): Promise<void> {
  const sealer = startSealer({ database, log, securityLog, key })
  await sealer.sealNow()
  await sealer.stop()
}

const numbered = (count: number): AuditEntry[] =>
  Array.from({ length: count }, (_, n) => ({ action: 'record.created', entity: 'deal', details: { n } }))

test('an entry is there when its transaction commits and gone when it rolls back', async () => {
  const tenant = newId()
  await write(tenant, { action: 'record.created', entity: 'deal', record_id: newId(), details: { version: 1 } })
  const failed = database.writeAs(tenant, async connection => {
    await append(connection, origin(), { action: 'record.deleted' })
    throw new Error('rolled back')
  })
  await expect(failed).rejects.toThrow('rolled back')
  const { data } = await listAudit({ database, cursors }, { tenantId: tenant, userId: user, now: new Date(), knows: ALL }, {})
  expect(data).toMatchObject([
    { action: 'record.created', entity: 'deal', actor: user, trace_id: trace, ip: '127.0.0.1', details: { version: 1 } },
  ])
})

test('the engine can neither change nor remove what it wrote', async () => {
  const tenant = newId()
  await write(tenant, { action: 'record.created' })
  await seal()
  for (const table of ['audit', 'audit_seal']) {
    for (const text of [`update nexus.${table} set tenant_id = tenant_id`, `delete from nexus.${table}`]) {
      await expect(database.writeAs(tenant, connection => connection.execute({ text, values: [] }))).rejects.toMatchObject({
        sqlState: '42501',
      })
    }
  }
})

test('rows are sealed within a second, and the chain proves them', async () => {
  const tenant = newId()
  const sealer = startSealer({ database, log, securityLog, key })
  await write(tenant, ...numbered(3))
  const written = performance.now()
  let verdict = await verifyAudit(database, tenant, { key })
  while (verdict.unsealed > 0) {
    await new Promise(resolve => setTimeout(resolve, 20))
    verdict = await verifyAudit(database, tenant, { key })
  }
  expect(performance.now() - written).toBeLessThan(1000)
  await write(tenant, ...numbered(2))
  await sealer.sealNow()
  await sealer.stop()
  expect(await verifyAudit(database, tenant, { key })).toMatchObject({ intact: true, seals: 2, rows: 5, unsealed: 0, first_break: null })
  expect(events.filter(event => event.tenant_id === tenant)).toMatchObject([
    { event: 'audit_head', reference: expect.stringMatching(/^1:[0-9a-f]{64}$/) },
  ])
})

test('several sealers at once extend one chain', async () => {
  const tenants = [newId(), newId(), newId()]
  for (const tenant of tenants) for (let n = 0; n < 5; n++) await write(tenant, ...numbered(4))
  const sealers = Array.from({ length: 4 }, () => startSealer({ database, log, securityLog, key }))
  await Promise.all(sealers.map(sealer => sealer.sealNow()))
  await Promise.all(sealers.map(sealer => sealer.stop()))
  await seal()
  for (const tenant of tenants) expect(await verifyAudit(database, tenant, { key })).toMatchObject({ intact: true, rows: 20, unsealed: 0 })
})

test('tenants are sealed together, and one whose rows somebody holds keeps no other waiting', async () => {
  const [held, free, large] = [newId(), newId(), newId()]
  for (const tenant of [held, free]) await write(tenant, ...numbered(3))
  await write(large, ...numbered(600))
  const impatient = createDatabase({ url, limits: { lockMs: 150 } })
  const sealer = startSealer({ database: impatient, log, securityLog, key })
  await admin.query('begin')
  await admin.query('select from nexus.audit_unsealed where tenant_id = $1 for update', [held])
  await sealer.sealNow()
  expect(await verifyAudit(database, held, { key })).toMatchObject({ seals: 0, unsealed: 3 })
  expect(await verifyAudit(database, free, { key })).toMatchObject({ intact: true, rows: 3, seals: 1, unsealed: 0 })
  expect(await verifyAudit(database, large, { key })).toMatchObject({ intact: true, rows: 600, unsealed: 0 })
  await admin.query('rollback')
  await sealer.sealNow()
  expect(await verifyAudit(database, held, { key })).toMatchObject({ intact: true, rows: 3, unsealed: 0 })
  await sealer.stop()
  await impatient.close()
})

test('more rows than one seal holds become several', async () => {
  const tenant = newId()
  await write(tenant, ...numbered(4500))
  await seal()
  expect(await verifyAudit(database, tenant, { key })).toMatchObject({ intact: true, seals: 3, rows: 4500, unsealed: 0 })
})

async function sealedTenant(): Promise<{ tenant: string; ids: string[] }> {
  const tenant = newId()
  await write(tenant, ...numbered(3))
  await seal()
  await write(tenant, ...numbered(3))
  await seal()
  const found = await admin.query<{ ids: string[] }>('select ids from nexus.audit_seal where tenant_id = $1 order by seal_no', [tenant])
  return { tenant, ids: found.rows.flatMap(row => row.ids) }
}

test.each([
  ['a changed value', `update nexus.audit set details = '{"n": 99}' where id = $1`, 4, 'row_changed'],
  ['another actor', `update nexus.audit set actor = null where id = $1`, 1, 'row_changed'],
  ['a removed row', 'delete from nexus.audit where id = $1', 2, 'row_missing'],
])('the first broken row is named: %s', async (_, sql, index, kind) => {
  const { tenant, ids } = await sealedTenant()
  await admin.query(sql, [ids[index]])
  const verdict = await verifyAudit(database, tenant, { key })
  expect(verdict).toMatchObject({ intact: false, first_break: { kind, row: ids[index], seal_no: index < 3 ? 1 : 2 } })
})

test('a row that was slipped in past the engine is found', async () => {
  const { tenant } = await sealedTenant()
  const id = newId()
  await admin.query(`insert into nexus.audit values ($1, $2, now(), null, 'record.created', null, null, '{}', 'x', null)`, [tenant, id])
  expect(await verifyAudit(database, tenant, { key })).toMatchObject({ intact: false, first_break: { kind: 'row_unsealed', row: id } })
})

test('a chain that was computed anew without the key is found', async () => {
  const { tenant } = await sealedTenant()
  await admin.query(`update nexus.audit_seal set hashes = array['00', '00', '00'] where tenant_id = $1 and seal_no = 2`, [tenant])
  expect(await verifyAudit(database, tenant, { key })).toMatchObject({ first_break: { kind: 'seal_changed', seal_no: 2 } })
  expect(await verifyAudit(database, tenant, { key: randomBytes(32) })).toMatchObject({ first_break: { kind: 'seal_changed', seal_no: 1 } })
})

test('a seal cut out of the middle is found, one cut off at the end by the head told elsewhere', async () => {
  const { tenant } = await sealedTenant()
  const { head } = await verifyAudit(database, tenant, { key })
  await admin.query('delete from nexus.audit where id in (select unnest(ids) from nexus.audit_seal where tenant_id = $1 and seal_no = 2)', [
    tenant,
  ])
  await admin.query('delete from nexus.audit_seal where tenant_id = $1 and seal_no = 2', [tenant])
  expect(await verifyAudit(database, tenant, { key })).toMatchObject({ intact: true })
  expect(await verifyAudit(database, tenant, { key, anchor: { seal_no: 2, head } })).toMatchObject({
    first_break: { kind: 'seal_missing', seal_no: 2 },
  })
})

test('rows whose time is over may be gone, later ones may not', async () => {
  const { tenant, ids } = await sealedTenant()
  await admin.query('delete from nexus.audit where id = any($1)', [ids.slice(0, 3)])
  expect(await verifyAudit(database, tenant, { key })).toMatchObject({ first_break: { kind: 'row_missing' } })
  expect(await verifyAudit(database, tenant, { key, keptSince: new Date(Date.now() + 1000) })).toMatchObject({ intact: true, rows: 6 })
})

test('a page ends where the next begins, and its cursor serves only the reader and the filter it was made for', async () => {
  const tenant = newId()
  await write(tenant, ...numbered(7), { action: 'session.opened' })
  const reader = { tenantId: tenant, userId: user, now: new Date(), knows: ALL }
  const list = { database, cursors }
  const filter = { action: 'record.created' }
  const seen: unknown[] = []
  let after: string | undefined
  do {
    const { data, page } = await listAudit(list, reader, filter, { limit: 3, ...(after === undefined ? {} : { after }) })
    seen.push(...data.map(row => row.details['n']))
    after = page.next ?? undefined
  } while (after !== undefined)
  expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0])

  const { page } = await listAudit(list, reader, filter, { limit: 3 })
  const next = { after: page.next ?? '' }
  for (const [asker, wanted, given] of [
    [{ ...reader, userId: newId() }, filter, next],
    [reader, {}, next],
    [reader, filter, { after: 'garbage' }],
  ] as const) {
    await expect(listAudit(list, asker, wanted, given)).rejects.toMatchObject({ code: 'AUDIT_CURSOR_REFUSED' })
  }
})

test('fields that do not exist for the reader are not named, in pages and in what is taken out', async () => {
  const tenant = newId()
  const record_id = newId()
  await write(
    tenant,
    { action: 'record.updated', entity: 'deal', record_id, details: { version: 2, fields: ['name', 'margin'] } },
    { action: 'record.revealed', entity: 'deal', record_id, details: { field: 'passport', reason: 'asked' } },
    { action: 'record.exported', entity: 'deal', details: { format: 'csv', rows: 1, fields: ['name', 'margin'] } },
  )
  const knows = (entity: string, field: string): boolean => entity === 'deal' && field === 'name'
  const told = [{ format: 'csv', rows: 1, fields: ['name'] }, { reason: 'asked' }, { version: 2, fields: ['name'] }]
  const { data } = await listAudit({ database, cursors }, { tenantId: tenant, userId: user, now: new Date(), knows }, {})
  expect(data.map(row => row.details)).toEqual(told)
  let text = ''
  for await (const chunk of exportAudit(database, tenant, {}, knows)) text += chunk
  expect(
    text
      .trim()
      .split('\n')
      .map(line => (JSON.parse(line) as { details: unknown }).details),
  ).toEqual(told)
})

test('filters narrow by actor, entity, record and time', async () => {
  const tenant = newId()
  const [record, other] = [newId(), newId()]
  await write(
    tenant,
    { action: 'record.created', entity: 'deal', record_id: record },
    { action: 'record.created', entity: 'task', actor: other },
  )
  const count = async (filter: object) =>
    (await listAudit({ database, cursors }, { tenantId: tenant, userId: user, now: new Date(), knows: ALL }, filter)).data.length
  expect(await count({ actor: other })).toBe(1)
  expect(await count({ entity: 'deal' })).toBe(1)
  expect(await count({ record_id: record })).toBe(1)
  expect(await count({ from: new Date(Date.now() + 60_000).toISOString() })).toBe(0)
  expect(await count({ to: new Date(Date.now() + 60_000).toISOString() })).toBe(2)
})

test('an export holds every row once, however many there are', async () => {
  const tenant = newId()
  await write(tenant, ...numbered(2500))
  let text = ''
  for await (const chunk of exportAudit(database, tenant, { action: 'record.created' }, ALL)) text += chunk
  const seen = text
    .trim()
    .split('\n')
    .map(line => Number(JSON.parse(line).details.n))
  expect(seen).toEqual(Array.from({ length: 2500 }, (_, n) => 2499 - n))
})

test('another tenant sees nothing of it', async () => {
  await write(newId(), { action: 'record.created' })
  const { data } = await listAudit({ database, cursors }, { tenantId: newId(), userId: user, now: new Date(), knows: ALL }, {})
  expect(data).toEqual([])
})

test('refusals are written down, and a flood of them is counted', async () => {
  const tenant = newId()
  const denials = createDenialLedger({ database, securityLog, log })
  const denial = {
    now: new Date(),
    traceId: trace,
    ip: '127.0.0.1',
    route: 'GET /api/records/:entity',
    code: 'NOT_FOUND',
    entity: 'deal',
    record_id: null,
    caller: { userId: user, apiKeyId: null, tenant: { id: tenant } },
  }
  await Promise.all(Array.from({ length: 300 }, () => denials.record(denial)))
  await new Promise(resolve => setTimeout(resolve, 1100))
  await denials.record(denial)
  const { data } = await listAudit(
    { database, cursors },
    { tenantId: tenant, userId: user, now: new Date(), knows: ALL },
    {},
    { limit: 200 },
  )
  expect(data.length).toBeGreaterThanOrEqual(60)
  expect(data.length).toBeLessThan(70)
  expect(data[0]?.details).toMatchObject({ code: 'NOT_FOUND', route: 'GET /api/records/:entity' })
  expect(data.some(row => Number(row.details['suppressed']) > 200)).toBe(true)
})
