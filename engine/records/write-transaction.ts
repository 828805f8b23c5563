/** One short write transaction of a caller: the state his rights were decided under is compared first, then the work is done. */
import { requireCurrentEpochs } from '../identity/index.ts'
import type { TenantConnection } from '../platform/types.ts'
import type { RecordContext } from './types.ts'

/** What a door puts around the work inside the transaction: the idempotency row that goes first, and the answer it keeps. */
export interface Envelope<T> {
  readonly around?: (connection: TenantConnection, act: () => Promise<T>) => Promise<T>
}

/** Said once nothing can keep the work from being committed but a failure of what is sent next: the commit goes out with it. */
export type AtLast = () => Promise<void>

/** Runs work in a transaction under the caller's epochs; throws IDENTITY_STALE where they moved on. */
export async function writeTransaction<T>(
  ctx: RecordContext,
  envelope: Envelope<T>,
  work: (connection: TenantConnection, atLast: AtLast) => Promise<T>,
): Promise<T> {
  return ctx.db.writeAs(ctx.caller.tenant.id, async connection => {
    const admitted = requireCurrentEpochs(connection, ctx.caller)
    if (envelope.around !== undefined) {
      await admitted
      // The answer that it keeps is written after the work.
      return envelope.around(connection, () => work(connection, async () => undefined))
    }
    const atLast = async (): Promise<void> => {
      await admitted
      connection.commitAfterThis()
    }
    // The comparison stands before everything else on the wire; its answer is not waited for, for if it is no, all of it is rolled back.
    const [gate, done] = await Promise.allSettled([admitted, work(connection, atLast)])
    if (gate.status === 'rejected') throw gate.reason
    if (done.status === 'rejected') throw done.reason
    return done.value
  })
}
