/**
 * The state of a list as it stands in the address bar: view, search, filter, order, columns. What is as in the view is
 * left out, so that a plain address shows the plain view. Pure.
 */
import type { Predicate } from '../../../metadata/generated/types.ts'
import type { ModelField } from '../api/model.ts'

/** The search parameters of a list page. */
export interface ListAddress {
  readonly view?: string
  readonly q?: string
  readonly where?: Predicate
  /** Sort keys joined by commas. */
  readonly sort?: string
  /** Column paths joined by commas. */
  readonly columns?: string
  /** The month a calendar shows, such as `2025-03`. */
  readonly month?: string
}

/** Reads search parameters; whatever does not fit is dropped. */
export function parseListAddress(search: Readonly<Record<string, unknown>>): ListAddress {
  const text = (name: string): string | undefined => {
    const value = search[name]
    if (typeof value === 'number') return String(value)
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const view = text('view')
  const q = text('q')
  const sort = text('sort')
  const columns = text('columns')
  const month = text('month')
  const where = search['where']
  return {
    ...(view === undefined ? {} : { view }),
    ...(q === undefined ? {} : { q }),
    ...(isPredicate(where) ? { where } : {}),
    ...(sort === undefined ? {} : { sort }),
    ...(columns === undefined ? {} : { columns }),
    ...(month === undefined || !/^\d{4}-(0[1-9]|1[0-2])$/.test(month) ? {} : { month }),
  }
}

/** The keys of a comma-joined list, or null where there is none. */
export function keysOf(joined: string | undefined): string[] | null {
  if (joined === undefined) return null
  const keys = joined.split(',').filter(key => key !== '')
  return keys.length === 0 ? null : keys
}

/** At most this many sort keys are understood by the engine. */
export const MAX_SORT_KEYS = 3

/**
 * The order after a click on a column: upwards, then downwards, then no more. `add` keeps the other keys.
 */
export function nextSort(sort: readonly string[], key: string, add: boolean): string[] {
  const up = sort.includes(key)
  const down = sort.includes(`-${key}`)
  const next = up ? `-${key}` : down ? null : key
  if (!add) return next === null ? [] : [next]
  const others = sort.filter(other => other !== key && other !== `-${key}`)
  if (next === null) return others
  if (up || down) return sort.map(other => (other === key || other === `-${key}` ? next : other))
  return [...others, next].slice(-MAX_SORT_KEYS)
}

/** How a key stands in an order. */
export function sortOf(sort: readonly string[], key: string | null): { direction: 'ascending' | 'descending'; place: number } | null {
  const place = sort.findIndex(other => other === key || other === `-${key}`)
  if (key === null || place === -1) return null
  return { direction: sort[place] === key ? 'ascending' : 'descending', place: place + 1 }
}

/** The keys of an order that the caller may sort by; those behind references are left to the engine. */
export function permittedSort(sort: readonly string[], fields: readonly ModelField[]): string[] {
  return sort.filter(key => {
    const path = key.replace(/^-/, '')
    return path.includes('.') || fields.some(field => field.key === path && field.sortable === true)
  })
}

/** Both must hold; a missing one holds. */
export function both(one: Predicate | null | undefined, other: Predicate | null | undefined): Predicate | undefined {
  const parts = [one, other].filter(part => part && Object.keys(part).length > 0) as Predicate[]
  return parts.length === 2 ? { and: parts } : parts[0]
}

function isPredicate(value: unknown): value is Predicate {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
}
