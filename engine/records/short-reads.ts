/**
 * Which questions share a connection with others of the same moment: those that were answered quickly whenever they were asked lately, so
 * that nobody waits for a slow one of somebody else's. How long a question takes is known of those that are asked again.
 */
import type { TenantConnection } from '../platform/types.ts'
import type { RecordContext } from './types.ts'

/** A question that was answered within so long is a short one. */
const SHORT_MS = 4
/** The quickest answer of lately: an older one counts for less with each that was slower. */
const FADES = 1.25

const quickest = new WeakMap<object, number>()

/** Reads what a plan asks; the plan is the same object whenever the question is asked again. */
export async function readLikeBefore<T>(ctx: RecordContext, plan: object, work: (connection: TenantConnection) => Promise<T>): Promise<T> {
  const known = quickest.get(plan)
  const began = performance.now()
  const result = await ctx.db.readAs(ctx.caller.tenant.id, work, known !== undefined && known <= SHORT_MS ? 'shared' : undefined)
  quickest.set(plan, Math.min(performance.now() - began, (known ?? Number.POSITIVE_INFINITY) * FADES))
  return result
}
