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

/** So slow is no question that a busy machine has held up for a moment: it is asked alone until it is quick again. */
const LONG_MS = 200

const quickest = new WeakMap<object, number>()

/** Reads what a plan asks; the plan is the same object whenever the question is asked again. */
export async function readLikeBefore<T>(ctx: RecordContext, plan: object, work: (connection: TenantConnection) => Promise<T>): Promise<T> {
  const known = quickest.get(plan)
  // How long a tenant waits for his turn is not his question's.
  const timed = async (connection: TenantConnection): Promise<T> => {
    const began = performance.now()
    try {
      const result = await work(connection)
      const took = performance.now() - began
      quickest.set(plan, took > LONG_MS || known === undefined ? took : Math.min(took, known * FADES))
      return result
    } catch (error) {
      // One that fails is not known to be short: each time it would keep others from their answers.
      quickest.delete(plan)
      throw error
    }
  }
  return ctx.db.readAs(ctx.caller.tenant.id, timed, known !== undefined && known <= SHORT_MS ? 'shared' : undefined)
}
