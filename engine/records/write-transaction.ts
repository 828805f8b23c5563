/** One short write transaction of a caller: the state his rights were decided under is compared first, then the work is done. */
import { requireCurrentEpochs } from '../identity/index.ts'
import type { TenantConnection } from '../platform/types.ts'
import type { RecordContext } from './types.ts'

/** What a door puts around the work inside the transaction: the idempotency row that goes first, and the answer it keeps. */
export interface Envelope<T> {
  readonly around?: (connection: TenantConnection, act: () => Promise<T>) => Promise<T>
}

/** Runs work in a transaction under the caller's epochs; throws IDENTITY_STALE where they moved on. */
export async function writeTransaction<T>(
  ctx: RecordContext,
  envelope: Envelope<T>,
  work: (connection: TenantConnection) => Promise<T>,
): Promise<T> {
  return ctx.db.writeAs(ctx.caller.tenant.id, async connection => {
    await requireCurrentEpochs(connection, ctx.caller)
    return envelope.around === undefined ? work(connection) : envelope.around(connection, () => work(connection))
  })
}
