/** What a record tells of its past, to whom: several people ask for the history of the same records over HTTP. */
import { beforeAll, expect, test } from 'vitest'
import { type Json, openSales, type Person } from '../harness/sales.ts'

const sales = await openSales()
const { admin } = sales
let rep: Person, manager: Person, analyst: Person, auditor: Person, client: Person, stranger: Person
let customer: Json, hidden: Json, deal: Json

beforeAll(async () => {
  rep = await sales.person(['rep'], sales.north)
  manager = await sales.person(['manager'], sales.north)
  analyst = await sales.person(['analyst'], sales.rootUnit)
  auditor = await sales.person(['auditor'], sales.rootUnit)
  client = await sales.person(['client'], sales.north, 'client')
  stranger = await sales.person(['rep'], sales.south)
  customer = await manager.create('customer', {
    name: 'Lindwerk',
    party: ['client'],
    email: 'office@lindwerk.example',
    phone: '+49 30 1234567',
    portal_users: [client.id],
  })
  hidden = await admin.create('customer', { name: 'Hidden', party: ['client'], org_unit_id: sales.south })
  deal = await rep.create('deal', { name: 'Roof', customer: customer.id, amount: '1000', stage: 'lead' })
  await rep.patch(`/api/records/deal/${deal.id}`, 1, { amount: '1200', description: 'Copper' })
  await rep.patch(`/api/records/deal/${deal.id}`, 2, { stage: 'qualified' })
  await admin.patch(`/api/records/deal/${deal.id}`, 3, { customer: hidden.id, external_id: 'X-1' })
})

const of = (entity: string, id: string, query = ''): string => `/api/records/${entity}/${id}/history${query}`
const history = async (person: Person, entity: string, id: string, query = ''): Promise<Json> =>
  (await person.get(of(entity, id, query))).json

test('a history is told newest first: who, when, and what it was before and after', async () => {
  const { data, page } = await history(auditor, 'deal', deal.id)
  expect(page).toEqual({ next: null })
  expect(data.map((entry: Json) => [entry.version, entry.op, entry.by])).toEqual([
    [4, 'update', admin.id],
    [3, 'update', rep.id],
    [2, 'update', rep.id],
    [1, 'create', rep.id],
  ])
  expect(data[0].at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  expect(data[0].changes).toEqual({ customer: { before: customer.id, after: hidden.id }, external_id: { before: null, after: 'X-1' } })
  expect(data[1].changes).toEqual({ stage: { before: 'lead', after: 'qualified' } })
  expect(data[2].changes).toMatchObject({ amount: { before: '1000.00', after: '1200.00' }, description: { before: null, after: 'Copper' } })
  expect(data[3].changes).toMatchObject({ name: { before: null, after: 'Roof' }, owner_id: { before: null, after: rep.id } })
})

test('a record behind a reference that the caller may not see reads as null', async () => {
  const { data } = await history(rep, 'deal', deal.id)
  expect(data[0].changes['customer']).toEqual({ before: customer.id, after: null })
})

test('fields that a caller may not read are not in it, under no name', async () => {
  const { data } = await history(analyst, 'deal', deal.id)
  const names = new Set(data.flatMap((entry: Json) => Object.keys(entry.changes)))
  expect(names.has('amount')).toBe(true)
  expect(names.has('description')).toBe(false)
  expect(JSON.stringify(data)).not.toContain('Copper')
})

test('masked values are masked in the past as they are now', async () => {
  await manager.patch(`/api/records/customer/${customer.id}`, 1, { email: 'new@lindwerk.example', description: 'Secret' })
  const { data } = await history(analyst, 'customer', customer.id)
  expect(data[0].changes).toEqual({ email: { before: 'o••••@lindwerk.example', after: 'n••••@lindwerk.example' } })
  const now = (await analyst.get(`/api/records/customer/${customer.id}?select=email,phone`)).json.data
  expect(data[0].changes.email.after).toBe(now.email)
  expect(data[1].changes.phone.after).toBe(now.phone)
})

test('changes of nothing that the caller may read are no entries, and he is not told who or when without the right', async () => {
  await manager.patch(`/api/records/customer/${customer.id}`, 2, { description: 'More secret' })
  const { data } = await history(client, 'customer', customer.id)
  expect(data.map((entry: Json) => entry.version)).toEqual([2, 1])
  expect(data[0]).toEqual({
    version: 2,
    op: 'update',
    changes: { email: { before: 'office@lindwerk.example', after: 'new@lindwerk.example' } },
  })
})

test('pages follow each other, and a cursor is good for one record and one person', async () => {
  const first = await history(auditor, 'deal', deal.id, '?limit=3')
  expect(first.data.map((entry: Json) => entry.version)).toEqual([4, 3, 2])
  const second = await history(auditor, 'deal', deal.id, `?limit=3&after=${first.page.next}`)
  expect([second.data.map((entry: Json) => entry.version), second.page.next]).toEqual([[1], null])
  for (const [person, entity, id] of [
    [admin, 'deal', deal.id],
    [auditor, 'customer', customer.id],
  ] as const)
    expect((await person.get(of(entity, id, `?after=${first.page.next}`))).json.code).toBe('VALIDATE_CURSOR')
  expect((await auditor.get(of('deal', deal.id, '?limit=999'))).json.errors).toMatchObject([{ pointer: '/limit', code: 'VALIDATE_CAP' }])
  expect((await auditor.get(of('deal', deal.id, '?order=asc'))).status).toBe(422)
})

test('what is not there and what is not for the caller is the same answer', async () => {
  const strip = ({ json: { trace_id: _, ...rest }, status }: Json): Json => ({ status, ...rest })
  const answers = await Promise.all([
    stranger.get(of('deal', deal.id)),
    stranger.get(of('deal', '01980000-0000-7000-8000-00000000dead')),
    stranger.get(of('deal', 'nonsense')),
    stranger.get(of('nothing', deal.id)),
    client.get(of('lead', deal.id)),
  ])
  for (const answer of answers) expect(strip(answer)).toEqual(strip(answers[0] as never))
  expect(answers[0]?.status).toBe(404)
})

test('a record in the trash tells its past to those who may restore it', async () => {
  const doomed = await manager.create('customer', { name: 'Doomed', party: ['client'] })
  expect((await manager.send('DELETE', `/api/records/customer/${doomed.id}`, undefined, { 'if-match': '"1"' })).status).toBe(204)
  expect((await auditor.get(of('customer', doomed.id))).status).toBe(404)
  const { data } = await history(manager, 'customer', doomed.id)
  expect(data.map((entry: Json) => entry.op)).toEqual(['delete', 'create'])
})
