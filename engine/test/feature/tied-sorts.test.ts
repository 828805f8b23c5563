/** Second and third sort keys sort at most 10,000 records that are alike in the first (storage rule 8): beyond that a list is refused. */
import pg from 'pg'
import { beforeAll, expect, test } from 'vitest'
import type { RecordContext } from '../../records/types.ts'
import { fillTenants, valueOf } from '../harness/large-tenant.ts'
import { openReadRoad, type ReadRoad, requireEntity, salesModel } from '../harness/read-road.ts'

const model = salesModel()
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

const contextOf = ({ tenantId }: typeof LARGE): RecordContext =>
  road.context(model, { tenantId, userId: READER, profiles: ['core_admin', 'sales_admin'] })
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
async function read(tenant: typeof LARGE, query: Readonly<Record<string, unknown>>, pages: number): Promise<string[]> {
  const ids: string[] = []
  let after: string | null | undefined
  for (let page = 0; page < pages; page++) {
    const answer = await road.list(contextOf(tenant), 'deal', { select: ['id'], limit: 40, ...query, ...(after == null ? {} : { after }) })
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
