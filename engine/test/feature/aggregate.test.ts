/** Groups and measures over documents of the test's own: exact figures, periods in the tenant's zone, and what several profiles may know. */
import { beforeAll, describe, expect, test } from 'vitest'
import type { AccessProfile, Entity, MetadataDocument, QueryPolicy } from '../../../metadata/generated/types.ts'
import { EngineError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { aggregateRecords } from '../../records/index.ts'
import { type CallerLike, compileDocuments, openReadRoad, type TestRecord } from '../harness/read-road.ts'

const entity = (key: string, fields: Entity['fields']): Entity => ({ kind: 'entity', key, label: { en: key }, fields })
const profile = (key: string, entities: AccessProfile['entities']): AccessProfile => ({ kind: 'access_profile', key, entities })
const policy = (key: string, rest: Partial<QueryPolicy>): QueryPolicy => ({ kind: 'query_policy', key, entity: key, ...rest })
const option = (value: string) => ({ value, label: { en: value } })
const OWN = { owner_id: { eq: '$user.id' } }

const DOCUMENTS: readonly MetadataDocument[] = [
  entity('user', [{ key: 'name', type: 'text' }]),
  entity('org_unit', [
    { key: 'name', type: 'text' },
    { key: 'parent', type: 'parent' },
  ]),
  entity('customer', [
    { key: 'name', type: 'text' },
    { key: 'industry', type: 'choice', options: ['retail', 'food'].map(option), filterable: true },
    { key: 'size', type: 'integer' },
  ]),
  entity('deal', [
    { key: 'name', type: 'text', filterable: true },
    { key: 'stage', type: 'choice', options: ['lead', 'won', 'lost'].map(option), filterable: true, sortable: true },
    { key: 'customer', type: 'reference', target: 'customer', filterable: true },
    { key: 'industry', type: 'lookup', reference: 'customer', field: 'industry', mode: 'live' },
    { key: 'amount', type: 'money', currency_field: 'currency', filterable: true, sortable: true },
    { key: 'currency', type: 'text' },
    { key: 'share', type: 'percent', scale: 1 },
    { key: 'seats', type: 'integer', filterable: true },
    { key: 'urgent', type: 'boolean', filterable: true },
    { key: 'closed_on', type: 'date', filterable: true },
    { key: 'met_at', type: 'datetime', filterable: true },
    { key: 'labels', type: 'tags', filterable: true },
    { key: 'phone', type: 'text' },
    { key: 'secret', type: 'text' },
  ]),
  policy('deal', {
    filter: { stage: true, seats: true, amount: true, urgent: true, name: true },
    group: ['name', 'stage', 'customer', 'industry', 'currency', 'seats', 'urgent', 'closed_on', 'met_at', 'owner_id', 'phone', 'secret'],
    measure: {
      amount: ['count', 'sum', 'avg', 'min', 'max'],
      share: ['sum', 'avg'],
      seats: ['sum', 'avg', 'min', 'max'],
      customer: ['count', 'count_distinct'],
      closed_on: ['min', 'max', 'count'],
      met_at: ['max'],
      labels: ['count'],
      owner_id: ['count_distinct'],
      phone: ['count_distinct'],
      name: ['count_distinct'],
    },
    include: ['customer'],
    caps: { max_groups: 4 },
  }),
  policy('customer', { group: ['name', 'industry'], measure: { size: ['sum', 'max'] } }),
  profile(
    'all',
    Object.fromEntries(
      ['deal', 'customer', 'user'].map(key => [key, { operations: ['read'], fields: { '*': 'read' } }]),
    ) as AccessProfile['entities'],
  ),
  profile('retail_only', {
    customer: { operations: ['read'], rows: { read: { industry: { eq: 'retail' } } }, fields: { name: 'read', industry: 'read' } },
  }),
  profile('deals', { deal: { operations: ['read'], fields: { '*': 'read', secret: 'none', phone: { mask: 'last4' } } } }),
  profile('stages', { deal: { operations: ['read'], fields: { stage: 'read', customer: 'read' } } }),
  profile('own_amounts', {
    deal: { operations: ['read'], rows: { read: OWN }, fields: { amount: 'read', seats: 'read', currency: 'read' } },
  }),
  profile('customer_names', { customer: { operations: ['read'], fields: { name: 'read' } } }),
  profile('industry_of_own', { customer: { operations: ['read'], rows: { read: OWN }, fields: { name: 'read', industry: 'read' } } }),
]

const TENANT = '01980000-0000-7000-8000-0000000000a1'
const ME = newId()
const OTHER = newId()
const [SHOP, MILL, KIOSK] = [newId(), newId(), newId()]
const model = compileDocuments(DOCUMENTS)
const road = await openReadRoad()

const deal = (values: Omit<TestRecord, 'id'>): TestRecord => ({ id: newId(), ...values })
const DEALS: readonly TestRecord[] = [
  deal({
    name: 'Äpfel',
    stage: 'lead',
    customer: SHOP,
    amount: '0.10',
    currency: 'EUR',
    amount_base: '0.10',
    share: '12.5',
    seats: 3,
    urgent: true,
    closed_on: '2025-01-05',
    met_at: '2024-12-31T23:30:00.000Z',
    labels: ['a', 'b'],
    owner_id: ME,
    phone: '111222',
  }),
  deal({
    name: 'apfel',
    stage: 'lead',
    customer: MILL,
    amount: '0.20',
    currency: 'EUR',
    amount_base: '0.20',
    share: '0.5',
    seats: 4,
    urgent: false,
    closed_on: '2025-01-06',
    met_at: '2025-03-30T01:30:00.000Z',
    labels: [],
    owner_id: OTHER,
    phone: '111222',
  }),
  deal({
    name: 'Birne',
    stage: 'won',
    customer: SHOP,
    amount: '9007199254740993.01',
    currency: 'USD',
    amount_base: '4503599627370496.50',
    seats: 4,
    urgent: true,
    closed_on: '2025-02-28',
    owner_id: OTHER,
  }),
  deal({
    name: 'Citrus',
    stage: 'won',
    customer: KIOSK,
    amount: '9007199254740993.02',
    currency: 'USD',
    amount_base: '4503599627370496.51',
    seats: 6,
    closed_on: '2025-02-01',
    owner_id: ME,
  }),
  deal({ name: 'Dattel', stage: null, amount: null, closed_on: '2025-02-02', owner_id: ME }),
]

beforeAll(async () => {
  await road.store(TENANT, model, 'user', [
    { id: ME, name: 'Me' },
    { id: OTHER, name: 'Other' },
  ])
  await road.store(TENANT, model, 'customer', [
    { id: SHOP, name: 'Shop', industry: 'retail', size: 10, owner_id: ME },
    { id: MILL, name: 'Mill', industry: 'food', size: 20, owner_id: OTHER },
    { id: KIOSK, name: 'Kiosk', industry: 'retail', size: 40, owner_id: OTHER },
  ])
  await road.store(TENANT, model, 'deal', DEALS)
})

const caller = (profiles: readonly string[], rest: Partial<CallerLike> = {}): CallerLike => ({
  tenantId: TENANT,
  userId: ME,
  profiles,
  ...rest,
})
const ask = (query: unknown, profiles: readonly string[] = ['all'], rest: Partial<CallerLike> = {}) =>
  aggregateRecords(road.context(model, caller(profiles, rest)), 'deal', query)
const data = async (query: unknown, profiles?: readonly string[], rest?: Partial<CallerLike>) => (await ask(query, profiles, rest)).data
const problems = async (query: unknown, profiles?: readonly string[]) => {
  const error = await ask(query, profiles).catch((thrown: unknown) => thrown)
  if (!(error instanceof EngineError)) throw error
  return error.errors.length === 0 ? error.code : error.errors.map(({ pointer, code }) => `${pointer} ${code}`)
}

describe('figures', () => {
  test('are exact to the last digit, in the tenant’s currency', async () => {
    expect(await data({ group_by: ['stage'], measures: { n: { count: '*' }, total: { sum: 'amount' } } })).toEqual([
      { stage: 'lead', n: 2, total: '0.30' },
      { stage: 'won', n: 2, total: '9007199254740993.01' },
      { stage: null, n: 1, total: '0.00' },
    ])
  })

  test('of originals come where groups keep their currencies apart', async () => {
    expect(
      await data({ group_by: ['currency'], measures: { total: { sum: 'amount' }, most: { max: 'amount' }, base: { sum: 'amount_base' } } }),
    ).toEqual([
      { currency: 'EUR', total: '0.30', most: '0.20', base: '0.3' },
      { currency: 'USD', total: '18014398509481986.03', most: '9007199254740993.02', base: '9007199254740993.01' },
      { currency: null, total: '0.00', most: null, base: '0' },
    ])
  })

  test('have means to six more digits, rounded half-even', async () => {
    expect(
      await data({
        measures: { mean: { avg: 'seats' }, share: { avg: 'share' }, money: { avg: 'amount' } },
        where: { stage: { eq: 'lead' } },
      }),
    ).toEqual([{ mean: '3.5', share: '6.5', money: '0.15' }])
    expect(await data({ measures: { mean: { avg: 'seats' } } })).toEqual([{ mean: '4.25' }])
    expect(await data({ measures: { mean: { avg: 'seats' } }, where: { seats: { gte: 4 } } })).toEqual([{ mean: '4.666667' }])
  })

  test('of nothing are nought, or nothing where there is no least', async () => {
    expect(
      await data({
        measures: { n: { count: '*' }, total: { sum: 'amount' }, mean: { avg: 'amount' }, last: { max: 'closed_on' } },
        where: { seats: { gt: 99 } },
      }),
    ).toEqual([{ n: 0, total: '0.00', mean: null, last: null }])
  })

  test('of least and most are spelled as values travel', async () => {
    expect(await data({ measures: { a: { min: 'closed_on' }, b: { max: 'met_at' }, c: { min: 'seats' }, e: { min: 'amount' } } })).toEqual([
      { a: '2025-01-05', b: '2025-03-30T01:30:00.000Z', c: 3, e: '0.10' },
    ])
  })

  test('count what has a value, and what differs to the letter', async () => {
    expect(
      await data({
        measures: {
          amounts: { count: 'amount' },
          labelled: { count: 'labels' },
          customers: { count: 'customer' },
          names: { count_distinct: 'name' },
          who: { count_distinct: 'owner_id' },
        },
      }),
    ).toEqual([{ amounts: 4, labelled: 1, customers: 4, names: 5, who: 2 }])
  })
})

describe('groups', () => {
  test('by whole numbers, truth and text stand in their own order, nothing last', async () => {
    expect(await data({ group_by: ['seats'], measures: { n: { count: '*' } } })).toEqual([
      { seats: 3, n: 1 },
      { seats: 4, n: 2 },
      { seats: 6, n: 1 },
      { seats: null, n: 1 },
    ])
    expect(await data({ group_by: ['urgent'], measures: { n: { count: '*' } } })).toEqual([
      { urgent: false, n: 1 },
      { urgent: true, n: 2 },
      { urgent: null, n: 2 },
    ])
    expect(
      (await data({ group_by: ['name'], measures: { n: { count: '*' } }, where: { name: { starts_with: 'a' } } })).map(row => row['name']),
    ).toEqual(['apfel', 'Äpfel'])
  })

  test('by periods begin on their first day, in the tenant’s zone and week', async () => {
    const by = (bucket: string, field = 'closed_on') => data({ group_by: [{ [field]: bucket }], measures: { n: { count: '*' } } })
    expect(await by('month')).toEqual([
      { closed_on: '2025-01-01', n: 2 },
      { closed_on: '2025-02-01', n: 3 },
    ])
    expect(await by('quarter')).toEqual([{ closed_on: '2025-01-01', n: 5 }])
    expect(await by('year')).toEqual([{ closed_on: '2025-01-01', n: 5 }])
    expect((await by('week')).map(row => row['closed_on'])).toEqual(['2024-12-30', '2025-01-06', '2025-01-27', '2025-02-24'])
    expect((await by('month', 'met_at')).map(row => row['met_at'])).toEqual(['2025-01-01', '2025-03-01', null])
    const utc = await data({ group_by: [{ met_at: 'day' }], measures: { n: { count: '*' } } }, ['all'], { timeZone: 'America/New_York' })
    expect(utc.map(row => row['met_at'])).toEqual(['2024-12-31', '2025-03-29', null])
  })

  test('by a field behind a reference, or looked up through it, have a value of their own for nobody', async () => {
    const expected = (name: string) => [
      { [name]: 'retail', n: 3 },
      { [name]: 'food', n: 1 },
      { [name]: null, n: 1 },
    ]
    expect(await data({ group_by: ['customer.industry'], measures: { n: { count: '*' } } })).toEqual(expected('customer.industry'))
    expect(await data({ group_by: ['industry'], measures: { n: { count: '*' } } })).toEqual(expected('industry'))
    expect(await data({ group_by: ['stage'], measures: { size: { sum: 'customer.size' } } })).toEqual([
      { stage: 'lead', size: 30 },
      { stage: 'won', size: 50 },
      { stage: null, size: 0 },
    ])
  })

  test('are picked by their measures, sorted by them and cut', async () => {
    const query = {
      group_by: ['seats'],
      measures: { n: { count: '*' }, total: { sum: 'amount' }, mean: { avg: 'seats' }, last: { max: 'closed_on' } },
    }
    const seats = async (rest: object) => (await data({ ...query, ...rest })).map(row => row['seats'])
    expect(await seats({ having: { total: { gt: '0.1' } } })).toEqual([4, 6])
    expect(await seats({ having: { total: { eq: '0.1' } } })).toEqual([3])
    expect(await seats({ having: { n: { in: [2] }, mean: { between: ['3.5', '4'] } } })).toEqual([4])
    expect(await seats({ having: { last: { lt: '2025-02-01' } } })).toEqual([3])
    expect(await seats({ having: { n: { ne: 1 } } })).toEqual([4])
    expect(await seats({ having: { n: { in: [] } } })).toEqual([])
    expect(await seats({ having: { mean: { is_null: true } } })).toEqual([null])
    expect(await seats({ sort: ['-total'] })).toEqual([4, 6, 3, null])
    expect(await seats({ sort: ['-n', '-seats'], limit: 2 })).toEqual([4, 6])
    expect(await seats({ sort: ['-seats'] })).toEqual([6, 4, 3, null])
  })

  test('beyond the cap are refused with it, unless the client asks for the first ones', async () => {
    expect(await problems({ group_by: ['name'], measures: { n: { count: '*' } } })).toBe('PLAN_TOO_MANY_GROUPS')
    expect(await data({ group_by: ['name'], measures: { n: { count: '*' } }, limit: 2 })).toHaveLength(2)
    expect(await problems({ group_by: ['name'], measures: { n: { count: '*' } }, limit: 5 })).toEqual(['/limit VALIDATE_CAP'])
  })
})

describe('what a caller may not see', () => {
  test('is no group and no measure, and never was: masked, hidden and unknown alike', async () => {
    for (const name of ['phone', 'secret', 'nothing']) {
      expect(
        await problems({ group_by: [name], measures: { n: { count_distinct: name } }, having: { n: { gt: 1 } } }, [
          'deals',
          'all_of_nothing',
        ]),
      ).toEqual([
        '/group_by/0 VALIDATE_UNKNOWN_NAME',
        '/measures/n/count_distinct VALIDATE_UNKNOWN_NAME',
        '/having/n VALIDATE_UNKNOWN_NAME',
      ])
    }
    expect(await problems({ group_by: ['customer.name'], measures: { n: { count: '*' } } }, ['deals'])).toEqual([
      '/group_by/0 VALIDATE_UNKNOWN_NAME',
    ])
  })

  test('makes hidden targets one group without a name, and none of the distinct', async () => {
    const query = {
      group_by: ['customer'],
      measures: { n: { count: '*' }, who: { count_distinct: 'customer' }, some: { count: 'customer' } },
      sort: ['-n'],
    }
    const seen = await data(query, ['deals', 'retail_only'])
    expect(seen).toEqual(
      expect.arrayContaining([
        { customer: SHOP, n: 2, who: 1, some: 2 },
        { customer: KIOSK, n: 1, who: 1, some: 1 },
        { customer: null, n: 2, who: 0, some: 0 },
      ]),
    )
    expect(seen).toHaveLength(3)
    expect(await data({ group_by: ['customer.industry'], measures: { n: { count: '*' } } }, ['deals', 'retail_only'])).toEqual([
      { 'customer.industry': 'retail', n: 3 },
      { 'customer.industry': null, n: 2 },
    ])
  })

  test('measures a field on the rows alone where it is granted, and says so', async () => {
    const answer = await ask({ group_by: ['stage'], measures: { n: { count: '*' }, total: { sum: 'amount' }, most: { max: 'seats' } } }, [
      'stages',
      'own_amounts',
    ])
    expect(answer).toEqual({
      data: [
        { stage: 'lead', n: 2, total: '0.10', most: 3 },
        { stage: 'won', n: 2, total: '4503599627370496.51', most: 6 },
        { stage: null, n: 1, total: '0.00', most: null },
      ],
      page: { partial: ['amount', 'seats'] },
    })
  })

  test('groups by a field on the rows alone where it is granted', async () => {
    const answer = await ask({ group_by: ['seats'], measures: { n: { count: '*' } } }, ['stages', 'own_amounts'])
    expect(answer).toEqual({
      data: [
        { seats: 3, n: 1 },
        { seats: 6, n: 1 },
        { seats: null, n: 1 },
      ],
      page: { partial: ['seats'] },
    })
  })

  test('holds behind references too', async () => {
    const answer = await ask({ group_by: ['customer.industry'], measures: { n: { count: '*' } } }, [
      'stages',
      'customer_names',
      'industry_of_own',
    ])
    expect(answer).toEqual({
      data: [
        { 'customer.industry': 'retail', n: 2 },
        { 'customer.industry': null, n: 1 },
      ],
      page: { partial: ['customer.industry'] },
    })
  })
})

test.each([
  ['nothing to measure', {}, ['/measures VALIDATE_REQUIRED']],
  ['an unknown member', { measures: { n: { count: '*' } }, order: [] }, ['/order VALIDATE_UNKNOWN_NAME']],
  ['two functions in one measure', { measures: { n: { sum: 'amount', avg: 'amount' } } }, ['/measures/n VALIDATE_MAX_PROPERTIES']],
  ['a function the policy does not list', { measures: { n: { sum: 'name' } } }, ['/measures/n/sum VALIDATE_NOT_MEASURABLE']],
  ['a group the policy does not list', { group_by: ['amount'], measures: { n: { count: '*' } } }, ['/group_by/0 VALIDATE_NOT_GROUPABLE']],
  ['periods of a choice', { group_by: [{ stage: 'month' }], measures: { n: { count: '*' } } }, ['/group_by/0/stage VALIDATE_PERIOD']],
  ['one group twice', { group_by: ['stage', 'stage'], measures: { n: { count: '*' } } }, ['/group_by/1 VALIDATE_DUPLICATE']],
  ['a measure named like a group', { group_by: ['stage'], measures: { stage: { count: '*' } } }, ['/measures/stage VALIDATE_DUPLICATE']],
  ['a number for a decimal', { measures: { t: { sum: 'amount' } }, having: { t: { gt: 5 } } }, ['/having/t/gt VALIDATE_OPERAND']],
  ['letters of a sum', { measures: { t: { sum: 'amount' } }, having: { t: { contains: '5' } } }, ['/having/t/contains VALIDATE_OPERATOR']],
  [
    'a sort key that is no column',
    { group_by: ['stage'], measures: { n: { count: '*' } }, sort: ['-amount'] },
    ['/sort/0 VALIDATE_UNKNOWN_NAME'],
  ],
  ['a path that leads nowhere', { group_by: ['stage.name'], measures: { n: { count: '*' } } }, ['/group_by/0 VALIDATE_UNKNOWN_NAME']],
  ['the trash without the right', { measures: { n: { count: '*' } }, trash: true }, ['/trash VALIDATE_NOT_ALLOWED']],
])('%s is refused with its place', async (_what, query, expected) => {
  expect(await problems(query)).toEqual(expected)
})
