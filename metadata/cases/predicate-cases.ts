/**
 * The meaning of predicates as one table: Node, browser and SQL each run all of it and must agree.
 * A case without `before` can be asked of a database: load its record (with embedded `friend` and `items`) and filter.
 */
import type { PredicateCase } from './predicate-cases/fixture.ts'
import { LOGIC_CASES } from './predicate-cases/logic.ts'
import { NULL_CASES } from './predicate-cases/nulls.ts'
import { NUMBER_CASES } from './predicate-cases/numbers.ts'
import { SET_CASES } from './predicate-cases/sets.ts'
import { TEXT_CASES } from './predicate-cases/text.ts'
import { TIME_CASES } from './predicate-cases/times.ts'
import { VARIABLE_CASES } from './predicate-cases/variables.ts'

export * from './predicate-cases/fixture.ts'
export { envOf } from './predicate-cases/variables.ts'

/** Every case as written. */
export const PREDICATE_CASES: readonly PredicateCase[] = [
  ...NULL_CASES,
  ...TEXT_CASES,
  ...NUMBER_CASES,
  ...TIME_CASES,
  ...SET_CASES,
  ...LOGIC_CASES,
  ...VARIABLE_CASES,
]

/** The same cases under `not`: negation is exact, so each expects the opposite. */
export const NEGATED_CASES: readonly PredicateCase[] = PREDICATE_CASES.map(each => ({
  ...each,
  name: `not ${each.name}`,
  predicate: { not: each.predicate },
  expected: !each.expected,
}))
