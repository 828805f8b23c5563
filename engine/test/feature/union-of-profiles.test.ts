/** Several profiles add up per row and field: what each clause of a list says of a field that is granted on some rows only. */
import { beforeAll, describe, expect, test } from 'vitest'
import type { AccessProfile, Entity, MetadataDocument, QueryPolicy } from '../../../metadata/generated/types.ts'
import { newId } from '../../kernel/ids.ts'
import { compileDocuments, openReadRoad, type CallerLike, type TestRecord } from '../harness/read-road.ts'

const asked = { filterable: true, sortable: true } as const
const entity = (key: string, fields: Entity['fields']): Entity => ({ kind: 'entity', key, label: { en: key }, fields })
const profile = (key: string, entities: AccessProfile['entities']): AccessProfile => ({ kind: 'access_profile', key, entities })
const policy = (key: string, filter: readonly string[], rest: Partial<QueryPolicy> = {}): QueryPolicy => ({
  kind: 'query_policy',
  key,
  entity: key,
  filter: Object.fromEntries(filter.map(each => [each, true])),
  sort: [...filter],
  ...rest,
})
const OWN = { owner_id: { eq: '$user.id' } }
const BRANCH = { org_unit_id: { within: '$user.org_unit_id' } }

const DOCUMENTS: readonly MetadataDocument[] = [
  entity('user', [{ key: 'name', type: 'text' }]),
  entity('org_unit', [
    { key: 'name', type: 'text' },
    { key: 'parent', type: 'parent' },
  ]),
  entity('customer', [
    { key: 'name', type: 'text', ...asked },
    { key: 'industry', type: 'text', ...asked },
    { key: 'credit', type: 'money', ...asked },
  ]),
  entity('deal', [
    { key: 'name', type: 'text', ...asked, searchable: true },
    { key: 'amount', type: 'money', ...asked },
    { key: 'doubled', type: 'formula', result: 'decimal', scale: 2, expression: 'amount * 2', ...asked },
    { key: 'phone', type: 'text', ...asked, searchable: true },
    { key: 'labels', type: 'tags', filterable: true },
    { key: 'customer', type: 'reference', target: 'customer', inverse: 'deals', ...asked },
    { key: 'credit', type: 'lookup', reference: 'customer', field: 'credit', mode: 'copied', overridable: true, ...asked },
    { key: 'half_credit', type: 'formula', result: 'decimal', scale: 2, expression: 'credit / 2', ...asked },
    { key: 'industry', type: 'lookup', reference: 'customer', field: 'industry', mode: 'live', filterable: true },
    { key: 'buyers', type: 'multi_reference', target: 'customer', inverse: 'bought', filterable: true },
    { key: 'lines', type: 'table', target: 'line', target_field: 'deal' },
    { key: 'line_count', type: 'rollup', relation: 'lines', function: 'count' },
    { key: 'disclosed_cost', type: 'rollup', relation: 'lines', function: 'sum', field: 'cost', discloses_hidden_rows: true },
  ]),
  entity('line', [
    { key: 'deal', type: 'reference', target: 'deal', ...asked },
    { key: 'title', type: 'text', ...asked },
    { key: 'cost', type: 'decimal', scale: 2, ...asked },
  ]),
  policy('deal', ['name', 'amount', 'doubled', 'phone', 'labels', 'customer', 'credit', 'half_credit', 'industry', 'buyers', 'owner_id'], {
    search: ['name', 'phone'],
    include: ['buyers', 'lines'],
  }),
  policy('customer', ['name', 'industry', 'credit'], { include: ['deals', 'bought'] }),
  policy('line', ['title', 'cost']),
  profile(
    'everything',
    Object.fromEntries(
      ['deal', 'customer', 'line', 'user'].map(key => [key, { operations: ['read'], fields: { '*': 'read' } }]),
    ) as AccessProfile['entities'],
  ),
  profile('names_of_own', { deal: { operations: ['read'], rows: { read: OWN }, fields: { name: 'read' } } }),
  profile('amounts_of_branch', { deal: { operations: ['read'], rows: { read: BRANCH }, fields: { amount: 'read', doubled: 'read' } } }),
  profile('names_again', { deal: { operations: ['read'], rows: { read: BRANCH }, fields: { name: 'read' } } }),
  profile('phones_of_own', { deal: { operations: ['read'], rows: { read: OWN }, fields: { name: 'read', phone: 'read' } } }),
  profile('phones_masked', { deal: { operations: ['read'], fields: { name: 'read', phone: { mask: 'last4' } } } }),
  profile('labels_of_own', {
    deal: { operations: ['read'], rows: { read: OWN }, fields: { labels: 'read', buyers: 'read', lines: 'read' } },
  }),
  profile('deals', { deal: { operations: ['read'], fields: { '*': 'read' } } }),
  profile('retail_customers', {
    customer: { operations: ['read'], rows: { read: { industry: { eq: 'retail' } } }, fields: { '*': 'read' } },
  }),
  profile('customers_without_credit', { customer: { operations: ['read'], fields: { name: 'read', industry: 'read' } } }),
  profile('credit_of_retail', {
    customer: { operations: ['read'], rows: { read: { industry: { eq: 'retail' } } }, fields: { name: 'read', credit: 'read' } },
  }),
  profile('cheap_lines', { line: { operations: ['read'], rows: { read: { cost: { lt: '10' } } }, fields: { '*': 'read' } } }),
  profile('lines_without_cost', { line: { operations: ['read'], fields: { deal: 'read', title: 'read' } } }),
]
const model = compileDocuments(DOCUMENTS)
const road = await openReadRoad()
const tenantId = newId()
const [me, other, north, south] = [newId(), newId(), newId(), newId()] as const
const [shop, bank] = [newId(), newId()] as const
const own: TestRecord = {
  id: newId(),
  name: 'Own deal',
  amount: '100.00',
  doubled: '200.00',
  phone: '+380441112233',
  labels: ['hot'],
  owner_id: me,
  org_unit_id: south,
  customer: shop,
  credit: '500.00',
  half_credit: '250.00',
  buyers: [shop, bank],
  line_count: 2,
  disclosed_cost: '25.00',
}
const branch: TestRecord = {
  id: newId(),
  name: 'Branch deal',
  amount: '50.00',
  doubled: '100.00',
  phone: '+380445556677',
  labels: ['hot'],
  owner_id: other,
  org_unit_id: north,
  customer: bank,
  credit: '900.00',
  half_credit: '450.00',
  buyers: [bank],
  line_count: 0,
  disclosed_cost: '0.00',
}
const both: TestRecord = {
  id: newId(),
  name: 'Both deal',
  amount: '75.00',
  doubled: '150.00',
  labels: [],
  owner_id: me,
  org_unit_id: north,
  credit: '10.00',
  half_credit: '5.00',
  line_count: 0,
  disclosed_cost: '0.00',
}
const neither: TestRecord = { id: newId(), name: 'Deal of nobody', amount: '60.00', owner_id: other, org_unit_id: south }

beforeAll(async () => {
  await road.store(tenantId, model, 'user', [
    { id: me, name: 'Me' },
    { id: other, name: 'Other' },
  ])
  await road.store(tenantId, model, 'customer', [
    { id: shop, name: 'Shop', industry: 'retail', credit: '500.00' },
    { id: bank, name: 'Bank', industry: 'finance', credit: '900.00' },
  ])
  await road.store(tenantId, model, 'deal', [own, branch, both, neither])
  await road.store(tenantId, model, 'line', [
    { id: newId(), deal: own.id, title: 'Pen', cost: '5.00' },
    { id: newId(), deal: own.id, title: 'Desk', cost: '20.00' },
  ])
})

const asCaller = (...profiles: string[]) => {
  const like: CallerLike = { tenantId, profiles, userId: me, orgUnitId: north, user: { id: me } }
  const ctx = road.context(model, like)
  return {
    list: (query: object, key = 'deal') => road.list(ctx, key, query),
    /** Names, or ids where the caller sees no name, in the order of the answer. */
    names: async (query: object, key = 'deal') =>
      (await road.list(ctx, key, query)).data.map(
        row => [own, branch, both, neither].find(each => each.id === row['id'])?.['name'] ?? row['name'],
      ),
    refusal: async (query: object, key = 'deal') => {
      const failed = await road.list(ctx, key, query).catch((error: unknown) => error)
      return (failed as { problem?: { errors?: { code: string; pointer: string }[] }; errors?: { code: string; pointer: string }[] }).errors
    },
  }
}
const SELECT = { select: ['name', 'amount'], sort: ['id'] }

describe('a field that another profile grants on other rows', () => {
  const caller = asCaller('names_of_own', 'amounts_of_branch')

  test('shows on its own rows only', async () => {
    const { data } = await caller.list(SELECT)
    expect(data).toEqual(
      [
        { id: own.id, version: 1, name: 'Own deal' },
        { id: branch.id, version: 1, amount: '50.00' },
        { id: both.id, version: 1, name: 'Both deal', amount: '75.00' },
      ].sort((a, b) => (a.id < b.id ? -1 : 1)),
    )
  })

  test('is false in filters on the other rows, in both polarities, and the page says that it is partial', async () => {
    expect(await caller.names({ where: { name: { eq: 'Branch deal' } } })).toEqual([])
    expect((await caller.names({ where: { name: { ne: 'Branch deal' } } })).toSorted()).toEqual(['Both deal', 'Own deal'])
    expect((await caller.names({ where: { not: { name: { contains: 'branch' } } } })).toSorted()).toEqual(['Both deal', 'Own deal'])
    expect(await caller.names({ where: { name: { is_null: true } } })).toEqual([])
    expect(await caller.names({ where: { not: { name: { is_null: false } } } })).toEqual([])
    expect((await caller.names({ where: { amount: { lt: '1000' } } })).toSorted()).toEqual(['Both deal', 'Branch deal'])
    expect((await caller.names({ where: { or: [{ amount: { gt: '70' } }, { name: { starts_with: 'own' } }] } })).toSorted()).toEqual([
      'Both deal',
      'Own deal',
    ])
    expect((await caller.list({ where: { name: { ne: 'x' } } })).page.partial).toEqual(['name'])
    expect((await caller.list({ where: { not: { amount: { lt: '1' }, name: { eq: 'x' } } } })).page.partial?.toSorted()).toEqual([
      'amount',
      'name',
    ])
    expect((await caller.list({})).page.partial).toBeUndefined()
  })

  test('sorts as null on the other rows, page by page', async () => {
    const first = await caller.list({ select: ['name'], sort: ['-amount'], limit: 2 })
    expect(first.page.partial).toEqual(['amount'])
    expect(first.data.map(row => row['id'])).toEqual([both.id, branch.id])
    const second = await caller.list({ select: ['name'], sort: ['-amount'], limit: 2, after: first.page.next })
    expect(second.data.map(row => row['id'])).toEqual([own.id])
    expect(await caller.names({ sort: ['name'] })).toEqual(['Both deal', 'Own deal', 'Branch deal'])
  })

  test('is searched on its own rows only', async () => {
    expect((await caller.names({ search: 'deal' })).toSorted()).toEqual(['Both deal', 'Own deal'])
    expect(await caller.names({ search: 'branch' })).toEqual([])
    expect((await caller.list({ search: 'deal' })).page.partial).toEqual(['name'])
  })

  test('takes what is derived of it along', async () => {
    const { data } = await caller.list({ select: ['doubled'] })
    expect(
      data
        .filter(row => 'doubled' in row)
        .map(row => row['id'])
        .toSorted(),
    ).toEqual([branch.id, both.id].toSorted())
    expect((await caller.names({ where: { doubled: { gt: '1' } } })).toSorted()).toEqual(['Both deal', 'Branch deal'])
  })

  test('needs no condition where every profile that grants rows grants it', async () => {
    const whole = asCaller('names_of_own', 'names_again')
    const { data, page } = await whole.list({ select: ['name'], where: { name: { contains: 'deal' } }, sort: ['name'] })
    expect(data.map(row => row['name'])).toEqual(['Both deal', 'Branch deal', 'Own deal'])
    expect(page.partial).toBeUndefined()
  })
})

describe('a masked field', () => {
  test('shows masked, and is as if it did not exist in every other clause', async () => {
    const caller = asCaller('phones_masked')
    expect((await caller.list({ select: ['phone'], where: { name: { eq: 'Own deal' } } })).data).toEqual([
      { id: own.id, version: 1, phone: '••••2233' },
    ])
    for (const query of [
      { where: { phone: { eq: 'x' } } },
      { where: { not: { phone: { is_null: true } } } },
      { sort: ['phone'] },
      { sort: ['-phone'] },
    ]) {
      const unknown = JSON.parse(JSON.stringify(query).replaceAll('phone', 'nothing')) as object
      const told = (await caller.refusal(query))?.map(each => each.code)
      expect(told).toEqual(['VALIDATE_UNKNOWN_NAME'])
      expect(told).toEqual((await caller.refusal(unknown))?.map(each => each.code))
    }
    expect(await caller.names({ search: '2233' })).toEqual([])
  })

  test('is plain on the rows of a profile that reads it, and compared on those alone', async () => {
    const caller = asCaller('phones_masked', 'phones_of_own')
    const { data } = await caller.list({ select: ['phone'], where: { id: { in: [own.id, branch.id, both.id] } }, sort: ['-name'] })
    expect(data.map(row => row['phone'])).toEqual(['+380441112233', '••••6677', null])
    expect(await caller.names({ where: { phone: { is_null: false } } })).toEqual(['Own deal'])
    expect(await caller.names({ where: { phone: { is_null: true } } })).toEqual(['Both deal'])
    expect(await caller.names({ search: '5556677' })).toEqual([])
    expect(await caller.names({ search: '1112233' })).toEqual(['Own deal'])
    expect(await caller.names({ sort: ['phone'], limit: 1 })).toEqual(['Own deal'])
  })
})

describe('a reference to a row that is hidden', () => {
  const caller = asCaller('deals', 'retail_customers')

  test('reads as null wherever it stands', async () => {
    const { data } = await caller.list({ select: ['customer', 'industry'], where: { id: { in: [own.id, branch.id] } }, sort: ['-name'] })
    expect(data.map(row => [row['customer'], row['industry']])).toEqual([
      [shop, 'retail'],
      [null, null],
    ])
    const through = await caller.list({ select: ['customer.name'], where: { id: { in: [own.id, branch.id] } }, sort: ['-name'] })
    expect(through.data.map(row => row['customer'])).toEqual([{ id: shop, name: 'Shop' }, null])
  })

  test('compares as null, and so does what lies behind it', async () => {
    expect(await caller.names({ where: { customer: { eq: bank } } })).toEqual([])
    expect(await caller.names({ where: { customer: { is_null: false } } })).toEqual(['Own deal'])
    expect((await caller.names({ where: { customer: { ne: shop } } })).toSorted()).toEqual(['Both deal', 'Branch deal', 'Deal of nobody'])
    expect((await caller.names({ where: { customer: { is_null: true } } })).toSorted()).toEqual([
      'Both deal',
      'Branch deal',
      'Deal of nobody',
    ])
    expect(await caller.names({ where: { customer: { industry: { eq: 'finance' } } } })).toEqual([])
    expect((await caller.names({ where: { customer: { industry: { ne: 'retail' } } } })).toSorted()).toEqual([
      'Both deal',
      'Branch deal',
      'Deal of nobody',
    ])
    expect(await caller.names({ where: { industry: { eq: 'finance' } } })).toEqual([])
    expect(await caller.names({ where: { industry: { eq: 'retail' } } })).toEqual(['Own deal'])
  })

  test('hides links, and what is asked of them', async () => {
    const { data } = await caller.list({ select: ['buyers'], where: { id: { in: [own.id, branch.id] } }, sort: ['-name'] })
    expect(data.map(row => row['buyers'])).toEqual([[shop], []])
    expect(await caller.names({ where: { buyers: { has_any: [bank] } } })).toEqual([])
    expect(await caller.names({ where: { buyers: { has_any: [bank, shop] } } })).toEqual(['Own deal'])
    expect(await caller.names({ where: { buyers: { has_all: [bank, shop] } } })).toEqual([])
    expect(await caller.names({ where: { buyers: { is_null: false } } })).toEqual(['Own deal'])
    expect(await caller.names({ where: { buyers: { some: { name: { eq: 'Bank' } } } } })).toEqual([])
    expect((await caller.names({ where: { buyers: { every: { industry: { eq: 'retail' } } } } })).length).toBe(4)
    expect((await caller.names({ where: { buyers: { none: { name: { eq: 'Bank' } } } } })).length).toBe(4)
  })

  test('takes copies of its values along, and what is computed of them', async () => {
    const { data } = await caller.list({
      select: ['credit', 'half_credit'],
      where: { id: { in: [own.id, branch.id, both.id] } },
      sort: ['-name'],
    })
    expect(data.map(({ version: _, ...row }) => row)).toEqual([
      { id: own.id, credit: '500.00', half_credit: '250.00' },
      { id: branch.id },
      { id: both.id, credit: '10.00', half_credit: '5.00' },
    ])
    expect((await caller.names({ where: { credit: { gt: '1' } } })).toSorted()).toEqual(['Both deal', 'Own deal'])
    expect((await caller.names({ where: { not: { half_credit: { gt: '100' } } } })).toSorted()).toEqual(['Both deal', 'Deal of nobody'])
    expect(await caller.names({ sort: ['-credit'], limit: 1 })).toEqual(['Own deal'])
  })
})

describe('a copied value', () => {
  test('does not exist for whom its source does not', async () => {
    const caller = asCaller('deals', 'customers_without_credit')
    expect((await caller.refusal({ select: ['credit'] }))?.[0]?.code).toBe('VALIDATE_UNKNOWN_NAME')
    expect((await caller.refusal({ where: { half_credit: { eq: '1' } } }))?.[0]?.code).toBe('VALIDATE_UNKNOWN_NAME')
    const alone = asCaller('deals')
    expect((await alone.refusal({ select: ['credit'] }))?.[0]?.code).toBe('VALIDATE_UNKNOWN_NAME')
  })

  test('shows on the rows on which its source is readable', async () => {
    const caller = asCaller('deals', 'customers_without_credit', 'credit_of_retail')
    const { data } = await caller.list({ select: ['customer', 'credit'], where: { id: { in: [own.id, branch.id] } }, sort: ['-name'] })
    expect(data.map(({ version: _, ...row }) => row)).toEqual([
      { id: own.id, customer: shop, credit: '500.00' },
      { id: branch.id, customer: bank },
    ])
  })
})

describe('related rows', () => {
  test('exist through the grant over their own entity alone', async () => {
    const caller = asCaller('deals', 'cheap_lines')
    const { data } = await caller.list({ select: [{ lines: { select: ['title'], sort: ['title'] } }], where: { id: { eq: own.id } } })
    expect(((data[0]?.['lines'] ?? []) as { title: string }[]).map(line => line.title)).toEqual(['Pen'])
    expect(await caller.names({ where: { lines: { some: { title: { eq: 'Desk' } } } } })).toEqual([])
    expect((await caller.names({ where: { lines: { every: { title: { eq: 'Pen' } } } } })).length).toBe(4)
    expect((await caller.refusal({ where: { line_count: { eq: 2 } } }))?.[0]?.code).toBe('VALIDATE_UNKNOWN_NAME')
    expect((await caller.refusal({ select: ['line_count'] }))?.[0]?.code).toBe('VALIDATE_UNKNOWN_NAME')
    expect((await caller.list({ select: ['disclosed_cost'], where: { id: { eq: own.id } } })).data[0]?.['disclosed_cost']).toBe('25.00')
  })

  test('of a field that is not readable on a row are neither there nor missing', async () => {
    const caller = asCaller('labels_of_own', 'names_again', 'everything_else')
    expect(await caller.names({ where: { labels: { has_none: ['cold'] } } })).toEqual(expect.arrayContaining(['Own deal', 'Both deal']))
    expect(await caller.names({ where: { labels: { has_none: ['cold'] } } })).not.toContain('Branch deal')
    const seeing = asCaller('labels_of_own', 'names_again', 'retail_customers', 'cheap_lines')
    expect((await seeing.names({ where: { buyers: { none: { name: { eq: 'x' } } } } })).toSorted()).toEqual(['Both deal', 'Own deal'])
    expect((await seeing.names({ where: { not: { buyers: { some: { name: { eq: 'x' } } } } } })).toSorted()).toEqual([
      'Both deal',
      'Own deal',
    ])
    expect((await seeing.names({ where: { lines: { every: { title: { eq: 'Pen' } } } } })).toSorted()).toEqual(['Both deal', 'Own deal'])
  })

  test('disclose their rows, never a field that their reader has none of', async () => {
    const caller = asCaller('deals', 'lines_without_cost')
    expect((await caller.list({ select: ['line_count'], where: { id: { eq: own.id } } })).data[0]?.['line_count']).toBe(2)
    expect((await caller.refusal({ select: ['disclosed_cost'] }))?.[0]?.code).toBe('VALIDATE_UNKNOWN_NAME')
  })
})
