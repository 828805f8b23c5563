/** Figures over HTTP, for people of different roles over the same records: each gets those of what he sees, and hostile names get nothing. */
import { beforeAll, expect, test } from 'vitest'
import { type Json, openSales, type Person } from '../harness/sales.ts'

const sales = await openSales()
const { admin } = sales
let auditor: Person, analyst: Person, rep: Person, colleague: Person, client: Person
let shop: Json, mill: Json

beforeAll(async () => {
  auditor = await sales.person(['auditor'], sales.rootUnit)
  analyst = await sales.person(['analyst'], sales.rootUnit)
  rep = await sales.person(['rep'], sales.north)
  colleague = await sales.person(['rep'], sales.north)
  client = await sales.person(['client'], sales.north, 'client')
  shop = await rep.create('customer', { name: 'Shop', party: ['client'], industry: 'retail' })
  mill = await admin.create('customer', {
    name: 'Mill',
    party: ['client'],
    industry: 'food',
    org_unit_id: sales.south,
    portal_users: [client.id],
  })
  for (const [person, customer, name, amount, day] of [
    [rep, shop, 'One', '100.10', '2026-01-31'],
    [rep, shop, 'Two', '200.20', '2026-02-01'],
    [colleague, shop, 'Three', '400.40', '2026-02-28'],
    [admin, mill, 'Four', '800.80', '2026-03-29'],
  ] as const)
    await person.create('deal', { name, customer: customer.id, amount, expected_close_on: day })
})

const ask = (person: Person, query: Json, entity = 'deal') => person.post(`/api/records/${entity}/aggregate`, query)
const figures = async (person: Person, query: Json): Promise<Json> => (await ask(person, query)).json.data
const TOTAL = { measures: { n: { count: '*' }, total: { sum: 'amount' } } }

test('everybody gets the figures of what he sees', async () => {
  expect(await figures(auditor, TOTAL)).toEqual([{ n: 4, total: '1501.50' }])
  expect(await figures(analyst, TOTAL)).toEqual([{ n: 4, total: '1501.50' }])
  expect(await figures(rep, TOTAL)).toEqual([{ n: 2, total: '300.30' }])
  expect(await figures(client, TOTAL)).toEqual([{ n: 1, total: '800.80' }])
})

test('months and the record behind a reference make groups', async () => {
  expect(await figures(auditor, { ...TOTAL, group_by: [{ expected_close_on: 'month' }, 'customer.industry'] })).toEqual([
    { expected_close_on: '2026-01-01', 'customer.industry': 'retail', n: 1, total: '100.10' },
    { expected_close_on: '2026-02-01', 'customer.industry': 'retail', n: 2, total: '600.60' },
    { expected_close_on: '2026-03-01', 'customer.industry': 'food', n: 1, total: '800.80' },
  ])
})

test('owners whom a portal user may not see are nobody to him', async () => {
  const answer = await figures(client, { ...TOTAL, group_by: ['owner_id'] })
  expect(answer).toHaveLength(1)
  expect([null, admin.id]).toContain(answer[0].owner_id)
})

test('a name that is hidden, masked, unknown or hostile is no name, in every clause', async () => {
  const masked = await ask(analyst, { group_by: ['email'], measures: { n: { count_distinct: 'email' } } }, 'contact')
  expect(masked.json.errors.map((each: Json) => each.code)).toEqual(['VALIDATE_UNKNOWN_NAME', 'VALIDATE_UNKNOWN_NAME'])
  const strip = (answer: Json, name: string): string =>
    JSON.stringify(answer.json.errors.map((each: Json) => [each.pointer, each.code, each.message])).replaceAll(name, 'X')
  for (const place of [
    (name: string) => ({ group_by: [name], measures: { n: { count: '*' } } }),
    (name: string) => ({ group_by: [`customer.${name}`], measures: { n: { count: '*' } } }),
    (name: string) => ({ measures: { n: { sum: name } } }),
    (name: string) => ({ measures: { n: { count: name } } }),
    (name: string) => ({ ...TOTAL, where: { [name]: { eq: '1' } } }),
    (name: string) => ({ ...TOTAL, sort: [name] }),
  ]) {
    const hidden = await ask(client, place('margin_total'))
    expect(hidden.status).toBe(422)
    for (const name of ['nothing', 'constructor', 'tenant_id', 'data', 'probability'])
      expect(strip(await ask(client, place(name)), name)).toBe(strip(hidden, 'margin_total'))
  }
  for (const name of [
    '__proto__',
    "x'; drop table nexus.record --",
    'i1',
    'amount::text',
    'AMOUNT',
    'ａmount',
    'amount\u0000',
    `${'x'.repeat(10_000)}`,
  ]) {
    const asGroup = await ask(auditor, { group_by: [name], measures: { n: { count: '*' } } })
    const asMeasure = await ask(auditor, { measures: { [name]: { count: '*' } } })
    // Some are no JSON that is read at all; a measure may be called like a column, it is never one.
    expect([400, 422]).toContain(asGroup.status)
    expect(name === 'i1' ? [200] : [400, 422]).toContain(asMeasure.status)
  }
})

test('what does not exist for a caller has no figures either', async () => {
  const strip = ({ json: { trace_id: _, ...rest } }: Json): Json => rest
  expect(strip(await ask(client, TOTAL, 'lead'))).toEqual(strip(await ask(client, TOTAL, 'nothing')))
})

test('caps are those of the profiles that open the entity', async () => {
  expect((await ask(rep, { ...TOTAL, group_by: ['name'] })).json.errors).toMatchObject([{ code: 'VALIDATE_NOT_GROUPABLE' }])
  expect((await ask(rep, { ...TOTAL, group_by: ['stage'], limit: 5001 })).json.errors).toMatchObject([
    { pointer: '/limit', code: 'VALIDATE_CAP' },
  ])
  expect((await ask(rep, { ...TOTAL, group_by: ['stage', 'source', 'customer', 'owner_id', 'org_unit_id'] })).status).toBe(422)
  expect((await rep.get('/api/records/deal?limit=100')).status).toBe(200)
  expect((await rep.get('/api/records/deal?limit=101')).json.errors).toMatchObject([{ pointer: '/limit', code: 'VALIDATE_CAP' }])
  expect((await auditor.get('/api/records/deal?limit=200')).status).toBe(200)
})
