/** Changes that are judged before they are written go to the database as a whole; what is left to be judged there, or was overtaken, does not. */
import { expect, test } from 'vitest'
import type { Caller } from '../../../kernel/context.ts'
import { newId } from '../../../kernel/ids.ts'
import { commitForegone } from '../../../records/commit-foregone.ts'
import { prepareOne } from '../../../records/prepare-one.ts'
import type { RecordContext } from '../../../records/types.ts'
import { openSales, type Person } from '../../harness/sales.ts'
import { type Fields, WORKSHOP } from './workshop.ts'

const sales = await openSales(WORKSHOP)
const boss = await sales.person(['workshop_all_role'], sales.north)
const maker = await sales.person(['maker_role'], sales.north)

async function contextOf(person: Person, otherwise: (caller: Caller) => Caller = caller => caller): Promise<RecordContext> {
  const { wired, tenantId } = sales
  const caller = await wired.identity.callerOf(tenantId, person.id, new Date())
  const traceId = newId().replaceAll('-', '')
  const plain = {
    traceId,
    traceparent: '',
    route: 'test',
    ip: '127.0.0.1',
    now: new Date(),
    caller,
    causationId: null,
    stations: { ms: {} },
  }
  const ctx = { ...(await wired.engine.models.take(plain)), db: wired.database, cursors: wired.engine.cursors }
  return { ...ctx, caller: otherwise(ctx.caller) }
}

/** Prepares a change and sends it as a whole: what was shown, or null. */
async function change(ctx: RecordContext, entity: string, { id, version }: Fields, values: object): Promise<unknown> {
  const prepared = await prepareOne(ctx, entity, { op: 'update', id: String(id), version: Number(version), input: values, pointer: '' })
  return (await commitForegone(ctx, prepared, async connection => connection.tenantId))?.shown ?? null
}

/** How often each version of a record is told of, in history, audit and events. */
async function toldOf({ id }: Fields): Promise<Fields[]> {
  return sales.peek(
    `select h.version, (select count(*)::int from nexus.audit a where a.record_id = h.record_id and a.details->>'version' = h.version::text) as audit,
       (select count(*)::int from nexus.outbox o where o.envelope->'data'->>'id' = h.record_id::text and o.envelope->'data'->>'version' = h.version::text) as events
     from nexus.record_history h where h.record_id = $1 order by h.version`,
    [id],
  )
}

test('a change of which nothing is left to be judged is written, told of once in each ledger, and shown', async () => {
  const firm = await maker.create('firm', { name: 'Plain' })
  expect(await change(await contextOf(maker), 'firm', firm, { code: 'AB12', region: 'south' })).toBe(sales.tenantId)
  expect((await boss.get(`/api/records/firm/${firm['id']}`)).json.data).toMatchObject({ version: 2, code: 'AB12', region: 'south' })
  expect(await toldOf(firm)).toEqual([
    { version: 1, audit: 1, events: 1 },
    { version: 2, audit: 1, events: 1 },
  ])
})

test('who was overtaken writes nothing: the record moved, the model was published, the rights changed', async () => {
  const firm = await maker.create('firm', { name: 'Busy' })
  const ctx = await contextOf(maker)
  const input = { code: 'ZZ99' }
  const prepared = await prepareOne(ctx, 'firm', { op: 'update', id: String(firm['id']), version: 1, input, pointer: '' })
  expect((await boss.patch(`/api/records/firm/${firm['id']}`, 1, { code: 'AA11' })).status).toBe(200)
  expect(await commitForegone(ctx, prepared, async () => 'shown')).toBeNull()
  const moved = { ...firm, version: 2 }
  for (const epochs of [{ revision: -1 }, { tenant: -1 }, { user: -1 }]) {
    const stale = await contextOf(maker, caller => ({ ...caller, epochs: { ...caller.epochs, ...epochs } }))
    expect(await change(stale, 'firm', moved, input)).toBeNull()
  }
  expect((await boss.get(`/api/records/firm/${firm['id']}`)).json.data).toMatchObject({ version: 2, code: 'AA11' })
  expect((await toldOf(firm)).map(each => each['version'])).toEqual([1, 2])
  expect(await change(ctx, 'firm', moved, input)).toBe(sales.tenantId)
})

test('what the database has to judge goes the ordinary way: rows, rules over other records, references, unique values, trees', async () => {
  const firm = await boss.create('firm', { name: 'Foregone' })
  const job = await boss.create('job', { title: 'Judged', firm: firm['id'] })
  const place = await boss.create('place', { name: 'Hall' })
  for (const [who, entity, record, values] of [
    [maker, 'firm', firm, { active: false }],
    [boss, 'job', job, { title: 'Judged by its firm' }],
    [boss, 'job', job, { place: place['id'] }],
    [boss, 'firm', firm, { name: 'Renamed' }],
    [boss, 'place', place, { name: 'Hall of fame' }],
    [boss, 'firm', firm, { region: 'north' }],
  ] as const)
    expect([entity, values, await change(await contextOf(who), entity, record, values)]).toEqual([entity, values, null])
  for (const record of [job, firm, place]) expect(await toldOf(record)).toHaveLength(1)
})
