/**
 * Where somebody was in the list of an entity, for the way back from a record: the address with its view, search and filter,
 * and the row that was opened. Lives as long as the page; whoever signs out takes it along.
 */
import type { ListAddress } from './address.ts'

interface ListPlace {
  readonly address: ListAddress
  /** The record that was opened from there. */
  readonly row: string | null
}

const places = new Map<string, ListPlace>()
const NOWHERE: ListPlace = { address: {}, row: null }

/** The last place in the list of an entity. */
export function lastPlace(entity: string): ListPlace {
  return places.get(entity) ?? NOWHERE
}

/** Keeps the address of a list that is on screen; at another address the row means nothing any more. */
export function rememberAddress(entity: string, address: ListAddress): void {
  const { address: before, row } = lastPlace(entity)
  places.set(entity, { address, row: JSON.stringify(before) === JSON.stringify(address) ? row : null })
}

/** Keeps the record that is opened from the list. */
export function rememberRow(entity: string, row: string): void {
  places.set(entity, { ...lastPlace(entity), row })
}

/** Forgets everything. */
export function forgetPlaces(): void {
  places.clear()
}
