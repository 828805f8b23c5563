/** What a record says of its lines holds by every door: its own, the line's, bulk, restore and cascades; and its rules hold of the sums as they come out. */
import { describe, expect, test } from 'vitest'
import { type Answer, openSales, type Person } from '../../harness/sales.ts'
import { complaints, type Fields, holdBack } from './workshop.ts'

const en = (text: string): { en: string } => ({ en: text })
const option = (value: string): object => ({ value, label: en(value) })
const everything = ['create', 'read', 'update', 'delete', 'restore', 'export']
const all = { operations: everything, fields: { '*': 'write', owner_id: 'write', org_unit_id: 'write' } }

const order = {
  kind: 'entity',
  key: 'order',
  label: en('Order'),
  title_field: 'name',
  fields: [
    { key: 'name', type: 'text', required: true },
    { key: 'state', type: 'choice', options: [option('open'), option('closed'), option('draft')], default: 'open' },
    { key: 'limit', type: 'decimal', scale: 2, default: '100' },
    { key: 'reason', type: 'text', required_when: { total: { gt: '50' } } },
    { key: 'remark', type: 'text', visible_when: { total: { gt: '40' } } },
    {
      key: 'lines',
      type: 'table',
      label: en('Lines'),
      target: 'order_line',
      target_field: 'order',
      max_items: 3,
      min_items: 1,
      read_only_when: { state: { eq: 'closed' } },
      visible_when: { state: { ne: 'draft' } },
    },
    { key: 'total', type: 'rollup', relation: 'lines', function: 'sum', field: 'quantity', discloses_hidden_rows: true },
    { key: 'double', type: 'formula', result: 'decimal', scale: 2, expression: 'total * 2' },
    { key: 'secret', type: 'text' },
  ],
  rules: [
    { key: 'cap', field: 'total', check: { total: { lte: '$record.limit' } }, message: en('The total is above the limit.') },
    { key: 'doubled', check: { double: { lte: '190' } }, message: en('Twice the total is too much.'), severity: 'warning' },
    { key: 'fenced', when: { secret: { is_null: false } }, check: { double: { lte: '20' } }, message: en('Secret orders are small.') },
  ],
  stages: [
    {
      key: 'way',
      field: 'state',
      states: ['draft', 'open', 'closed'],
      transitions: [
        { from: ['draft'], to: 'open' },
        { from: ['open'], to: 'draft' },
        { from: ['open'], to: 'closed', require: ['total'], check: { total: { gte: '10' } }, message: en('Small orders stay open.') },
        { from: ['closed'], to: 'open' },
      ],
    },
  ],
}
const line = {
  kind: 'entity',
  key: 'order_line',
  label: en('Order line'),
  title_field: 'what',
  options: { owner: false, org_unit: false },
  fields: [
    { key: 'order', type: 'reference', target: 'order', required: true, on_delete: 'cascade', filterable: true },
    { key: 'what', type: 'text' },
    { key: 'item', type: 'reference', target: 'item', on_delete: 'cascade', filterable: true },
    { key: 'colour', type: 'reference', target: 'colour', on_delete: 'set_null', filterable: true },
    { key: 'quantity', type: 'decimal', scale: 2, default: '1' },
  ],
}
const named = (key: string): object => ({
  kind: 'entity',
  key,
  label: en(key),
  title_field: 'name',
  options: { owner: false, org_unit: false },
  fields: [{ key: 'name', type: 'text' }],
})
const profiles = [
  {
    kind: 'access_profile',
    key: 'shop_all',
    label: en('All'),
    entities: { order: all, order_line: all, item: all, colour: all },
  },
  {
    // Knows lines by themselves, and orders not at all.
    kind: 'access_profile',
    key: 'packer',
    label: en('Packer'),
    entities: { order_line: { operations: ['read', 'update', 'delete'], fields: { '*': 'write' } } },
  },
  {
    // Sees open orders and neither their sums nor their secrets.
    kind: 'access_profile',
    key: 'seller',
    label: en('Seller'),
    entities: {
      order: {
        operations: ['read', 'update'],
        rows: { read: { name: { ne: 'hidden' } } },
        fields: { name: 'write', state: 'read', lines: 'write' },
      },
      order_line: { operations: everything, fields: { '*': 'write' } },
    },
  },
  {
    kind: 'access_profile',
    key: 'junior',
    label: en('Junior'),
    entities: {
      order: { operations: ['create', 'read', 'update'], fields: { '*': 'write' }, check: { total: { lte: '20' } } },
      order_line: { operations: everything, fields: { '*': 'write' } },
    },
  },
]
const sales = await openSales([
  { kind: 'role', extends: 'core/admin', access_profiles: ['core_admin', 'sales_admin', ...profiles.map(each => each.key)] },
  order,
  line,
  named('item'),
  named('colour'),
  ...profiles,
  ...profiles.map(({ key }) => ({
    kind: 'role',
    key: `${key}_role`,
    label: en(key),
    capabilities: [],
    access_profiles: [key, 'core_directory'],
  })),
])
const [boss, packer, seller, junior] = await Promise.all(
  ['shop_all', 'packer', 'seller', 'junior'].map(key => sales.person([`${key}_role`], sales.north)),
).then(people => people as [Person, Person, Person, Person])

const make = (lines: object[] = [{ what: 'a' }, { what: 'b' }], values: object = {}): Promise<Fields> =>
  boss.create('order', { name: 'Order', lines, ...values })
const read = async (of: Fields): Promise<Fields> => (await boss.get(`/api/records/order/${of['id']}`)).json.data
const patch = async (of: Fields, values: object, person = boss): Promise<Answer> =>
  person.patch(`/api/records/order/${of['id']}`, (await read(of))['version'], values)
const linesOf = async (of: Fields): Promise<Fields[]> =>
  (
    await boss.post('/api/records/order/query', {
      select: ['name', { lines: { select: ['what', 'quantity', 'version'] } }],
      where: { id: { eq: of['id'] } },
    })
  ).json.data[0]?.lines ?? []
const lineAt = (of: Fields | undefined): string => `/api/records/order_line/${of?.['id']}`
const change = async (of: Fields | undefined, values: object, person = boss): Promise<Answer> =>
  person.patch(lineAt(of), (await boss.get(lineAt(of))).json.data.version, values)
const drop = async (of: Fields | undefined, person = boss): Promise<Answer> =>
  person.send('DELETE', lineAt(of), undefined, { 'if-match': `"${(await boss.get(lineAt(of))).json.data.version}"` })
const told = (answer: Answer): [number, ...[string, string][]] => [answer.status, ...complaints(answer)]
const closed = async (): Promise<Fields> => {
  const made = await make([{ what: 'a', quantity: '10' }, { what: 'b' }])
  expect((await patch(made, { state: 'closed' })).status).toBe(200)
  return made
}

describe('a table that is read-only', () => {
  test('is so by every door', async () => {
    const made = await closed()
    const [a] = await linesOf(made)
    expect(told(await patch(made, { lines: { create: [{ what: 'x' }] } }))).toEqual([422, ['/lines', 'VALIDATE_READ_ONLY']])
    expect(told(await boss.post('/api/records/order_line', { order: made['id'], what: 'late' }))).toEqual([
      422,
      ['/order', 'VALIDATE_READ_ONLY'],
    ])
    expect(told(await change(a, { quantity: '11' }))).toEqual([422, ['/order', 'VALIDATE_READ_ONLY']])
    expect(told(await drop(a))).toEqual([422, ['', 'VALIDATE_READ_ONLY']])
    const other = await make()
    const [free] = await linesOf(other)
    expect(told(await change(free, { order: made['id'] }))).toEqual([422, ['/order', 'VALIDATE_READ_ONLY']])
    expect(told(await change(a, { order: other['id'] }))).toEqual([422, ['/order', 'VALIDATE_READ_ONLY']])
    const bulk = await boss.post('/api/records/order_line/bulk', {
      atomic: false,
      operations: [
        { op: 'create', values: { order: made['id'] } },
        { op: 'create', values: { order: other['id'] } },
        { op: 'delete', id: a?.['id'], version: a?.['version'] },
      ],
    })
    expect(bulk.json.data.map((each: Fields) => each['error']?.errors ?? 'stored')).toMatchObject([
      [{ pointer: '/operations/0/values/order', code: 'VALIDATE_READ_ONLY' }],
      'stored',
      [{ pointer: '', code: 'VALIDATE_READ_ONLY' }],
    ])
    expect(await linesOf(made)).toMatchObject([{ what: 'a', quantity: '10', version: 1 }, { what: 'b' }])
  })

  test('lets no line back out of the trash, and goes into it and out of it whole', async () => {
    const made = await make([{ what: 'a', quantity: '10' }, { what: 'b' }])
    const [, b] = await linesOf(made)
    expect((await drop(b)).status).toBe(204)
    expect((await patch(made, { state: 'closed' })).status).toBe(200)
    expect(told(await boss.post(`${lineAt(b)}/restore`, undefined))).toEqual([422, ['', 'VALIDATE_READ_ONLY']])
    const at = `/api/records/order/${made['id']}`
    expect((await boss.send('DELETE', at, undefined, { 'if-match': `"${(await read(made))['version']}"` })).status).toBe(204)
    expect(await linesOf(made)).toEqual([])
    expect((await boss.post(`${at}/restore`, undefined)).status).toBe(200)
    expect((await linesOf(made)).map(each => each['what'])).toEqual(['a'])
  })

  test('lets go what its lines point at', async () => {
    const colour = await boss.create('colour', { name: 'red' })
    const made = await make([{ what: 'a', quantity: '10', colour: colour.id }])
    await patch(made, { state: 'closed' })
    expect((await boss.send('DELETE', `/api/records/colour/${colour.id}`, undefined, { 'if-match': '"1"' })).status).toBe(204)
  })

  test('is told to who sees the record and its table; others hear that it is not possible', async () => {
    const [seen, hidden] = [await closed(), await closed()]
    await patch(hidden, { name: 'hidden' })
    const [a, h] = [(await linesOf(seen))[0], (await linesOf(hidden))[0]]
    expect(told(await change(a, { quantity: '11' }, seller))).toEqual([422, ['/order', 'VALIDATE_READ_ONLY']])
    expect(told(await change(h, { quantity: '11' }, seller))).toEqual([422, ['', 'VALIDATE_NOT_POSSIBLE']])
    expect(told(await change(a, { quantity: '11' }, packer))).toEqual([422, ['', 'VALIDATE_NOT_POSSIBLE']])
    expect(told(await drop(a, packer))).toEqual([422, ['', 'VALIDATE_NOT_POSSIBLE']])
  })
})

describe('how many lines there are', () => {
  test('a full table takes none by any door, an emptied one lets none go', async () => {
    const [full, single] = [await make([{ what: 'a' }, { what: 'b' }, { what: 'c' }]), await make([{ what: 'only' }])]
    const [only] = await linesOf(single)
    expect(told(await boss.post('/api/records/order_line', { order: full['id'] }))).toEqual([422, ['/order', 'VALIDATE_MAX_ITEMS']])
    expect(told(await drop(only))).toEqual([422, ['', 'VALIDATE_MIN_ITEMS']])
    expect(told(await change(only, { order: full['id'] }))).toEqual([
      422,
      ['/order', 'VALIDATE_MAX_ITEMS'],
      ['/order', 'VALIDATE_MIN_ITEMS'],
    ])
    const [, , c] = await linesOf(full)
    expect((await drop(c)).status).toBe(204)
    expect((await boss.post('/api/records/order_line', { order: full['id'] })).status).toBe(201)
    expect(told(await boss.post(`${lineAt(c)}/restore`, undefined))).toEqual([422, ['', 'VALIDATE_MAX_ITEMS']])
    expect(await linesOf(full)).toHaveLength(3)
  })

  test('a new record without its table has too few', async () => {
    expect(told(await boss.post('/api/records/order', { name: 'Bare' }))).toEqual([422, ['/lines', 'VALIDATE_MIN_ITEMS']])
    const draft = await boss.create('order', { name: 'Bare', state: 'draft' })
    expect(told(await patch(draft, { state: 'open' }))).toEqual([422, ['/lines', 'VALIDATE_MIN_ITEMS']])
    expect((await patch(draft, { state: 'open', lines: { create: [{ what: 'first' }] } })).status).toBe(200)
  })

  test('of a bulk as many get in as there is room for, or none of an atomic one', async () => {
    const made = await make()
    const operations = [1, 2, 3].map(n => ({ op: 'create', values: { order: made['id'], what: `new ${n}` } }))
    expect((await boss.post('/api/records/order_line/bulk', { atomic: true, operations })).status).toBe(422)
    expect(await linesOf(made)).toHaveLength(2)
    const { json } = await boss.post('/api/records/order_line/bulk', { atomic: false, operations })
    expect(json.data.map((each: Fields) => each['error']?.errors[0].code ?? 'stored')).toEqual([
      'stored',
      'VALIDATE_MAX_ITEMS',
      'VALIDATE_MAX_ITEMS',
    ])
  })

  test('two writers who each see room for one get one in', async () => {
    const made = await make()
    const held = await holdBack(sales, String(made['id']))
    const both = [1, 2].map(n => boss.post('/api/records/order_line', { order: made['id'], what: `twin ${n}` }))
    await held.waiting(2)
    await held.release()
    expect((await Promise.all(both)).map(each => each.status).toSorted()).toEqual([201, 422])
    expect(await linesOf(made)).toHaveLength(3)
  })

  test('a line and the record itself, written at once, do not pass each other', async () => {
    const made = await make()
    const both = [
      boss.post('/api/records/order_line', { order: made['id'], what: 'by its door' }),
      patch(made, { lines: { create: [{ what: 'by the record' }] } }),
    ]
    const statuses = (await Promise.all(both)).map(each => each.status)
    expect(await linesOf(made)).toHaveLength(2 + statuses.filter(status => status < 300).length)
    expect((await linesOf(made)).length).toBeLessThanOrEqual(3)
  })

  test('a cascade that would take the last line is refused', async () => {
    const item = await boss.create('item', { name: 'nail' })
    await make([{ what: 'a', item: item.id }])
    const answer = await boss.send('DELETE', `/api/records/item/${item.id}`, undefined, { 'if-match': '"1"' })
    expect([answer.status, answer.json.code]).toEqual([409, 'RECORDS_NOT_POSSIBLE'])
    const loose = await boss.create('item', { name: 'screw' })
    await make([{ what: 'a', item: loose.id }, { what: 'b' }])
    expect((await boss.send('DELETE', `/api/records/item/${loose.id}`, undefined, { 'if-match': '"1"' })).status).toBe(204)
  })

  test('a table that does not apply takes no line', async () => {
    const draft = await boss.create('order', { name: 'Draft', state: 'draft' })
    expect(told(await boss.post('/api/records/order_line', { order: draft.id }))).toEqual([422, ['/order', 'VALIDATE_NOT_VISIBLE']])
  })
})

describe('rules over sums', () => {
  test('are judged by the sum that comes out, by the record and by its lines', async () => {
    const made = await make(undefined, { reason: 'many' })
    expect(told(await patch(made, { lines: { create: [{ quantity: '500' }] } }))).toEqual([422, ['/total', 'VALIDATE_RULE']])
    expect(told(await boss.post('/api/records/order_line', { order: made['id'], quantity: '500' }))).toEqual([
      422,
      ['/order', 'VALIDATE_RULE'],
    ])
    const [a] = await linesOf(made)
    expect(told(await change(a, { quantity: '500' }))).toEqual([422, ['/order', 'VALIDATE_RULE']])
    expect(told(await boss.post('/api/records/order', { name: 'New', reason: 'many', lines: [{ quantity: '101' }] }))).toEqual([
      422,
      ['/total', 'VALIDATE_RULE'],
    ])
    expect((await read(made))['total']).toBe('2')
  })

  test('a change that mends what it breaks is fine, and a warning speaks of what came out', async () => {
    const made = await make()
    const raised = await patch(made, { limit: '600', reason: 'big', lines: { create: [{ quantity: '500' }] } })
    expect([raised.status, raised.json.data?.total]).toEqual([200, '502'])
    expect(raised.json.warnings).toMatchObject([{ message: 'Twice the total is too much.' }])
    const [, , big] = await linesOf(made)
    const lowered = await patch(made, { limit: '100', lines: { delete: [big?.['id']] } })
    expect([lowered.status, lowered.json.warnings]).toEqual([200, undefined])
  })

  test('what was broken before stands against no line', async () => {
    const made = await make([{ quantity: '30' }])
    await sales.peek(
      `update nexus.record set data = data || jsonb_build_object((select key from jsonb_each(data) where value = '"100"'), '5') where id = $1`,
      [made['id']],
    )
    const [a] = await linesOf(made)
    expect((await change(a, { quantity: '20' })).status).toBe(200)
    expect((await boss.post('/api/records/order_line', { order: made['id'], quantity: '1' })).status).toBe(201)
    const at = `/api/records/order/${made['id']}`
    expect((await boss.send('DELETE', at, undefined, { 'if-match': '"1"' })).status).toBe(204)
    expect((await boss.post(`${at}/restore`, undefined)).json.data).toMatchObject({ total: '21' })
  })

  test('needed fields and steps look at the sum that comes out', async () => {
    const made = await make()
    expect(told(await patch(made, { lines: { create: [{ quantity: '60' }] } }))).toEqual([422, ['/reason', 'VALIDATE_REQUIRED']])
    const [a] = await linesOf(made)
    expect(told(await change(a, { quantity: '60' }))).toEqual([422, ['/order', 'VALIDATE_REQUIRED']])
    expect((await patch(made, { reason: 'many', lines: { create: [{ quantity: '60' }] } })).status).toBe(200)
    const remarked = await make()
    expect(told(await patch(remarked, { remark: 'x' }))).toEqual([422, ['/remark', 'VALIDATE_NOT_VISIBLE']])
    expect((await patch(remarked, { remark: 'x', lines: { create: [{ quantity: '45' }] } })).status).toBe(200)
    const small = await make([{ quantity: '2' }])
    expect(told(await patch(small, { state: 'closed' }))).toEqual([422, ['/state', 'VALIDATE_GUARD']])
    expect((await patch(small, { state: 'closed', lines: { create: [{ quantity: '8' }] } })).status).toBe(200)
    const large = await make([{ quantity: '9' }, { quantity: '9' }])
    const [first] = await linesOf(large)
    expect(told(await patch(large, { state: 'closed', lines: { delete: [first?.['id']] } }))).toEqual([422, ['/state', 'VALIDATE_GUARD']])
  })

  test('a profile’s check looks at the sum that comes out', async () => {
    expect((await junior.post('/api/records/order', { name: 'x', lines: [{ quantity: '21' }] })).json.code).toBe('ACCESS_VALUES_FORBIDDEN')
    const made = await junior.create('order', { name: 'x', lines: [{ quantity: '20' }] })
    const answer = await patch(made, { lines: { create: [{ quantity: '1' }] } }, junior)
    expect([answer.status, answer.json.code]).toEqual([403, 'ACCESS_VALUES_FORBIDDEN'])
  })

  test('a rule that is hidden is not told', async () => {
    const made = await make([{ quantity: '5' }], { secret: 'yes' })
    const [a] = await linesOf(made)
    expect(told(await change(a, { quantity: '11' }))).toEqual([422, ['/order', 'VALIDATE_RULE']])
    expect(told(await change(a, { quantity: '11' }, seller))).toEqual([422, ['', 'VALIDATE_NOT_POSSIBLE']])
    const ofLines = { lines: { update: [{ id: a?.['id'], version: 1, quantity: '11' }] } }
    expect(told(await patch(made, ofLines, seller))).toEqual([422, ['', 'VALIDATE_NOT_POSSIBLE']])
    expect(told(await change(a, { quantity: '11' }, packer))).toEqual([422, ['', 'VALIDATE_NOT_POSSIBLE']])
    expect((await change(a, { quantity: '10' }, packer)).status).toBe(200)
  })

  test('a bulk of records with lines fails item by item', async () => {
    const made = await make()
    const { json } = await boss.post('/api/records/order/bulk', {
      atomic: false,
      operations: [
        { op: 'create', values: { name: 'Sound', lines: [{ quantity: '5' }] } },
        { op: 'create', values: { name: 'Too much', reason: 'many', lines: [{ quantity: '500' }] } },
        { op: 'update', id: made['id'], version: 1, values: { reason: 'many', lines: { create: [{ quantity: '99' }] } } },
      ],
    })
    expect(json.data.map((each: Fields) => each['error']?.errors.map((problem: Fields) => problem['pointer']) ?? 'stored')).toEqual([
      'stored',
      ['/operations/1/values/total'],
      ['/operations/2/values/total'],
    ])
  })
})
