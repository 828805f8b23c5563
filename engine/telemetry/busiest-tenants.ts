/**
 * The busiest tenants of the last whole minute, by requests: a list of fixed length, so that ten thousand tenants are no ten thousand series.
 * Ids only. Beyond a bound of tenants within one minute the rest are counted together.
 */

/** What a tenant asked for within the minute. */
export interface TenantLoad {
  readonly tenantId: string
  readonly requests: number
  readonly seconds: number
}

export const BUSIEST = 10
const WINDOW_MS = 60_000
// A minute in which more than this many tenants were active remembers the first so many: about 1 MB.
const MOST_TENANTS = 10_000

interface Count {
  requests: number
  ms: number
}

export class BusiestTenants {
  #current = new Map<string, Count>()
  #currentFrom: number
  #last = new Map<string, Count>()

  constructor(now = performance.now()) {
    this.#currentFrom = now
  }

  /** Adds a request. */
  add(tenantId: string, ms: number, now = performance.now()): void {
    this.#turn(now)
    const count = this.#current.get(tenantId)
    if (count !== undefined) {
      count.requests += 1
      count.ms += ms
    } else if (this.#current.size < MOST_TENANTS) this.#current.set(tenantId, { requests: 1, ms })
  }

  /** The busiest of the last whole minute, most requests first. */
  list(now = performance.now()): TenantLoad[] {
    this.#turn(now)
    return [...this.#last]
      .sort(([a, x], [b, y]) => y.requests - x.requests || (a < b ? -1 : 1))
      .slice(0, BUSIEST)
      .map(([tenantId, { requests, ms }]) => ({ tenantId, requests, seconds: ms / 1000 }))
  }

  /** How many tenants asked for something in the last whole minute. */
  active(now = performance.now()): number {
    this.#turn(now)
    return this.#last.size
  }

  #turn(now: number): void {
    const windows = Math.floor((now - this.#currentFrom) / WINDOW_MS)
    if (windows < 1) return
    // After a minute of silence the last whole minute is an empty one.
    this.#last = windows === 1 ? this.#current : new Map()
    this.#current = new Map()
    this.#currentFrom += windows * WINDOW_MS
  }
}
