/** The request as rules, formulas and field types see it: who, when, where in the calendar. */
import type { EvaluateEnv } from '../../metadata/predicate.ts'
import type { Moment } from '../field-types/index.ts'
import { bindingOf } from '../plan/index.ts'
import type { RecordContext } from './types.ts'

/** What rules see of a request. */
export function environmentOf(ctx: RecordContext): EvaluateEnv {
  return { ...bindingOf(ctx).env, within: (tree, id) => (tree === 'org_unit' ? ctx.within(id) : [id]) }
}

/** The moment values are written at, as field types need it. */
export function momentOf(ctx: RecordContext): Moment {
  const today = new Intl.DateTimeFormat('en-CA', { timeZone: ctx.caller.tenant.timeZone }).format(ctx.now)
  return { today, now: ctx.now.toISOString() }
}
