/**
 * Remembers whose expressions are slow: what they take beyond a brisk value's time is noted and forgotten again little by little. In the memory
 * of one process; decides nothing.
 */
import { BRISK_MS, FORGIVEN_PER_SECOND_MS, MOST_SLOW_MS, SLOW_FROM_MS } from './limits.ts'

interface Note {
  readonly ms: number
  readonly at: number
}

export class Slowness {
  readonly #notes = new Map<string, Note>()

  /** Notes that so many values of a tenant took so much of the processor. */
  note(tenantId: string, ms: number, values: number, now = performance.now()): void {
    const over = ms - BRISK_MS * values
    const known = this.#left(tenantId, now)
    if (over <= 0 && known === 0) this.#notes.delete(tenantId)
    else if (over > 0) this.#notes.set(tenantId, { ms: Math.min(MOST_SLOW_MS, known + over), at: now })
  }

  /** Whether a tenant's expressions have proved slow of late. */
  isSlow(tenantId: string, now = performance.now()): boolean {
    return this.#left(tenantId, now) > SLOW_FROM_MS
  }

  #left(tenantId: string, now: number): number {
    const known = this.#notes.get(tenantId)
    return known === undefined ? 0 : Math.max(0, known.ms - ((now - known.at) / 1000) * FORGIVEN_PER_SECOND_MS)
  }
}
