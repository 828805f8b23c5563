/**
 * Two people changed one record: what each of them changed, where they disagree, and the values that come of it. Pure.
 */
import type { RecordData } from '../api/model.ts'
import { type FormValues, same } from '../form/changes.ts'
import { ROW_KEY } from '../inputs/row-key.ts'

/** A field that both changed, differently. */
export interface Contested {
  readonly key: string
  readonly mine: unknown
  readonly theirs: unknown
}

/** Where two changes of the same record meet. */
export interface Conflict {
  /** The record as it is now. */
  readonly record: RecordData
  /** The values the form holds of it now. */
  readonly current: FormValues
  readonly contested: readonly Contested[]
  /** Fields that only the other person changed. */
  readonly theirsOnly: readonly string[]
}

/** Compares what the form started from, what it holds, and what the record is now. */
export function compareVersions(before: FormValues, mine: FormValues, current: FormValues, record: RecordData): Conflict {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(mine), ...Object.keys(current)])]
  const theirs = keys.filter(key => !same(before[key], current[key]))
  const contested = theirs.filter(key => !same(before[key], mine[key]) && !same(mine[key], current[key]))
  return {
    record,
    current,
    contested: contested.map(key => ({ key, mine: mine[key], theirs: current[key] })),
    theirsOnly: theirs.filter(key => same(before[key], mine[key])),
  }
}

/**
 * True where the record already is what was to be saved: the change arrived, and only the answer was lost. New lines have got ids and computed
 * values meanwhile; what was entered in them counts.
 */
export function isSavedAlready(before: FormValues, mine: FormValues, current: FormValues): boolean {
  const changed = Object.keys({ ...before, ...mine }).filter(key => !same(before[key], mine[key]))
  return changed.length > 0 && changed.every(key => holds(current[key], mine[key]))
}

function holds(current: unknown, entered: unknown): boolean {
  if (!isRows(entered) || !isRows(current)) return same(current, entered)
  return (
    current.length === entered.length &&
    entered.every((row, place) =>
      Object.keys(row).every(key => key === 'version' || key === ROW_KEY || same(current[place]?.[key], row[key])),
    )
  )
}

function isRows(value: unknown): value is readonly FormValues[] {
  return Array.isArray(value) && value.length > 0 && value.every(row => typeof row === 'object' && row !== null)
}

/** The values after the choice: theirs, then what only I changed, then what I chose to keep. */
export function mergeVersions(before: FormValues, mine: FormValues, conflict: Conflict, keepMine: ReadonlySet<string>): FormValues {
  const contested = new Set(conflict.contested.map(field => field.key))
  const merged: Record<string, unknown> = { ...conflict.current }
  for (const key of new Set([...Object.keys(before), ...Object.keys(mine)])) {
    const changed = !same(before[key], mine[key])
    if (changed && (!contested.has(key) || keepMine.has(key))) merged[key] = mine[key]
  }
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined))
}
