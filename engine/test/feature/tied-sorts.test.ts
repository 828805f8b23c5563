/** Second and third sort keys sort at most 10,000 records that are alike in the first (storage rule 8): beyond that a list is refused. */
import pg from 'pg'
import { beforeAll, expect, test } from 'vitest'
import type { AccessProfile, Predicate } from '../../../metadata/generated/types.ts'
import type { RecordContext } from '../../records/types.ts'
import { fillTenants, idAt, valueOf } from '../harness/large-tenant.ts'
import { openReadRoad, type ReadRoad, requireEntity, salesModel } from '../harness/read-road.ts'

const profile = (key: string, rows: Predicate | null, fields: readonly string[]): AccessProfile => ({
  kind: 'access_profile',
  key,
  label: { en: key },
  entities: {
    deal: {
      operations: ['read'],
      ...(rows === null ? {} : { rows: { read: rows } }),
      fields: Object.fromEntries(fields.map(field => [field, 'read'])),
    },
  },
})
/** Names of all deals, and on the reader's own the amount besides. */
const SOME_ROWS = [
  profile('names', null, ['name', 'stage', 'updated_at']),
  profile('own_amounts', { owner_id: { eq: '$user.id' } }, ['amount']),
]
const model = salesModel(SOME_ROWS)
const deal = requireEntity(model, 'deal')
const sizesOf = (deals: number) => ({ ...Object.fromEntries([...model.entities.keys()].map(key => [key, 20])), deal: deals })
/** Half of the deals are alike in a field: 12,500 and 4,000. */
const LARGE = { tenantId: '0190abcd-0000-7000-8000-0000000000c1', sizes: sizesOf(25_000) }
const SMALL = { tenantId: '0190abcd-0000-7000-8000-0000000000c2', sizes: sizesOf(8_000) }
const REFUSED = {
  code: 'VALIDATE_QUERY_FAILED',
  status: 422,
  errors: [{ pointer: '/sort', code: 'VALIDATE_CAP', params: { cap: 'sort_candidates', limit: 10_000 } }],
}

/** A cursor belongs to who asked for it. */
const READER = '0190abcd-0000-7000-8000-0000000000d1'

let road: ReadRoad
let admin: pg.Client
beforeAll(async () => {
  road = await openReadRoad()
  await fillTenants(road.adminUrl, model, [LARGE, SMALL])
  admin = new pg.Client(road.adminUrl)
  await admin.connect()
  return () => admin.end()
}, 120_000)

const contextOf = ({ tenantId }: typeof LARGE, profiles = ['core_admin', 'sales_admin'], userId = READER): RecordContext =>
  road.context(model, { tenantId, userId, profiles })
const slotOf = (key: string): string => {
  const storage = deal.fields.get(key)?.storage
  if (storage?.kind !== 'slot') throw new Error(`${key} has no slot.`)
  return storage.column
}
const common = (key: string) => {
  const field = deal.fields.get(key)
  if (field === undefined) throw new Error(`There is no ${key}.`)
  return { [key]: { eq: valueOf(model, field, 'frequent', LARGE.sizes) } }
}

/** Ids of the first pages, one after the other. */
async function read(
  tenant: typeof LARGE,
  query: Readonly<Record<string, unknown>>,
  pages: number,
  ctx = contextOf(tenant),
): Promise<string[]> {
  const ids: string[] = []
  let after: string | null | undefined
  for (let page = 0; page < pages; page++) {
    const answer = await road.list(ctx, 'deal', { select: ['id'], limit: 40, ...query, ...(after == null ? {} : { after }) })
    ids.push(...answer.data.map(row => String(row['id'])))
    after = answer.page.next
  }
  return ids
}

async function expected({ tenantId }: typeof LARGE, order: string, where = 'true'): Promise<string[]> {
  const { rows } = await admin.query<{ id: string }>(
    `select id from nexus.record where tenant_id = $1 and entity_no = $2 and deleted_at is null and ${where} order by ${order} limit 120`,
    [tenantId, deal.no],
  )
  return rows.map(row => row.id)
}

test('up to 10,000 records that are alike are sorted by the next keys, page by page', async () => {
  const [stage, amount] = [slotOf('stage'), slotOf('expected_close_on')]
  const query = { sort: ['stage', '-expected_close_on'], where: { stage: { is_null: false } } }
  expect(await read(SMALL, query, 3)).toEqual(await expected(SMALL, `${stage}, ${amount} desc nulls last, id desc`, `${stage} is not null`))
  const all = { ...query, where: { ...common('stage') } }
  expect(new Set(await read(SMALL, all, 3)).size).toBe(120)
})

test('a key that is asked for by one value orders nothing, and the rest is served by its index, however many are alike', async () => {
  const [stage, amount] = [slotOf('stage'), slotOf('amount')]
  const [only] = Object.values(common('stage'))
  const { rows } = await admin.query<{ value: string }>(
    `select ${stage} as value from nexus.record where tenant_id = $1 and entity_no = $2 group by 1 having count(*) > 10000`,
    [LARGE.tenantId, deal.no],
  )
  expect([only, rows.length]).toEqual([expect.anything(), 1])
  for (const [sign, direction] of [
    ['', 'nulls last, id'],
    ['-', 'desc nulls last, id desc'],
  ] as const) {
    const order = `${amount} ${direction}`
    const query = { sort: ['stage', `${sign}amount`], where: common('stage') }
    expect(await read(LARGE, query, 3)).toEqual(await expected(LARGE, order, `${stage} = '${rows[0]?.value}'`))
  }
  const ids = await expected(LARGE, 'id desc', `${stage} = '${rows[0]?.value}'`)
  expect(await read(LARGE, { sort: ['-stage'], where: common('stage') }, 3)).toEqual(ids)
})

test('more than that are refused with the cap and the way out, whatever else is asked', async () => {
  const [only] = Object.values(common('stage'))
  const many = { sort: ['stage', 'expected_close_on', 'name'], where: { stage: { in: [only?.eq] } } }
  await expect(read(LARGE, many, 1)).rejects.toMatchObject(REFUSED)
  await expect(read(LARGE, { ...many, limit: 1 }, 1)).rejects.toMatchObject(REFUSED)
  await expect(read(LARGE, many, 1)).rejects.toMatchObject({ errors: [{ hint: 'Filter more, or sort by one key.' }] })
})

test('one key, and keys whose first pages have few alike, are served in the same tenant', async () => {
  expect(await read(LARGE, { sort: ['stage'], where: common('stage') }, 2)).toHaveLength(80)
  const close = slotOf('expected_close_on')
  const query = { sort: ['-expected_close_on', 'stage'] }
  const first = await expected(LARGE, `${close} desc, ${slotOf('stage')} nulls last, id`, `${close} is not null`)
  expect(await read(LARGE, query, 1)).toEqual(first.slice(0, 40))
})

test('a page of few rows alike looks at few, for all that might be sorted', async () => {
  const began = performance.now()
  for (let n = 0; n < 5; n++) await read(LARGE, { sort: ['-expected_close_on', 'stage'] }, 1)
  expect((performance.now() - began) / 5).toBeLessThan(500)
})

test('what changed in one minute is sorted by the next keys if it is few enough', async () => {
  const changed = (tenant: typeof LARGE, rows: string) =>
    admin.query(
      `with changed as (update nexus.record set updated_at = timestamptz '2026-01-01 09:30:00Z' + interval '1 millisecond' * (hashtext(id::text) & 1023)
          where tenant_id = $1 and entity_no = $2 and ${rows} returning id)
        update nexus.record_recent set updated_at = '2026-01-01 09:30:00Z' where tenant_id = $1 and entity_no = $2 and id in (select id from changed)`,
      [tenant.tenantId, deal.no],
    )
  await changed(SMALL, 'true')
  await changed(LARGE, `id < '${idAt(deal.no, 12_000)}'`)
  const query = { sort: ['-updated_at', 'stage'] }
  const order = `updated_at desc, ${slotOf('stage')} nulls last, id`
  expect(await read(SMALL, query, 3)).toEqual(await expected(SMALL, order))
  await expect(read(LARGE, query, 1)).rejects.toMatchObject({ ...REFUSED, errors: [{ hint: 'Filter more, or sort by one key.' }] })
  expect(await read(LARGE, { sort: ['-updated_at'] }, 1)).toEqual((await expected(LARGE, 'updated_at desc, id desc')).slice(0, 40))
  const before = { updated_at: { lt: '2026-01-01T00:00:00.000Z' } }
  expect(await read(LARGE, { ...query, where: before }, 3)).toEqual(
    await expected(LARGE, order, `updated_at < timestamptz '2026-01-01 00:00:00Z'`),
  )
})

test('a first key that is readable on some rows leads along its index, and the others sort as many as elsewhere', async () => {
  const owner = idAt(model.entities.get('user')?.no ?? 0, 1)
  const ctx = contextOf(LARGE, ['names', 'own_amounts'], owner)
  const amount = `case when owner_id = '${owner}' then ${slotOf('amount')} end`
  const query = { select: ['name'], sort: ['-amount'] }
  expect(await read(LARGE, query, 3, ctx)).toEqual(await expected(LARGE, `${amount} desc nulls last, id desc`))
  // Half of the deals are of somebody else: their amounts are all alike to the reader.
  const tied = { select: ['name'], sort: ['amount', 'name'], where: { stage: { is_null: false } } }
  const first = await expected(LARGE, `${amount} nulls last, ${slotOf('name')} nulls last, id`, `${slotOf('stage')} is not null`)
  expect(await read(LARGE, tied, 3, ctx)).toEqual(first)
  const stranger = contextOf(LARGE, ['names', 'own_amounts'])
  await expect(read(LARGE, tied, 1, stranger)).rejects.toMatchObject(REFUSED)
  expect(await read(LARGE, query, 3, stranger)).toEqual(await expected(LARGE, 'id desc'))
})

test('a list inside of a record is sorted up to 10,000 records of it, else the page is refused at that sort', async () => {
  const customer = requireEntity(model, 'customer')
  const inside = async (tenant: typeof LARGE, place: number, sort: readonly string[]) => {
    const { data } = await road.list(contextOf(tenant), 'customer', {
      select: ['id', { deals: { select: ['id'], sort, limit: 50 } }],
      where: { id: { eq: idAt(customer.no, place) } },
    })
    return data.flatMap(row => row['deals'] as { id: string }[]).map(each => each.id)
  }
  const dealsOf = async (tenant: typeof LARGE, place: number, order: string) =>
    (await expected(tenant, order, `${slotOf('customer')} = '${idAt(customer.no, place)}'`)).slice(0, 50)
  const order = `${slotOf('amount')} desc nulls last, ${slotOf('name')} nulls last, id`
  const found = await inside(SMALL, 1, ['-amount', 'name'])
  expect(found).toEqual(await dealsOf(SMALL, 1, order))
  const few = await inside(LARGE, 3, ['-amount', 'name'])
  expect(few).toEqual(await dealsOf(LARGE, 3, order))
  for (const sort of [['-amount', 'name'], ['name']]) {
    await expect(inside(LARGE, 1, sort)).rejects.toMatchObject({
      ...REFUSED,
      errors: [{ pointer: '/select/1/deals/sort', code: 'VALIDATE_CAP', hint: 'Filter more, or leave out the sort.' }],
    })
  }
  const newest = await inside(LARGE, 1, [])
  expect(newest).toEqual(await dealsOf(LARGE, 1, 'id desc'))
})

test('keys without an index sort as many, in the trash as well', async () => {
  await admin.query('update nexus.record set deleted_at = now() where tenant_id = any($1) and entity_no = $2', [
    [SMALL.tenantId, LARGE.tenantId],
    deal.no,
  ])
  const trash = { trash: true, sort: ['-amount', 'name'] }
  await expect(read(LARGE, trash, 1)).rejects.toMatchObject({ ...REFUSED, errors: [{ hint: 'Filter more, or leave out the sort.' }] })
  const { rows } = await admin.query<{ id: string }>(
    `select id from nexus.record where tenant_id = $1 and entity_no = $2 order by ${slotOf('amount')} desc nulls last, ${slotOf('name')} nulls last, id limit 120`,
    [SMALL.tenantId, deal.no],
  )
  expect(await read(SMALL, trash, 3)).toEqual(rows.map(row => row.id))
  expect(await read(LARGE, { trash: true }, 2)).toHaveLength(80)
})
