/** Records as files: what leaves, for whom, how much, what is written down of it, and that it comes back as it went. */
import { parse } from 'csv-parse/sync'
import { beforeAll, expect, test } from 'vitest'
import { exportRecords } from '../../records/index.ts'
import { plainCell } from '../../transfer/inert-cell.ts'
import { type Json, openSales, type Person } from '../harness/sales.ts'

const sales = await openSales([
  {
    kind: 'access_profile',
    key: 'own_names',
    label: { en: 'Names of own customers' },
    limits: { export_rows: 3 },
    entities: {
      customer: {
        operations: ['read', 'export'],
        rows: { read: { owner_id: { eq: '$user.id' } }, export: { status: { eq: 'active' } } },
        fields: { name: 'read', email: { mask: 'email' }, subsidiary_of: 'read' },
      },
    },
  },
  {
    kind: 'access_profile',
    key: 'all_figures',
    label: { en: 'Figures of all customers' },
    entities: { customer: { operations: ['read'], fields: { name: 'read', annual_revenue: 'read', status: 'read' } } },
  },
  {
    kind: 'role',
    key: 'taker',
    label: { en: 'Taker' },
    capabilities: ['data.export'],
    access_profiles: ['core_directory', 'own_names', 'all_figures'],
  },
])
const { admin } = sales
let auditor: Person, manager: Person, rep: Person, taker: Person, clerk: Person
let customer: Json

beforeAll(async () => {
  auditor = await sales.person(['auditor'], sales.rootUnit)
  manager = await sales.person(['manager'], sales.north)
  rep = await sales.person(['rep'], sales.north)
  taker = await sales.person(['taker'], sales.north)
  clerk = await sales.person(['clerk'], sales.north)
  customer = await admin.create('customer', {
    name: 'Lindwerk',
    party: ['client', 'supplier'],
    org_unit_id: sales.north,
    bank_account: 'DE02120300000000202051',
    annual_revenue: '1250.50',
    billing_address: { line1: '1; Main "St"', city: 'Kyiv' },
  })
  await admin.create('customer', { name: 'Elsewhere', party: ['client'], org_unit_id: sales.south })
  await rep.create('deal', { name: 'Roof', customer: customer.id, amount: '1000.5', expected_close_on: '2026-05-01' })
})

const take = (person: Person, entity: string, body: unknown) => person.post(`/api/records/${entity}/export`, body)
const table = (text: string): string[][] => parse(text, { bom: true, record_delimiter: '\r\n' })
const rows = async (person: Person, entity: string, query: object): Promise<string[][]> =>
  table((await take(person, entity, { query, format: 'csv' })).text)
const written = async () => (await admin.get('/api/admin/audit?action=record.exported&limit=1')).json.data[0]

test('a table has a column per path, values as they travel, and a line in the audit', async () => {
  const answer = await take(auditor, 'deal', {
    query: { select: ['name', 'amount', 'expected_close_on', 'customer.name', 'customer.party', 'customer.billing_address'] },
    format: 'csv',
  })
  expect([answer.status, answer.headers.get('content-type'), answer.headers.get('content-disposition')]).toEqual([
    200,
    'text/csv; charset=utf-8; header=present',
    'attachment; filename="deal.csv"',
  ])
  expect(table(answer.text)).toEqual([
    ['name', 'amount', 'expected_close_on', 'customer.name', 'customer.party', 'customer.billing_address'],
    ['Roof', '1000.50', '2026-05-01', 'Lindwerk', 'Client; Supplier', '"1; Main ""St"""; ""; ""; Kyiv'],
  ])
  expect(await written()).toMatchObject({
    actor: auditor.id,
    entity: 'deal',
    details: {
      format: 'csv',
      rows: 1,
      fields: ['name', 'amount', 'expected_close_on', 'customer.name', 'customer.party', 'customer.billing_address'],
    },
  })
})

test('JSON holds what a list would, lines included', async () => {
  const answer = await take(auditor, 'deal', {
    query: { select: ['name', { line_items: { select: ['quantity'] } }], where: { amount: { gt: '1' } } },
    format: 'json',
  })
  expect(answer.json).toEqual({ data: [{ id: expect.any(String), version: 1, name: 'Roof', line_items: [] }] })
  const csv = await take(auditor, 'deal', { query: { select: ['name', { line_items: { select: ['quantity'] } }] }, format: 'csv' })
  expect(csv.json.errors).toMatchObject([{ pointer: '/query/select', code: 'VALIDATE_NOT_INCLUDABLE' }])
})

test('cells that a spreadsheet would run are inert, and come back as they were', async () => {
  const names = ['=1+1', '+49 30 1', '-2', '@SUM(A1)', "'=quoted", "'plain", 'a,b;c', 'say "hi"', 'Ünïcode — 漢字']
  for (const name of names) await admin.create('unit', { name, symbol: `u${names.indexOf(name)}` })
  const { text } = await take(admin, 'unit', { query: { select: ['name'], sort: ['name'] }, format: 'csv' })
  for (const cell of table(text).flat()) expect(cell).not.toMatch(/^[=+@\t\r]/)
  expect(
    table(text)
      .slice(1)
      .map(([cell = '']) => plainCell(cell))
      .sort(),
  ).toEqual(names.toSorted())
})

test('a branch takes out its own records, masked values masked', async () => {
  expect(await rows(manager, 'customer', { select: ['name', 'bank_account'] })).toEqual([
    ['name', 'bank_account'],
    ['Lindwerk', '••••2051'],
  ])
  expect((await rows(auditor, 'customer', { select: ['name'], sort: ['name'] })).flat()).toEqual(['name', 'Elsewhere', 'Lindwerk'])
})

test('who may not export is refused, whether by operation or by capability, and nothing leaves', async () => {
  expect((await take(rep, 'customer', { format: 'csv' })).json).toMatchObject({ status: 403, code: 'ACCESS_CAPABILITY_MISSING' })
  expect((await take(clerk, 'customer', { format: 'csv' })).json).toMatchObject({ status: 403, code: 'ACCESS_OPERATION_FORBIDDEN' })
  const strip = ({ json: { trace_id: _, ...rest } }: Json): Json => rest
  expect(strip(await take(clerk, 'lead', { format: 'csv' }))).toEqual(strip(await take(clerk, 'nothing', { format: 'csv' })))
})

test('only what one profile both reads and exports leaves, though filters see all that is read', async () => {
  const own = { party: ['client'], owner_id: taker.id, status: 'active', email: 'boss@own.example', annual_revenue: '7' }
  const parent = await admin.create('customer', { ...own, name: 'Parent', owner_id: admin.id, email: 'boss@parent.example' })
  await admin.create('customer', { ...own, name: 'Own', subsidiary_of: parent.id })
  await admin.create('customer', { ...own, name: 'Own and new', status: 'prospect' })
  const where = { annual_revenue: { eq: '7' } }
  expect(await rows(taker, 'customer', { where, select: ['name', 'email', 'subsidiary_of.name'] })).toEqual([
    ['name', 'email', 'subsidiary_of.name'],
    ['Own', 'b••••@own.example', 'Parent'],
  ])
  for (const name of ['annual_revenue', 'subsidiary_of.annual_revenue', 'subsidiary_of.status', 'tax_id'])
    expect((await take(taker, 'customer', { query: { select: [name] }, format: 'csv' })).json.errors).toMatchObject([
      { pointer: '/query/select/0', code: 'VALIDATE_UNKNOWN_NAME' },
    ])
  const through = (await take(taker, 'customer', { query: { where, select: ['subsidiary_of.email'] }, format: 'json' })).json.data
  expect(through).toEqual([{ id: expect.any(String), version: 1, subsidiary_of: { id: parent.id } }])
})

test('more rows than the cap are refused before the first leaves, the first ones can be asked for', async () => {
  for (const n of [1, 2, 3]) await admin.create('customer', { name: `More ${n}`, party: ['client'], owner_id: taker.id, status: 'active' })
  const before = await written()
  expect((await take(taker, 'customer', { query: { select: ['name'] }, format: 'csv' })).json.errors).toMatchObject([
    { pointer: '/query', code: 'VALIDATE_CAP', params: { cap: 'export_rows', limit: 3 } },
  ])
  expect((await take(taker, 'customer', { query: { limit: 4 }, format: 'csv' })).json.errors).toMatchObject([
    { pointer: '/query/limit', code: 'VALIDATE_CAP' },
  ])
  expect(await written()).toEqual(before)
  expect(await rows(taker, 'customer', { select: ['name'], sort: ['-name'], limit: 2 })).toEqual([['name'], ['Own'], ['More 3']])
  expect(await written()).toMatchObject({ details: { rows: 2 } })
})

test('many pages become one file without a gap or a double, and a person who is locked gets no further page', async () => {
  const operations = Array.from({ length: 500 }, (_, n) => ({
    op: 'create',
    values: { name: `Item ${String(n).padStart(3, '0')}`, sku: `SKU-${n}`, kind: 'input' },
  }))
  expect((await admin.post('/api/records/product/bulk', { operations })).status).toBe(200)
  const query = { select: ['sku'], where: { kind: { eq: 'input' } }, sort: ['name'] }
  expect((await rows(auditor, 'product', query)).flat()).toEqual(['sku', ...operations.map(each => each.values.sku)])
  const caller = await auditor.context()
  const { pages } = await exportRecords(caller, 'product', { query, format: 'json' })
  const read = pages[Symbol.asyncIterator]()
  expect((await read.next()).done).toBe(false)
  expect((await admin.send('POST', `/api/admin/users/${auditor.id}/lock`)).status).toBeLessThan(300)
  await expect(read.next()).rejects.toMatchObject({ status: 401 })
})

test.each([
  ['no format', {}, 422],
  ['another format', { format: 'pdf' }, 422],
  ['an unknown member', { format: 'csv', where: {} }, 422],
  ['a query that is no object', { format: 'csv', query: [] }, 422],
  ['a cursor', { format: 'csv', query: { after: 'x' } }, 422],
  ['a limit of nothing', { format: 'csv', query: { limit: 0 } }, 422],
  ['a limit in words', { format: 'csv', query: { limit: '10' } }, 422],
  ['a filter on what is not there', { format: 'csv', query: { where: { nothing: { eq: 1 } } } }, 422],
])('%s is refused', async (_what, body, status) => {
  expect((await take(manager, 'customer', body)).status).toBe(status)
})
