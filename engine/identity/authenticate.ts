/**
 * Turns a Bearer token or API key into a Caller. A token is verified once and kept by its hash; the standing of its principal is compared
 * with the database at most every 500 ms, so that logout, lock, new roles, a publish, suspension and revocation bite within a second
 * in every process, without a message between them. One look serves all of a tenant's principals who are asking.
 */
import { hash as digest } from 'node:crypto'
import type { Caller } from '../kernel/context.ts'
import type { Database } from '../platform/types.ts'
import { unauthenticated } from './errors.ts'
import { type Admitted, loadCallers, type Principal } from './load-caller.ts'
import { matchesHash, openAccess, readStored } from './token.ts'
import type { IdentityConfig, ModelSource } from './types.ts'

/** What a request shows. */
export interface Credentials {
  readonly authorization: string | undefined
  readonly ip: string
  readonly now: Date
  /** Compare with the database now, however recent the last look: after IDENTITY_STALE. */
  readonly afresh?: boolean
}

/** How old the last look at the database may be. A look takes 0.3 ms, and a tenant whose people ask is looked at two or three times a second. */
export const RECHECK_MS = 500
/** Whose last look is this old is looked at again while he goes on by what it said, so that who asks often waits for none. */
const DUE_MS = 400
/** Others of his tenant are looked at with him, if their last look is this old. */
const JOINS_MS = 200
/** Principals of one look. */
const MOST_TOGETHER = 500
/** Tokens kept per process, 2 kB each. */
const KEPT = 10_000
/** `last_used_at` of a key is exact to this. */
const KEY_USE_MS = 60_000

interface Kept {
  readonly principal: Principal
  /** The epochs an access token was issued under; a key is bound to none. */
  readonly bound: { readonly tenant: number; readonly user: number } | null
  readonly expiresAt: number
  admitted: Admitted | null
  /** When the last look that counts began, in ms of the process's own clock: the wall clock may jump. */
  lookedAt: number
  look: Promise<Admitted | null> | null
}

/** What authentication stands on. `noteTree` hears the tree epoch seen with every look; `noteKeyUse` that a key was used. */
export interface AuthenticationSources {
  readonly config: IdentityConfig
  readonly database: Database
  readonly models: ModelSource
  readonly noteTree: (tenantId: string, treeEpoch: number) => void
  readonly noteKeyUse: (principal: Principal, now: Date) => void
}

export interface Authentication {
  /** Throws 401, always the same one, unless the credentials count at this moment and from this address. */
  authenticate(credentials: Credentials): Promise<Caller>
  /** Drops what this process remembers of a tenant or one of its users, so that its own changes bite at the next request. */
  forget(tenantId: string, userId?: string): void
}

/** Makes the authentication of one process. */
export function createAuthentication(sources: AuthenticationSources): Authentication {
  const kept = new Map<string, Kept>()
  /** By tenant, who has asked since his last look. */
  const asking = new Map<string, Set<Kept>>()

  async function authenticate(credentials: Credentials): Promise<Caller> {
    const token = readBearer(credentials.authorization)
    if (token === null) throw unauthenticated()
    const hash = digest('sha256', token, 'base64')
    const entry = kept.get(hash) ?? (await open(sources, token, credentials.now))
    if (entry === null || entry.expiresAt <= credentials.now.getTime()) {
      drop(hash)
      throw unauthenticated()
    }
    remember(hash, entry)
    noteAsking(entry)
    const admitted = await standingOf(entry, credentials)
    if (admitted === null) {
      drop(hash)
      throw unauthenticated()
    }
    if (!admitted.admits(credentials.ip)) throw unauthenticated()
    return admitted.caller
  }

  /** Moves the entry to the young end; the one unused for longest goes. */
  function remember(hash: string, entry: Kept): void {
    kept.delete(hash)
    kept.set(hash, entry)
    if (kept.size <= KEPT) return
    const oldest = kept.keys().next().value
    if (oldest !== undefined) drop(oldest)
  }

  /** Whoever is no longer kept asks no longer. */
  function drop(hash: string): void {
    const entry = kept.get(hash)
    kept.delete(hash)
    if (entry === undefined) return
    const { tenantId } = entry.principal
    const ofTenant = asking.get(tenantId)
    ofTenant?.delete(entry)
    if (ofTenant?.size === 0) asking.delete(tenantId)
  }

  async function standingOf(entry: Kept, credentials: Credentials): Promise<Admitted | null> {
    if (credentials.afresh === true) return lookWith(entry, credentials.now)
    const age = performance.now() - entry.lookedAt
    if (age < DUE_MS) return entry.admitted
    const look = entry.look ?? lookWith(entry, credentials.now)
    return age < RECHECK_MS ? entry.admitted : look
  }

  function noteAsking(entry: Kept): void {
    const ofTenant = asking.get(entry.principal.tenantId)
    if (ofTenant === undefined) asking.set(entry.principal.tenantId, new Set([entry]))
    else ofTenant.add(entry)
  }

  /** Looks at one principal, and in the same statement at others of his tenant whose look is nearly due. */
  function lookWith(entry: Kept, now: Date): Promise<Admitted | null> {
    const { tenantId } = entry.principal
    const lookedAt = performance.now()
    const ofTenant = asking.get(tenantId) ?? new Set<Kept>()
    const together = [entry]
    for (const each of ofTenant) {
      if (together.length === MOST_TOGETHER) break
      if (each !== entry && each.look === null && lookedAt - each.lookedAt >= JOINS_MS) together.push(each)
    }
    for (const each of together) ofTenant.delete(each)
    if (ofTenant.size === 0) asking.delete(tenantId)
    const found = loadCallers(
      sources,
      tenantId,
      together.map(({ principal, admitted }) => ({ principal, before: admitted })),
      now,
    )
    const looks = together.map((each, at) =>
      begin(
        each,
        lookedAt,
        found.then(all => judge(each, all[at] ?? null, now)),
      ),
    )
    // Whoever asks himself hears of a failure; the others look again when they ask.
    for (const look of looks) look.catch(() => undefined)
    return looks[0] ?? Promise.resolve(null)
  }

  async function begin(entry: Kept, lookedAt: number, look: Promise<Admitted | null>): Promise<Admitted | null> {
    entry.look = look
    let learnt: Admitted | null = null
    try {
      learnt = await look
      return learnt
    } finally {
      // Only the latest look counts; one that was overtaken, or failed, teaches nothing.
      if (entry.look === look) {
        entry.admitted = learnt
        entry.look = null
        entry.lookedAt = learnt === null ? Number.NEGATIVE_INFINITY : lookedAt
      }
    }
  }

  /** What a look means for a principal. */
  function judge(entry: Kept, admitted: Admitted | null, now: Date): Admitted | null {
    if (admitted === null || !isBoundTo(entry, admitted.caller)) return null
    sources.noteTree(entry.principal.tenantId, admitted.treeEpoch)
    const used = entry.principal.apiKeyId === null ? now : admitted.keyUsedAt
    if (used === null || now.getTime() - used.getTime() > KEY_USE_MS) sources.noteKeyUse(entry.principal, now)
    return admitted
  }

  return {
    authenticate,
    forget: (tenantId, userId) => {
      for (const entry of kept.values()) {
        const { principal } = entry
        if (principal.tenantId !== tenantId || (userId !== undefined && principal.userId !== userId)) continue
        entry.lookedAt = Number.NEGATIVE_INFINITY
        // A look that has begun may have read the state before the change.
        entry.look = null
      }
    },
  }
}

/** The token of an Authorization header; null for any other scheme or spelling. */
function readBearer(authorization: string | undefined): string | null {
  return /^bearer ([A-Za-z0-9._-]{60,1000})$/i.exec(authorization ?? '')?.[1] ?? null
}

/** Verifies a token that this process has not seen yet. */
async function open(sources: AuthenticationSources, token: string, now: Date): Promise<Kept | null> {
  const access = openAccess(sources.config.secret, token, now)
  if (access !== null) {
    const { sub, sid, tenant_epoch: tenant, user_epoch: user, exp } = access.claims
    return keep({ tenantId: access.tenantId, userId: sub, sessionId: sid, apiKeyId: null }, { tenant, user }, exp * 1000)
  }
  const key = readStored(token, 'key')
  if (key === null) return null
  const [row] = await sources.database.readAs(key.tenantId, connection =>
    connection.run<{ user_id: string; secret_hash: string; expires_at: string | null }>({
      name: 'key_owner',
      text: 'select user_id, secret_hash, expires_at from nexus.api_key where tenant_id = $1 and id = $2',
      values: [key.tenantId, key.id],
    }),
  )
  if (row === undefined || !matchesHash(key.secret, row.secret_hash)) return null
  const expiresAt = row.expires_at === null ? Number.POSITIVE_INFINITY : Date.parse(row.expires_at)
  return keep({ tenantId: key.tenantId, userId: row.user_id, sessionId: null, apiKeyId: key.id }, null, expiresAt)
}

function keep(principal: Principal, bound: Kept['bound'], expiresAt: number): Kept {
  return { principal, bound, expiresAt, admitted: null, lookedAt: Number.NEGATIVE_INFINITY, look: null }
}

function isBoundTo(entry: Kept, caller: Caller): boolean {
  return entry.bound === null || (entry.bound.tenant === caller.epochs.tenant && entry.bound.user === caller.epochs.user)
}
