/**
 * What a form sends: a new record whole, an edited one as the fields that differ, line items as operations. Pure.
 */
import { ROW_KEY } from '../inputs/row-key.ts'

/** Values by field key. */
export type FormValues = Readonly<Record<string, unknown>>

/** What is sent, and to which rows of the form its line operations belong. */
export interface Outgoing {
  readonly body: Record<string, unknown>
  /** Pointer of an operation, such as `/line_items/create/0`, to the row it came from, such as `/line_items/2`. */
  readonly rows: ReadonlyMap<string, string>
}

/** A new record: every value that is there and shows. */
export function newRecord(values: FormValues, tables: readonly string[], hidden: readonly string[]): Outgoing {
  const body = Object.fromEntries(
    Object.entries(values)
      .filter(([key, value]) => value !== undefined && !hidden.includes(key))
      .map(([key, value]) => [key, tables.includes(key) ? rowsOf(value).map(withoutMarks) : value]),
  )
  return { body, rows: new Map() }
}

/** A merge patch: what differs from `before`, null where a value was taken away. Fields that do not show stay as they were. */
export function changedRecord(before: FormValues, after: FormValues, tables: readonly string[], hidden: readonly string[]): Outgoing {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(key => !hidden.includes(key))
  const changed = keys.filter(key => !same(before[key], after[key]))
  const rows = new Map<string, string>()
  const body = Object.fromEntries(
    changed.map(key => [key, tables.includes(key) ? tableOperations(key, before[key], after[key], rows) : (after[key] ?? null)]),
  )
  return { body, rows }
}

/** True where two sets of values would be saved alike. */
export function sameValues(one: FormValues, other: FormValues): boolean {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].every(key => same(one[key], other[key]))
}

/** Deep equality of wire values; absent, null and the empty list are the same to a form. */
export function same(one: unknown, other: unknown): boolean {
  return canonical(one) === canonical(other)
}

function canonical(value: unknown): string {
  return JSON.stringify(sorted(value)) ?? 'null'
}

function sorted(value: unknown): unknown {
  if (value === undefined || value === null || (Array.isArray(value) && value.length === 0)) return null
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, part]) => part !== undefined && part !== null && key !== ROW_KEY)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)]),
  )
}

function tableOperations(key: string, before: unknown, after: unknown, rows: Map<string, string>): Record<string, unknown> {
  const old = new Map(rowsOf(before).map(row => [row['id'], row]))
  const now = rowsOf(after)
  const create: FormValues[] = []
  const update: FormValues[] = []
  for (const [place, row] of now.entries()) {
    const known = old.get(row['id'])
    if (!known) {
      rows.set(`/${key}/create/${create.length}`, `/${key}/${place}`)
      create.push(withoutMarks(row))
    } else if (!same(known, row)) {
      rows.set(`/${key}/update/${update.length}`, `/${key}/${place}`)
      update.push({ id: row['id'], version: row['version'], ...differing(known, row) })
    }
  }
  const kept = now.flatMap(row => (old.has(row['id']) ? [row['id']] : []))
  const gone = [...old.keys()].filter(id => !kept.includes(id))
  const moved = !same(
    kept,
    [...old.keys()].filter(id => kept.includes(id)),
  )
  return {
    ...(create.length > 0 ? { create } : {}),
    ...(update.length > 0 ? { update } : {}),
    ...(gone.length > 0 ? { delete: gone } : {}),
    ...(moved ? { order: kept } : {}),
  }
}

function differing(before: FormValues, after: FormValues): FormValues {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(key => !['id', 'version', ROW_KEY].includes(key))
  return Object.fromEntries(keys.filter(key => !same(before[key], after[key])).map(key => [key, after[key] ?? null]))
}

function withoutMarks(row: FormValues): FormValues {
  return Object.fromEntries(Object.entries(row).filter(([key, value]) => key !== ROW_KEY && value !== undefined && value !== null))
}

function rowsOf(value: unknown): readonly FormValues[] {
  return Array.isArray(value) ? value.filter(row => typeof row === 'object' && row !== null) : []
}
