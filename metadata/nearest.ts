// Answers for: which known name was probably meant by an unknown one.
// It must not be given names that the reader may not know.

import { type Said, words } from './said.ts'
/** The candidate that needs the fewest corrections, or undefined when none is near; equal ones go by the order given. */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  const known = [...candidates]
  // A quarter of the letters: "stge" finds "stage", while "region" does not become "reason".
  let limit = Math.max(1, Math.floor(name.length / 4))
  let best: string | undefined
  const wanted = plain(name)
  for (const candidate of known) {
    const distance = correctionsBetween(wanted, plain(candidate), limit)
    if (distance < limit || (distance === limit && best === undefined)) {
      best = candidate
      limit = distance
      if (distance === 0) break
    }
  }
  return best ?? onlyContinuation(wanted, known)
}

/** "owner" for "owner_id", "equals" for "eq": the one candidate that goes on with, or begins, what was written. */
function onlyContinuation(wanted: string, candidates: readonly string[]): string | undefined {
  const related = candidates.filter(candidate => {
    const name = plain(candidate)
    const [short, long] = name.length < wanted.length ? [name, wanted] : [wanted, name]
    return short.length > 1 && long.startsWith(short)
  })
  return related.length === 1 ? related[0] : undefined
}

/** The hint that names the nearest candidate; nothing where there is none. */
export function nearestHint(name: string, candidates: Iterable<string>): { hint?: Said } {
  const nearest = nearestName(name, candidates)
  return nearest === undefined ? {} : { hint: words('Did you mean “{nearest}”?', { nearest }) }
}

function plain(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_')
}

/** Insertions, deletions, replacements and swaps of neighbours; anything above the limit comes back as limit + 1. */
function correctionsBetween(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1
  let twoAbove: number[] = []
  let above = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1
      let least = Math.min(at(above, column) + 1, at(current, column - 1) + 1, at(above, column - 1) + cost)
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1])
        least = Math.min(least, at(twoAbove, column - 2) + 1)
      current.push(least)
    }
    if (Math.min(...current) > limit) return limit + 1
    twoAbove = above
    above = current
  }
  return at(above, b.length)
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY
}
