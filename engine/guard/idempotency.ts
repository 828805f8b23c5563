/**
 * Makes a create that is sent twice happen once (contracts §2): the key's row goes in first, in the transaction of the act, so that the effect
 * and the memory of it commit together and a twin that comes at the same time waits. Knows no route and no rights: who repeats is judged anew.
 */
import { createHash } from 'node:crypto'
import type { Caller, RequestContext } from '../kernel/context.ts'
import type { Row, TenantConnection } from '../platform/index.ts'
import { guardErrors } from './errors.ts'

/** The key a client sent, for which request. */
export interface IdempotentRequest {
  readonly key: string
  /** Method and declared path of the route. */
  readonly route: string
  /** Everything that makes a request the same: address and body, see `fingerprintOf`. */
  readonly fingerprint: string
}

/** An answer worth remembering. */
export interface KeptAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** JSON text of `data`. */
  readonly body: string
  /** The record that was created: what a repetition has to be allowed to read. */
  readonly entity: string | null
  readonly record_id: string | null
}

/** A remembered answer, and whether the caller's rights are still those it was made under. */
export interface RepeatedAnswer extends KeptAnswer {
  readonly sameRights: boolean
}

/** How long a key is remembered. */
export const KEY_LIFETIME_MS = 24 * 60 * 60 * 1000

/**
 * Runs `act` unless this key has been used: then `repeat` gets the first answer, has to decide access again, and gives what may be told now.
 * Must be called before any other effect of the transaction. Throws GUARD_IDEMPOTENCY_KEY_REUSED for the same key with another request.
 */
export async function once<A extends KeptAnswer>(
  connection: TenantConnection,
  ctx: Pick<RequestContext, 'now' | 'caller'>,
  request: IdempotentRequest,
  act: () => Promise<A>,
  repeat: (first: RepeatedAnswer) => Promise<KeptAnswer>,
): Promise<A | KeptAnswer> {
  const { key, route, fingerprint } = request
  const place = [connection.tenantId, ctx.caller.userId, route, key]
  const authority = authorityOf(ctx.caller)
  const oldest = new Date(ctx.now.getTime() - KEY_LIFETIME_MS)
  // Sent one behind the other without waiting in between: one round trip.
  const [, inserted] = await Promise.all([
    connection.execute({ name: 'idempotency_expire', text: EXPIRE, values: [...place, oldest] }),
    connection.execute({ name: 'idempotency_begin', text: BEGIN, values: [...place, fingerprint, authority, ctx.now] }),
  ])
  if (inserted === 0) {
    const [kept] = await connection.run<Row & KeptRow>({ name: 'idempotency_read', text: READ, values: place })
    if (kept === undefined || kept.body_hash !== fingerprint || kept.status === null) throw guardErrors.IDEMPOTENCY_KEY_REUSED({})
    const { status, headers, body, entity, record_id } = kept
    return repeat({ status, headers, body, entity, record_id, sameRights: kept.authority === authority })
  }
  const answer = await act()
  const values = [...place, answer.status, JSON.stringify(answer.headers), answer.body, answer.entity, answer.record_id]
  await connection.execute({ name: 'idempotency_keep', text: KEEP, values })
  return answer
}

interface KeptRow extends KeptAnswer {
  readonly body_hash: string
  readonly authority: string
}

/** Digest of what makes two requests the same: the address with its parameters, and the body. */
export function fingerprintOf(address: string, body: unknown): string {
  return createHash('sha256')
    .update(`${address}\n${JSON.stringify(body)}`)
    .digest('base64url')
}

/** Changes whenever the caller's rights may have: the model's revision, the epochs of user and tenant, the profiles. */
function authorityOf({ epochs, profiles, apiKeyId }: Pick<Caller, 'epochs' | 'profiles' | 'apiKeyId'>): string {
  return JSON.stringify([epochs.revision, epochs.tenant, epochs.user, profiles, apiKeyId])
}

/** Forgets keys whose time is over, some at a time; gives how many. */
export async function forgetOldKeys(connection: TenantConnection, now: Date, atMost = 1000): Promise<number> {
  return connection.execute({
    text: `delete from nexus.idempotency where (tenant_id, user_id, route, key) in
      (select tenant_id, user_id, route, key from nexus.idempotency where tenant_id = $1 and created_at < $2 limit $3)`,
    values: [connection.tenantId, new Date(now.getTime() - KEY_LIFETIME_MS), atMost],
  })
}

const EXPIRE = 'delete from nexus.idempotency where tenant_id = $1 and user_id = $2 and route = $3 and key = $4 and created_at < $5'

// Waits for a twin that has inserted and not yet committed; when that one rolls back, this one is first.
const BEGIN = `insert into nexus.idempotency (tenant_id, user_id, route, key, body_hash, authority, created_at)
  values ($1, $2, $3, $4, $5, $6, $7) on conflict (tenant_id, user_id, route, key) do nothing`

const READ = `select body_hash, authority, status, headers, body, entity, record_id
  from nexus.idempotency where tenant_id = $1 and user_id = $2 and route = $3 and key = $4`

const KEEP = `update nexus.idempotency set status = $5, headers = $6::jsonb, body = $7, entity = $8, record_id = $9
  where tenant_id = $1 and user_id = $2 and route = $3 and key = $4`
