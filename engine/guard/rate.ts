/**
 * Cuts what comes too fast: one pace per address, a slower one for addresses whose credentials keep failing, one per principal.
 * In the memory of each process; knows no route and no database.
 */
import { isIPv6 } from 'node:net'
import { type Pace, TokenBuckets } from '../kernel/token-bucket.ts'
import { guardErrors } from './errors.ts'

/** The paces of the door. */
export interface RateLimits {
  /** All requests of one address, signed in or not: an office of some hundred people behind one. */
  readonly address: Pace
  /** Requests of one address whose credentials were refused. */
  readonly refused: Pace
  /** Requests of one user or API key: a page of the app asks for about ten things at once. */
  readonly principal: Pace
}

export const RATE_LIMITS: RateLimits = {
  address: { perSecond: 400, burst: 2000 },
  refused: { perSecond: 1, burst: 30 },
  principal: { perSecond: 100, burst: 500 },
}

/** No pace at all: for measuring and for suites that ask thousands of questions in a row. */
export const UNLIMITED: RateLimits = {
  address: { perSecond: 1e9, burst: 1e9 },
  refused: { perSecond: 1e9, burst: 1e9 },
  principal: { perSecond: 1e9, burst: 1e9 },
}

export class RateGuard {
  readonly #addresses: TokenBuckets
  readonly #refused: TokenBuckets
  readonly #principals: TokenBuckets

  constructor(limits: RateLimits = RATE_LIMITS) {
    this.#addresses = new TokenBuckets(limits.address)
    this.#refused = new TokenBuckets(limits.refused)
    this.#principals = new TokenBuckets(limits.principal)
  }

  /** Before anything is known of the caller. Throws GUARD_RATE_LIMITED. */
  requireAddress(ip: string): void {
    require(this.#addresses.take(addressKey(ip)))
  }

  /** Once the caller is known; `principal` is the id of a user or an API key. Throws GUARD_RATE_LIMITED. */
  requirePrincipal(principal: string): void {
    require(this.#principals.take(principal))
  }

  /** Counts credentials that were refused; once they come too fast the answer is GUARD_RATE_LIMITED instead of why. */
  countRefused(ip: string): void {
    require(this.#refused.take(addressKey(ip)))
  }
}

function require(waitMs: number): void {
  if (waitMs === 0) return
  const seconds = Math.max(1, Math.ceil(waitMs / 1000))
  throw guardErrors.RATE_LIMITED({ seconds }, { headers: { 'retry-after': String(seconds) } })
}

/** The part of an address that one subscriber can not vary: all of IPv4, the first 64 bits of IPv6. */
export function addressKey(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1]
  if (mapped !== undefined) return mapped
  if (!isIPv6(ip)) return ip
  const [head = '', tail] = ip.toLowerCase().split('%')[0]?.split('::') ?? []
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length)
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right]
  return groups
    .slice(0, 4)
    .map(group => group.replace(/^0+(?=.)/, ''))
    .join(':')
}
