/**
 * Compares the state a caller was admitted under with the state of this moment, at the start of every write transaction.
 * Holds the tenant's shared lock from then on, so that a publish waits for the write, and the write for a publish.
 */
import { EngineError } from '../kernel/errors.ts'
import type { Caller } from '../kernel/context.ts'
import type { TenantConnection } from '../platform/types.ts'
import { identityErrors, unauthenticated } from './errors.ts'

type State = { revision: number; tenant_epoch: number; user_epoch: number; live: boolean }

/**
 * The first statement of each write transaction of a caller. Throws IDENTITY_STALE when model or rights moved on (authenticate afresh and
 * start again, `isStale`), and 401 when the caller is locked, signed out, revoked or his tenant suspended.
 */
export async function requireCurrentEpochs(connection: TenantConnection, caller: Caller): Promise<void> {
  const [state] = await connection.run<State>({
    name: 'enter_write',
    text: 'select revision, tenant_epoch, user_epoch, live from nexus.enter_write($1, $2, $3)',
    values: [caller.userId, caller.sessionId, caller.apiKeyId],
  })
  if (state?.live !== true) throw unauthenticated()
  const { revision, tenant, user } = caller.epochs
  if (state.revision !== revision || state.tenant_epoch !== tenant || state.user_epoch !== user) throw identityErrors.STALE({})
}

/** The SQLSTATE of a write that was sent as a whole and whose caller does not stand as he did. */
export const STATE_OF_OVERTAKEN_CALLER = 'P0N01'

/** The same comparison as a statement that fails, with `STATE_OF_OVERTAKEN_CALLER`, where he does not stand as he did, for whatever reason. */
export async function insistOnEpochs(connection: TenantConnection, { userId, sessionId, apiKeyId, epochs }: Caller): Promise<void> {
  await connection.execute({
    name: 'insist_on_epochs',
    text: INSIST,
    values: [userId, sessionId, apiKeyId, epochs.revision, epochs.tenant, epochs.user],
  })
}

const INSIST = `select nexus.insist(exists (select from nexus.enter_write($1, $2, $3) e
  where e.live and e.revision = $4 and e.tenant_epoch = $5 and e.user_epoch = $6), '${STATE_OF_OVERTAKEN_CALLER}')`

/** Throws IDENTITY_STALE for a caller whose roles were resolved by another revision than the one his request is about to run on. */
export function requireRevision(caller: Caller, revision: number): void {
  if (caller.epochs.revision !== revision) throw identityErrors.STALE({})
}

/** Whether a failure only says that the caller should be admitted afresh and the work started again; nothing was written. */
export function isStale(error: unknown): boolean {
  return error instanceof EngineError && error.code === 'IDENTITY_STALE'
}

/** Keeps every writer of the tenant out until the transaction ends: for publish. Waits as long as the lock timeout allows. */
export async function lockTenantAlone(connection: TenantConnection): Promise<void> {
  await connection.run({ text: 'select pg_advisory_xact_lock(nexus.tenant_lock())', values: [] })
}
