/**
 * Sign-in by password. Whatever is wrong (tenant, address, password, lock, suspension, place) is answered alike, in words and in time:
 * the attempt is counted first, one hash is always computed, and a refusal leaves no sooner than REFUSAL_MS after the request came.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { SecurityLog } from '../kernel/security-log.ts'
import { EngineError } from '../kernel/errors.ts'
import { type Database, NO_TENANT } from '../platform/index.ts'
import { identityErrors } from './errors.ts'
import { canonicalEmail, type Credential, findCredential, findTenant } from './find-tenant.ts'
import { knownDevice, type Named, writeDeviceCookie } from './known-device.ts'
import { type Admitted, loadCaller } from './load-caller.ts'
import { hashPassword, isOutdated, verifyPassword } from './password.ts'
import { type AccessToken, issueAccess, openSession, type RefreshToken, rotateSession, type SessionSources } from './session.ts'
import { countAttempt, forgiveAttempt, subjectsFrom } from './throttle.ts'
import type { ModelSource, Visit } from './types.ts'

/** What a person types. */
export interface SignIn {
  readonly tenant: string
  readonly email: string
  readonly password: string
}

/** A session for a client: the access token for the body, the refresh token for the cookie. */
export interface SignedIn {
  readonly access: AccessToken
  readonly refresh: RefreshToken
  readonly admitted: Admitted
}

/** What a sign-in leaves with the browser besides: the cookie it is known by from then on. */
export interface Welcomed extends SignedIn {
  readonly device: string
}

export interface SignInSources extends SessionSources {
  readonly database: Database
  readonly models: ModelSource
  readonly securityLog: SecurityLog
}

/** A refusal takes 51 ms of hashing and a few of database; at 300 ms neither shows, unless the machine is out of breath for all alike. */
export const REFUSAL_MS = 300

/** Signs in, from a browser with these cookies; throws 401 (always the same), 429 with a wait, or 503 when too many are at it. */
export async function signIn(sources: SignInSources, typed: SignIn, visit: Visit, cookies?: string): Promise<Welcomed> {
  const arrived = performance.now()
  try {
    return await attempt(sources, typed, visit, cookies)
  } catch (error) {
    const isRefusal = error instanceof EngineError && error.code === 'IDENTITY_SIGN_IN_REFUSED'
    if (isRefusal) await sleep(Math.max(0, REFUSAL_MS - (performance.now() - arrived)))
    throw error
  }
}

/** Carries a session on: a new access token and the next refresh token. */
export async function refresh(sources: SignInSources, cookie: string | null, visit: Visit): Promise<SignedIn> {
  const { tenantId, userId, sessionId, refresh: next } = await rotateSession(sources, cookie, visit)
  visit.concerns?.(tenantId)
  const admitted = await loadCaller(sources, { tenantId, userId, sessionId, apiKeyId: null }, visit.now)
  if (admitted === null || !admitted.admits(visit.ip)) throw identityErrors.REFRESH_REFUSED({})
  return { access: issueAccess(sources.config, admitted, sessionId, visit.now), refresh: next, admitted }
}

async function attempt(sources: SignInSources, typed: SignIn, visit: Visit, cookies: string | undefined): Promise<Welcomed> {
  const { config, database } = sources
  const email = canonicalEmail(typed.email)
  const named: Named = [typed.tenant, email]
  const subjects = subjectsFrom('sign_in', visit.ip, knownDevice(config, cookies, named, visit.now), named)
  await countAttempt(database, subjects, visit.now)
  const tenantId = await findTenant(database, typed.tenant)
  if (tenantId !== NO_TENANT) visit.concerns?.(tenantId)
  const credential = await findCredential(database, tenantId, email)
  const fits = await verifyPassword(typed.password, credential?.password_hash ?? null)
  const known = credential === undefined ? null : await loadCaller(sources, principalOf(tenantId, credential), visit.now)
  if (!fits || credential === undefined || !known?.admits(visit.ip)) return refuse(sources, tenantId, credential, visit)

  const opened = await enter(sources, tenantId, credential, typed.password, visit)
  if (opened === null) return refuse(sources, tenantId, credential, visit)
  await forgiveAttempt(database, subjects)
  const admitted = await loadCaller(sources, { ...principalOf(tenantId, credential), sessionId: opened.sessionId }, visit.now)
  if (admitted === null) return refuse(sources, tenantId, credential, visit)
  return {
    access: issueAccess(config, admitted, opened.sessionId, visit.now),
    refresh: opened.refresh,
    admitted,
    device: writeDeviceCookie(config, cookies, named, visit.now),
  }
}

/**
 * Opens the session. Taking the credential's row under the epoch that the password was checked with puts this sign-in wholly before a
 * lock or a new password, which then end the session with the others, or after it, and then it finds another epoch.
 */
async function enter(sources: SignInSources, tenantId: string, credential: Credential, password: string, visit: Visit) {
  const kept = credential.password_hash
  const renewed = kept !== null && isOutdated(kept) ? await hashPassword(password) : kept
  return sources.database.writeAs(tenantId, async connection => {
    const taken = await connection.execute({
      name: 'sign_in',
      text: `update nexus.credential set last_sign_in_at = $4, password_hash = $5
        where tenant_id = $1 and user_id = $2 and epoch = $3 and password_hash = $6 and not locked`,
      values: [tenantId, credential.user_id, credential.epoch, visit.now, renewed, kept],
    })
    if (taken === 0) return null
    const opened = await openSession(connection, sources.config, credential.user_id, visit)
    const actor = credential.user_id
    const details = { session_id: opened.sessionId }
    await sources.appendAudit(connection, visit, { action: 'session.signed_in', actor, entity: 'user', record_id: actor, details })
    return opened
  })
}

async function refuse(sources: SignInSources, tenantId: string, credential: Credential | undefined, visit: Visit): Promise<never> {
  const user_id = credential?.user_id ?? null
  const tenant_id = tenantId === NO_TENANT ? null : tenantId
  sources.securityLog.append({ event: 'sign_in_failed', tenant_id, user_id, ip: visit.ip, trace_id: visit.traceId })
  if (tenant_id !== null) {
    await sources.database.writeAs(tenant_id, connection =>
      sources.appendAudit(connection, visit, { action: 'session.sign_in_refused', entity: 'user', record_id: user_id }),
    )
  }
  throw identityErrors.SIGN_IN_REFUSED({})
}

function principalOf(tenantId: string, credential: Credential) {
  return { tenantId, userId: credential.user_id, sessionId: null, apiKeyId: null } as const
}
