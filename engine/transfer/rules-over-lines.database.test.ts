/** Rows that are lines of records with rules over them: a dry run says of each what the real run does. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ImportHouse, type ImportTenant, openImportHouse } from '../test/harness/imports.ts'

const asked = { filterable: true, sortable: true }
const name = { key: 'name', type: 'text', required: true, ...asked }
const documents = [
  { kind: 'entity', key: 'kind_of', label: { en: 'Kind' }, title_field: 'name', fields: [name] },
  {
    kind: 'entity',
    key: 'crate',
    label: { en: 'Crate' },
    title_field: 'name',
    fields: [name, { key: 'jars', type: 'table', target: 'jar', target_field: 'crate' }],
    rules: [
      { key: 'no_poison', check: { jars: { none: { made_of: { name: { starts_with: 'poison' } } } } }, message: { en: 'No poison.' } },
    ],
  },
  {
    kind: 'entity',
    key: 'jar',
    label: { en: 'Jar' },
    title_field: 'name',
    fields: [
      name,
      { key: 'crate', type: 'reference', target: 'crate', required: true, on_delete: 'cascade', filterable: true },
      { key: 'made_of', type: 'reference', target: 'kind_of' },
    ],
  },
  ...['kind_of', 'crate', 'jar'].map(key => ({ kind: 'query_policy', key, entity: key, filter: { name: true }, sort: ['name'] })),
  {
    kind: 'access_profile',
    key: 'crates',
    label: { en: 'Crates' },
    entities: Object.fromEntries(
      ['kind_of', 'crate', 'jar'].map(key => [key, { operations: ['create', 'read', 'update'], fields: { '*': 'write' } }]),
    ),
  },
]
const role = { kind: 'role', extends: 'core/admin', access_profiles: ['core_admin', 'sales_admin', 'crates'] }
const map = {
  entity: 'jar',
  match: ['name'],
  columns: {
    name: { field: 'name' },
    crate: { field: 'crate', lookup: { by: 'name' } },
    of: { field: 'made_of', lookup: { by: 'name' } },
  },
}

let house: ImportHouse
let tenant: ImportTenant
beforeAll(async () => {
  house = await openImportHouse()
  tenant = await house.tenant('crates')
  for (const document of documents) await send('PUT', `/api/studio/draft/${document.kind}/${document.key}`, document)
  await send('PUT', '/api/studio/draft/role/admin', role)
  await send('POST', '/api/studio/draft/publish', { note: 'Crates' })
})
afterAll(() => house.close())

async function send(method: 'POST' | 'PUT' | 'PATCH', path: string, body: object, headers = {}): Promise<string> {
  const answer = await house.call(method, path, tenant.token, body, headers)
  expect([path, answer.status, answer.text]).toEqual([path, expect.toSatisfy((status: number) => status < 300), expect.any(String)])
  return String(answer.body['data']?.['id'])
}

test('a line that breaks a rule fails in both runs, one of a record that was broken before in neither', async () => {
  await send('POST', '/api/records/kind_of', { name: 'poison' })
  const turned = await send('POST', '/api/records/kind_of', { name: 'honey' })
  await send('POST', '/api/records/crate', { name: 'sound' })
  await send('POST', '/api/records/crate', { name: 'spoilt', jars: [{ name: 'old', made_of: turned }] })
  await send('PATCH', `/api/records/kind_of/${turned}`, { name: 'poisoned honey' }, { 'if-match': '"1"' })
  const file = 'name,crate,of\nfirst,sound,poison\nsecond,spoilt,\n'
  const tried = await house.run(tenant, map, file, { dryRun: true })
  expect(tried).toMatchObject({ counts: { created: 1, failed: 1 } })
  const real = await house.run(tenant, map, file)
  expect(real.counts).toEqual(tried.counts)
  for (const id of [tried.id, real.id])
    expect((await house.rows(tenant, id)).filter(row => row.op === 'fail')).toMatchObject([
      { cells: { name: 'first' }, problems: [{ message: 'No poison.' }] },
    ])
})
