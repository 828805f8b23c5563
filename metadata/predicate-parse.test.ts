import { expect, test } from 'vitest'
import { FRIEND_ID, sampleScope, scopeOfFields, USER_FIELDS } from './cases/predicate-cases.ts'
import { type ParseOptions, parsePredicate, type PredicateScope } from './predicate.ts'

const options: ParseOptions = { user: scopeOfFields(USER_FIELDS) }

function problems(input: unknown, more: ParseOptions = {}): string[] {
  const parsed = parsePredicate(input, sampleScope('sample'), { ...options, ...more })
  return parsed.ok ? [] : parsed.problems.map(({ pointer, code }) => `${pointer} ${code}`)
}

function normal(input: unknown, more: ParseOptions = {}): unknown {
  const parsed = parsePredicate(input, sampleScope('sample'), { ...options, ...more })
  return parsed.ok
    ? JSON.parse(JSON.stringify(parsed.test, (key, value: unknown) => (key === 'of' && !Array.isArray(value) ? undefined : value)))
    : parsed.problems
}

const atom = (field: string, operator: string, operand: unknown, more = {}) => ({
  kind: 'atom',
  path: [],
  field,
  operator,
  operand,
  ...more,
})
const literal = (value: unknown) => ({ shape: 'one', term: { source: 'literal', value } })

test('constants fold away', () => {
  expect(normal({})).toEqual({ kind: 'true' })
  expect(normal({ or: [] })).toEqual({ kind: 'false' })
  expect(normal({ name: { in: [] } })).toEqual({ kind: 'false' })
  expect(normal({ name: { not_in: [] }, or: [{}] })).toEqual({ kind: 'true' })
  expect(normal({ friend: {} })).toEqual({ kind: 'true' })
  expect(normal({ items: { some: { or: [] } } })).toEqual({ kind: 'false' })
})

test('and, or and objects become flat', () => {
  expect(normal({ name: { eq: 'a' }, and: [{ quantity: { eq: 1 } }, { and: [{ active: { eq: true } }] }] })).toEqual({
    kind: 'all',
    of: [atom('name', 'eq', literal('a')), atom('quantity', 'eq', literal(1)), atom('active', 'eq', literal(true))],
  })
})

test('not is pushed to the leaves: complements where there are, else a mark', () => {
  expect(normal({ not: { name: { eq: 'a' }, quantity: { lt: 1 } } })).toEqual({
    kind: 'any',
    of: [atom('name', 'ne', literal('a')), atom('quantity', 'lt', literal(1), { negated: true })],
  })
  expect(normal({ not: { name: { is_null: true } } })).toEqual(atom('name', 'is_null', { shape: 'flag', flag: false }))
  expect(normal({ not: { not: { quantity: { lt: 1 } } } })).toEqual(atom('quantity', 'lt', literal(1)))
  expect(normal({ not: { labels: { has_any: ['a'] } } })).toMatchObject({ operator: 'has_none' })
  expect(normal({ not: { items: { some: { name: { eq: 'a' } } } } })).toMatchObject({ quantifier: 'none', test: { operator: 'eq' } })
  expect(normal({ not: { items: { every: { name: { eq: 'a' } } } } })).toMatchObject({ quantifier: 'some', test: { operator: 'ne' } })
  expect(normal({ not: { items: { none: { name: { eq: 'a' } } } } })).toMatchObject({ quantifier: 'some', test: { operator: 'eq' } })
  expect(normal({ not: { friend: { name: { eq: 'a' } } } })).toMatchObject({ kind: 'one', test: { operator: 'ne' } })
})

test('an atom knows the relations that lead to its record', () => {
  expect(normal({ friend: { items: { some: { name: { eq: 'a' } } } } })).toEqual({
    kind: 'one',
    relation: 'friend',
    test: { kind: 'many', relation: 'items', quantifier: 'some', test: atom('name', 'eq', literal('a'), { path: ['friend', 'items'] }) },
  })
})

test('literals take their canonical spelling', () => {
  expect(normal({ friend: { eq: FRIEND_ID.toUpperCase() } })).toMatchObject({ operand: literal(FRIEND_ID) })
  expect(normal({ seen_at: { eq: '2025-06-18T12:30:00+03:00' } })).toMatchObject({ operand: literal('2025-06-18T09:30:00.000Z') })
  expect(normal({ name: { eq: 'e\u0301' } })).toMatchObject({ operand: literal('é') })
  expect(normal({ name: { eq: '$$x' } })).toMatchObject({ operand: literal('$x') })
})

test('a name that does not exist is one problem, whatever the reason, and may be suggested', () => {
  expect(problems({ nmae: { eq: 'a' } })).toEqual(['/nmae VALIDATE_UNKNOWN_NAME'])
  expect(problems({ friend: { secret: { eq: 'a' } } })).toEqual(['/friend/secret VALIDATE_UNKNOWN_NAME'])
  expect(problems({ items: { some: { secret: {} } } })).toEqual(['/items/some/secret VALIDATE_UNKNOWN_NAME'])
  expect(problems({ 'friend.name': { eq: 'a' } })).toEqual(['/friend.name VALIDATE_UNKNOWN_NAME'])
  for (const hostile of ['__proto__', 'constructor', 'toString', 'a/b', "'; drop table", 'nаme', 'NAME', 'x'.repeat(10_000), '']) {
    expect(problems(JSON.parse(`{${JSON.stringify(hostile)}: {"eq": "a"}}`)), hostile.slice(0, 20)).toHaveLength(1)
  }
  expect(normal({ nmae: { eq: 'a' } })).toMatchObject([{ hint: 'Did you mean “name”?' }])
})

test('a pointer says where, also when names need escaping', () => {
  expect(problems({ or: [{}, { 'a/b~c': {} }] })).toEqual(['/or/1/a~1b~0c VALIDATE_UNKNOWN_NAME'])
  expect(problems({ name: { eq: 1 } }, { pointer: '/where' })).toEqual(['/where/name/eq VALIDATE_OPERAND'])
})

test('a field that is being prepared is refused with that reason', () => {
  const scope: PredicateScope = { lookup: () => ({ field: { kind: 'text', operators: ['eq'], unready: true } }) }
  const parsed = parsePredicate({ name: { eq: 'a', like: 'b' } }, scope)
  expect(parsed.ok ? [] : parsed.problems.map(({ code }) => code)).toEqual(['VALIDATE_FIELD_BUILDING', 'VALIDATE_OPERATOR'])
})

test('shapes that are no predicate are refused', () => {
  for (const bad of [null, [], 'a', 1, true, undefined]) expect(problems(bad), String(bad)).toEqual([' VALIDATE_PREDICATE'])
  expect(problems({ and: {} })).toEqual(['/and VALIDATE_PREDICATE'])
  expect(problems({ or: [1] })).toEqual(['/or/0 VALIDATE_PREDICATE'])
  expect(problems({ not: [] })).toEqual(['/not VALIDATE_PREDICATE'])
  expect(problems({ name: 'a' })).toEqual(['/name VALIDATE_PREDICATE'])
  expect(problems({ items: { some: [] } })).toEqual(['/items/some VALIDATE_PREDICATE'])
})

test('a field is asked only what it can answer', () => {
  expect(problems({ quantity: { contains: '1' } })).toEqual(['/quantity/contains VALIDATE_OPERATOR'])
  expect(problems({ name: { like: 'a' } })).toEqual(['/name/like VALIDATE_OPERATOR'])
  expect(problems({ name: { not: { eq: 'a' } } })).toEqual(['/name/not VALIDATE_OPERATOR'])
  expect(problems({ labels: { eq: 'a' } })).toEqual(['/labels/eq VALIDATE_OPERATOR'])
  expect(problems({ items: { eq: 'a' } })).toEqual(['/items/eq VALIDATE_OPERATOR'])
  expect(problems({ name: { some: {} } })).toEqual(['/name/some VALIDATE_OPERATOR'])
  expect(problems({ friend: { within: FRIEND_ID } })).toEqual(['/friend/within VALIDATE_OPERATOR'])
  expect(problems({ extra: { eq: 1 } })).toEqual(['/extra/eq VALIDATE_OPERATOR'])
  expect(problems({ name: { changed: true } })).toEqual(['/name/changed VALIDATE_OPERATOR'])
  expect(problems({ name: { changed: true } }, { changes: true })).toEqual([])
  expect(problems({ friend: { name: { changed: true } } }, { changes: true })).toEqual(['/friend/name/changed VALIDATE_OPERATOR'])
})

test('of a field that nothing can be asked of, not even nothing is asked', () => {
  const scope: PredicateScope = { lookup: name => (name === 'closed' ? { field: { kind: 'text', operators: [] } } : undefined) }
  const refused = (pointer: string): object => ({ ok: false, problems: [{ pointer, code: 'VALIDATE_OPERATOR' }] })
  expect(parsePredicate({ closed: {} }, scope)).toMatchObject(refused('/closed'))
  expect(parsePredicate({ closed: { eq: 'a' } }, scope)).toMatchObject(refused('/closed/eq'))
})

test('a text is as long as it has characters', () => {
  expect(problems({ name: { eq: '🙂'.repeat(1000) } })).toEqual([])
  expect(problems({ name: { eq: '🙂'.repeat(1001) } })).toEqual(['/name/eq VALIDATE_OPERAND'])
})

test('operands are not converted', () => {
  const bad: [string, string, unknown][] = [
    ['quantity', 'eq', '10'],
    ['quantity', 'eq', 1.5],
    ['quantity', 'eq', 2 ** 53],
    ['quantity', 'eq', null],
    ['amount', 'eq', 10],
    ['amount', 'eq', '1e3'],
    ['amount', 'eq', '10,5'],
    ['amount', 'eq', ''],
    ['active', 'eq', 'true'],
    ['active', 'eq', 1],
    ['name', 'eq', 5],
    ['name', 'eq', null],
    ['name', 'eq', ['a']],
    ['name', 'eq', { a: 1 }],
    ['name', 'eq', 'a\0b'],
    ['name', 'eq', '\ud800'],
    ['name', 'eq', 'x'.repeat(1001)],
    ['name', 'contains', ''],
    ['name', 'starts_with', ''],
    ['due', 'eq', '2025-02-30'],
    ['due', 'eq', '18.06.2025'],
    ['due', 'eq', '2025-06-18T00:00:00Z'],
    ['seen_at', 'eq', '2025-06-18'],
    ['seen_at', 'eq', '2025-06-18T00:00:00'],
    ['stage', 'eq', 'Won'],
    ['friend', 'eq', '1'],
    ['friend', 'eq', { id: FRIEND_ID }],
    ['name', 'is_null', 'true'],
    ['name', 'is_null', null],
    ['quantity', 'between', 5],
    ['quantity', 'between', [1]],
    ['quantity', 'between', [1, 2, 3]],
    ['quantity', 'in', 5],
    ['labels', 'has_any', 'tea'],
    ['due', 'in_last', '7D'],
    ['due', 'in_last', 'PT1H'],
    ['due', 'in_last', 7],
    ['due', 'in_period', 'someday'],
    ['due', 'in_period', 'constructor'],
    ['node', 'within', 'root'],
  ]
  for (const [field, operator, operand] of bad) {
    expect(problems({ [field]: { [operator]: operand } }), `${field} ${operator} ${JSON.stringify(operand)}`).toEqual([
      `/${field}/${operator} VALIDATE_OPERAND`,
    ])
  }
  expect(problems({ quantity: { between: [1, '2'] } })).toEqual(['/quantity/between/1 VALIDATE_OPERAND'])
  expect(problems({ quantity: { in: [1, '2', null] } })).toEqual(['/quantity/in/1 VALIDATE_OPERAND', '/quantity/in/2 VALIDATE_OPERAND'])
  expect(problems({ channels: { has_any: ['web', 'fax'] } })).toEqual(['/channels/has_any/1 VALIDATE_OPERAND'])
})

test('variables exist, and are of a kind that compares', () => {
  for (const unknown of ['$user', '$user.salary', '$user.name.x', '$tomorrow', '$', '$record.name', '$USER.id', '$user.__proto__']) {
    expect(problems({ name: { eq: unknown } }), unknown).toEqual(['/name/eq VALIDATE_VARIABLE'])
  }
  expect(problems({ name: { eq: '$record.name' } }, { record: sampleScope('sample') })).toEqual([])
  expect(problems({ name: { eq: '$user.limit' } })).toEqual(['/name/eq VALIDATE_OPERAND'])
  expect(problems({ name: { eq: '$today' } })).toEqual(['/name/eq VALIDATE_OPERAND'])
  expect(problems({ name: { eq: '$user.id' } })).toEqual(['/name/eq VALIDATE_OPERAND'])
  expect(problems({ quantity: { lt: '$user.limit' } })).toEqual(['/quantity/lt VALIDATE_OPERAND'])
  expect(problems({ name: { eq: '$user.interests' } })).toEqual(['/name/eq VALIDATE_OPERAND'])
  expect(problems({ name: { in: ['$user.interests'] } })).toEqual([])
})

test('caps name themselves and how much they allow', () => {
  const many = { or: Array.from({ length: 11 }, (_, at) => ({ quantity: { eq: at } })) }
  const capped = parsePredicate({ and: [{ quantity: { gt: 1, lt: 2, ne: 3 } }] }, sampleScope('sample'), { maxFilters: 2 })
  expect(capped).toMatchObject({ ok: false, problems: [{ code: 'VALIDATE_MAX_FILTERS', params: { cap: 'max_filters', limit: 2 } }] })
  expect(problems(many, { maxFilters: 10 })).toEqual(['/or VALIDATE_MAX_FILTERS'])
  expect(problems({ not: { not: { not: {} } } }, { maxDepth: 3 })).toEqual(['/not/not/not VALIDATE_MAX_DEPTH'])
  expect(problems({ friend: { friend: { name: { eq: 'a' } } } }, { maxDepth: 2 })).toEqual(['/friend/friend VALIDATE_MAX_DEPTH'])
  expect(problems({ quantity: { in: [1, 2, 3] } }, { maxListLength: 2 })).toEqual(['/quantity/in VALIDATE_MAX_LIST'])
})

test('a hostile body is refused without much ado', () => {
  let deep: unknown = {}
  for (let level = 0; level < 5000; level += 1) deep = { not: deep }
  expect(problems(deep)).toHaveLength(1)
  const wide = Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`n${at}`, {}]))
  expect(problems(wide)).toHaveLength(50)
})
