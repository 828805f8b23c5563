/** A price list goes out as CSV, is edited in a spreadsheet, and comes back: first to look, then for real, and can be taken back. */
import { parse } from 'csv-parse/sync'
import { stringify } from 'csv-stringify/sync'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ImportHouse, type ImportTenant, openImportHouse } from '../test/harness/imports.ts'

let house: ImportHouse
let tenant: ImportTenant
let clerk: { id: string; token: string }
beforeAll(async () => {
  house = await openImportHouse({ background: true })
  tenant = await house.tenant('prices')
  clerk = await house.person(tenant, ['clerk'])
  await create('price_list', { name: 'Retail 2026', currency: 'USD', active: true })
  for (const [sku, name] of [
    ['H-100', 'Hammer'],
    ['N-7', '=Nails, galvanised'],
    ['S-3', 'Saw “Ёлка”'],
  ] as const)
    await create('product', { sku, name, price: '10.00' })
  const ids = async (entity: string) => (await query(entity, { select: ['id'], sort: ['created_at'] })).map(each => each['id'])
  const [list] = await ids('price_list')
  for (const [index, product] of (await ids('product')).entries()) {
    await create('price_list_item', { price_list: list, product, price: `${index + 1}0.50` })
    await create('price_list_item', { price_list: list, product, min_quantity: '100', price: `${index + 1}0.00` })
  }
})
afterAll(() => house.close())

const create = async (entity: string, values: object) => {
  const answer = await house.call('POST', `/api/records/${entity}`, tenant.token, values)
  expect([entity, answer.status, answer.text.slice(0, 300)]).toEqual([entity, 201, expect.any(String)])
}
const query = async (entity: string, body: object) =>
  (await house.call('POST', `/api/records/${entity}/query`, tenant.token, body)).body['data'] as unknown as Record<string, unknown>[]
/** The prices as their file, below the row of names. */
async function exported(): Promise<string[][]> {
  const body = {
    format: 'csv',
    query: { select: ['price_list.name', 'product_sku', 'min_quantity', 'price'], sort: ['product_name', 'min_quantity'] },
  }
  const answer = await house.call('POST', '/api/records/price_list_item/export', tenant.token, body)
  const [header, ...rows] = parse(answer.text, { bom: true })
  expect(header).toEqual(['price_list.name', 'product_sku', 'min_quantity', 'price'])
  return rows
}
const asFile = (rows: readonly string[][]): string => stringify([['price_list.name', 'product_sku', 'min_quantity', 'price'], ...rows])
const prices = async () =>
  (
    await query('price_list_item', { select: ['product_sku', 'min_quantity', 'price', 'version'], sort: ['product_name', 'min_quantity'] })
  ).map(({ product_sku, min_quantity, price, version }) => [product_sku, min_quantity, price, version])

test('what went out comes in again without a change', async () => {
  const answer = await house.call('POST', '/api/records/price_list_item/export', tenant.token, {
    format: 'csv',
    query: { select: ['price_list.name', 'product_sku', 'min_quantity', 'price'] },
  })
  const view = await house.run(tenant, 'price_list', answer.text)
  expect(view).toMatchObject({ status: 'done', counts: { created: 0, updated: 0, unchanged: 6, failed: 0 } })
})

test('an edited list lists old and new prices in a dry run, writes them in the real one, and gives them back when undone', async () => {
  const before = await prices()
  const edited = (await exported()).map(([list = '', sku = '', quantity = '', price = '']) => [
    list,
    sku,
    quantity,
    sku === 'H-100' ? '12.25' : quantity === '100' ? '' : price,
  ])

  const sent = await house.send(clerk.token, 'price_list', asFile(edited), { dryRun: true, filename: 'C:\\prices\\retail.csv' })
  expect([sent.status, sent.headers['location']]).toEqual([202, `/api/import/${String(sent.body['data']?.['id'])}`])
  const tried = await house.ended(clerk.token, String(sent.body['data']?.['id']))
  expect(tried).toMatchObject({
    status: 'done',
    dry_run: true,
    filename: 'retail.csv',
    counts: { created: 0, updated: 2, unchanged: 4, failed: 0 },
  })
  const rows = await house.call('GET', `/api/import/${tried.id}/rows`, clerk.token)
  expect(rows.body).toMatchObject({
    data: [
      { row: 4, op: 'update', changes: [{ field: 'price', old: '10.50', new: '12.25' }] },
      { row: 5, op: 'update', changes: [{ field: 'price', old: '10.00', new: '12.25' }] },
    ],
    page: { next: null },
  })
  expect(await prices()).toEqual(before)

  const real = await house.ended(clerk.token, String((await house.send(clerk.token, 'price_list', asFile(edited))).body['data']?.['id']))
  expect(real.counts).toEqual(tried.counts)
  const after = before.map(([sku, quantity, price, version]) =>
    sku === 'H-100' ? [sku, quantity, '12.25', Number(version) + 1] : [sku, quantity, price, version],
  )
  expect(await prices()).toEqual(after)

  expect((await house.call('POST', `/api/import/${real.id}/undo`, clerk.token)).status).toBe(202)
  expect(await house.ended(clerk.token, real.id)).toMatchObject({ undo: { status: 'done', undone: 2, kept: 0 } })
  expect((await prices()).map(([sku, quantity, price]) => [sku, quantity, price])).toEqual(
    before.map(([sku, quantity, price]) => [sku, quantity, price]),
  )
})

test('prices written as Russians write them arrive as numbers', async () => {
  const map = {
    entity: 'price_list_item',
    match: ['price_list', 'product', 'min_quantity'],
    decimal_separator: ',',
    columns: {
      'Прайс-лист': { field: 'price_list', lookup: { by: 'name' } },
      Артикул: { field: 'product', lookup: { by: 'sku' } },
      'От количества': { field: 'min_quantity' },
      Цена: { field: 'price', empty: 'keep' },
    },
  }
  const file = 'Прайс-лист;Артикул;От количества;Цена\nRetail 2026;S-3;1;1 030,50\nRetail 2026;S-3;100;"1.029,5"\n'
  const view = await house.run(tenant, map, file)
  expect(view.counts).toMatchObject({ updated: 2, failed: 0 })
  expect((await prices()).filter(([sku]) => sku === 'S-3').map(([, , price]) => price)).toEqual(['1030.50', '1029.50'])
})

test('a key that names no record, and one that names several, are told row by row', async () => {
  await create('product', { sku: 'H-200', name: 'Hammer', price: '11.00' })
  const map = {
    entity: 'price_list_item',
    match: ['price_list', 'product', 'min_quantity'],
    columns: {
      list: { field: 'price_list', lookup: { by: 'name' } },
      product: { field: 'product', lookup: { by: 'name' } },
      price: { field: 'price' },
      from: { field: 'min_quantity' },
    },
  }
  const view = await house.run(
    tenant,
    map,
    'list,product,from,price\nRetail 2026,Hammer,1,5\nRetail 2025,Saw “Ёлка”,1,5\nRetail 2026,Saw “Ёлка”,1,free\n',
  )
  expect(view.counts).toMatchObject({ failed: 3, updated: 0 })
  expect((await house.rows(tenant, view.id)).map(row => [row.row, row.problems?.[0]?.column, row.problems?.[0]?.message])).toEqual([
    [2, 'product', 'Product: Name “Hammer” fits several records of Product.'],
    [3, 'list', 'Price list: there is no Price list with Name “Retail 2025”.'],
    [4, 'price', 'Price: “free” is not a number as it is written here, such as 1234.5.'],
  ])
})
