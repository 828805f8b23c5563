/** Records as a workbook: read back by another program, cell by cell. */
import readWorkbook from 'read-excel-file/node'
import { beforeAll, expect, test } from 'vitest'
import { openSales, type Person } from '../harness/sales.ts'

const sales = await openSales([])
const { admin } = sales
let auditor: Person, manager: Person

beforeAll(async () => {
  auditor = await sales.person(['auditor'], sales.rootUnit)
  manager = await sales.person(['manager'], sales.north)
})

const take = (person: Person, entity: string, query: object, headers = {}) =>
  person.post(`/api/records/${entity}/export`, { query, format: 'xlsx' }, headers)

async function cellsOf(person: Person, entity: string, query: object) {
  const answer = await take(person, entity, query)
  expect([answer.status, answer.text.slice(0, 2)]).toEqual([200, 'PK'])
  const [sheet] = await readWorkbook(Buffer.from(answer.bytes))
  return sheet?.data ?? []
}

test('numbers, days, moments and yes or no are what they are, texts are texts, and the head is in words', async () => {
  const customer = await admin.create('customer', { name: 'Lindwerk', party: ['client', 'supplier'], org_unit_id: sales.north })
  await admin.create('deal', {
    name: 'Roof',
    customer: customer.id,
    amount: '1000.5',
    expected_close_on: '2026-05-01',
    org_unit_id: sales.north,
  })
  const query = { select: ['name', 'amount', 'expected_close_on', 'stage', 'created_at', 'customer.name', 'customer.party'] }
  const answer = await take(auditor, 'deal', query)
  expect([answer.headers.get('content-type'), answer.headers.get('content-disposition')]).toEqual([
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    'attachment; filename="deal.xlsx"',
  ])
  const [head, row] = await cellsOf(auditor, 'deal', query)
  expect(head).toEqual(['Name', 'Amount', 'Expected close', 'Stage', 'Created', 'Customer › Name', 'Customer › Relationship'])
  expect(row).toEqual(['Roof', 1000.5, new Date('2026-05-01T00:00:00.000Z'), 'Lead', expect.any(Date), 'Lindwerk', 'Client; Supplier'])
  const audit = (await admin.get('/api/admin/audit?action=record.exported&limit=1')).json.data[0]
  expect(audit).toMatchObject({ actor: auditor.id, entity: 'deal', details: { format: 'xlsx', rows: 1, fields: query.select } })
})

test('what a spreadsheet would run is a text, character by character, and so is what a file can not spell', async () => {
  const names = ['=1+1', '+49 30 1', '-2', '@SUM(A1)', "'plain", '<b>&amp;', 'say "hi"', 'Ünïcode — 漢字 🙂', '007', 'TRUE']
  for (const name of names) await admin.create('unit', { name, symbol: `u${names.indexOf(name)}` })
  const cells = (await cellsOf(admin, 'unit', { select: ['name'] })).slice(1).flat()
  expect(cells.toSorted()).toEqual(names.toSorted())
})

test('masked values are masked, and rows are those of the caller', async () => {
  await admin.create('customer', { name: 'North', party: ['client'], org_unit_id: sales.north, bank_account: 'DE02120300000000202051' })
  await admin.create('customer', { name: 'South', party: ['client'], org_unit_id: sales.south, bank_account: 'DE02120300000000202051' })
  const all = await cellsOf(manager, 'customer', { select: ['name', 'bank_account'], sort: ['name'] })
  expect(all).toEqual([
    ['Name', 'Bank account'],
    ['Lindwerk', null],
    ['North', '••••2051'],
  ])
})

test('to-many members have no place in it', async () => {
  const lines = await take(auditor, 'deal', { select: ['name', { line_items: { select: ['quantity'] } }] })
  expect(lines.json.errors).toMatchObject([{ pointer: '/query/select', code: 'VALIDATE_NOT_INCLUDABLE' }])
})
