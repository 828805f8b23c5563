/**
 * The refresh token's cookie and the test that a request with it comes from our own pages. Pure text.
 * SameSite=Strict already keeps other sites out; the header or origin is asked for besides, for browsers and proxies that know better.
 */
import type { RefreshToken } from './session.ts'
import type { IdentityConfig } from './types.ts'

export const REFRESH_COOKIE = 'nexus_refresh'

/** The cookie's attributes: out of reach of scripts, sent to the sign-in routes alone, over TLS unless the installation is plain http. */
export function attributesOf(config: IdentityConfig): string {
  const secure = config.publicUrl.startsWith('http://') ? '' : '; Secure'
  return `; Path=/api/auth; HttpOnly; SameSite=Strict${secure}`
}

/** The `set-cookie` that keeps a refresh token until it ends. */
export function writeRefreshCookie(config: IdentityConfig, token: RefreshToken): string {
  return `${REFRESH_COOKIE}=${token.value}; Expires=${token.expiresAt.toUTCString()}${attributesOf(config)}`
}

/** The `set-cookie` that takes it away. */
export function clearRefreshCookie(config: IdentityConfig): string {
  return `${REFRESH_COOKIE}=; Max-Age=0${attributesOf(config)}`
}

/** The token in a `cookie` header; null when there is none, or more than one, for then somebody else has set one. */
export function readRefreshCookie(header: string | undefined): string | null {
  return onlyCookie(header, REFRESH_COOKIE)
}

/** The value of a cookie that stands in a `cookie` header once. */
export function onlyCookie(header: string | undefined, name: string): string | null {
  const found = (header ?? '')
    .split(';')
    .map(part => part.trim())
    .filter(part => part.startsWith(`${name}=`))
  return found.length === 1 ? (found[0]?.slice(name.length + 1) ?? null) : null
}

/**
 * Whether a request that carries a cookie was made by our own page or by no page: another site can set neither the header nor its origin.
 * The origin is the installation's, or that of the host the page was loaded from (an address of the local network, a development port).
 */
export function isSameSite(config: IdentityConfig, headers: Readonly<Record<string, string | string[] | undefined>>): boolean {
  if (headers['nexus-client'] !== undefined) return true
  const { origin, host } = headers
  if (typeof origin !== 'string' || !URL.canParse(origin)) return false
  const from = new URL(origin)
  return from.origin === new URL(config.publicUrl).origin || (/^https?:$/.test(from.protocol) && from.host === host)
}
