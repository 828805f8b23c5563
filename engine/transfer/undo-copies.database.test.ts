/** Undoing an import that wrote over copied values: what was typed before comes back, copies of what the field no longer copies do not. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ImportHouse, type ImportTenant, openImportHouse } from '../test/harness/imports.ts'

let house: ImportHouse
let tenant: ImportTenant
beforeAll(async () => {
  house = await openImportHouse({ background: true })
  tenant = await house.tenant('copies')
  await publish(part, use('cost'), policy, rights, role)
  const made = await house.call('POST', '/api/records/part', tenant.token, { name: 'Bolt', cost: 4, price: 9 })
  for (const name of ['copied', 'typed', 'late']) {
    const values = { name, part: made.body['data']?.['id'] }
    expect((await house.call('POST', '/api/records/use', tenant.token, values)).status).toBe(201)
  }
})
afterAll(() => house.close())

const asked = { filterable: true, sortable: true }
const name = { key: 'name', type: 'text', required: true, ...asked }
const part = {
  kind: 'entity',
  key: 'part',
  label: { en: 'Part' },
  title_field: 'name',
  fields: [name, { key: 'cost', type: 'integer' }, { key: 'price', type: 'integer' }],
}
const use = (field: string, rest: object = {}) => ({
  kind: 'entity',
  key: 'use',
  label: { en: 'Use' },
  title_field: 'name',
  fields: [
    name,
    { key: 'part', type: 'reference', target: 'part' },
    { key: 'figure', type: 'lookup', reference: 'part', field, mode: 'copied', overridable: true, ...rest },
  ],
})
const all = { operations: ['create', 'read', 'update', 'delete'], fields: { '*': 'write' } }
const rights = { kind: 'access_profile', key: 'parts', label: { en: 'Parts' }, entities: { part: all, use: all } }
const role = { kind: 'role', key: 'admin', extends: 'core/admin', access_profiles: ['core_admin', 'sales_admin', 'parts'] }
const policy = { kind: 'query_policy', key: 'use', entity: 'use', filter: { name: true }, sort: ['name'] }
const map = { entity: 'use', match: ['name'], columns: { name: { field: 'name' }, figure: { field: 'figure' } } }

async function publish(...documents: readonly { readonly kind: string; readonly key: string }[]): Promise<void> {
  for (const document of documents) {
    const { key, ...rest } = document
    const body = 'extends' in document ? rest : document
    const put = await house.call('PUT', `/api/studio/draft/${document.kind}/${key}`, tenant.token, body)
    expect([key, put.body['data']?.['problems'] ?? put.text]).toEqual([key, []])
  }
  const published = await house.call('POST', '/api/studio/draft/publish', tenant.token, { note: 'A test' })
  expect([published.status, published.text.slice(0, 500)]).toEqual([200, expect.any(String)])
}
async function figures(): Promise<object> {
  const { body } = await house.call('POST', '/api/records/use/query', tenant.token, { select: ['name', 'figure'], sort: ['name'] })
  return Object.fromEntries((body['data'] as unknown as { name: string; figure: number }[]).map(row => [row.name, row.figure]))
}
async function imported(file: string): Promise<string> {
  const view = await house.run(tenant, map, file)
  expect(view).toMatchObject({ status: 'done', counts: { failed: 0 } })
  return view.id
}
async function undone(id: string): Promise<void> {
  expect((await house.call('POST', `/api/import/${id}/undo`, tenant.token)).status).toBe(202)
  expect(await house.ended(tenant.token, id)).toMatchObject({ undo: { status: 'done', kept: 0 } })
}

test('values come back as they were, copied or typed, while the field copies what it copied', async () => {
  await imported('name,figure\ntyped,5\n')
  const id = await imported('name,figure\ncopied,7\ntyped,8\n')
  expect(await figures()).toEqual({ copied: 7, typed: 8, late: 4 })
  // Brought into a slot, values are what they were.
  await publish(use('cost', asked))
  await undone(id)
  expect(await figures()).toEqual({ copied: 4, typed: 5, late: 4 })
})

test('what was copied before the copies were made anew does not come back', async () => {
  const before = await imported('name,figure\ncopied,7\ntyped,9\n')
  await publish(use('price', asked))
  const after = await imported('name,figure\nlate,2\n')
  await undone(before)
  expect(await figures()).toEqual({ copied: 9, typed: 9, late: 2 })
  await undone(after)
  expect(await figures()).toEqual({ copied: 9, typed: 9, late: 9 })
})
