/**
 * Sessions: opened by sign-in, carried on by a rotating refresh token, ended by logout, lock, a new password or age.
 *
 * A refresh token is sealed by us *and* holds a secret the database knows by hash, so an old one is recognised as ours without keeping a
 * list. Rotation is one conditional UPDATE: of two requests with the same token exactly one gets a new pair. The other gets no token:
 * within GRACE_MS a 409, which tells a second tab to take the cookie the first one has just received; later the family is revoked,
 * for then two parties hold the same token and we can't know which of them is the user.
 */
import type { Database, TenantConnection } from '../platform/types.ts'
import type { SecurityLog } from '../kernel/security-log.ts'
import { newId, newSecret } from '../kernel/ids.ts'
import { identityErrors } from './errors.ts'
import type { Admitted } from './load-caller.ts'
import { hashSecret, openRefresh, type RefreshClaims, sealAccess, sealRefresh } from './token.ts'
import type { AppendAudit, IdentityConfig, Origin, Visit } from './types.ts'

export const ACCESS_TOKEN_S = 10 * 60
/** A session ends after a week without a refresh, and after a month in any case. */
const IDLE_MS = 7 * 24 * 3600 * 1000
const LIFE_MS = 30 * 24 * 3600 * 1000
/** Two tabs that wake up together refresh within a second; five leave room for a slow line. */
const GRACE_MS = 5_000

/** A refresh token to be set as a cookie until `expiresAt`. */
export interface RefreshToken {
  readonly value: string
  readonly expiresAt: Date
}

/** What a client gets to call with. */
export interface AccessToken {
  readonly access_token: string
  readonly expires_at: string
}

/** Why a session was ended, as `session.revoked_reason` keeps it. */
export type EndReason = 'signed_out' | 'signed_out_everywhere' | 'reuse' | 'locked' | 'password' | 'administrator'

export interface SessionSources {
  readonly config: IdentityConfig
  readonly database: Database
  readonly appendAudit: AppendAudit
  readonly securityLog: SecurityLog
}

/** Opens a session inside the transaction of a sign-in. */
export async function openSession(
  connection: TenantConnection,
  config: IdentityConfig,
  userId: string,
  visit: Visit,
): Promise<{ sessionId: string; refresh: RefreshToken }> {
  const sessionId = newId(visit.now.getTime())
  const secret = newSecret()
  const expiresAt = new Date(visit.now.getTime() + IDLE_MS)
  await connection.execute({
    name: 'session_open',
    text: `insert into nexus.session (tenant_id, id, user_id, refresh_hash, generation, created_at, refreshed_at, expires_at, ip, user_agent)
      values ($1, $2, $3, $4, 1, $5, $5, $6, $7, $8)`,
    values: [
      connection.tenantId,
      sessionId,
      userId,
      hashSecret(secret),
      visit.now,
      expiresAt,
      visit.ip,
      visit.userAgent?.slice(0, 300) ?? null,
    ],
  })
  return { sessionId, refresh: { value: writeRefresh(config, connection.tenantId, sessionId, 1, secret), expiresAt } }
}

/** Writes the access token of a session for a caller who was just admitted. */
export function issueAccess(config: IdentityConfig, admitted: Admitted, sessionId: string, now: Date): AccessToken {
  const { caller } = admitted
  const iat = Math.floor(now.getTime() / 1000)
  const exp = iat + ACCESS_TOKEN_S
  const claims = {
    iss: 'nexus',
    aud: 'nexus-api',
    sub: caller.userId,
    sid: sessionId,
    tenant_epoch: caller.epochs.tenant,
    user_epoch: caller.epochs.user,
  } as const
  return {
    access_token: sealAccess(config.secret, caller.tenant.id, { ...claims, iat, exp }),
    expires_at: new Date(exp * 1000).toISOString(),
  }
}

/** Who a refreshed session belongs to, and its next refresh token. */
export interface Rotated {
  readonly tenantId: string
  readonly userId: string
  readonly sessionId: string
  readonly refresh: RefreshToken
}

/** Exchanges a refresh token for the next one; throws 401, or 409 for a twin that came a moment too late. */
export async function rotateSession(sources: SessionSources, cookie: string | null, visit: Visit): Promise<Rotated> {
  const opened = cookie === null ? null : openRefresh(sources.config.secret, cookie)
  if (opened === null) throw identityErrors.REFRESH_REFUSED({})
  const { tenantId, claims } = opened
  const outcome = await sources.database.writeAs(tenantId, async connection => {
    const rotated = await tryRotation(connection, sources.config, claims, visit)
    return rotated ?? (await judgeOldToken(connection, sources, claims, visit))
  })
  if (outcome === 'raced') throw identityErrors.REFRESH_RACED({}, { headers: { 'retry-after': '1' } })
  if (outcome === 'refused') throw identityErrors.REFRESH_REFUSED({})
  return outcome
}

async function tryRotation(
  connection: TenantConnection,
  config: IdentityConfig,
  claims: RefreshClaims,
  visit: Visit,
): Promise<Rotated | null> {
  const secret = newSecret()
  const { tenantId } = connection
  const [row] = await connection.run<{ user_id: string; expires_at: string }>({
    name: 'session_rotate',
    text: `update nexus.session s set generation = s.generation + 1, refresh_hash = $5, refreshed_at = $6, ip = $7,
        expires_at = least($8::timestamptz, s.created_at + make_interval(secs => $9))
      where s.tenant_id = $1 and s.id = $2 and s.generation = $3 and s.refresh_hash = $4 and s.revoked_at is null and s.expires_at > $6
        and exists (select 1 from nexus.credential c join nexus.tenant t on t.id = c.tenant_id
          where c.tenant_id = $1 and c.user_id = s.user_id and not c.locked and t.status = 'active')
      returning s.user_id, s.expires_at`,
    values: [
      tenantId,
      claims.sid,
      claims.generation,
      hashSecret(claims.secret),
      hashSecret(secret),
      visit.now,
      visit.ip,
      new Date(visit.now.getTime() + IDLE_MS),
      LIFE_MS / 1000,
    ],
  })
  if (row === undefined) return null
  const value = writeRefresh(config, tenantId, claims.sid, claims.generation + 1, secret)
  return { tenantId, userId: row.user_id, sessionId: claims.sid, refresh: { value, expiresAt: new Date(row.expires_at) } }
}

/** A token that rotates nothing: late, ended, or used before. */
async function judgeOldToken(
  connection: TenantConnection,
  sources: SessionSources,
  claims: RefreshClaims,
  visit: Visit,
): Promise<'raced' | 'refused'> {
  const [session] = await connection.run<{ user_id: string; generation: number; refreshed_at: string; revoked_at: string | null }>({
    text: 'select user_id, generation, refreshed_at, revoked_at from nexus.session where tenant_id = $1 and id = $2 for update',
    values: [connection.tenantId, claims.sid],
  })
  if (session === undefined || session.revoked_at !== null || claims.generation >= session.generation) return 'refused'
  const isTwin = claims.generation === session.generation - 1 && visit.now.getTime() - Date.parse(session.refreshed_at) < GRACE_MS
  if (isTwin) return 'raced'
  await endSession(connection, sources, claims.sid, 'reuse', { ...visit, caller: { userId: session.user_id } })
  const { tenantId } = connection
  sources.securityLog.append({
    event: 'refresh_token_reused',
    tenant_id: tenantId,
    user_id: session.user_id,
    ip: visit.ip,
    trace_id: visit.traceId,
    reference: claims.sid,
  })
  return 'refused'
}

/** Ends one session and writes it down; gives its user, or null when it had ended before. */
export async function endSession(
  connection: TenantConnection,
  sources: Pick<SessionSources, 'appendAudit'>,
  sessionId: string,
  reason: EndReason,
  origin: Origin,
): Promise<string | null> {
  const [row] = await connection.run<{ user_id: string }>({
    text: `update nexus.session set revoked_at = $3, revoked_reason = $4 where tenant_id = $1 and id = $2 and revoked_at is null returning user_id`,
    values: [connection.tenantId, sessionId, origin.now, reason],
  })
  if (row === undefined) return null
  const action = reason === 'signed_out' ? 'session.signed_out' : 'session.revoked'
  await sources.appendAudit(connection, origin, {
    action,
    entity: 'user',
    record_id: row.user_id,
    details: { session_id: sessionId, reason },
  })
  return row.user_id
}

/** Ends every session of a user, but for one that may stay; gives how many. The audit line is the caller's: it knows the act. */
export async function endSessionsOf(
  connection: TenantConnection,
  userId: string,
  reason: EndReason,
  now: Date,
  except: string | null = null,
): Promise<number> {
  return connection.execute({
    text: `update nexus.session set revoked_at = $3, revoked_reason = $4
      where tenant_id = $1 and user_id = $2 and revoked_at is null and ($5::uuid is null or id <> $5)`,
    values: [connection.tenantId, userId, now, reason, except],
  })
}

/** Raises a user's epoch: every access token of his is void from now on; refreshing gives new ones where a session is left. */
export async function bumpUserEpoch(connection: TenantConnection, userId: string): Promise<void> {
  await connection.execute({
    text: 'update nexus.credential set epoch = epoch + 1 where tenant_id = $1 and user_id = $2',
    values: [connection.tenantId, userId],
  })
}

function writeRefresh(config: IdentityConfig, tenantId: string, sid: string, generation: number, secret: string): string {
  return sealRefresh(config.secret, tenantId, { iss: 'nexus', aud: 'nexus-refresh', sid, generation, secret })
}
