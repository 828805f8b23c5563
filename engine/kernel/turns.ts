/**
 * Gives a few places to many who want them, by turns: whoever holds fewest comes first, then whoever waits longest, so that nobody's hundred
 * requests stand before another's one. Each has a queue of his own with an end. Knows neither what a place is nor who asks.
 */

/** How places are given. */
export interface TurnRules {
  /** Places in all. */
  readonly places: number
  /** Most that one may hold at once; fewer than all keeps one open for whoever comes next. */
  readonly each: number
  /** Most that one may have waiting. */
  readonly waiting: (who: string) => number
  /** What is thrown at whoever has too many waiting, or has waited as long as he would. */
  readonly refusal: () => Error
  /** Who would wait longer than `ms`, as long as his own take at present, is told so at once; `least` may wait in any case. */
  readonly crowd?: { readonly ms: number; readonly least: number; readonly refusal: () => Error }
  /** Further conditions on whose turn it may be, judged anew whenever a place falls free. */
  readonly mayEnter?: (who: string) => boolean
}

interface Waiting {
  /** Since when, on the process's own clock. */
  readonly since: number
  readonly enter: () => void
}

export class Turns {
  readonly #rules: TurnRules
  readonly #held = new Map<string, number>()
  /** In the order of whose turn it is; nobody stands here who waits for nothing. */
  readonly #queues = new Map<string, Waiting[]>()
  /** How long each holds a place at present, in milliseconds; forgotten when he neither holds nor waits for one. */
  readonly #lasts = new Map<string, number>()
  #free: number

  constructor(rules: TurnRules) {
    this.#rules = rules
    this.#free = rules.places
  }

  /** Runs the work in a place of one's own once it is one's turn, before all else of one's own if it is `first`; waits no longer than `patienceMs`. */
  async run<T>(who: string, work: () => Promise<T>, patienceMs?: number, turn?: 'first'): Promise<T> {
    await this.#enter(who, patienceMs, turn === 'first')
    const began = performance.now()
    try {
      return await work()
    } finally {
      this.#note(who, performance.now() - began)
      this.#leave(who)
    }
  }

  /** How many places are taken at this moment. */
  get taken(): number {
    return this.#rules.places - this.#free
  }

  /** Who holds a place at this moment. */
  holders(): string[] {
    return [...this.#held.keys()]
  }

  /** How many wait for a place, of all together. */
  get waitingInAll(): number {
    return [...this.#queues.values()].reduce((sum, queue) => sum + queue.length, 0)
  }

  /** How many of one wait for a place. */
  waiting(who: string): number {
    return this.#queues.get(who)?.length ?? 0
  }

  async #enter(who: string, patienceMs: number | undefined, isFirst: boolean): Promise<void> {
    if (this.waiting(who) === 0 && this.#fits(who)) {
      this.#hold(who)
      return
    }
    if (this.waiting(who) >= this.#rules.waiting(who)) throw this.#rules.refusal()
    const { crowd } = this.#rules
    if (crowd !== undefined && !isFirst && this.waiting(who) >= crowd.least && this.#waitMs(who) > crowd.ms) throw crowd.refusal()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const mine: Waiting = { enter: resolve, since: performance.now() }
    const queue = this.#queues.get(who) ?? []
    if (isFirst) queue.unshift(mine)
    else queue.push(mine)
    this.#queues.set(who, queue)
    const timer =
      patienceMs === undefined
        ? undefined
        : setTimeout(() => {
            this.#forget(who, mine)
            reject(this.#rules.refusal())
          }, patienceMs)
    try {
      await promise
    } finally {
      clearTimeout(timer)
    }
  }

  /** How long he would wait: all of his who wait before him, one place after the other; for as long as none has ended, each at least as long as they have lasted. */
  #waitMs(who: string): number {
    const [oldest] = this.#queues.get(who) ?? []
    const last = this.#lasts.get(who) ?? (oldest === undefined ? 0 : performance.now() - oldest.since)
    return (this.waiting(who) * last) / Math.max(1, this.#count(who))
  }

  #note(who: string, ms: number): void {
    if (this.#rules.crowd === undefined) return
    const known = this.#lasts.get(who)
    this.#lasts.set(who, known === undefined ? ms : known + (ms - known) / 8)
  }

  #leave(who: string): void {
    const left = (this.#held.get(who) ?? 1) - 1
    if (left === 0) this.#held.delete(who)
    if (left === 0 && this.waiting(who) === 0) this.#lasts.delete(who)
    if (left > 0) this.#held.set(who, left)
    this.#free += 1
    this.#forget(who)
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      const [first] = this.#queues.get(next) ?? []
      if (first === undefined) return
      this.#hold(next)
      this.#forget(next, first)
      first.enter()
    }
  }

  /** Whose turn it is, undefined where nobody who waits may enter. */
  #next(): string | undefined {
    let found: string | undefined
    for (const who of this.#queues.keys())
      if (this.#fits(who) && (found === undefined || this.#count(who) < this.#count(found))) found = who
    return found
  }

  #fits(who: string): boolean {
    return this.#free > 0 && this.#count(who) < this.#rules.each && (this.#rules.mayEnter?.(who) ?? true)
  }

  #hold(who: string): void {
    this.#free -= 1
    this.#held.set(who, this.#count(who) + 1)
  }

  #count(who: string): number {
    return this.#held.get(who) ?? 0
  }

  /** Takes one out of the queue, if one is named; the others of his stand behind everybody else's then. */
  #forget(who: string, one?: Waiting): void {
    const rest = (this.#queues.get(who) ?? []).filter(each => each !== one)
    this.#queues.delete(who)
    if (rest.length > 0) this.#queues.set(who, rest)
  }
}
