/**
 * Knows how long who comes now would wait: as many as wait before him, at the pace of the last answers. Where that is too long to be of use he
 * is better told so at once. In the memory of each process; knows neither requests nor routes, and no clock but the one it is given.
 */

export interface CrowdLimits {
  /** Who would wait longer than this is refused. */
  readonly mostWaitMs: number
  /** Fewer than these are never a crowd, however slowly they are answered. */
  readonly smallest: number
}

/**
 * Half of what a connection to the database is waited for (3 s), so that nobody is let in and then sent away; measured, see
 * docs/operations/processes.md. Three dozen is what a few people's pages ask for at once, and what a cold start may keep waiting.
 */
export const CROWD_LIMITS: CrowdLimits = { mostWaitMs: 1_500, smallest: 36 }

/** Nobody is ever too many: for measuring without the guard, and for processes that share their loop with a test. */
export const ANY_CROWD: CrowdLimits = { mostWaitMs: Number.POSITIVE_INFINITY, smallest: 36 }

const SLOT_MS = 100
// Two seconds of answers: a loop that stood still for one of them is no crowd.
const SLOTS = 20
const SETTLED_MS = 1_000
// What a process is trusted with, per millisecond, before a crowd has lasted long enough for its pace to be known.
const ASSUMED_PACE = 0.1

export class CrowdGuard {
  readonly #limits: CrowdLimits
  readonly #answers = new Uint32Array(SLOTS)
  #slot = 0
  #waiting = 0
  /** Since when there has been a crowd; null where there is none. */
  #since: number | null = null

  constructor(limits: CrowdLimits = CROWD_LIMITS) {
    this.#limits = limits
  }

  /** How many wait. */
  get waiting(): number {
    return this.#waiting
  }

  /** Whether who comes now would wait too long. */
  isCrowded(now = performance.now()): boolean {
    if (this.#waiting < this.#limits.smallest) return false
    return this.#waiting > this.#paceAt(now) * this.#limits.mostWaitMs
  }

  /** One more waits. */
  enter(now = performance.now()): void {
    this.#waiting += 1
    if (this.#waiting === this.#limits.smallest) this.#since = now
  }

  /** One no longer waits, because he is answered or because it is now for him to go on. */
  leave(isAnswered: boolean, now = performance.now()): void {
    if (this.#waiting === this.#limits.smallest) this.#since = null
    this.#waiting -= 1
    if (!isAnswered) return
    this.#turnTo(now)
    this.#answers[this.#slot % SLOTS] = (this.#answers[this.#slot % SLOTS] ?? 0) + 1
  }

  /** Answers per millisecond. */
  #paceAt(now: number): number {
    this.#turnTo(now)
    const pace = this.#answers.reduce((sum, answers) => sum + answers, 0) / (SLOTS * SLOT_MS)
    const isSettled = this.#since !== null && now - this.#since >= SETTLED_MS
    return isSettled ? pace : Math.max(pace, ASSUMED_PACE)
  }

  /** Forgets what was answered longer ago than is looked back. */
  #turnTo(now: number): void {
    const slot = Math.floor(now / SLOT_MS)
    for (let next = Math.max(this.#slot + 1, slot - SLOTS + 1); next <= slot; next++) this.#answers[next % SLOTS] = 0
    this.#slot = Math.max(this.#slot, slot)
  }
}
