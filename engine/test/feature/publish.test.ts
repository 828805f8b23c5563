/** What a publish does to the records that are there, to their writers, and to other processes. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { newId } from '../../kernel/ids.ts'
import { createModels } from '../../model/index.ts'
import { createDatabase } from '../../platform/postgres.ts'
import { administer } from '../../platform/server-admin.ts'
import { readPacks } from '../../start/read-packs.ts'
import { BEYOND } from '../harness/change-set.ts'
import { type Client, startWorkspace, type Workspace } from '../harness/workspace.ts'
import { join } from 'node:path'
import { root } from '../source-files.ts'

const workspace = await startWorkspace()
const tenant = await workspace.createTenant('acme', ['core'])
const admin = await workspace.signIn('acme', 'admin@acme.test')

interface Entity extends Document {
  readonly kind: 'entity'
  readonly key: string
  readonly label: { readonly en: string }
  readonly fields: readonly ({ readonly key: string; readonly type: string } & Readonly<Record<string, unknown>>)[]
  readonly unique?: readonly object[]
  readonly rules?: readonly object[]
}
const entityOf = (key: string, fields: Entity['fields'], rest: object = {}): Entity => ({
  kind: 'entity',
  key,
  label: { en: key },
  fields: [{ key: 'name', type: 'text', filterable: true, sortable: true }, ...fields],
  ...rest,
})

interface Document {
  readonly kind: string
  readonly key?: string
  readonly extends?: string
  readonly [member: string]: unknown
}

/** Puts documents into the draft whatever its state, and fails on any problem. */
async function draft(client: Client, ...documents: readonly Document[]): Promise<void> {
  for (const document of documents) {
    const key = document.key ?? document.extends?.split('/')[1]
    const { headers } = await client('GET', `/api/studio/documents/${document.kind}/${key}`)
    const etag = headers['etag'] === undefined ? '"0"' : String(headers['etag'])
    const saved = await client<{ problems: { code: string }[] }>('PUT', `/api/studio/draft/${document.kind}/${key}`, document, {
      'if-match': etag,
    })
    expect(saved.data?.problems.filter(each => !BEYOND.has(each.code)) ?? saved.problem).toEqual([])
  }
}
interface Published {
  readonly revision: number
  readonly building: readonly string[]
  readonly job_id: string | null
}
const publish = async (client: Client, note = 'A test') => client<Published>('POST', '/api/studio/draft/publish', { note })

/** An entity with everything that makes it usable by the administrator: policy over all its fields, profile, role. */
async function introduce(client: Client, entity: Entity): Promise<void> {
  await draft(client, entity)
  await allow(client, entity)
  expect(await publish(client)).toMatchObject({ status: 200 })
}
const known = new Set<string>()
async function allow(client: Client, entity: Entity): Promise<void> {
  const of = (flag: string): string[] => entity.fields.filter(field => field[flag] === true).map(field => field.key)
  const policy = {
    kind: 'query_policy',
    key: entity.key,
    entity: entity.key,
    filter: Object.fromEntries(of('filterable').map(key => [key, true])),
    sort: of('sortable'),
    search: of('searchable'),
  }
  known.add(entity.key)
  const operations = ['create', 'read', 'update', 'delete', 'restore']
  const profile = {
    kind: 'access_profile',
    key: 'everything',
    entities: Object.fromEntries([...known].map(key => [key, { operations, fields: { '*': 'write' } }])),
  }
  await draft(client, policy, profile, { kind: 'role', extends: 'core/admin', access_profiles: ['core_admin', 'everything'] })
}

const query = async (client: Client, entity: string, body: object) =>
  client<Record<string, unknown>[]>('POST', `/api/records/${entity}/query`, body)
const create = async (client: Client, entity: string, values: object) =>
  (await client<{ id: string }>('POST', `/api/records/${entity}`, values)).data.id

/** Stores records past the door, as they would stand under the live model without slots: a large entity in a second. */
async function bulkInsert(space: Workspace, tenantId: string, entityKey: string, count: number, data: string): Promise<void> {
  const { model } = await space.wired.models.current(tenantId)
  const entity = model.entities.get(entityKey)
  const numbers = [...(entity?.fields.values() ?? [])].reduce((text, field) => text.replaceAll(`$${field.key}$`, String(field.no)), data)
  await administer(space.database.adminUrl, client =>
    client.query(
      `insert into nexus.record (tenant_id, entity_no, id, created_at, updated_at, data)
        select $1, $2, (lpad(to_hex(n), 8, '0') || '-0000-7000-8000-000000000000')::uuid, now() - interval '1 day', now() - interval '1 day', ${numbers} from generate_series(1, $3::int) n`,
      [tenantId, entity?.no, count],
    ),
  )
}

test('a field that becomes filterable is usable at once on a small entity', async () => {
  const item = (flags: object): Entity =>
    entityOf('item', [
      { key: 'note', type: 'text', ...flags },
      { key: 'size', type: 'decimal', scale: 2, ...flags },
      { key: 'labels', type: 'tags', ...flags },
    ])
  await introduce(admin, item({}))
  for (const [n, note] of ['Alpha', 'beta', 'Gamma'].entries())
    await create(admin, 'item', { name: note, note, size: `${n}.5`, labels: [`l${n}`, 'all'] })
  const open = item({ filterable: true })
  const found: Entity = {
    ...open,
    fields: open.fields.map(field => (field.key === 'note' ? { ...field, sortable: true, searchable: true } : field)),
  }
  await draft(admin, found)
  await allow(admin, found)
  expect((await publish(admin)).data).toMatchObject({ building: [], job_id: null })
  expect((await query(admin, 'item', { where: { note: { starts_with: 'b' } } })).data).toMatchObject([{ note: 'beta' }])
  expect((await query(admin, 'item', { where: { size: { gt: '0.5' } }, sort: ['-note'] })).data.map(each => each['note'])).toEqual([
    'Gamma',
    'beta',
  ])
  expect((await query(admin, 'item', { where: { labels: { has_all: ['all', 'l2'] } } })).data).toMatchObject([{ note: 'Gamma' }])
  expect((await query(admin, 'item', { search: 'lph' })).data).toMatchObject([{ note: 'Alpha' }])
})

test('a changed type keeps what can be read as the new one, and shows beforehand what can not', async () => {
  const part = (type: object): Entity =>
    entityOf('part', [{ key: 'amount', filterable: true, ...type } as unknown as Entity['fields'][number]])
  await introduce(admin, part({ type: 'text' }))
  for (const amount of ['12', '7.5', 'many']) await create(admin, 'part', { name: amount, amount })
  await draft(admin, part({ type: 'decimal', scale: 2 }))
  const check = await admin<{ problems: object[]; impact: { conversions: object[]; storage: object[] } }>('POST', '/api/studio/draft/check')
  expect(check.data.problems).toEqual([])
  expect(check.data.impact.conversions).toEqual([
    {
      entity: 'part',
      field: 'amount',
      from: 'text',
      to: 'decimal',
      values: 3,
      lost: 1,
      samples: [expect.objectContaining({ name: 'many', amount: 'many' })],
    },
  ])
  expect(check.data.impact.storage).toEqual([{ entity: 'part', fields: ['amount'], rows: 3, background: false }])
  await publish(admin)
  expect((await query(admin, 'part', { where: { amount: { gte: '7.5' } }, sort: ['name'] })).data.map(each => each['amount'])).toEqual([
    '12',
    '7.5',
  ])
  expect((await query(admin, 'part', { where: { amount: { is_null: true } } })).data).toMatchObject([{ name: 'many', amount: null }])
  await draft(admin, part({ type: 'text' }))
  await publish(admin)
  expect((await query(admin, 'part', { sort: ['name'] })).data.map(each => each['amount'])).toEqual(['12', '7.5', 'many'])
})

test('formulas, rollups and numbers are there for records that were there before', async () => {
  const order = (...fields: Entity['fields'][number][]): Entity => entityOf('order', fields)
  const row = entityOf('order_row', [
    { key: 'order', type: 'reference', target: 'order', inverse: 'rows' },
    { key: 'price', type: 'decimal', scale: 2 },
  ])
  await draft(admin, order())
  await introduce(admin, row)
  await allow(admin, order())
  await publish(admin)
  const id = await create(admin, 'order', { name: 'First' })
  for (const price of ['1.10', '2.20']) await create(admin, 'order_row', { name: 'x', order: id, price })
  const grown = order(
    { key: 'total', type: 'rollup', relation: 'rows', function: 'sum', field: 'price', filterable: true },
    { key: 'double', type: 'formula', result: 'decimal', scale: 2, expression: 'total * 2' },
    { key: 'number', type: 'autonumber', template: 'O-{seq:3}' },
    {
      key: 'state',
      type: 'choice',
      required: true,
      default: 'open',
      options: [{ value: 'open', label: { en: 'Open' } }],
      filterable: true,
    },
  )
  await draft(admin, grown)
  await allow(admin, grown)
  expect((await publish(admin)).data.building).toEqual([])
  expect((await query(admin, 'order', { where: { total: { eq: '3.3' }, state: { eq: 'open' } } })).data).toMatchObject([
    { total: '3.3', double: '6.6', number: 'O-001', state: 'open' },
  ])
  await create(admin, 'order_row', { name: 'y', order: id, price: '0.70' })
  expect((await admin('GET', `/api/records/order/${id}`)).data).toMatchObject({ total: '4', double: '8' })
  await create(admin, 'order', { name: 'Second' })
  expect((await query(admin, 'order', { sort: ['-name'] })).data[0]).toMatchObject({ number: 'O-002', total: '0' })
})

test('a unique rule that records break is refused with their number and changes nothing; mended, it holds', async () => {
  const code = (unique: object[]): Entity => entityOf('code', [{ key: 'text', type: 'text' }], { unique })
  await introduce(admin, code([]))
  const ids = []
  for (const text of ['a', 'A', 'b']) ids.push(await create(admin, 'code', { name: text, text }))
  await draft(admin, code([{ key: 'one', fields: ['text'] }]))
  const check = await admin<{ impact: { records: object[] } }>('POST', '/api/studio/draft/check')
  expect(check.data.impact.records).toMatchObject([
    { entity: 'code', rule: 'text', code: 'MODEL_UNIQUE_CONFLICT', count: 1, samples: [{ name: 'A' }] },
  ])
  const before = (await admin<{ revision: number }>('GET', '/api/studio/draft')).data.revision
  expect(await publish(admin)).toMatchObject({
    status: 422,
    problem: { code: 'AUTHORING_DRAFT_BROKEN', errors: [{ code: 'MODEL_UNIQUE_CONFLICT', pointer: '/unique/0' }] },
  })
  expect((await admin<{ revision: number }>('GET', '/api/studio/draft')).data.revision).toBe(before)
  await admin('DELETE', `/api/records/code/${ids[1]}`, undefined, { 'if-match': '"1"' })
  expect((await publish(admin)).status).toBe(200)
  expect((await admin('POST', '/api/records/code', { name: 'again', text: 'B' })).status).toBe(409)
})

test('tells which records would fail new rules, and leaves them as they are', async () => {
  const goods = (note: object, rest: object = {}): Entity =>
    entityOf(
      'goods',
      [
        { key: 'note', type: 'text', ...note },
        { key: 'price', type: 'integer' },
      ],
      rest,
    )
  await introduce(admin, goods({}))
  for (const [note, price] of [
    ['short', 1],
    ['much too long a note', 5],
    [undefined, 9],
  ] as const)
    await create(admin, 'goods', { name: 'x', price, ...(note === undefined ? {} : { note }) })
  const rules = [{ key: 'cheap', check: { price: { lte: 5 } }, message: { en: 'Too dear.' } }]
  await draft(admin, goods({ required: true, max_length: 10 }, { rules }))
  const { data } = await admin<{ impact: { records: { code: string }[] } }>('POST', '/api/studio/draft/check')
  expect(data.impact.records.sort((a, b) => (a.code < b.code ? -1 : 1))).toMatchObject([
    { field: 'note', code: 'VALIDATE_MAX_LENGTH', count: 1, count_kind: 'exact' },
    { field: 'note', code: 'VALIDATE_REQUIRED', count: 1, message: 'Note is required.' },
    { rule: 'cheap', code: 'VALIDATE_RULE', count: 1, message: 'Too dear.' },
  ])
  expect((await publish(admin)).status).toBe(200)
  expect((await query(admin, 'goods', {})).data).toHaveLength(3)
})

test('another process serves the new revision within a second', async () => {
  const packs = await readPacks(join(root, 'seeds'))
  const database = createDatabase({ url: workspace.database.url })
  const other = createModels({ database, packs, log: workspace.wired.log })
  const second = await startWorkspace({ database: workspace.database })
  const there = await second.signIn('acme', 'admin@acme.test')
  await introduce(admin, entityOf('house', []))
  await there('GET', '/api/records/house')
  const { revision } = await other.current(tenant.id)
  await draft(admin, entityOf('house', [{ key: 'rooms', type: 'integer', filterable: true }]))
  await allow(admin, entityOf('house', [{ key: 'rooms', type: 'integer', filterable: true }]))
  const { data } = await publish(admin)
  const published = performance.now()
  while ((await other.current(tenant.id)).revision < data.revision) await sleep(5)
  const byModels = performance.now() - published
  while ((await there('POST', '/api/records/house', { name: 'x', rooms: 3 })).status !== 201) await sleep(5)
  const byDoor = performance.now() - published
  expect(data.revision).toBe(revision + 1)
  expect([byModels < 1_000, byDoor < 1_000]).toEqual([true, true])
  await database.close()
})

test('nobody gives by roles what he does not hold, and rights are for those who manage them', async () => {
  const roleOf = (key: string, capabilities: string[]) => ({
    kind: 'role',
    key,
    label: { en: key },
    capabilities,
    access_profiles: ['core_directory'],
  })
  await draft(
    admin,
    roleOf('author', ['studio.read', 'studio.edit', 'studio.publish']),
    roleOf('chief', ['studio.read', 'studio.edit', 'studio.publish', 'roles.manage']),
  )
  await publish(admin)
  const people = { author: 'author@acme.test', chief: 'chief@acme.test' }
  for (const [role, email] of Object.entries(people)) {
    const made = await admin('POST', '/api/admin/users', { email, name: role, roles: [role], password: 'correct horse battery' })
    expect(made.status).toBe(201)
  }
  const author = await workspace.signIn('acme', people.author)
  const chief = await workspace.signIn('acme', people.chief)
  const profile = { kind: 'access_profile', key: 'mine', entities: {} }
  expect(await author('PUT', '/api/studio/draft/access_profile/mine', profile)).toMatchObject({
    status: 403,
    problem: { code: 'ACCESS_CAPABILITY_MISSING' },
  })
  expect(await author('PUT', '/api/studio/draft/role/author', roleOf('author', ['users.manage']))).toMatchObject({ status: 403 })
  await draft(chief, roleOf('chief', ['studio.read', 'studio.edit', 'studio.publish', 'roles.manage', 'users.manage']))
  expect(await publish(chief)).toMatchObject({ status: 403, problem: { code: 'AUTHORING_MORE_THAN_HELD' } })
  await draft(chief, {
    ...roleOf('chief', ['studio.read', 'studio.edit', 'studio.publish', 'roles.manage']),
    access_profiles: ['core_directory', 'everything'],
  })
  expect(await publish(chief)).toMatchObject({ status: 403, problem: { code: 'AUTHORING_MORE_THAN_HELD' } })
  expect(await publish(author)).toMatchObject({ status: 403 })
  await admin('DELETE', '/api/studio/draft')
  await draft(admin, {
    kind: 'role',
    extends: 'core/admin',
    access_profiles: ['core_admin', 'everything'],
    capabilities: ['studio.read', 'studio.edit', 'studio.publish'],
  })
  expect(await publish(admin)).toMatchObject({ status: 409, problem: { code: 'IDENTITY_LAST_ADMIN' } })
  await admin('DELETE', '/api/studio/draft')
})

test('of two publishes at once one is done and the other is told', async () => {
  await introduce(admin, entityOf('twice', []))
  await draft(admin, entityOf('twice', [{ key: 'more', type: 'text' }]))
  const both = await Promise.all([publish(admin), publish(admin)])
  expect(both.map(each => each.status).sort()).toEqual([200, 409])
})

test('rights can not stand on values that are still being converted', async () => {
  const paper = (type: string): Entity => entityOf('paper', [{ key: 'secret', type, filterable: true }])
  await introduce(admin, paper('text'))
  await bulkInsert(workspace, tenant.id, 'paper', 2_500, `jsonb_build_object('$name$', 'x', '$secret$', 'yes')`)
  await draft(admin, paper('boolean'))
  await draft(admin, {
    kind: 'access_profile',
    key: 'reader',
    entities: { paper: { operations: ['read'], rows: { read: { secret: { ne: true } } }, fields: { '*': 'read' } } },
  })
  expect(await publish(admin)).toMatchObject({
    status: 422,
    problem: {
      errors: [{ code: 'MODEL_FIELD_BUILDING', document: { kind: 'access_profile', key: 'reader' }, pointer: '/entities/paper/rows' }],
    },
  })
  await admin('DELETE', '/api/studio/draft')
})

test('values of a deleted field are forgotten after their time, those of a field that has come back are not', async () => {
  const shelf = (...keys: string[]): Entity =>
    entityOf(
      'shelf',
      keys.map(key => ({ key, type: 'text' })),
    )
  await introduce(admin, shelf('gone', 'back'))
  const id = await create(admin, 'shelf', { name: 'x', gone: 'old', back: 'kept' })
  const { model } = await workspace.wired.models.current(tenant.id)
  const noOf = (key: string): string => String(model.entities.get('shelf')?.fields.get(key)?.no)
  await draft(admin, shelf())
  await publish(admin)
  await draft(admin, shelf('back'))
  await publish(admin)
  const jobs = await administer(workspace.database.adminUrl, client =>
    client.query(
      `update nexus.job set leased_until = now() - interval '1 second' where kind = 'purge_values' and tenant_id = $1 and leased_until > now() + interval '29 days' returning id`,
      [tenant.id],
    ),
  )
  expect(jobs.rowCount).toBeGreaterThan(0)
  const worker = await startWorkspace({ database: workspace.database, background: true })
  const dataOf = async (): Promise<Record<string, unknown>> =>
    (
      await administer(workspace.database.adminUrl, client =>
        client.query<{ data: Record<string, unknown> }>('select data from nexus.record where id = $1', [id]),
      )
    ).rows[0]?.data ?? {}
  await expect.poll(async () => Object.keys(await dataOf()), { timeout: 10_000 }).not.toContain(noOf('gone'))
  expect(await dataOf()).toMatchObject({ [noOf('back')]: 'kept' })
  await worker.stop()
})

test('the documents of a tenant may weigh so much', async () => {
  const heavy = (n: number) => ({
    kind: 'view',
    key: `heavy_${n}`,
    entity: 'shelf',
    type: 'list',
    label: { en: 'x'.repeat(900_000) },
    columns: ['name'],
  })
  for (const n of [1, 2]) expect((await admin('PUT', `/api/studio/draft/view/heavy_${n}`, heavy(n))).status).toBe(201)
  expect(await admin('PUT', '/api/studio/draft/view/heavy_3', heavy(3))).toMatchObject({
    status: 422,
    problem: { code: 'AUTHORING_TOO_LARGE' },
  })
  await admin('DELETE', '/api/studio/draft')
})

test('writers and publishes meet without a mixture: what is acknowledged has its slot filled', async () => {
  const fields: Entity['fields'][number][] = Array.from({ length: 6 }, (_, n) => ({ key: `f${n}`, type: 'text' }))
  await introduce(admin, entityOf('busy', fields))
  const acknowledged: string[] = []
  const refused: string[] = []
  let running = true
  const writer = async (): Promise<void> => {
    for (let n = 0; running; n++) {
      const text = `w${n}`
      const answer = await admin<{ id: string; version: number }>('POST', '/api/records/busy', {
        name: text,
        ...Object.fromEntries(fields.map(field => [field.key, text])),
      })
      if (answer.status === 201) acknowledged.push(answer.data.id)
      else refused.push(`${answer.status} ${answer.problem.code}`)
    }
  }
  const writers = [writer(), writer(), writer()]
  for (let open = 1; open <= 6; open++) {
    const next = fields.map((field, n) => ({ ...field, ...(n < open ? { filterable: true } : {}) }))
    await draft(admin, entityOf('busy', next))
    await allow(admin, entityOf('busy', next))
    const published = await publish(admin)
    if (published.status !== 200) refused.push(`publish ${published.problem.code}`)
    await sleep(30)
  }
  running = false
  await Promise.all(writers)
  expect(refused.filter(each => each !== '409 IDENTITY_STALE')).toEqual([])
  expect(acknowledged.length).toBeGreaterThan(10)
  const { model } = await workspace.wired.models.current(tenant.id)
  const entity = model.entities.get('busy')
  const columns = fields.flatMap(({ key }) => {
    const field = entity?.fields.get(key)
    return field?.storage.kind === 'slot' ? [{ column: field.storage.column, no: field.no }] : []
  })
  expect(columns).toHaveLength(6)
  const wrong = await administer(workspace.database.adminUrl, client =>
    client.query(
      `select count(*)::int as n from nexus.record where tenant_id = $1 and entity_no = $2 and (${columns.map(({ column, no }) => `${column} is distinct from data->>'${no}'`).join(' or ')})`,
      [tenant.id, entity?.no],
    ),
  )
  expect(wrong.rows).toEqual([{ n: 0 }])
  const stored = await administer(workspace.database.adminUrl, client =>
    client.query('select count(*)::int as n from nexus.record where id = any($1)', [acknowledged]),
  )
  expect(stored.rows).toEqual([{ n: acknowledged.length }])
})

test('a large entity is filled in the background: refused in filters with that reason, taken up after a kill, then ready', async () => {
  const stock = (flags: object): Entity =>
    entityOf('stock', [
      { key: 'place', type: 'text', ...flags },
      { key: 'level', type: 'integer', ...flags },
    ])
  await introduce(admin, stock({}))
  await bulkInsert(
    workspace,
    tenant.id,
    'stock',
    5_000,
    `jsonb_build_object('$name$', 'item ' || n, '$place$', 'shelf ' || (n % 50), '$level$', n % 7)`,
  )
  const open = stock({ filterable: true, searchable: undefined })
  await draft(admin, open)
  await allow(admin, open)
  const { data } = await publish(admin)
  expect(data).toMatchObject({ building: ['stock.level', 'stock.place'] })
  const filter = { where: { place: { eq: 'shelf 7' } }, count: 'exact' }
  expect(await query(admin, 'stock', filter)).toMatchObject({
    status: 422,
    problem: { errors: [{ code: 'VALIDATE_FIELD_BUILDING', pointer: '/where/place/eq' }] },
  })
  expect((await admin('GET', `/api/studio/revisions/${data.revision}`)).data).toMatchObject({
    building: [{ entity: 'stock', field: 'place', done: 0, total: 5_000, job_id: data.job_id }, { field: 'level' }],
  })
  // Written meanwhile by the new model.
  await create(admin, 'stock', { name: 'new', place: 'shelf 7', level: 3 })
  await leaveHalfDone(data.job_id ?? '')
  const worker = await startWorkspace({ database: workspace.database, background: true })
  await expect.poll(async () => (await query(admin, 'stock', filter)).status, { timeout: 15_000 }).toBe(200)
  const found = await admin<unknown[]>('POST', '/api/records/stock/query', { ...filter, limit: 100 })
  expect((found.problem as unknown as { page: { count: number } }).page.count).toBe(101)
  expect(worker.warnings).toEqual([])
  const job = await administer(workspace.database.adminUrl, client =>
    client.query('select status, progress from nexus.job where id = $1', [data.job_id]),
  )
  expect(job.rows).toMatchObject([{ status: 'done' }])
})

/** As a process leaves a job that dies in the middle: a step committed, the lease still running for a moment. */
async function leaveHalfDone(jobId: string): Promise<void> {
  await administer(workspace.database.adminUrl, client =>
    client.query(
      `update nexus.job set status = 'running', leased_by = $2, leased_until = now() + interval '1 second', attempts = 1 where id = $1`,
      [jobId, newId()],
    ),
  )
}
