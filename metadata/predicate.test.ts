import { expect, test } from 'vitest'
import {
  envOf,
  NEGATED_CASES,
  PREDICATE_CASES,
  type PredicateCase,
  sampleScope,
  scopeOfFields,
  USER_FIELDS,
} from './cases/predicate-cases.ts'
import { evaluate, parsePredicate } from './predicate.ts'

const user = scopeOfFields(USER_FIELDS)

function answer(each: PredicateCase): unknown {
  const changes = each.before !== undefined
  const parsed = parsePredicate(each.predicate, sampleScope('sample'), { user, record: sampleScope('sample'), changes, maxListLength: 50 })
  return parsed.ok ? evaluate(parsed.test, each.record, envOf(each)) : parsed.problems
}

test('the table has at least 400 cases, each under a name of its own', () => {
  expect(PREDICATE_CASES.length).toBeGreaterThanOrEqual(400)
  const names = PREDICATE_CASES.map(each => JSON.stringify([each.name, each.env]))
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
})

test('every case of the table gives what it says', () => {
  expect(PREDICATE_CASES.filter(each => answer(each) !== each.expected).map(each => [each.name, answer(each)])).toEqual([])
})

test('negation is exact: every case under not gives the opposite', () => {
  expect(NEGATED_CASES.filter(each => answer(each) !== each.expected).map(each => each.name)).toEqual([])
})
