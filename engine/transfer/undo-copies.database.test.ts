/** Undoing an import that wrote over copied values: what was typed before comes back, copies of what the field no longer copies do not. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ImportHouse, type ImportTenant, openImportHouse } from '../test/harness/imports.ts'

let house: ImportHouse
let tenant: ImportTenant
let bolt: string
beforeAll(async () => {
  house = await openImportHouse({ background: true, fills: true })
  tenant = await house.tenant('copies')
  await publish(part, use('cost'), policy, rights, role)
  const made = await house.call('POST', '/api/records/part', tenant.token, { name: 'Bolt', cost: 4, price: 9 })
  bolt = String(made.body['data']?.['id'])
  for (const name of ['copied', 'typed', 'late']) {
    const values = { name, part: bolt }
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

/** Publishes; gives what is left to be filled. */
async function publish(...documents: readonly { readonly kind: string; readonly key: string }[]): Promise<unknown> {
  for (const document of documents) {
    const { key, ...rest } = document
    const body = 'extends' in document ? rest : document
    const put = await house.call('PUT', `/api/studio/draft/${document.kind}/${key}`, tenant.token, body)
    expect([key, put.body['data']?.['problems'] ?? put.text]).toEqual([key, []])
  }
  const published = await house.call('POST', '/api/studio/draft/publish', tenant.token, { note: 'A test' })
  expect([published.status, published.text.slice(0, 500)]).toEqual([200, expect.any(String)])
  return published.body['data']?.['building']
}
/** Waits until nothing is left to be filled. */
async function filled(): Promise<void> {
  for (;;) {
    const waiting = await house.sql(`select from nexus.field_state where tenant_id = $1 and state = 'building'`, [tenant.id])
    if (waiting.length === 0) return
    await sleep(50)
  }
}
async function figures(): Promise<object> {
  const asking = { select: ['name', 'figure'], where: { name: { in: ['copied', 'typed', 'late'] } }, sort: ['name'] }
  const { body } = await house.call('POST', '/api/records/use/query', tenant.token, asking)
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
  await publish(use('price'))
  // What is only brought into a slot after that is not made anew.
  await publish(use('price', asked))
  const after = await imported('name,figure\nlate,2\n')
  await undone(before)
  expect(await figures()).toEqual({ copied: 9, typed: 9, late: 2 })
  await undone(after)
  expect(await figures()).toEqual({ copied: 9, typed: 9, late: 9 })
})

test('nor does it where so many copies were made anew that it went on after the publish, whatever filled the field since', async () => {
  const stocked = await house.sql<{ entity_no: number }>(
    `select entity_no from nexus.record r where tenant_id = $1 and exists (select from jsonb_each_text(r.data) d where d.value = 'late')`,
    [tenant.id],
  )
  expect(stocked).toHaveLength(1)
  const id = await imported('name,figure\ncopied,3\n')
  // More than a publish fills by itself.
  await house.sql(
    `insert into nexus.record (tenant_id, entity_no, id, created_at, updated_at, data)
      select $1, $2, (lpad(to_hex(n), 8, '0') || '-0000-7000-8000-000000000000')::uuid, now(), now(), '{}' from generate_series(1, 2100) n`,
    [tenant.id, stocked[0]?.entity_no],
  )
  expect((await house.call('PATCH', `/api/records/part/${bolt}`, tenant.token, { cost: 6 }, { 'if-match': '"1"' })).status).toBe(200)
  for (const flags of [asked, {}, asked]) {
    const left = await publish(use('cost', flags))
    expect(left).toEqual(flags === asked ? ['use.figure'] : [])
    await filled()
  }
  const after = await imported('name,figure\ntyped,6\n')
  await undone(id)
  await undone(after)
  expect(await figures()).toEqual({ copied: 6, typed: 6, late: 6 })
})
