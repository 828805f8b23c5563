/** The request as rules, formulas and field types see it: who, when, where in the calendar. */
import type { EvaluateEnv } from '../../metadata/predicate.ts'
import { dateIn } from '../../metadata/time-period.ts'
import type { Moment } from '../field-types/index.ts'
import { bindingOf } from '../plan/index.ts'
import type { RecordContext } from './types.ts'

/** What rules see of a request. */
export function environmentOf(ctx: RecordContext): EvaluateEnv {
  const { user, now, timeZone, weekStart } = bindingOf(ctx).env
  return { user, now, timeZone, weekStart, within: (tree, id) => (tree === 'org_unit' ? ctx.within(id) : [id]) }
}

// Asked for every record of a batch: the day in a zone takes longer to find than a record to check.
const moments = new WeakMap<RecordContext, Moment>()

/** The moment values are written at, as field types need it. */
export function momentOf(ctx: RecordContext): Moment {
  const known = moments.get(ctx)
  if (known !== undefined) return known
  const now = ctx.now.toISOString()
  const moment = { today: dateIn(now, ctx.caller.tenant.timeZone), now }
  moments.set(ctx, moment)
  return moment
}
