/**
 * What somebody who edits the model without managing access can not learn by it: hidden values and rows, neither by what a check of the draft
 * counts nor by turning what is computed from them into a plain field.
 */
import { afterEach, expect, test } from 'vitest'
import { type Document, draft, entity, label, profile, publish, role, STUDIO } from '../harness/change-set.ts'
import { type Client, startWorkspace } from '../harness/workspace.ts'

const workspace = await startWorkspace()
await workspace.createTenant('acme', ['core'])
const admin = await workspace.signIn('acme', 'admin@acme.test')

const NAME = { key: 'name', type: 'text', label: label('Name'), required: true, max_length: 100 }
const PAY = { key: 'pay', type: 'integer', label: label('Pay') }
const CODE = { key: 'code', type: 'text', label: label('Code'), max_length: 40 }
const FILE = { key: 'file', type: 'reference', target: 'dossier', inverse: 'copies', label: label('File') }
const ALL = ['create', 'read', 'update']
await draft(
  admin,
  entity('dossier', [NAME, PAY, CODE]),
  entity('extract', [NAME, FILE]),
  entity('memo', [NAME]),
  profile('keeper', { dossier: { operations: ALL, fields: { '*': 'write' } }, extract: { operations: ALL, fields: { '*': 'write' } } }),
  profile('drawer', {
    dossier: { operations: ['read'], fields: { name: 'read', code: { mask: 'last4' } } },
    extract: { operations: ALL, fields: { '*': 'write' } },
    memo: { operations: ALL, rows: { read: { owner_id: { eq: '$user.id' } } }, fields: { '*': 'write' } },
  }),
  profile('memos', { memo: { operations: ALL, fields: { '*': 'write' } } }),
  role('keeper', ['users.manage', ...STUDIO, 'access.manage'], ['keeper', 'memos']),
  role('drawer', STUDIO, ['drawer']),
  { kind: 'role', key: 'admin', extends: 'core/admin', access_profiles: ['core_admin', 'keeper', 'drawer', 'memos'] },
)
expect(await publish(admin)).toMatchObject({ status: 200 })
const people = { keeper: 'keeper@acme.test', drawer: 'drawer@acme.test' }
for (const [key, email] of Object.entries(people))
  expect(
    await admin('POST', '/api/admin/users', { email, name: key, actor: 'employee', roles: [key], password: 'correct horse battery' }),
  ).toMatchObject({ status: 201 })
const keeper = await workspace.signIn('acme', people.keeper)
const drawer = await workspace.signIn('acme', people.drawer)
const { data: ann } = await keeper<{ id: string }>('POST', '/api/records/dossier', { name: 'Ann', pay: 4200, code: 'PL0011226285' })
await keeper('POST', '/api/records/memo', { name: 'Not for the drawer' })

afterEach(async () => {
  await admin('DELETE', '/api/studio/draft')
})

interface Checked {
  readonly impact: {
    readonly records: readonly { readonly count: number }[]
    readonly conversions: readonly { readonly values: number }[]
    readonly removals: readonly { readonly field: string | null; readonly records: number | null }[]
    readonly unseen: readonly string[]
  }
}
const impactFor = async (client: Client): Promise<Checked['impact']> =>
  (await client<Checked>('POST', '/api/studio/draft/check')).data.impact

const asking = (check: object): Document =>
  entity('dossier', [NAME, PAY, CODE], {
    rules: [{ key: 'guess', check: { or: [{ name: { ne: 'Ann' } }, check] }, message: label('No'), severity: 'error' }],
  })

test.each<[string, Document, Document]>([
  ['a hidden value, by a new rule', asking({ pay: { lt: 5000 } }), asking({ pay: { lt: 4000 } })],
  ['a masked value, by a new rule', asking({ code: { starts_with: 'PL' } }), asking({ code: { starts_with: 'DE' } })],
  [
    'a hidden value, by a narrower field',
    entity('dossier', [NAME, { ...PAY, maximum: 5000 }, CODE]),
    entity('dossier', [NAME, { ...PAY, maximum: 4000 }, CODE]),
  ],
  [
    'a hidden value, by another type',
    entity('dossier', [NAME, { ...PAY, type: 'boolean' }, CODE]),
    entity('dossier', [NAME, { ...PAY, type: 'decimal', scale: 2 }, CODE]),
  ],
  [
    'hidden rows, by a new rule',
    entity('memo', [NAME], { rules: [{ key: 'r', check: { name: { ne: 'x' } }, message: label('No'), severity: 'error' }] }),
    entity('memo', [NAME], { rules: [{ key: 'r', check: { name: { eq: 'x' } }, message: label('No'), severity: 'error' }] }),
  ],
])('a check of the draft does not tell of %s', async (_, yes, no) => {
  await draft(drawer, yes)
  const first = await impactFor(drawer)
  await draft(drawer, no)
  const second = await impactFor(drawer)
  for (const impact of [first, second]) expect(impact).toMatchObject({ records: [], conversions: [], removals: [], unseen: [no.key] })
  const seen = await impactFor(keeper)
  expect(seen.unseen).toEqual([])
  expect(seen.records.length + seen.conversions.length).toBe(1)
})

test('a check does not count the values of a hidden field that goes away', async () => {
  await draft(drawer, entity('dossier', [NAME, CODE]))
  expect(await impactFor(drawer)).toMatchObject({ removals: [{ field: 'pay', records: null }], unseen: ['dossier'] })
  expect(await impactFor(keeper)).toMatchObject({ removals: [{ field: 'pay', records: 1 }], unseen: [] })
})

test('a check does not tell how many records an entity has of which the asker sees nothing or a part', async () => {
  await draft(drawer, entity('dossier', [NAME, { ...PAY, filterable: true }, CODE]))
  expect(await impactFor(drawer)).toMatchObject({ storage: [{ entity: 'dossier', fields: ['pay'], rows: null, background: null }] })
  expect(await impactFor(keeper)).toMatchObject({ storage: [{ entity: 'dossier', fields: ['pay'], rows: 1, background: false }] })
})

test('a check does not count records that are filled and hidden', async () => {
  await draft(drawer, entity('memo', [{ ...NAME, filterable: true, sortable: true }]))
  const filled = { entity: 'memo', fields: ['name'] }
  expect(await impactFor(drawer)).toMatchObject({ storage: [{ ...filled, rows: null, background: null }], unseen: ['memo'] })
  expect(await impactFor(keeper)).toMatchObject({ storage: [{ ...filled, rows: 1, background: false }], unseen: [] })
})

test('a check counts all of what the asker sees wholly, without managing access', async () => {
  await draft(drawer, entity('extract', [{ ...NAME, max_length: 3 }, FILE]))
  const { data } = await drawer<{ id: string }>('POST', '/api/records/extract', { name: 'Long name', file: ann.id })
  expect(await impactFor(drawer)).toMatchObject({ records: [{ entity: 'extract', count: 1, samples: [{ id: data.id }] }], unseen: [] })
})

test.each<[string, object, object]>([
  [
    'copied lookup',
    { key: 'copied', type: 'lookup', reference: 'file', field: 'code', mode: 'copied', label: label('Copied') },
    { key: 'copied', type: 'text', max_length: 60, label: label('Copied') },
  ],
  [
    'formula',
    { key: 'made', type: 'formula', result: 'text', expression: 'copied & "!"', label: label('Made') },
    { key: 'made', type: 'text', max_length: 60, label: label('Made') },
  ],
])('what a %s holds becomes a plain value only by who manages access', async (_, derived, plain) => {
  const source = { key: 'copied', type: 'lookup', reference: 'file', field: 'code', mode: 'copied', label: label('Copied') }
  const others = (derived as { key: string }).key === 'copied' ? [] : [source]
  await draft(drawer, entity('extract', [NAME, FILE, ...others, derived]))
  expect(await publish(keeper)).toMatchObject({ status: 200 })
  const { data } = await drawer<{ id: string }>('POST', '/api/records/extract', { name: 'An extract', file: ann.id })
  await draft(drawer, entity('extract', [NAME, FILE, ...others, plain]))
  expect(await publish(drawer)).toMatchObject({ status: 403, problem: { code: 'ACCESS_CAPABILITY_MISSING' } })
  expect(JSON.stringify(await drawer('GET', `/api/records/extract/${data.id}`))).not.toContain('PL0011226285')
  expect(await publish(keeper)).toMatchObject({ status: 200 })
})
