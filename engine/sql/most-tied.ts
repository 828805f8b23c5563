/**
 * How many rows keys may have to sort that no index has in their order (storage rule 8), and how an answer says that there were more: a list
 * inside of a row stands there as a mark, which no JSON holds, and whoever reads the answer refuses it. Knows no statement.
 */
import type { Order, Projection } from '../plan/types.ts'

/** Rows that are sorted by keys without an index: those of a list, or those alike in its first keys where these have one. */
export const TIED_MOST = 10_000

/** Where an answer would have had to sort more rows. */
export interface Tied {
  /** The sort in the query. */
  readonly pointer: string
  /** Whether its first key alone would do. */
  readonly byOneKey: boolean
}

/** JSON text writes control characters as escapes. */
const MARK = '\u0001'

/** What stands in the place of a list that is not sorted. */
export function markOf(pointer: string): string {
  return `${MARK}${pointer}${MARK}`
}

/** Whether the records inside of a row have to be found before they are sorted: ids alone follow in the index of a reference. */
export function isSortedInside([first]: readonly Order[]): boolean {
  return first !== undefined && first.field.key !== 'id' && first.field.key !== 'created_at'
}

/** The first list inside of rows that was not sorted. */
export function tiedInside(members: readonly Projection[], text: string): Tied | null {
  const begin = members.some(sorts) ? text.indexOf(MARK) : -1
  return begin < 0 ? null : { pointer: text.slice(begin + 1, text.indexOf(MARK, begin + 1)), byOneKey: false }
}

function sorts(member: Projection): boolean {
  if (member.kind === 'many') return isSortedInside(member.order) || member.members.some(sorts)
  return member.kind === 'one' ? member.members.some(sorts) : member.kind === 'through' && sorts(member.member)
}
