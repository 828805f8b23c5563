import { expect, test } from 'vitest'
import { runPredicateCases } from './cases/predicate-cases/run.ts'
import { PREDICATE_CASES } from './cases/predicate-cases.ts'

test('the table has at least 400 cases, each under a name of its own', () => {
  expect(PREDICATE_CASES.length).toBeGreaterThanOrEqual(400)
  const names = PREDICATE_CASES.map(each => JSON.stringify([each.name, each.env]))
  expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
})

test('every case gives what the table says, and under not the opposite', () => {
  const { count, wrong } = runPredicateCases()
  expect(wrong).toEqual([])
  expect(count).toBe(2 * PREDICATE_CASES.length)
})
