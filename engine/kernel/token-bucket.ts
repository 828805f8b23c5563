/**
 * Token buckets by key, in the memory of this process: how floods are cut without a store.
 * Knows nothing of what is counted; time is monotonic, so a clock that jumps opens no gate.
 */

/** So many per second on average, so many at once. */
export interface Pace {
  readonly perSecond: number
  readonly burst: number
}

interface Bucket {
  tokens: number
  at: number
}

// Refilling by parts adds up to 0.999999… of a token.
const EPSILON = 1e-6

/** Buckets of one pace; the least recently used key is forgotten beyond `capacity`, which only ever gives tokens back. */
export class TokenBuckets {
  readonly #pace: Pace
  readonly #capacity: number
  readonly #buckets = new Map<string, Bucket>()

  constructor(pace: Pace, capacity = 50_000) {
    this.#pace = pace
    this.#capacity = capacity
  }

  /** Takes `cost` tokens of `key`: 0 when they were there, else the milliseconds after which they will be. */
  take(key: string, cost = 1, now = performance.now()): number {
    const bucket = this.#refill(key, now)
    if (bucket.tokens >= cost - EPSILON) {
      bucket.tokens -= cost
      return 0
    }
    return Math.ceil(((Math.min(cost, this.#pace.burst) - bucket.tokens) / this.#pace.perSecond) * 1000 - EPSILON)
  }

  /** How many keys are remembered. */
  get size(): number {
    return this.#buckets.size
  }

  #refill(key: string, now: number): Bucket {
    const known = this.#buckets.get(key)
    const bucket = known ?? { tokens: this.#pace.burst, at: now }
    if (known !== undefined) {
      bucket.tokens = Math.min(this.#pace.burst, bucket.tokens + (Math.max(0, now - bucket.at) * this.#pace.perSecond) / 1000)
      bucket.at = now
      this.#buckets.delete(key)
    } else if (this.#buckets.size >= this.#capacity) {
      const oldest = this.#buckets.keys().next()
      if (!oldest.done) this.#buckets.delete(oldest.value)
    }
    this.#buckets.set(key, bucket)
    return bucket
  }
}
