/** Station 8 of a record's history: stored changes → what the caller may read of them. Told how he sees each value; knows no rules. */
import type { CompiledField } from '../model/types.ts'

/** A change of a record. `at` and `by` are there where the caller may read when and by whom the record was changed. */
export interface HistoryEntry {
  readonly version: number
  readonly op: 'create' | 'update' | 'delete' | 'restore'
  readonly at?: string
  readonly by?: string | null
  readonly changes: Readonly<Record<string, { readonly before: unknown; readonly after: unknown }>>
}

/** One stored value of a field, before and after. */
export interface StoredChange {
  readonly field: CompiledField
  readonly before: unknown
  readonly after: unknown
}

/** Puts an entry together; null for an update of which nothing is left to see. `show` gives a value as the caller sees it. */
export function shapeHistoryEntry(
  entry: Omit<HistoryEntry, 'changes'>,
  changes: readonly StoredChange[],
  show: (field: CompiledField, value: unknown) => unknown,
): HistoryEntry | null {
  const shown = changes.flatMap(({ field, before, after }) => {
    const [old, next] = [show(field, before), show(field, after)]
    return isNothing(old) && isNothing(next) ? [] : [[field.key, { before: old, after: next }] as const]
  })
  if (shown.length === 0 && entry.op === 'update') return null
  return { ...entry, changes: Object.fromEntries(shown) }
}

function isNothing(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.length === 0)
}
