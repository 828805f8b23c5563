import { afterAll, beforeAll, expect, test } from 'vitest'
import { append, createDenialLedger } from '../../audit/index.ts'
import { newId } from '../../kernel/ids.ts'
import { createLog } from '../../kernel/log.ts'
import { createDatabase } from '../../platform/postgres.ts'
import type { Database } from '../../platform/types.ts'
import { freshDatabase } from '../harness/database.ts'
import { callerOf, type OpenDoor, openDoor, TENANT_ID, USER_ID } from '../harness/door.ts'

let database: Database
let door: OpenDoor
const record = newId()

beforeAll(async () => {
  database = createDatabase({ url: (await freshDatabase()).url })
  const securityLog = { append: () => undefined, close: () => undefined }
  door = await openDoor({
    database,
    denials: createDenialLedger({ database, securityLog, log: createLog(undefined, 'silent') }),
    callers: {
      auditor: callerOf({ capabilities: ['audit.read'] }),
      rep: callerOf({ capabilities: [], userId: newId() }),
      other: callerOf({ userId: newId() }),
    },
  })
  const origin = { now: new Date(), traceId: 'a'.repeat(32), ip: '127.0.0.1', caller: { userId: USER_ID } }
  await database.writeAs(TENANT_ID, connection =>
    append(connection, origin, [
      ...Array.from(
        { length: 5 },
        (_, n) => ({ action: 'record.updated', entity: 'deal', record_id: record, details: { version: n + 2 } }) as const,
      ),
      { action: 'session.opened' },
    ]),
  )
})
afterAll(async () => {
  await door.close()
  await database.close()
})

async function audit(query: string, who = 'auditor') {
  const answer = await fetch(`${door.url}/api/admin/audit${query}`, { headers: { authorization: `Bearer ${who}` } })
  return { status: answer.status, body: await answer.json() }
}

test('an auditor reads the newest acts first', async () => {
  const { status, body } = await audit('?limit=1')
  expect(status).toBe(200)
  expect(body).toEqual({
    data: [
      {
        id: expect.any(String),
        at: expect.stringMatching(/^\d{4}-.*Z$/),
        actor: USER_ID,
        action: 'session.opened',
        entity: null,
        record_id: null,
        details: {},
        trace_id: 'a'.repeat(32),
        ip: '127.0.0.1',
      },
    ],
    page: { next: expect.any(String) },
  })
})

test('filters narrow, and pages follow each other under them', async () => {
  const first = await audit(`?record_id=${record}&action=record.updated&limit=3`)
  const second = await audit(`?record_id=${record}&action=record.updated&limit=3&after=${first.body.page.next}`)
  expect([...first.body.data, ...second.body.data].map(row => row.details.version)).toEqual([6, 5, 4, 3, 2])
  expect(second.body.page.next).toBeNull()
})

test.each([
  '?action=record',
  '?entity=Deal',
  '?record_id=42',
  '?from=yesterday',
  '?limit=201',
  '?limit=0',
  '?order=asc',
  `?after=${'x'.repeat(40)}`,
])('%s is refused', async query => {
  expect((await audit(query)).status).toBe(422)
})

test('a cursor of somebody else is refused', async () => {
  const { body } = await audit('?limit=1')
  expect((await audit(`?limit=1&after=${body.page.next}`, 'other')).body.code).toBe('AUDIT_CURSOR_REFUSED')
})

test('the audit can be taken out as lines of JSON, and that stands in it', async () => {
  const answer = await fetch(`${door.url}/api/admin/audit/export?record_id=${record}`, { headers: { authorization: 'Bearer auditor' } })
  expect([answer.status, answer.headers.get('content-disposition')]).toEqual([200, 'attachment; filename="audit.jsonl"'])
  const lines = (await answer.text()).trim().split('\n')
  expect(lines.map(line => JSON.parse(line).details.version)).toEqual([6, 5, 4, 3, 2])
  const { body } = await audit('?action=audit.exported')
  expect(body.data).toMatchObject([{ actor: USER_ID, details: { filter: { record_id: record } } }])
})

test('who may not read the audit is refused, and that stands in the audit', async () => {
  expect((await audit('', 'rep')).status).toBe(403)
  const { body } = await audit('?action=access.denied')
  expect(body.data).toMatchObject([{ details: { code: 'ACCESS_CAPABILITY_MISSING', route: 'GET /api/admin/audit' } }])
})
