/**
 * Chance that can be repeated: the same seed gives the same numbers on every machine.
 * Knows nothing of what is made from it.
 */

/** A stream of pseudo-random numbers with the draws that demo data needs. */
export interface Random {
  /** A number from 0 up to, not including, 1. */
  next(): number
  /** A whole number between both bounds, inclusive. */
  between(low: number, high: number): number
  /** True with the given probability. */
  chance(probability: number): boolean
  /** One of the members. */
  pick<T>(from: readonly T[]): T
  /** One of the members, each as often as its weight says. */
  weighted<T>(from: readonly (readonly [T, number])[]): T
  /** The members in another order. */
  shuffled<T>(from: readonly T[]): T[]
  /** A positive number around `median`; `spread` 0.5 keeps two thirds between 60 % and 165 % of it. */
  around(median: number, spread: number): number
}

/** A stream of its own for each name, so that more data of one kind leaves the other kinds as they are. */
export function randomOf(seed: number, name: string): Random {
  const next = mulberry32(hash(`${seed}/${name}`))
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1))
  const pick = <T>(from: readonly T[]): T => at(from, between(0, from.length - 1))
  return {
    next,
    between,
    pick,
    chance: probability => next() < probability,
    weighted: from => {
      let rest = next() * from.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [member, weight] of from) if ((rest -= weight) < 0) return member
      return at(from, from.length - 1)[0]
    },
    shuffled: from => {
      const result = [...from]
      for (let last = result.length - 1; last > 0; last--) {
        const other = between(0, last)
        const moved = at(result, last)
        result[last] = at(result, other)
        result[other] = moved
      }
      return result
    },
    around: (median, spread) => median * Math.exp(spread * normal(next)),
  }
}

/** The member at a place that is known to be there. */
export function at<T>(list: readonly T[], index: number): T {
  const found = list[index]
  if (found === undefined) throw new Error(`There are ${list.length} members, none at ${index}.`)
  return found
}

function normal(next: () => number): number {
  // Sum of twelve uniform draws: a normal distribution, cut at six deviations, from additions alone (the same on every machine).
  let sum = -6
  for (let draw = 0; draw < 12; draw++) sum += next()
  return sum
}

function hash(text: string): number {
  // FNV-1a, 32 bit.
  let state = 2166136261
  for (let index = 0; index < text.length; index++) state = Math.imul(state ^ text.charCodeAt(index), 16777619)
  return state >>> 0
}

function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
