/** Runs the table by the product's own evaluation, wherever this module is loaded: in Node or in a browser. */
import { evaluate, parsePredicate } from '../../predicate.ts'
import { NEGATED_CASES, PREDICATE_CASES } from '../predicate-cases.ts'
import { type PredicateCase, sampleScope, scopeOfFields, USER_FIELDS } from './fixture.ts'
import { envOf } from './variables.ts'

/** What a case gives: its truth, or the problems of its predicate as text. */
export function answerOf(each: PredicateCase): boolean | string {
  const parsed = parsePredicate(each.predicate, sampleScope('sample'), {
    user: scopeOfFields(USER_FIELDS),
    record: sampleScope('sample'),
    changes: each.before !== undefined,
  })
  return parsed.ok ? evaluate(parsed.test, each.record, envOf(each)) : JSON.stringify(parsed.problems)
}

/** How many cases were run, those under `not` among them, and which gave something else than the table says. */
export function runPredicateCases(): { readonly count: number; readonly wrong: readonly string[] } {
  const all = [...PREDICATE_CASES, ...NEGATED_CASES]
  const wrong = all.filter(each => answerOf(each) !== each.expected).map(each => `${each.name} gave ${answerOf(each)}`)
  return { count: all.length, wrong }
}
