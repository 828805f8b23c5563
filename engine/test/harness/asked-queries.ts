/**
 * Queries as they come from clients: mostly names and operands that exist for the caller, now and then what does not, or what only nearly
 * is of the right form. For tests of whatever reads queries.
 */
import fc from 'fast-check'
import { OPERATORS } from '../../../metadata/operators.ts'
import type { ScopeField } from '../../../metadata/predicate.ts'
import { PERIOD_WORDS } from '../../../metadata/time-period.ts'
import type { Grant } from '../../access/types.ts'
import { callerScope, type Lens, visibleRelation } from '../../validate/caller-scope.ts'

const uuid = '018f2b6a-0000-7000-8000-000000000001'
const words = (text: string): string[] => text.split(' ')
/** What operands are mistaken for, at the edges of every kind. */
const awkward: readonly unknown[] = [
  ...words(' a $ $$ $$x $x $user.id $user.org_unit_id $user.name $user.nope $today $now $record.id new_business'),
  ...words('0 -0 01 1. .5 1e3 +1 12.50 -1.123456789 2024-02-29 2025-02-29 0000-01-01 0001-01-01 9999-12-31 2025-1-1'),
  ...words('2025-01-31T09:30:00Z 2025-01-31t09:30:00.123456789+02:00 2025-01-31T24:00:00Z 2025-01-31T23:59:60Z 2025-01-31T09:30:00'),
  ...words('2025-02-30T09:30:00Z 2025-01-31T09:30:00.1234567890Z 2025-01-31T09:30:00+0200 0001-01-01T00:00:00+05:00'),
  ...words('P7D P PT P1DT PT0H PT12H P1Y2M3W4DT5H6M7S P1D2M P12345Y PT1S1H p7d P0DT0S last_day'),
  ...PERIOD_WORDS,
  ...['a', '🙂', '9'].flatMap(each => [each.repeat(62), each.repeat(63), each.repeat(1000), each.repeat(1001)]),
  ...[999, 1000].map(length => `$$${'a'.repeat(length)}`),
  ...[uuid, uuid.toUpperCase(), uuid.replaceAll('-', ''), '2025-01-31 09:30:00'].flatMap(each => [each, `${each} `, `urn:uuid:${each}`]),
  ...[2 ** 53, 2 ** 53 - 1, 1e21, 0, 1.5].flatMap(each => [each, -each]),
  ' ',
  true,
  null,
  {},
  [],
  [[]],
  ['a', 'b'],
  [uuid, '$user.id'],
  ['1', '2'],
  [1, 2, 3],
  ['2025-01-01', '$today'],
  Array.from({ length: 501 }, () => 'x'),
]

/** Makes bodies that callers of a model might send. */
export class AskedQueries {
  private readonly lens: Lens
  private readonly everyName: readonly string[]
  private readonly askable = new Map<Grant, readonly string[]>()

  constructor(lens: Lens) {
    this.lens = lens
    this.everyName = [...new Set([...lens.model.entities.values()].flatMap(each => [...each.fields.keys(), ...each.relations.keys()]))]
  }

  /** A body of `POST /api/records/{entity}/query`. */
  query(grant: Grant): fc.Arbitrary<unknown> {
    const rest = fc.record(
      {
        search: fc.constantFrom<unknown>('acme', ' ', '', 'a b c d e f g h i j k', 'x'.repeat(201), 5),
        after: fc.constantFrom<unknown>('x', '', 5),
        count: fc.constantFrom<unknown>('none', 'estimated', 'exact', 'guess'),
        trash: fc.constantFrom<unknown>(true, false, 'yes'),
        offset: fc.constant(5),
      },
      { requiredKeys: [] },
    )
    return fc.tuple(this.parts(grant, 3), often(8, fc.constant({}), rest)).map(([own, more]) => ({ ...own, ...more }))
  }

  /** A body of `POST /api/records/{entity}/aggregate`. */
  aggregate(grant: Grant): fc.Arbitrary<unknown> {
    const { policies } = this.lens.model
    const policy = policies.get(grant.entity.key)
    const behind = (policy?.include ?? []).flatMap(key => {
      const target = grant.fields.get(key)?.field.target ?? ''
      return (policies.get(target)?.group ?? []).map(name => `${key}.${name}`)
    })
    const names = [...(policy?.group ?? []), ...behind].filter(name => grant.fields.has(name.split('.')[0] ?? ''))
    const days = names.filter(name => ['date', 'datetime'].includes(grant.fields.get(name)?.field.kind ?? ''))
    const grouped = often(15, this.name(names), this.path(grant, 3))
    const period = fc
      .tuple(often(15, this.name(days), grouped), often(15, fc.constantFrom('month', 'day'), fc.constant('decade')))
      .map(([name, bucket]) => ({ [name]: bucket }))
    const permitted = Object.entries(policy?.measure ?? {}).flatMap(([of, all]) =>
      grant.fields.has(of) ? all.map(fn => ({ [fn]: of })) : [],
    )
    const wild = fc
      .tuple(fc.constantFrom('count', 'sum', 'avg', 'min', 'max', 'mean'), this.path(grant, 3))
      .map(([fn, of]) => ({ [fn]: of }))
    const measure = often(15, fc.constantFrom<object>({ count: '*' }, ...permitted), wild)
    const compared = often(15, fc.constantFrom('eq', 'gt', 'lte'), fc.constantFrom('in', 'contains', 'changed', 'is_null'))
    const value = often<unknown>(15, fc.constantFrom(1, '1', '2025-01-01', '$today'), fc.constantFrom<unknown>('a', null, [1], '$user.id'))
    const having = fc.dictionary(fc.constantFrom('n', 'total'), fc.dictionary(compared, value, { maxKeys: 2 }), { maxKeys: 1 })
    return fc.record(
      {
        group_by: fc.array(often<unknown>(days.length === 0 ? 15 : 3, grouped, period), { maxLength: 2 }),
        measures: fc.dictionary(often(15, fc.constantFrom('n', 'total'), fc.constantFrom('stage', 'Bad')), measure, {
          minKeys: 1,
          maxKeys: 2,
        }),
        where: often(15, this.predicate(grant, 1), this.predicate(grant, 3)),
        having: often<unknown>(15, fc.constant({}), having),
        sort: often(15, fc.constant<string[]>([]), fc.array(fc.constantFrom('n', '-total', 'stage', 'nope', '--n'), { maxLength: 3 })),
        limit: often<unknown>(15, fc.constantFrom(1, grant.caps.maxGroups), fc.constantFrom<unknown>(grant.caps.maxGroups + 1, 0, '1')),
        trash: often(15, fc.constant(false), fc.constant(true)),
      },
      { requiredKeys: ['measures'] },
    )
  }

  private parts(grant: Grant, depth: number): fc.Arbitrary<Record<string, unknown>> {
    const { maxPageSize } = grant.caps
    const item = depth <= 0 ? this.path(grant, 2) : often<unknown>(6, this.path(grant, 7), this.include(grant, depth))
    const listed = this.lens.model.policies.get(grant.entity.key)?.sort ?? []
    const sort = this.name(listed.filter(key => grant.fields.has(key))).chain(name => fc.constantFrom(name, `-${name}`))
    return fc.record(
      {
        select: fc.array(item, { maxLength: 3 }),
        where: this.predicate(grant, Math.max(depth, 0)),
        sort: fc.array(sort, { maxLength: 4 }),
        limit: often<unknown>(
          8,
          fc.constantFrom(1, 10, maxPageSize),
          fc.constantFrom<unknown>(maxPageSize + 1, 500, 501, 0, -1, 1.5, '10', null),
        ),
      },
      { requiredKeys: [] },
    )
  }

  private predicate(grant: Grant, depth: number): fc.Arbitrary<unknown> {
    const member = this.name(this.askableOf(grant)).chain(name => this.condition(grant, name, depth).map(value => [name, value] as const))
    const members = fc.array(member, { maxLength: 2 }).map(all => Object.fromEntries(all))
    if (depth === 0) return often<unknown>(40, members, fc.constantFrom(...awkward))
    const inner = fc.array(
      later(() => this.predicate(grant, depth - 1)),
      { maxLength: 2 },
    )
    return fc.oneof(
      { weight: 6, arbitrary: members },
      { weight: 1, arbitrary: fc.record({ and: inner }) },
      { weight: 1, arbitrary: fc.tuple(members, inner).map(([all, or]) => ({ ...all, or })) },
      { weight: 1, arbitrary: later(() => this.predicate(grant, depth - 1)).map(not => ({ not })) },
    )
  }

  private condition(grant: Grant, name: string, depth: number): fc.Arbitrary<unknown> {
    const entry = callerScope(this.lens, grant).lookup(name)
    const { field = { kind: 'text', operators: [] }, one, many } = entry ?? {}
    const own = field.operators.filter(each => !each.startsWith('changed'))
    const operator =
      own.length === 0
        ? fc.constantFrom(...OPERATORS)
        : often<string>(40, fc.constantFrom(...own), fc.constantFrom(...OPERATORS, 'like', 'some'))
    const compared = fc
      .array(
        operator.chain(key => operand(field, key).map(value => [key, value] as const)),
        { maxLength: 2 },
      )
      .map(all => Object.fromEntries(all))
    if (depth === 0) return compared
    const target = one === undefined ? null : grant.over(grant.fields.get(name)?.field.target ?? '')
    const related = many === undefined ? null : (visibleRelation(grant, name)?.target ?? null)
    const ways: fc.Arbitrary<unknown>[] = []
    if (target !== null)
      ways.push(
        later(() => this.predicate(target, depth - 1)),
        compared.chain(mine =>
          later(() => this.predicate(target, depth - 1)).map(inside => (typeof inside === 'object' ? { ...inside, ...mine } : mine)),
        ),
      )
    if (related !== null)
      ways.push(
        later(() => this.predicate(related, depth - 1)).chain(inside =>
          fc.constantFrom({ some: inside }, { every: inside }, { none: inside }),
        ),
      )
    if (entry?.field !== undefined) ways.push(compared)
    return ways.length === 0 ? fc.constantFrom(...awkward) : often(30, fc.oneof(...ways), fc.constantFrom(...awkward))
  }

  private include(grant: Grant, depth: number): fc.Arbitrary<unknown> {
    return this.name([...grant.entity.relations.keys()]).chain(name => {
      const target = visibleRelation(grant, name)?.target
      const inside = target === undefined ? fc.constant({}) : later(() => this.parts(target, depth - 1))
      return inside.map(value => ({ [name]: value }))
    })
  }

  private path(grant: Grant, steps: number): fc.Arbitrary<string> {
    return this.name([...grant.fields.keys()]).chain(name => {
      const behind = grant.over(grant.fields.get(name)?.field.target ?? '')
      if (behind === null || steps === 0) return fc.constant(name)
      return often(
        2,
        later(() => this.path(behind, steps - 1)).map(rest => `${name}.${rest}`),
        fc.constant(name),
      )
    })
  }

  /** A name that mostly is one of these; the others belong to what the caller may not see, or to nobody. */
  private name(known: readonly string[]): fc.Arbitrary<string> {
    const foreign = fc.constantFrom(...this.everyName, 'nope', 'and', 'eq', 'constructor', '__proto__x', '', 'a.b', 'Name')
    return known.length === 0 ? foreign : often(60, fc.constantFrom(...known), foreign)
  }

  private askableOf(grant: Grant): readonly string[] {
    const known = this.askable.get(grant)
    if (known !== undefined) return known
    const scope = callerScope(this.lens, grant)
    const found = [...grant.fields.keys(), ...grant.entity.relations.keys()].filter(name => {
      const { field, one, many } = scope.lookup(name) ?? {}
      return one !== undefined || many !== undefined || (field !== undefined && field.operators.length > 0)
    })
    this.askable.set(grant, found)
    return found
  }
}

function often<T>(weight: number, right: fc.Arbitrary<T>, other: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight, arbitrary: right }, { weight: 1, arbitrary: other })
}

/** What is made only when it is drawn: predicates nest without end. */
function later<T>(make: () => fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.constant(null).chain(make)
}

function operand(field: ScopeField, operator: string): fc.Arbitrary<unknown> {
  return often(
    20,
    fittingOperand(field, operator),
    often<unknown>(1, fc.constantFrom(...awkward), fc.array(fc.constantFrom(...awkward), { maxLength: 3 })),
  )
}

function fittingOperand(field: ScopeField, operator: string): fc.Arbitrary<unknown> {
  const value = fittingValue(field)
  if (operator === 'is_null') return fc.boolean()
  if (operator === 'between') return fc.tuple(value, value)
  if (/^(in|not_in|has_.*)$/.test(operator)) return fc.array(value, { maxLength: 3 })
  if (operator === 'in_period') return fc.constantFrom(...PERIOD_WORDS)
  return /^in_(last|next)$/.test(operator) ? fc.constantFrom('P7D', 'P3M', 'PT12H', 'PT0S') : value
}

function fittingValue({ kind, options, elements }: ScopeField): fc.Arbitrary<unknown> {
  switch (kind) {
    case 'text':
      return fc.string({ maxLength: 6 })
    case 'choice':
      return fc.constantFrom(...(options ?? ['x']))
    case 'decimal':
      return fc.constantFrom('0', '-12.5', '1000')
    case 'float':
      return fc.double({ noNaN: true, noDefaultInfinity: true })
    case 'integer':
      return fc.maxSafeInteger()
    case 'date':
      return fc.constantFrom('2025-06-01', '$today')
    case 'datetime':
      return fc.constantFrom('2025-06-01T10:00:00Z', '$now')
    case 'id':
      return fc.constantFrom(uuid, '$user.id', '$user.org_unit_id')
    case 'list':
      return elements === 'id' ? fc.constant(uuid) : fc.constantFrom(...(options ?? ['tag']))
    case 'boolean':
    case 'presence':
      return fc.boolean()
  }
}
