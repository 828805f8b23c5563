/**
 * Keys by which programs call in a user's name: made by himself, with a part of his roles, an end and a list of addresses.
 * A key gives what its roles and its user's roles both give at the moment of the call; it dies with its user's lock. A key that makes another
 * gives it no more addresses and no more time than it has. Shown once.
 */
import type { Locale } from '../kernel/context.ts'
import { commonErrors } from '../kernel/errors.ts'
import { isId, newId, newSecret } from '../kernel/ids.ts'
import type { ModelContext } from '../model/types.ts'
import type { SecurityLog } from '../kernel/security-log.ts'
import type { Database, Row, TenantConnection } from '../platform/types.ts'
import { requireCurrentEpochs } from './epochs.ts'
import { atPlace, identityErrors } from './errors.ts'
import { canonicalNetwork, isListWithin } from './ip-list.ts'
import { pageInSight } from './in-sight.ts'
import { findManagedUser, type ManageSources, requireRolesHeld } from './manage.ts'
import { hashSecret, writeStored } from './token.ts'
import type { AppendAudit, Around } from './types.ts'

export interface KeySources {
  readonly database: Database
  readonly appendAudit: AppendAudit
  readonly securityLog: SecurityLog
  readonly forget: (tenantId: string, userId: string) => void
}

/** What a new key is made of. */
export interface NewKey {
  readonly name: string
  readonly roles: readonly string[]
  readonly ip_allow?: readonly string[]
  /** RFC 3339. */
  readonly expires_at?: string
}

/** A key as administrators see it. */
export interface KeyView {
  readonly id: string
  readonly name: string
  readonly user_id: string
  readonly roles: readonly string[]
  readonly ip_allow: readonly string[]
  readonly expires_at: string | null
  readonly created_at: string
  readonly last_used_at: string | null
}

/** A key as its maker sees it, once; null when the making is only repeated, for the text is kept nowhere. */
export type NewKeyView = KeyView & { readonly key: string | null }

/** Makes a key for the caller himself. `around` is run inside the transaction, before anything else. */
export async function createKey(
  sources: KeySources,
  ctx: ModelContext,
  input: NewKey,
  around: Around<NewKeyView> = (_, act) => act(),
): Promise<NewKeyView> {
  const { caller, now } = ctx
  requireRolesHeld(ctx, input.roles)
  // A role that the caller does not have would give the key nothing: better said now than found out later.
  const foreign = input.roles.findIndex(role => !caller.roles.includes(role))
  if (foreign >= 0) throw atPlace(identityErrors.ROLE_UNKNOWN, { name: input.roles[foreign] ?? '' }, `/roles/${foreign}`, caller.locale)
  const ipAllow = (input.ip_allow ?? []).map((text, n) => requireNetwork(text, `/ip_allow/${n}`, caller.locale))
  const expiresAt = input.expires_at === undefined ? null : new Date(input.expires_at)
  if (expiresAt !== null && expiresAt <= now) throw atPlace(identityErrors.EXPIRY_PAST, {}, '/expires_at', caller.locale)
  const id = newId(now.getTime())
  const secret = newSecret()
  const told = { name: input.name, roles: [...input.roles], ip_allow: ipAllow, expires_at: expiresAt?.toISOString() ?? null }
  return sources.database.writeAs(caller.tenant.id, async connection => {
    await requireCurrentEpochs(connection, caller)
    if (caller.apiKeyId !== null) await requireWithinKey(connection, caller.apiKeyId, ipAllow, expiresAt)
    return around(connection, async () => {
      await connection.execute({
        text: `insert into nexus.api_key (tenant_id, id, name, user_id, roles, secret_hash, ip_allow, expires_at, created_at, created_by)
          values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $4)`,
        values: [caller.tenant.id, id, input.name, caller.userId, input.roles, hashSecret(secret), ipAllow, expiresAt, now],
      })
      const details = { api_key_id: id, ...told }
      await sources.appendAudit(connection, ctx, { action: 'api_key.created', entity: 'user', record_id: caller.userId, details })
      const key = writeStored(caller.tenant.id, 'key', id, secret)
      return { id, user_id: caller.userId, ...told, created_at: now.toISOString(), last_used_at: null, key }
    })
  })
}

/** Throws MORE_THAN_HELD where a key would make one that is good for longer or from elsewhere than itself. */
async function requireWithinKey(
  connection: TenantConnection,
  maker: string,
  ipAllow: readonly string[],
  expiresAt: Date | null,
): Promise<void> {
  const [held] = await connection.run<{ ip_allow: string[]; expires_at: string | null }>({
    text: 'select ip_allow, expires_at from nexus.api_key where tenant_id = $1 and id = $2',
    values: [connection.tenantId, maker],
  })
  if (held === undefined) throw identityErrors.UNAUTHENTICATED({})
  const outlives = held.expires_at !== null && (expiresAt === null || expiresAt > new Date(held.expires_at))
  if (outlives || !isListWithin(ipAllow, held.ip_allow)) throw identityErrors.MORE_THAN_HELD({})
}

/** Keys that are not revoked, of users whom the caller sees, newest first; `after` is the id of the last one of the page before. */
export async function listKeys({ database, people }: ManageSources, ctx: ModelContext, page: { limit: number; after: string | null }) {
  const tenantId = ctx.caller.tenant.id
  const read = (after: string | null, limit: number) =>
    database.readAs(tenantId, connection =>
      connection.run<KeyView & Row>({
        text: `select id, name, user_id, roles, ip_allow, expires_at, created_at, last_used_at from nexus.api_key
        where tenant_id = $1 and revoked_at is null and ($2::uuid is null or id < $2) order by id desc limit $3`,
        values: [tenantId, after, limit],
      }),
    )
  const { rows: keys, next } = await pageInSight(people, ctx, page, read)
  return { keys, next }
}

/** Revokes a key of a user in the caller's reach, or one of his own, for ever; throws NOT_FOUND when there is none or it was revoked before. */
export async function revokeKey(sources: KeySources & ManageSources, ctx: ModelContext, keyId: string): Promise<void> {
  if (!isId(keyId)) throw commonErrors.NOT_FOUND({})
  const { caller } = ctx
  const tenantId = caller.tenant.id
  const [found] = await sources.database.readAs(tenantId, connection =>
    connection.run<{ user_id: string }>({
      text: 'select user_id from nexus.api_key where tenant_id = $1 and id = $2 and revoked_at is null',
      values: [tenantId, keyId],
    }),
  )
  if (found === undefined) throw commonErrors.NOT_FOUND({})
  if (found.user_id !== caller.userId) await findManagedUser(sources, ctx, found.user_id)
  const owner = await sources.database.writeAs(tenantId, async connection => {
    await requireCurrentEpochs(connection, caller)
    const [row] = await connection.run<{ user_id: string }>({
      text: 'update nexus.api_key set revoked_at = $3 where tenant_id = $1 and id = $2 and revoked_at is null returning user_id',
      values: [tenantId, keyId, ctx.now],
    })
    if (row === undefined) throw commonErrors.NOT_FOUND({})
    await sources.appendAudit(connection, ctx, {
      action: 'api_key.revoked',
      entity: 'user',
      record_id: row.user_id,
      details: { api_key_id: keyId },
    })
    return row.user_id
  })
  sources.forget(tenantId, owner)
  sources.securityLog.append({
    event: 'api_key_revoked',
    tenant_id: tenantId,
    user_id: caller.userId,
    ip: ctx.ip,
    trace_id: ctx.traceId,
    reference: keyId,
  })
}

/** Notes that a key was used; not more often than the reader of `last_used_at` cares about. */
export async function noteKeyUse(connection: TenantConnection, keyId: string, now: Date): Promise<void> {
  await connection.execute({
    name: 'key_use',
    text: `update nexus.api_key set last_used_at = $3 where tenant_id = $1 and id = $2 and (last_used_at is null or last_used_at < $3)`,
    values: [connection.tenantId, keyId, now],
  })
}

function requireNetwork(text: string, pointer: string, locale: Locale): string {
  const network = canonicalNetwork(text)
  if (network === null) throw atPlace(identityErrors.ADDRESS_INVALID, { name: text }, pointer, locale)
  return network
}
