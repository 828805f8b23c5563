/**
 * What somebody who edits the model without managing access may not publish: whatever asks something of records that are hidden from him, or moves
 * rights without touching a profile. And what he may, like anybody who builds on what he sees.
 */
import { afterEach, expect, test } from 'vitest'
import { administer } from '../../platform/server-admin.ts'
import { type Document, draft, entity as plainEntity, label, profile, publish, role, STUDIO } from '../harness/change-set.ts'
import { type Client, startWorkspace } from '../harness/workspace.ts'

const workspace = await startWorkspace()
const tenant = await workspace.createTenant('acme', ['core'])
const admin = await workspace.signIn('acme', 'admin@acme.test')

const field = (key: string, type: string, rest: object = {}): object => ({ key, type, label: label(key), ...rest })
const reference = (key: string, target: string, rest: object = {}): object => field(key, 'reference', { target, filterable: true, ...rest })
const check = async (client: Client) => (await client<{ problems: readonly object[] }>('POST', '/api/studio/draft/check')).data.problems

/** An entity whose fields begin with its name. */
const entity = (key: string, fields: readonly object[], rest: object = {}): Document =>
  plainEntity(key, [field('name', 'text', { max_length: 100 }), ...fields], rest)

const OPEN = field('open', 'boolean')
const LEVEL = field('level', 'integer')
const PAY = field('pay', 'integer')
const STATE = field('state', 'choice', {
  options: ['new', 'done'].map(value => ({ value, label: label(value) })),
})
// What the author sees: of dossiers the name, of boards the open ones, of vaults nothing; files and pages whole.
const dossier = (fields: readonly object[] = [], rest: object = {}): Document => entity('dossier', [PAY, STATE, ...fields], rest)
const board = (open: object, level: object = LEVEL): Document => entity('board', [open, level])
const KEPT_IN = reference('file', 'file', { inverse: 'kept', on_delete: 'restrict' })
const vault = (fields: readonly object[] = [KEPT_IN], rest: object = {}): Document =>
  entity('vault', [field('kind', 'text'), field('pin', 'integer'), ...fields], rest)
const FILE = [field('cost', 'integer'), reference('dossier', 'dossier', { inverse: 'files' }), field('peek', 'text')]
const file = (fields: readonly object[] = [], rest: object = {}): Document => entity('file', [...FILE, ...fields], rest)
const page = (fields: readonly object[] = []): Document =>
  entity('page', [reference('file', 'file', { inverse: 'pages' }), field('lines', 'integer'), ...fields])

const WRITE = ['create', 'read', 'update', 'delete']
const all = { operations: WRITE, fields: { '*': 'write' } }
await draft(
  admin,
  dossier(),
  board(OPEN),
  file(),
  vault(),
  page(),
  entity('lone', []),
  profile('keeper', { dossier: all, board: all, vault: all, file: all, page: all }),
  profile('author', {
    dossier: { operations: ['read', 'update'], fields: { name: 'write' } },
    board: { operations: ['read'], rows: { read: { open: { eq: true } } }, fields: { name: 'read' } },
    file: all,
    page: all,
  }),
  role('keeper', [...STUDIO, 'access.manage'], ['keeper']),
  role('author', STUDIO, ['author']),
  { kind: 'role', key: 'admin', extends: 'core/admin', access_profiles: ['core_admin', 'keeper', 'author'] },
)
expect(await publish(admin)).toMatchObject({ status: 200 })
for (const key of ['keeper', 'author'])
  expect(
    await admin('POST', '/api/admin/users', {
      email: `${key}@acme.test`,
      name: key,
      actor: 'employee',
      roles: [key],
      password: 'correct horse battery',
    }),
  ).toMatchObject({ status: 201 })
const keeper = await workspace.signIn('acme', 'keeper@acme.test')
const author = await workspace.signIn('acme', 'author@acme.test')
const make = async (kind: string, values: object) => (await keeper<{ id: string }>('POST', `/api/records/${kind}`, values)).data.id
const ann = await make('dossier', { name: 'Ann', pay: 4200, state: 'new' })
await make('board', { name: 'Secret', open: false, level: 1 })
const lent = await make('file', { name: 'Lent', dossier: ann, cost: 3 })
await make('vault', { name: 'Boss', kind: 'c', pin: 8731, file: lent })
await make('vault', { name: 'Clerk', kind: 'c', pin: 1 })

afterEach(async () => {
  await admin('DELETE', '/api/studio/draft')
})

const rule = (check: object, rest: object = {}): object => ({ key: 'guess', check, message: label('No'), severity: 'error', ...rest })
const name = (rest: object): object[] => [field('note', 'text', rest)]
const lookup = (reference: string, from: string, rest: object = {}): object =>
  field('copied', 'lookup', { reference, field: from, mode: 'copied', ...rest })
const HIDDEN_PAY = { pay: { lt: 4000 } }

test.each<[what: string, document: Document, pointer: string]>([
  ['a rule over a hidden field', dossier([], { rules: [rule(HIDDEN_PAY)] }), '/rules/0'],
  ['a warning over a hidden field', dossier([], { rules: [rule(HIDDEN_PAY, { severity: 'warning' })] }), '/rules/0'],
  ['a rule through a reference', file([], { rules: [rule({ dossier: HIDDEN_PAY })] }), '/rules/0'],
  ['a rule that goes by hidden records', file([], { rules: [rule({ name: { ne: 'x' } }, { when: { dossier: HIDDEN_PAY } })] }), '/rules/0'],
  ['a field required by a hidden one', dossier(name({ required_when: HIDDEN_PAY })), '/fields/3'],
  ['a field shown by a hidden one', dossier(name({ visible_when: HIDDEN_PAY })), '/fields/3'],
  ['a field closed by a hidden one', dossier(name({ read_only_when: HIDDEN_PAY })), '/fields/3'],
  ['a choice of hidden records', page([reference('about', 'dossier', { filter: HIDDEN_PAY })]), '/fields/3'],
  ['a hidden field that becomes required', entity('dossier', [field('pay', 'integer', { required: true }), STATE]), '/fields/1'],
  ['a hidden field that becomes narrower', entity('dossier', [field('pay', 'integer', { maximum: 9 }), STATE]), '/fields/1'],
  ['a hidden field of another type', entity('dossier', [field('pay', 'text'), STATE]), '/fields/1'],
  ['a hidden field that goes away', entity('dossier', [STATE]), '/fields'],
  ['a hidden option that goes away', entity('dossier', [PAY, { ...STATE, options: [{ value: 'new', label: label('new') }] }]), '/fields/2'],
  ['unique values of hidden records', dossier([], { unique: [{ key: 'one', fields: ['name'], when: HIDDEN_PAY }] }), '/unique/0'],
  [
    'unique values where nothing is seen',
    vault(undefined, { unique: [{ key: 'one', fields: ['kind'], when: { pin: { gt: 9 } } }] }),
    '/unique/0',
  ],
  ['a formula over a hidden field', dossier([field('more', 'formula', { result: 'integer', expression: 'pay + 1' })]), '/fields/3'],
  ['a lookup of a hidden field', file([lookup('dossier', 'pay')]), '/fields/4'],
  ['a count of hidden records', file([field('vaults', 'rollup', { relation: 'kept', function: 'count' })]), '/fields/4'],
  ['numbers given to hidden records', vault([KEPT_IN, field('no', 'autonumber', { template: '{seq}' })]), '/fields/4'],
  ['hidden records that go with others', vault([reference('file', 'file', { inverse: 'kept', on_delete: 'cascade' })]), '/fields/3'],
  [
    'stages by a hidden field',
    dossier([], {
      stages: [{ key: 's', field: 'state', states: ['new', 'done'], transitions: [{ from: ['new'], to: 'done', check: HIDDEN_PAY }] }],
    }),
    '/stages/0',
  ],
  [
    'a conversion by a hidden field',
    dossier([], {
      conversions: [
        { key: 'c', label: label('C'), when: HIDDEN_PAY, steps: [{ as: 'f', entity: 'file', values: { name: '$record.name' } }] },
      ],
    }),
    '/conversions/0',
  ],
])('%s is published only by who sees all of it or manages access', async (_, document, pointer) => {
  await draft(author, document)
  const beyond = { code: 'MODEL_ACCESS_NEEDED', document: { kind: 'entity', key: document.key }, pointer }
  expect(await check(author)).toMatchObject([beyond])
  expect(await publish(author)).toMatchObject({ status: 403, problem: { code: 'ACCESS_CAPABILITY_MISSING', errors: [beyond] } })
  expect(await check(keeper)).toEqual([])
})

test('an entity that is not seen goes away only by who manages access', async () => {
  expect(await author('DELETE', '/api/studio/draft/entity/lone')).toMatchObject({ status: 200 })
  expect(await publish(author)).toMatchObject({ status: 403, problem: { errors: [{ document: { key: 'lone' }, pointer: '' }] } })
})

test.each<[string, Document]>([
  ['by a formula', board(field('open', 'formula', { result: 'boolean', expression: '1 = 1' }))],
  ['by another default', board(field('open', 'boolean', { default: true }))],
])('what a row rule stands on changes %s only by who manages access', async (_, document) => {
  await draft(author, document)
  expect(await publish(author)).toMatchObject({
    status: 403,
    problem: { errors: [{ code: 'MODEL_ACCESS_NEEDED', pointer: '/fields/1', params: { field: 'open' } }] },
  })
  expect((await author<object[]>('GET', '/api/records/board')).data).toEqual([])
})

test('what a row rule stands on is not changed by what it is computed from either, even by who sees all of it', async () => {
  const shared = (cost: object): Document =>
    entity('file', [cost, ...FILE.slice(1), field('cheap', 'formula', { result: 'boolean', expression: 'cost < 5' })])
  await draft(
    admin,
    shared(field('cost', 'integer')),
    profile('cheap', { file: { operations: ['read'], rows: { read: { cheap: { eq: true } } }, fields: { '*': 'read' } } }),
  )
  expect(await publish(admin)).toMatchObject({ status: 200 })
  await draft(author, shared(field('cost', 'formula', { result: 'integer', expression: '1' })))
  expect(await publish(author)).toMatchObject({ status: 403, problem: { errors: [{ params: { field: 'cost' } }] } })
  await admin('DELETE', '/api/studio/draft')
  expect(await admin('DELETE', '/api/studio/draft/access_profile/cheap')).toMatchObject({ status: 200 })
  await draft(admin, file())
  expect(await publish(admin)).toMatchObject({ status: 200 })
})

test('a field that was taken away with its values comes back only by who manages access', async () => {
  const rich = file([field('secret', 'text', { max_length: 40 })])
  await draft(admin, rich)
  await publish(admin)
  await draft(admin, file())
  await publish(admin)
  await draft(author, rich)
  expect(await publish(author)).toMatchObject({
    status: 403,
    problem: { errors: [{ code: 'MODEL_ACCESS_NEEDED', params: { field: 'secret' } }] },
  })
})

test('who sees all of what he builds on needs no access.manage', async () => {
  await draft(
    author,
    file(
      [
        field('double', 'formula', { result: 'integer', expression: 'cost * 2' }),
        field('lines', 'rollup', { relation: 'pages', function: 'sum', field: 'lines' }),
        field('remark', 'text', { max_length: 40, required_when: { cost: { gt: 100 } } }),
      ],
      { rules: [rule({ cost: { lt: 1000 } })], unique: [{ key: 'one', fields: ['name'] }] },
    ),
    page([lookup('file', 'cost'), field('state', 'choice', { options: [{ value: 'a', label: label('A') }] })]),
  )
  expect(await check(author)).toEqual([])
  expect(await publish(author)).toMatchObject({ status: 200 })
  const made = await author<{ id: string }>('POST', '/api/records/file', { name: 'Own', cost: 4 })
  expect(made).toMatchObject({ status: 201, data: { double: 8 } })
  expect(await author('POST', '/api/records/page', { name: 'P', file: made.data.id, lines: 7 })).toMatchObject({
    status: 201,
    data: { copied: 4 },
  })
  expect(await author('GET', `/api/records/file/${made.data.id}`)).toMatchObject({ data: { lines: 7 } })
})

test('plain fields, words, options and places in queries are free where not everything is seen', async () => {
  await draft(author, {
    ...entity('dossier', [
      { ...PAY, label: label('Salary'), filterable: true },
      { ...STATE, options: ['new', 'done', 'more'].map(value => ({ value, label: label(value.toUpperCase()) })) },
      field('extra', 'text', { max_length: 20, required: true, default: 'none' }),
    ]),
    label: label('Personal file'),
  })
  expect(await check(author)).toEqual([])
  expect(await publish(author)).toMatchObject({ status: 200 })
})

test('what was copied from elsewhere goes when a lookup looks elsewhere, whoever publishes it, and what copies it goes with it', async () => {
  const made = (from: string, expression: string): Document[] => [
    dossier([field('shown', 'formula', { result: 'text', expression: from })]),
    file([lookup('dossier', 'shown', { overridable: true }), field('said', 'formula', { result: 'text', expression })]),
  ]
  await draft(admin, ...made('"p" & pay', 'copied & "!"'))
  expect(await publish(admin)).toMatchObject({ status: 200 })
  const { id } = (await author<{ id: string }>('POST', '/api/records/file', { name: 'Copy', dossier: ann })).data
  expect((await keeper('GET', `/api/records/file/${id}`)).data).toMatchObject({ copied: 'p4200', said: 'p4200!' })
  expect(JSON.stringify((await author('GET', `/api/records/file/${id}`)).data)).not.toContain('4200')
  // The formula that is copied is made of something else now.
  await draft(
    admin,
    ...made('name', 'copied & "!"'),
    profile('more', { dossier: { operations: ['read'], fields: { name: 'read', shown: 'read' } } }),
    { kind: 'role', key: 'author', label: label('author'), capabilities: STUDIO, access_profiles: ['core_directory', 'author', 'more'] },
  )
  expect(await publish(admin)).toMatchObject({ status: 200 })
  const renewed = await workspace.signIn('acme', 'author@acme.test')
  expect((await renewed('GET', `/api/records/file/${id}`)).data).toMatchObject({ copied: 'Ann', said: 'Ann!' })
  const past = JSON.stringify((await renewed('GET', `/api/records/file/${id}/history`)).data)
  expect(past).toContain('Copy')
  expect(past).not.toContain('4200')
  // The lookup looks at another field.
  await draft(
    admin,
    dossier([field('shown', 'formula', { result: 'text', expression: '"q" & pay' })]),
    ...made('"q" & pay', 'copied & "!"').slice(1),
  )
  await publish(admin)
  await draft(
    admin,
    file([lookup('dossier', 'name', { overridable: true }), field('said', 'formula', { result: 'text', expression: 'copied & "!"' })]),
  )
  await publish(admin)
  expect((await renewed('GET', `/api/records/file/${id}`)).data).toMatchObject({ copied: 'Ann', said: 'Ann!' })
})

test('of a copied value the history tells what somebody wrote over it, and neither the copy nor what follows from it', async () => {
  await draft(
    admin,
    page([lookup('file', 'cost', { overridable: true }), field('twice', 'formula', { result: 'integer', expression: 'copied * 2' })]),
  )
  expect(await publish(admin)).toMatchObject({ status: 200 })
  const { id } = (await author<{ id: string }>('POST', '/api/records/page', { name: 'P', file: lent })).data
  const patched = await author('PATCH', `/api/records/page/${id}`, { copied: 9 }, { 'if-match': '"1"' })
  expect(patched).toMatchObject({ status: 200, data: { copied: 9, twice: 18 } })
  expect((await author('GET', `/api/records/page/${id}/history`)).data).toMatchObject([
    { version: 2, changes: { copied: { before: null, after: 9 } } },
    { version: 1, changes: { name: { after: 'P' }, file: { after: lent } } },
  ])
  const past = await author<{ changes: object }[]>('GET', `/api/records/page/${id}/history`)
  expect(past.data.map(({ changes }) => Object.keys(changes).filter(key => key === 'copied' || key === 'twice'))).toEqual([['copied'], []])
})

test('while a large entity is computed anew, nobody reads what its values were made of before', async () => {
  const lot = (expression: string): Document =>
    entity('lot', [field('secret', 'integer'), field('made', 'formula', { result: 'text', expression })])
  await draft(
    admin,
    lot('"s" & secret'),
    profile('lots', { lot: { operations: ['create', 'read'], fields: { '*': 'write' } } }),
    profile('lot_names', { lot: { operations: ['read'], fields: { name: 'read', made: 'read' } } }),
    role('author', STUDIO, ['author', 'lot_names']),
    { kind: 'role', key: 'admin', extends: 'core/admin', access_profiles: ['core_admin', 'keeper', 'author', 'lots'] },
  )
  expect(await publish(admin)).toMatchObject({ status: 200 })
  const { model } = await workspace.wired.models.current(tenant.id)
  const no = (key: string): string => String(model.entities.get('lot')?.fields.get(key)?.no)
  await administer(workspace.database.adminUrl, client =>
    client.query(
      `insert into nexus.record (tenant_id, entity_no, id, created_at, updated_at, data)
        select $1, $2, gen_random_uuid(), now(), now(), jsonb_build_object($3::text, 'lot ' || n, $4::text, n, $5::text, 's' || n) from generate_series(1, 2100) n`,
      [tenant.id, model.entities.get('lot')?.no, no('name'), no('secret'), no('made')],
    ),
  )
  const reader = await workspace.signIn('acme', 'author@acme.test')
  const made = async (client: Client) =>
    (await client<{ made?: string | null }[]>('POST', '/api/records/lot/query', { limit: 5 })).data.map(row => row.made)
  expect(await made(reader)).toEqual(Array(5).fill(undefined))
  await draft(admin, lot('name & "!"'))
  expect(await publish(admin)).toMatchObject({ status: 200, data: { building: ['lot.made'] } })
  for (const client of [reader, admin]) expect(await made(client)).toEqual(Array(5).fill(undefined))
  // The job of the field is that publish's: a later one that would take it over without making the values anew waits.
  const sorted = lot('name & "!"')
  const fields = (sorted['fields'] as { key: string }[]).map(each => (each.key === 'made' ? { ...each, filterable: true } : each))
  await draft(admin, { ...sorted, fields })
  expect(await publish(admin)).toMatchObject({
    status: 422,
    problem: { errors: [{ code: 'MODEL_FIELD_BUILDING', params: { field: 'lot.made' } }] },
  })
  await draft(admin, {
    ...sorted,
    fields: [...(sorted['fields'] as object[]), field('more', 'formula', { result: 'text', expression: 'made & "?"' })],
  })
  expect(await publish(admin)).toMatchObject({
    status: 422,
    problem: { errors: [{ code: 'MODEL_FIELD_BUILDING', params: { field: 'lot.made' } }] },
  })
  await startWorkspace({ database: workspace.database, background: true })
  await expect.poll(async () => (await made(reader)).every(value => value?.endsWith('!')), { timeout: 15_000 }).toBe(true)
})
