/** Change sets over HTTP: what authors put into the draft, what they are told, and what users see once it is published. */
import { expect, test } from 'vitest'
import { startWorkspace } from '../harness/workspace.ts'

const workspace = await startWorkspace()
await workspace.createTenant('acme')
const admin = await workspace.signIn('acme', 'admin@acme.test')

interface Edited {
  readonly version: number
  readonly document: unknown
  readonly problems: readonly { readonly code: string; readonly pointer: string }[]
}
const pet = {
  kind: 'entity',
  key: 'pet',
  label: { en: 'Pet', ru: 'Питомец' },
  fields: [
    { key: 'name', type: 'text', required: true, filterable: true, sortable: true, searchable: true },
    { key: 'legs', type: 'integer', minimum: 0 },
  ],
}
const policy = { kind: 'query_policy', key: 'pet', entity: 'pet', filter: { name: true }, sort: ['name'], search: ['name'] }
const keeper = {
  kind: 'access_profile',
  key: 'keeper',
  entities: { pet: { operations: ['create', 'read', 'update', 'delete'], fields: { '*': 'write' } } },
}
const put = (document: { kind: string; key?: string; extends?: string; [member: string]: unknown }, ifMatch?: string) =>
  admin<Edited>(
    'PUT',
    `/api/studio/draft/${document.kind}/${document.key ?? document.extends?.split('/')[1]}`,
    document,
    ifMatch === undefined ? {} : { 'if-match': ifMatch },
  )
const publish = (note = 'A test') =>
  admin<{ revision: number; building: string[]; job_id: string | null }>('POST', '/api/studio/draft/publish', { note })
const versionOf = async (kind: string, key: string): Promise<string> =>
  String((await admin('GET', `/api/studio/documents/${kind}/${key}`)).headers['etag'])

test('a new entity is usable the moment it is published', async () => {
  expect(await put(pet)).toMatchObject({ status: 201, data: { version: 1, problems: [] }, headers: { etag: '"1"' } })
  expect((await put(policy)).data.problems).toEqual([])
  expect((await put(keeper)).data.problems).toEqual([])
  expect(
    (await put({ kind: 'role', extends: 'core/admin', access_profiles: ['core_admin', 'sales_admin', 'keeper'] })).data.problems,
  ).toEqual([])
  expect((await admin('GET', '/api/records/pet')).status).toBe(404)
  const draft = await admin<{ revision: number; changes: { kind: string; key: string; change: string }[] }>('GET', '/api/studio/draft')
  expect(draft.data).toMatchObject({ revision: 1, problems: [] })
  expect(draft.data.changes.map(each => `${each.change} ${each.kind}/${each.key}`)).toEqual([
    'added entity/pet',
    'added access_profile/keeper',
    'changed role/admin',
    'added query_policy/pet',
  ])

  expect(await publish('Pets')).toMatchObject({ status: 200, data: { revision: 2, building: [], job_id: null } })
  const created = await admin<{ id: string }>('POST', '/api/records/pet', { name: 'Rex', legs: 4 })
  expect(created).toMatchObject({ status: 201, headers: { 'model-revision': '2' } })
  const found = await admin<{ name: string }[]>('POST', '/api/records/pet/query', {
    where: { name: { starts_with: 'r' } },
    sort: ['-name'],
    search: 're',
  })
  expect(found).toMatchObject({ status: 200, data: [{ name: 'Rex', legs: 4 }] })
  const model = await admin<{ entities: { key: string }[] }>('GET', '/api/model')
  expect(model.data.entities.map(each => each.key)).toContain('pet')
  expect((await admin('GET', '/api/model/pet/form?mode=create')).data).toMatchObject({ schema: { required: ['name'] } })
  expect((await admin('GET', '/api/studio/draft')).data).toMatchObject({ revision: 2, documents: [], changes: [] })
})

test('what is wrong with the draft is told at once, and nothing broken is published', async () => {
  const broken = await put({ ...pet, fields: [...pet.fields, { key: 'owner', type: 'reference', target: 'persn' }] })
  expect(broken).toMatchObject({ status: 201, data: { problems: [{ code: 'MODEL_UNKNOWN_ENTITY', pointer: '/fields/2/target' }] } })
  const refused = await publish()
  expect(refused).toMatchObject({
    status: 422,
    problem: { code: 'AUTHORING_DRAFT_BROKEN', errors: [{ code: 'MODEL_UNKNOWN_ENTITY', document: { kind: 'entity', key: 'pet' } }] },
  })
  expect((await put({ kind: 'entity', key: 'pet' }, '"1"')).data.problems.map(each => each.code)).toContain('MODEL_REQUIRED')
  expect((await admin('DELETE', '/api/studio/draft')).status).toBe(204)
  expect(await publish()).toMatchObject({ status: 409, problem: { code: 'AUTHORING_NOTHING_TO_PUBLISH' } })
})

test('an author is told in his language what is wrong with the draft, wherever he meets it', async () => {
  const wrong = { ...pet, title_field: 'nmae', rules: [{ key: 'r', check: { legs: { eq: 'two' } }, message: { en: 'No.' } }] }
  const russian = { 'accept-language': 'ru' }
  const problems = ['Поля «nmae» нет.', '«legs»: Ожидается целое число.']
  const wordsOf = (of: readonly unknown[] | undefined) => (of as readonly { message: string }[]).map(({ message }) => message)
  const put = await admin<Edited>('PUT', '/api/studio/draft/entity/pet', wrong, russian)
  expect([put.status, wordsOf(put.data.problems)]).toEqual([201, problems])
  expect(wordsOf((await admin<Edited>('GET', '/api/studio/draft', undefined, russian)).data.problems)).toEqual(problems)
  expect(wordsOf((await admin<Edited>('POST', '/api/studio/draft/check', undefined, russian)).data.problems)).toEqual(problems)
  const refused = await admin('POST', '/api/studio/draft/publish', { note: 'Wrong' }, russian)
  expect([refused.status, wordsOf(refused.problem.errors)]).toEqual([422, problems])
  expect((await admin('DELETE', '/api/studio/draft')).status).toBe(204)
})

test('two authors do not overwrite each other', async () => {
  expect(await versionOf('entity', 'pet')).toBe('"0"')
  expect((await put(pet, '"0"')).data.version).toBe(1)
  expect(await put(pet)).toMatchObject({ status: 428, problem: { code: 'AUTHORING_VERSION_REQUIRED' } })
  expect(await put(pet, '"7"')).toMatchObject({
    status: 412,
    problem: { code: 'AUTHORING_VERSION_STALE', version: 1, document: { key: 'pet' } },
  })
  expect((await put(pet, '"1"')).data.version).toBe(2)
  const both = await Promise.all([put(pet, '"2"'), put(pet, '"2"')])
  expect(both.map(each => each.status).sort()).toEqual([200, 412])
  expect((await admin('DELETE', '/api/studio/draft')).status).toBe(204)
  expect(await put(pet, '"3"')).toMatchObject({ status: 412, problem: { version: 0 } })
})

test('a pack’s document edited as a whole is kept as what differs, and says for each part where it comes from', async () => {
  const { data: deal } = await admin<{ document: { kind: string; fields: { key: string; label?: object }[] } }>(
    'GET',
    '/api/studio/documents/entity/deal',
  )
  const fields = [...deal.document.fields, { key: 'mood', type: 'text', label: { en: 'Mood' } }]
  const saved = await put({ ...deal.document, fields })
  expect(saved.data).toMatchObject({ problems: [], document: { extends: 'sales/deal', fields: [{ key: 'mood' }] } })
  const { data: shown } = await admin<{ layer: string; changed_by: string[]; layers: Record<string, string> }>(
    'GET',
    '/api/studio/documents/entity/deal',
  )
  expect(shown).toMatchObject({ layer: 'sales', changed_by: ['overlay'], draft_version: 1 })
  expect(shown.layers).toEqual({ '': 'sales', [`/fields/${fields.length - 1}`]: 'overlay' })
  expect(
    (await admin<{ document: { fields: unknown[] } }>('GET', '/api/studio/documents/entity/deal?state=live')).data.document.fields,
  ).toHaveLength(fields.length - 1)
  expect((await admin('DELETE', '/api/studio/draft/entity/deal', undefined, { 'if-match': '"1"' })).data).toMatchObject({
    version: 0,
    problems: [],
  })
  expect(await admin('DELETE', '/api/studio/draft/entity/deal')).toMatchObject({
    status: 409,
    problem: { code: 'AUTHORING_PACK_DOCUMENT' },
  })
})

test('an overlay may not take from a pack what it relies on', async () => {
  const { data: deal } = await admin<{ document: { kind: string; fields: { key: string }[] } }>('GET', '/api/studio/documents/entity/deal')
  const saved = await put({ ...deal.document, fields: deal.document.fields.filter(field => field.key !== 'stage') })
  expect(saved.data.problems[0]).toMatchObject({ code: 'MODEL_OVERLAY_REMOVES', hint: 'Hide it: "hidden_fields".' })
  await admin('DELETE', '/api/studio/draft')
})

test('documents that say they are something else, and kinds that can not be authored, are refused', async () => {
  expect(await admin('PUT', '/api/studio/draft/entity/cat', pet)).toMatchObject({ status: 422, problem: { code: 'AUTHORING_MISPLACED' } })
  expect(await admin('PUT', '/api/studio/draft/entity/pet', [])).toMatchObject({ status: 422, problem: { code: 'AUTHORING_MISPLACED' } })
  expect((await admin('PUT', '/api/studio/draft/pack/sales', { kind: 'pack', key: 'sales' })).status).toBe(404)
  expect((await admin('PUT', '/api/studio/draft/planet/x', { kind: 'planet', key: 'x' })).status).toBe(404)
  expect((await admin('PUT', '/api/studio/draft/entity/__proto__', { kind: 'entity', key: '__proto__' })).status).toBe(404)
  expect((await admin('DELETE', '/api/studio/draft/entity/nowhere')).status).toBe(404)
})

test('revisions are listed, compared and brought back by a draft', async () => {
  await put({ ...pet, fields: [...pet.fields, { key: 'color', type: 'text' }] })
  await publish('Colours')
  await put({ ...pet, label: { en: 'Animal' } })
  await publish('Names')
  const list = await admin<{ revision: number; note: string }[]>('GET', '/api/studio/revisions?limit=2')
  expect(list.data.map(each => `${each.revision} ${each.note}`)).toEqual(['4 Names', '3 Colours'])
  expect((await admin('GET', '/api/studio/revisions/4')).data).toMatchObject({ live: true, note: 'Names', building: [] })
  expect((await admin('GET', '/api/studio/revisions/2/diff/3')).data).toEqual({
    changes: [{ kind: 'entity', key: 'pet', change: 'added', pointer: '/fields/color', after: { key: 'color', type: 'text' } }],
  })
  expect((await admin('GET', '/api/studio/revisions/99')).status).toBe(404)
  const restored = await admin<{ changes: { pointer: string }[] }>('POST', '/api/studio/revisions/3/restore')
  expect(restored.data.changes.map(each => each.pointer).sort()).toEqual(['/fields/color', '/label/en', '/label/ru'])
  expect((await admin('POST', '/api/studio/revisions/2/restore')).problem.code).toBe('AUTHORING_DRAFT_EXISTS')
  expect((await publish('Back')).data.revision).toBe(5)
})

test('values of a field come back with it', async () => {
  const { data: pets } = await admin<{ id: string; version: number }[]>('GET', '/api/records/pet')
  const [rex] = pets
  await admin('PATCH', `/api/records/pet/${rex?.id}`, { color: 'brown' }, { 'if-match': `"${rex?.version}"` })
  await put(pet)
  await publish()
  expect((await admin<object>('GET', `/api/records/pet/${rex?.id}`)).data).not.toHaveProperty('color')
  await put({ ...pet, fields: [...pet.fields, { key: 'color', type: 'text' }] })
  await publish()
  expect((await admin('GET', `/api/records/pet/${rex?.id}`)).data).toMatchObject({ color: 'brown' })
})

test('finds every place that names a field', async () => {
  const { data } = await admin<{ kind: string; key: string; pointer: string }[]>('GET', '/api/studio/where_used/entity/pet?field=name')
  expect(data.map(each => `${each.kind}/${each.key}${each.pointer}`)).toEqual([
    'query_policy/pet/filter/name',
    'query_policy/pet/search/0',
    'query_policy/pet/sort/0',
  ])
  const entities = await admin<{ kind: string; key: string }[]>('GET', '/api/studio/where_used/entity/pet')
  expect(entities.data.map(each => `${each.kind}/${each.key}`)).toEqual(['access_profile/keeper', 'query_policy/pet'])
  expect((await admin('GET', '/api/studio/where_used/entity/pet?field=wings')).status).toBe(404)
})

test('shows a form of the draft as a profile would have it', async () => {
  await put({ ...pet, fields: [...pet.fields, { key: 'wings', type: 'integer' }] })
  const shown = await admin<{ schema: { properties: object } }>('POST', '/api/studio/preview/form', {
    entity: 'pet',
    profiles: ['keeper'],
    mode: 'create',
  })
  expect(Object.keys(shown.data.schema.properties)).toEqual(['name', 'legs', 'wings'])
  expect((await admin('POST', '/api/studio/preview/form', { entity: 'pet', profiles: ['core_directory'] })).status).toBe(404)
  await admin('DELETE', '/api/studio/draft')
})

test('gives each meta-schema in one piece', async () => {
  const { data } = await admin<{ schema: { $ref: string; definitions: Record<string, unknown> }; ui: object }>(
    'GET',
    '/api/studio/schemas/entity',
  )
  expect(data.schema.$ref).toBe('#/definitions/Entity')
  expect(Object.keys(data.schema.definitions)).toContain('Field')
  expect(data.ui).toHaveProperty('Entity')
  expect((await admin('GET', '/api/studio/schemas/constructor')).status).toBe(404)
})

test('a publish that is sent twice happens once', async () => {
  await put({ ...pet, label: { en: 'Pet', es: 'Mascota' } })
  const once = () => admin<{ revision: number }>('POST', '/api/studio/draft/publish', { note: 'Twice' }, { 'idempotency-key': 'k1' })
  const [first, second] = [await once(), await once()]
  expect(second.data).toEqual(first.data)
})

test('the model’s description is tagged and not sent again', async () => {
  const first = await admin('GET', '/api/model')
  const tag = String(first.headers['etag'])
  expect(first.headers['cache-control']).toBe('private, no-cache')
  expect((await admin('GET', '/api/model', undefined, { 'if-none-match': tag })).status).toBe(304)
  expect((await admin('GET', '/api/model', undefined, { 'if-none-match': tag, 'accept-language': 'ru' })).status).toBe(200)
  await put({ ...pet, label: { en: 'Creature' } })
  await publish()
  expect((await admin('GET', '/api/model', undefined, { 'if-none-match': tag })).status).toBe(200)
})
