/**
 * The spelling of tokens, keys and cookies, all of which begin with their tenant: `<tenant>.<purpose>.<…>`.
 * Sealed tokens carry a payload under HMAC-SHA256 with a key of their own per purpose and tenant, so there is no algorithm to choose and
 * none to confuse; stored ones carry an id and a random secret of which the database keeps a hash. Knows no database and no clock.
 */
import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { isId } from '../kernel/ids.ts'

export type SealedPurpose = 'access' | 'refresh'
export type StoredPurpose = 'key' | 'invitation' | 'password_reset'

/** What an access token says; bound to a session, its user, and the epochs of tenant and user it was issued under. */
export interface AccessClaims {
  readonly iss: 'nexus'
  readonly aud: 'nexus-api'
  readonly sub: string
  readonly sid: string
  readonly tenant_epoch: number
  readonly user_epoch: number
  /** Seconds since 1970. */
  readonly iat: number
  readonly exp: number
}

/** What a refresh token says: the session it belongs to, which rotation of it this is, and a secret that the database knows by hash. */
export interface RefreshClaims {
  readonly iss: 'nexus'
  readonly aud: 'nexus-refresh'
  readonly sid: string
  readonly generation: number
  readonly secret: string
}

/** A longer text is no token of ours; it is refused before anything is computed. */
export const TOKEN_MAX_LENGTH = 1000

const SEALED = /^([0-9a-f-]{36})\.(access|refresh)\.([A-Za-z0-9_-]{1,800})\.([A-Za-z0-9_-]{43})$/
const STORED = /^([0-9a-f-]{36})\.(key|invitation|password_reset)\.([0-9a-f-]{36})\.([A-Za-z0-9_-]{43})$/

/** Writes an access token. */
export function sealAccess(secret: string, tenantId: string, claims: AccessClaims): string {
  return seal(secret, 'access', tenantId, claims)
}

/** Reads an access token: null unless we sealed it for this very purpose and it has not expired. */
export function openAccess(secret: string, token: string, now: Date): { tenantId: string; claims: AccessClaims } | null {
  const opened = open(secret, 'access', token)
  if (opened === null) return null
  const claims = opened.payload as Partial<AccessClaims>
  const known = claims.iss === 'nexus' && claims.aud === 'nexus-api' && isId(claims.sub) && isId(claims.sid)
  const numbers = [claims.tenant_epoch, claims.user_epoch, claims.iat, claims.exp].every(Number.isSafeInteger)
  if (!known || !numbers || (claims as AccessClaims).exp * 1000 <= now.getTime()) return null
  return { tenantId: opened.tenantId, claims: claims as AccessClaims }
}

/** Writes a refresh token. */
export function sealRefresh(secret: string, tenantId: string, claims: RefreshClaims): string {
  return seal(secret, 'refresh', tenantId, claims)
}

/** Reads a refresh token: null unless we sealed it; whether it still counts is the session's to say. */
export function openRefresh(secret: string, token: string): { tenantId: string; claims: RefreshClaims } | null {
  const opened = open(secret, 'refresh', token)
  if (opened === null) return null
  const claims = opened.payload as Partial<RefreshClaims>
  const known = claims.iss === 'nexus' && claims.aud === 'nexus-refresh' && isId(claims.sid)
  if (!known || !Number.isSafeInteger(claims.generation) || typeof claims.secret !== 'string') return null
  return { tenantId: opened.tenantId, claims: claims as RefreshClaims }
}

/** Writes a token whose secret the database keeps by hash. */
export function writeStored(tenantId: string, purpose: StoredPurpose, id: string, secret: string): string {
  return `${tenantId}.${purpose}.${id}.${secret}`
}

/** Reads a stored token of one purpose; null for any other spelling. */
export function readStored(token: string, purpose: StoredPurpose): { tenantId: string; id: string; secret: string } | null {
  const parts = token.length > TOKEN_MAX_LENGTH ? null : STORED.exec(token)
  if (parts === null || parts[2] !== purpose) return null
  const [, tenantId, , id, secret] = parts
  return isId(tenantId) && isId(id) && secret !== undefined ? { tenantId, id, secret } : null
}

/** The hash under which a random secret is kept; no salt, for it has 256 random bits of its own. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}

/** Whether a secret belongs to a kept hash, in time that does not tell how much of it fits. */
export function matchesHash(secret: string, kept: string): boolean {
  return isSameText(hashSecret(secret), kept)
}

/** Compares two texts without telling by time where they differ. */
export function isSameText(a: string, b: string): boolean {
  const left = createHash('sha256').update(a).digest()
  const right = createHash('sha256').update(b).digest()
  return timingSafeEqual(left, right)
}

function seal(secret: string, purpose: SealedPurpose, tenantId: string, payload: object): string {
  const head = `${tenantId}.${purpose}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}`
  return `${head}.${macOf(secret, purpose, tenantId, head)}`
}

function open(
  secret: string,
  purpose: SealedPurpose,
  token: string,
): { tenantId: string; payload: Readonly<Record<string, unknown>> } | null {
  const parts = token.length > TOKEN_MAX_LENGTH ? null : SEALED.exec(token)
  if (parts === null || parts[2] !== purpose) return null
  const [, tenantId, , payload, mac] = parts
  if (!isId(tenantId) || payload === undefined || mac === undefined) return null
  if (!isSameText(mac, macOf(secret, purpose, tenantId, `${tenantId}.${purpose}.${payload}`))) return null
  return { tenantId, payload: JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown> }
}

function macOf(secret: string, purpose: SealedPurpose, tenantId: string, head: string): string {
  const key = hkdfSync('sha256', secret, tenantId, `nexus token ${purpose} 1`, 32)
  return createHmac('sha256', Buffer.from(key)).update(head).digest('base64url')
}
