/** An answer that was read while a publish moved what stands where is none: the request starts again under the model of the moment. */
import { requireRevision } from '../identity/index.ts'
import type { TenantConnection } from '../platform/types.ts'
import { renderRevision } from '../sql/index.ts'
import type { RecordContext } from './types.ts'

/** Throws IDENTITY_STALE where a statement looked at another revision than the one it was made for; asks, where it found no row to tell it with. */
export async function requireSameModel(ctx: RecordContext, connection: TenantConnection, seen: number | undefined): Promise<void> {
  const revision = seen ?? (await connection.run<{ revision: number }>(renderRevision(connection.tenantId)))[0]?.revision
  requireRevision(ctx.caller, Number(revision))
}
