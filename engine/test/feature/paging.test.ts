/** Paging by keys: whatever is sorted by, in pages of any size, with rows coming in between, no row comes twice and none is left out. */
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { MetadataDocument } from '../../../metadata/generated/types.ts'
import { compareDecimals } from '../../../metadata/decimal.ts'
import { compareCodePoints, orderKey } from '../../../metadata/fold.ts'
import { decideAccess } from '../../access/index.ts'
import { idAt, newId } from '../../kernel/ids.ts'
import { bindingOf, planRead } from '../../plan/index.ts'
import type { ReadPlan } from '../../plan/types.ts'
import { type Path, pathsOf, phasesOf, renderRead } from '../../sql/index.ts'
import { parseQuery } from '../../validate/index.ts'
import { compileDocuments, openReadRoad, type TestRecord } from '../harness/read-road.ts'

const asked = { filterable: true, sortable: true } as const
const STAGES = ['lead', 'open', 'won', 'lost'] as const
const SORTABLE = [
  'name',
  'stage',
  'amount',
  'quantity',
  'due',
  'seen_at',
  'active',
  'owner_name',
  'created_at',
  'updated_at',
  'id',
] as const
type SortKey = (typeof SORTABLE)[number]

const documents = (slots: 'slots' | 'none'): readonly MetadataDocument[] => [
  { kind: 'entity', key: 'user', label: { en: 'User' }, fields: [{ key: 'name', type: 'text' }] },
  { kind: 'entity', key: 'org_unit', label: { en: 'Unit' }, fields: [{ key: 'name', type: 'text' }] },
  {
    kind: 'entity',
    key: 'deal',
    label: { en: slots },
    fields: [
      { key: 'name', type: 'text', ...asked },
      { key: 'stage', type: 'choice', options: STAGES.map(value => ({ value, label: { en: value } })), slot_hint: 't1', ...asked },
      { key: 'amount', type: 'money', slot_hint: 'i1', ...asked },
      { key: 'quantity', type: 'integer', ...asked },
      { key: 'due', type: 'date', slot_hint: 'd1', ...asked },
      { key: 'seen_at', type: 'datetime', ...asked },
      { key: 'active', type: 'boolean', ...asked },
      { key: 'owner_name', type: 'person_name', ...asked },
    ],
  },
  {
    kind: 'query_policy',
    key: 'deal',
    entity: 'deal',
    filter: { name: true, stage: true, quantity: true, amount: true, updated_at: true, created_at: true, owner_id: true },
    sort: [...SORTABLE],
    caps: { max_page_size: 200 },
  },
  {
    kind: 'access_profile',
    key: 'all',
    entities: { user: { operations: ['read'], fields: {} }, deal: { operations: ['read'], fields: { '*': 'read' } } },
  },
  { kind: 'access_profile', key: 'same', entities: { deal: { operations: ['read'], fields: { '*': 'read' } } } },
  {
    kind: 'access_profile',
    key: 'own',
    entities: { deal: { operations: ['read'], rows: { read: { owner_id: { eq: '$user.id' } } }, fields: { '*': 'read' } } },
  },
  {
    kind: 'access_profile',
    key: 'named',
    entities: {
      deal: { operations: ['read'], rows: { read: { stage: { in: ['open', 'won'] } } }, fields: { name: 'read', stage: 'read' } },
    },
  },
]
const model = compileDocuments(documents('slots'))
const road = await openReadRoad()
const me = newId()

const DAY = Date.UTC(2025, 0, 1)
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null, freq: 4 })
const row = fc.record({
  name: maybe(fc.constantFrom('anna', 'Anna', 'ANNA ', 'Боб', 'боб', 'émile', 'Emile', 'z', '1')),
  stage: maybe(fc.constantFrom(...STAGES)),
  amount: maybe(fc.constantFrom('0.00', '-1.00', '9.99', '10.00', '100.00', '99999999999.99')),
  quantity: maybe(fc.integer({ min: -2, max: 3 })),
  due: maybe(fc.constantFrom('1999-12-31', '2025-01-01', '2025-06-18')),
  seen_at: maybe(fc.constantFrom('2025-06-18T09:30:00.000Z', '2025-06-18T09:30:00.001Z', '2025-06-18T10:00:00.000Z')),
  active: maybe(fc.boolean()),
  owner_name: maybe(fc.constantFrom({ family: 'Berg', given: 'Anna' }, { family: 'berg' }, { given: 'Zoe' }, { prefix: 'Dr' })),
  owner_id: fc.constantFrom(me, '0190abcd-0000-7000-8000-000000000009'),
  changed: fc.integer({ min: 0, max: 200 }),
  made: fc.integer({ min: 0, max: 40 }),
})
type Row = typeof row extends fc.Arbitrary<infer T> ? T : never

const recordOf = ({ changed, made, ...values }: Row): TestRecord => {
  const at = DAY + made * 1_000
  return { id: idAt(at), created_at: new Date(at).toISOString(), updated_at: new Date(DAY + changed * 997).toISOString(), ...values }
}

/** What is compared, as the keys of the order say. */
function keyOf(record: TestRecord, key: SortKey): string | number | null {
  const value = record[key]
  if (key === 'created_at') return record.id
  if (value === null || value === undefined) return null
  if (key === 'name') return orderKey(String(value))
  if (key === 'stage') return STAGES.indexOf(value as (typeof STAGES)[number])
  if (key === 'active') return Number(value)
  if (key === 'owner_name') {
    const { family, given } = value as { family?: string; given?: string }
    return family === undefined && given === undefined ? null : orderKey([family, given].filter(part => part !== undefined).join(' '))
  }
  return key === 'quantity' ? Number(value) : String(value)
}

function compareBy(key: SortKey, a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return key === 'amount' ? compareDecimals(String(a), String(b)) : compareCodePoints(String(a), String(b))
}

function sorted(records: readonly TestRecord[], sort: readonly string[]): string[] {
  const keys = sort.map(text => ({ key: text.replace('-', '') as SortKey, sign: text.startsWith('-') ? -1 : 1 }))
  const last = sort.length === 0 ? -1 : (keys.at(-1)?.sign ?? -1)
  return records
    .toSorted((a, b) => {
      for (const { key, sign } of keys) {
        const [left, right] = [keyOf(a, key), keyOf(b, key)]
        if (left === null || right === null) {
          if (left !== right) return left === null ? 1 : -1
          continue
        }
        const compared = compareBy(key, left, right)
        if (compared !== 0) return compared * sign
      }
      return last * compareCodePoints(a.id, b.id)
    })
    .map(record => record.id)
}

const FILTERS: readonly { where: object; holds: (record: TestRecord) => boolean }[] = [
  { where: {}, holds: () => true },
  { where: { stage: { in: ['lead', 'won'] } }, holds: record => record['stage'] === 'lead' || record['stage'] === 'won' },
  { where: { stage: { not_in: ['lost'] } }, holds: record => record['stage'] !== 'lost' },
  { where: { stage: { eq: 'open' } }, holds: record => record['stage'] === 'open' },
  { where: { owner_id: { in: [me] }, stage: { ne: 'won' } }, holds: record => record['owner_id'] === me && record['stage'] !== 'won' },
  { where: { quantity: { gte: 0 } }, holds: record => typeof record['quantity'] === 'number' && record['quantity'] >= 0 },
  {
    where: { updated_at: { lt: new Date(DAY + 100_000).toISOString() } },
    holds: record => String(record['updated_at']) < new Date(DAY + 100_000).toISOString(),
  },
  {
    where: { created_at: { gte: new Date(DAY + 20_000).toISOString() } },
    holds: record => String(record['created_at']) >= new Date(DAY + 20_000).toISOString(),
  },
]

const sorts = fc
  .uniqueArray(fc.constantFrom(...SORTABLE), { maxLength: 3 })
  .chain(keys => fc.tuple(...keys.map(key => fc.constantFrom(key, `-${key}`))))
const pages = {
  rows: fc.array(row, { minLength: 0, maxLength: 60 }),
  sort: sorts,
  limit: fc.integer({ min: 1, max: 25 }),
  filter: fc.constantFrom(...FILTERS),
}
const numRuns = 200

async function readAll(
  tenantId: string,
  query: { sort: readonly string[]; where: object; limit: number },
  between: (page: number) => Promise<void> = async () => undefined,
): Promise<string[]> {
  const ctx = road.context(model, { tenantId, profiles: ['all'], userId: me })
  const found: string[] = []
  let after: string | undefined
  for (let page = 0; page < 200; page += 1) {
    const answer = await road.list(ctx, 'deal', { select: [], ...query, ...(after === undefined ? {} : { after }) })
    found.push(...answer.data.map(each => String(each['id'])))
    if (answer.page.next === null) return found
    expect(answer.data.length).toBe(query.limit)
    after = answer.page.next
    await between(page)
  }
  throw new Error('The pages do not end.')
}

function planOf(ctx: ReturnType<typeof road.context>, query: object): ReadPlan {
  const grant = decideAccess(ctx, 'deal', 'read')
  return planRead(
    ctx.model,
    grant,
    parseQuery(ctx, grant, query, { tenantId: ctx.caller.tenant.id, userId: me, profiles: ctx.caller.profiles }, ctx.cursors),
    bindingOf(ctx),
  )
}

/** All pages on one way, whatever the sizes would have it. */
async function readOn(tenantId: string, plan: ReadPlan, path: Path): Promise<string[]> {
  const found: string[] = []
  await road.database.readAs(tenantId, async connection => {
    for (let at: ReadPlan | null = plan; at !== null; ) {
      const page: ReadPlan = at
      at = null
      let room = page.limit
      let last: { id: string; keys: (string | null)[] } | null = null
      for (const [index, phase] of phasesOf(page, path).entries()) {
        const { statement, read } = renderRead(page, path, phase, room, page.after !== null && index === 0)
        const share = read(await connection.rows(statement))
        found.push(...(JSON.parse(`[${share.text}]`) as { id: string }[]).map(each => each.id))
        if (share.lastId !== null) last = { id: share.lastId, keys: [...share.lastKeys] }
        const more = share.rows > room
        room -= Math.min(room, share.rows)
        if (more) {
          at = last === null ? null : { ...page, after: last }
          break
        }
      }
    }
  })
  return found
}

describe('pages', () => {
  test('put together are the list, in the order that Node gives it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.record(pages), async ({ rows, sort, limit, filter }) => {
        const tenantId = newId()
        const records = rows.map(recordOf)
        await road.store(tenantId, model, 'deal', records)
        expect(await readAll(tenantId, { sort, where: filter.where, limit })).toEqual(sorted(records.filter(filter.holds), sort))
      }),
      { numRuns },
    )
  }, 60_000)

  test('show no row twice and leave none out while others come in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({ ...pages, more: fc.array(fc.array(row, { maxLength: 3 }), { maxLength: 20 }) }),
        async ({ rows, more, sort, limit, filter }) => {
          const tenantId = newId()
          const records = rows.map(recordOf)
          const late = more.map(each => each.map(recordOf))
          await road.store(tenantId, model, 'deal', records)
          const found = await readAll(tenantId, { sort, where: filter.where, limit }, page =>
            road.store(tenantId, model, 'deal', late[page] ?? []),
          )
          expect(new Set(found).size).toBe(found.length)
          const there = new Set(records.map(record => record.id))
          expect(found.filter(id => there.has(id))).toEqual(sorted(records.filter(filter.holds), sort))
        },
      ),
      { numRuns },
    )
  }, 60_000)

  test('are the same on every way to the rows', async () => {
    await fc.assert(
      fc.asyncProperty(fc.record(pages), async ({ rows, sort, limit, filter }) => {
        const tenantId = newId()
        const records = rows.map(recordOf)
        await road.store(tenantId, model, 'deal', records)
        const ctx = road.context(model, { tenantId, profiles: ['all'], userId: me })
        const plan = planOf(ctx, { select: [], sort, where: filter.where, limit })
        const { walk, fetches } = pathsOf(plan)
        for (const path of [walk, ...fetches.map(each => each.path)]) {
          if (path !== null) expect(await readOn(tenantId, plan, path)).toEqual(sorted(records.filter(filter.holds), sort))
        }
      }),
      { numRuns },
    )
  }, 60_000)

  test('of a key that is readable on some rows only go on as if it were null elsewhere', async () => {
    const tenantId = newId()
    const records = fc.sample(row, { numRuns: 50, seed: 7 }).map(recordOf)
    await road.store(tenantId, model, 'deal', records)
    const ctx = road.context(model, { tenantId, profiles: ['own', 'named'], userId: me })
    const seen = records.filter(record => record['owner_id'] === me || record['stage'] === 'open' || record['stage'] === 'won')
    const asSeen = seen.map((record): TestRecord => (record['owner_id'] === me ? record : { ...record, amount: null }))
    const found: string[] = []
    for (let after: string | null | undefined; after !== null; ) {
      const answer = await road.list(ctx, 'deal', {
        select: ['amount'],
        sort: ['-amount', 'name'],
        limit: 7,
        ...(after === undefined ? {} : { after }),
      })
      found.push(...answer.data.map(each => String(each['id'])))
      after = answer.page.next
    }
    expect(found).toEqual(sorted(asSeen, ['-amount', 'name']))
  })
})

describe('a cursor', () => {
  const tenantId = newId()
  const query = { select: ['name'], sort: ['-amount'], where: { quantity: { gte: -5 } }, limit: 2 }
  const asked = (changes: Partial<Parameters<typeof road.context>[1]> = {}, used = model) =>
    road.context(used, { tenantId, profiles: ['all'], userId: me, ...changes })
  let cursor = ''

  beforeAll(async () => {
    const records = fc
      .sample(row, { numRuns: 30, seed: 3 })
      .map(recordOf)
      .map(record => ({ ...record, quantity: 1, amount: '5.00' }))
    await road.store(tenantId, model, 'deal', records)
    cursor = (await road.list(asked(), 'deal', query)).page.next ?? ''
    expect(cursor).not.toBe('')
  })

  const refusal = async (ctx: ReturnType<typeof asked>, asks: object): Promise<unknown> =>
    road.list(ctx, 'deal', asks).then(
      () => 'accepted',
      (error: { code?: string }) => error.code,
    )

  test('goes on for whom it was made', async () => {
    expect((await road.list(asked(), 'deal', { ...query, after: cursor })).data).toHaveLength(2)
  })

  test('is refused for another tenant, user, profile, query or model', async () => {
    const other = { ...query, after: cursor }
    expect(await refusal(asked({ tenantId: newId() }), other)).toBe('VALIDATE_CURSOR')
    expect(await refusal(asked({ userId: newId() }), other)).toBe('VALIDATE_CURSOR')
    expect(await refusal(asked({ profiles: ['same'] }), other)).toBe('VALIDATE_CURSOR')
    expect(await refusal(asked({ profiles: ['all', 'same'] }), other)).toBe('VALIDATE_CURSOR')
    expect(await refusal(asked({}, compileDocuments(documents('none'))), other)).toBe('VALIDATE_CURSOR')
    for (const changed of [
      { sort: ['amount'] },
      { sort: ['-amount', 'id'] },
      { where: {} },
      { where: { quantity: { gte: -6 } } },
      { limit: 3 },
      { select: ['name', 'stage'] },
      { count: 'exact' },
      { trash: false },
    ]) {
      expect(await refusal(asked(), { ...other, ...changed })).toBe('VALIDATE_CURSOR')
    }
  })

  test('is refused when a single character of it was changed, and when it is none at all', async () => {
    const spellings = Array.from(
      { length: cursor.length },
      (_, at) => cursor.slice(0, at) + (cursor[at] === 'A' ? 'B' : 'A') + cursor.slice(at + 1),
    )
    const none = [
      'x',
      '=',
      cursor.slice(0, -1),
      `${cursor}A`,
      cursor.slice(1),
      `${cursor}=`,
      cursor.toLowerCase(),
      'null',
      Buffer.from('{"keys":[],"id":"x"}').toString('base64url'),
      '🎉',
    ]
    for (const text of [...spellings, ...none]) expect(await refusal(asked(), { ...query, after: text })).toBe('VALIDATE_CURSOR')
  })
})
