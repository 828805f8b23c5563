/** A map of the tenant's in the hands of somebody who sees less than who wrote it: he learns no name by it that does not exist for him. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ImportHouse, type ImportTenant, openImportHouse } from '../test/harness/imports.ts'

let house: ImportHouse
let tenant: ImportTenant
let rep: string
beforeAll(async () => {
  house = await openImportHouse()
  tenant = await house.tenant('mapped')
  const label = (en: string): object => ({ en })
  const rating = (key: string): object => ({ key, type: 'text', label: label(key), max_length: 40 })
  const documents = {
    'entity/customer': { kind: 'entity', extends: 'sales/customer', fields: [rating('rating_of_board'), rating('rating_of_bank')] },
    'import_map/board_list': {
      kind: 'import_map',
      key: 'board_list',
      entity: 'customer',
      columns: { Name: { field: 'name' }, 'Said by the board': { field: 'rating_of_board' } },
      defaults: { rating_of_bank: 'none' },
    },
  }
  for (const [path, document] of Object.entries(documents)) {
    const saved = await house.call('PUT', `/api/studio/draft/${path}`, tenant.token, document)
    expect([saved.status, saved.body['data']?.['problems']]).toEqual([201, []])
  }
  expect((await house.call('POST', '/api/studio/draft/publish', tenant.token, { note: 'A map' })).status).toBe(200)
  rep = (await house.person(tenant, ['rep'])).token
})
afterAll(() => house.close())

test('a map that fills hidden fields is refused without their names, their columns and their number', async () => {
  const { status, body, text } = await house.send(rep, 'board_list', 'Name\nAcme\n')
  expect([status, body['code']]).toEqual([422, 'TRANSFER_MAP_INVALID'])
  expect(body['errors']).toEqual([{ pointer: '', code: 'VALIDATE_UNKNOWN_NAME', message: 'The map names something that is not here.' }])
  expect(text).not.toMatch(/rating|board_|Said/i)
})

test('the same map written by the caller himself is told what is wrong where', async () => {
  const map = { entity: 'customer', columns: { Name: { field: 'name' }, Said: { field: 'rating_of_board' } } }
  expect((await house.send(rep, map, 'Name,Said\nAcme,A\n')).body['errors']).toMatchObject([
    { pointer: '/columns/Said/field', code: 'VALIDATE_UNKNOWN_NAME' },
  ])
})
