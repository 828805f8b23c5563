import fc from 'fast-check'
import { expect, test } from 'vitest'
import { CASE_ENV, envOf, PREDICATE_CASES, sampleScope, scopeOfFields, USER_FIELDS } from './cases/predicate-cases.ts'
import { OPERATORS_OF_KIND } from './operators.ts'
import {
  type Atom,
  type EvaluateEnv,
  evaluate,
  holdsOnNothing,
  negate,
  type PredicateScope,
  parsePredicate,
  type RecordValues,
  resolveOperand,
  type Test,
} from './predicate.ts'

const user = scopeOfFields(USER_FIELDS)

function parse(input: unknown, scope: PredicateScope = sampleScope('sample')): Test {
  const parsed = parsePredicate(input, scope, { user })
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  return parsed.test
}

const holds = (input: unknown, record: RecordValues, env: Partial<EvaluateEnv> = {}) =>
  evaluate(parse(input), record, { ...CASE_ENV, ...env })

test('an atom over a field that is not readable on the row is false in both polarities', () => {
  const env = { readable: (_path: readonly string[], field: string) => field !== 'amount' }
  const record = { amount: '5.00', name: 'a' }
  for (const atom of [{ eq: '5' }, { ne: '5' }, { lt: '9' }, { is_null: true }, { is_null: false }, { not_in: ['7'] }]) {
    expect(holds({ amount: atom }, record, env), JSON.stringify(atom)).toBe(false)
    expect(holds({ not: { amount: atom } }, record, env), `not ${JSON.stringify(atom)}`).toBe(false)
  }
  expect(holds({ or: [{ amount: { eq: '5' } }, { name: { eq: 'a' } }] }, record, env)).toBe(true)
})

test('every and its opposite stay opposite where a field is unreadable on some of the rows', () => {
  const env = {
    readable: (_path: readonly string[], field: string, record: RecordValues) => field !== 'count' || record['name'] !== 'hidden',
  }
  const items = [
    { name: 'pen', count: 5 },
    { name: 'hidden', count: 1 },
  ]
  expect(holds({ items: { every: { count: { gt: 3 } } } }, { items }, env)).toBe(true)
  expect(holds({ not: { items: { every: { count: { gt: 3 } } } } }, { items }, env)).toBe(false)
  expect(holds({ items: { every: { count: { gt: 3 } } } }, { items: [...items, { name: 'ink', count: 2 }] }, env)).toBe(false)
})

test('readability is asked for the very record, with the way to it', () => {
  const asked: unknown[] = []
  const env: Partial<EvaluateEnv> = {
    readable: (path, field, record) => {
      asked.push([path.join('.'), field, record['name']])
      return true
    },
  }
  holds(
    { items: { some: { name: { eq: 'ink' } } }, friend: { name: { eq: 'Paul' } } },
    { items: [{ name: 'pen' }, { name: 'ink' }], friend: { name: 'Paul' } },
    env,
  )
  expect(asked).toEqual([
    ['items', 'name', 'pen'],
    ['items', 'name', 'ink'],
    ['friend', 'name', 'Paul'],
  ])
})

test('related records come from the environment where it has them', () => {
  const paul = { name: 'Paul' }
  const env: Partial<EvaluateEnv> = {
    one: (_record, relation) => (relation === 'friend' ? paul : null),
    many: () => [paul, { name: 'Ann' }],
  }
  expect(holds({ friend: { name: { eq: 'Paul' } } }, { friend: 'some id' }, env)).toBe(true)
  expect(holds({ items: { some: { name: { eq: 'Ann' } } } }, {}, env)).toBe(true)
  expect(holds({ items: { every: { name: { eq: 'Ann' } } } }, {}, env)).toBe(false)
})

test('a value of another kind compares as null and is not null', () => {
  expect(holds({ quantity: { eq: 5 } }, { quantity: '5' })).toBe(false)
  expect(holds({ quantity: { is_null: true } }, { quantity: '5' })).toBe(false)
  expect(holds({ amount: { gt: '1' } }, { amount: '12,5' })).toBe(false)
  expect(holds({ due: { lt: '2030-01-01' } }, { due: '2025-02-30' })).toBe(false)
  expect(holds({ labels: { has_any: ['tea'] } }, { labels: 'tea' })).toBe(false)
  expect(holds({ stage: { lt: 'won' } }, { stage: 'retired_option' })).toBe(false)
})

test('floats compare as numbers', () => {
  const scope: PredicateScope = {
    lookup: name => (name === 'score' ? { field: { kind: 'float', operators: OPERATORS_OF_KIND.float } } : undefined),
  }
  const score = (input: unknown, value: unknown) => evaluate(parse({ score: input }, scope), { score: value }, CASE_ENV)
  expect(score({ eq: 0.5 }, 0.5)).toBe(true)
  expect(score({ between: [-1.5, 2] }, 1.75)).toBe(true)
  expect(score({ lt: 0 }, -0.1)).toBe(true)
  expect(score({ gt: 0 }, null)).toBe(false)
})

test('operands resolve to what SQL binds', () => {
  const resolve = (input: unknown) => resolveOperand(parse(input) as Atom, CASE_ENV)
  expect(resolve({ amount: { gt: '$user.quota' } })).toEqual({ shape: 'one', value: '5' })
  expect(resolve({ name: { eq: '$user.nickname' } })).toEqual({ shape: 'one', value: null })
  expect(resolve({ name: { in: ['$user.interests', 'a', '$user.nickname', 'a'] } })).toEqual({
    shape: 'many',
    values: ['tea', 'chess', 'a'],
    complete: false,
  })
  expect(resolve({ due: { in_period: 'this_month' } })).toEqual({ shape: 'interval', from: '2025-06-01', to: '2025-07-01' })
  expect(resolve({ seen_at: { in_period: 'today' } })).toEqual({
    shape: 'interval',
    from: '2025-06-17T21:00:00.000Z',
    to: '2025-06-18T21:00:00.000Z',
  })
  expect(resolve({ node: { within: '$user.home' } })).toMatchObject({ shape: 'many', values: { length: 2 } })
  expect(resolve({ seen_at: { gte: '$today' } })).toEqual({ shape: 'one', value: '2025-06-17T21:00:00.000Z' })
})

test('what holds on nothing is what evaluating on an empty record says', () => {
  for (const each of PREDICATE_CASES) {
    if (each.before !== undefined) continue
    const parsed = parsePredicate(each.predicate, sampleScope('sample'), { user, record: sampleScope('sample') })
    if (parsed.ok) expect(holdsOnNothing(parsed.test), each.name).toBe(evaluate(parsed.test, {}, envOf(each)))
  }
})

test('negating twice changes nothing', () => {
  fc.assert(
    fc.property(fc.constantFrom(...PREDICATE_CASES), each => {
      const parsed = parsePredicate(each.predicate, sampleScope('sample'), { user, record: sampleScope('sample'), changes: true })
      if (!parsed.ok) throw new Error(each.name)
      const env = envOf(each)
      expect(evaluate(negate(negate(parsed.test)), each.record, env)).toBe(each.expected)
      expect(evaluate(negate(parsed.test), each.record, env)).toBe(!each.expected)
    }),
  )
})
