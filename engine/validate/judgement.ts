/**
 * Judges a record for a caller: the rules hold for everybody, what is said of them goes by his grant.
 * Whether a test of the model's own (a rule, a guard) asks only about what exists for a caller: every field it compares, every relation it
 * follows and every `$record` it reads. Knows names and grants; no rows.
 */
import type { EvaluateEnv, Test } from '../../metadata/predicate.ts'
import type { Grant } from '../access/types.ts'
import type { Locale } from '../kernel/context.ts'
import { visibleField, visibleRelation, visibleTarget } from './caller-scope.ts'
import type { Judgement } from './record-check.ts'
import { variablesOf } from './test-names.ts'

/** A judgement in a caller's words. */
export function judgementOf(grant: Grant, env: EvaluateEnv, locale: Locale, pointer: string): Judgement {
  return {
    env,
    locale,
    pointer,
    sees: key => grant.fields.has(key) || visibleRelation(grant, key) !== undefined,
    knows: test => knowsTest(grant, test),
    decides: test => decidesTest(grant, test),
  }
}

/** Whether the caller may hear what a test is about: nothing in it is unknown to him. */
function knowsTest(grant: Grant, test: Test): boolean {
  return isInSight(grant, test, (on, key) => visibleField(on, key) !== undefined)
}

/** Whether the caller reads all that decides a test, unmasked and on every row he sees. */
function decidesTest(grant: Grant, test: Test): boolean {
  return isInSight(grant, test, (on, key) => {
    const field = on.fields.get(key)
    return field !== undefined && field.read !== null && field.everywhere
  })
}

type Sees = (grant: Grant, key: string) => boolean

function isInSight(grant: Grant, test: Test, sees: Sees): boolean {
  return [...variablesOf(test)].every(key => sees(grant, key)) && namesInSight(grant, test, sees)
}

function namesInSight(grant: Grant, test: Test, sees: Sees): boolean {
  switch (test.kind) {
    case 'all':
    case 'any':
      return test.of.every(each => namesInSight(grant, each, sees))
    case 'atom':
      return sees(grant, test.field)
    case 'one': {
      const reference = visibleField(grant, test.relation)
      const target = reference === undefined ? null : visibleTarget(grant, reference)
      return target !== null && sees(grant, test.relation) && namesInSight(target, test.test, sees)
    }
    case 'many': {
      const relation = visibleRelation(grant, test.relation)
      return relation !== undefined && namesInSight(relation.target, test.test, sees)
    }
    default:
      return true
  }
}
