/**
 * Recognises the records that rows are about: by the match fields of the plan, set-based, under the caller's grants.
 */
import type { CompiledField } from '../model/types.ts'
import type { RecordContext } from '../records/index.ts'
import { comparableField } from '../validate/index.ts'
import { findRecords, type FoundRecord } from './find-records.ts'
import type { ColumnPlan, ImportPlan } from './plan-import.ts'

/** A record that is there, as the caller sees it. */
export interface Existing {
  readonly id: string
  readonly version: number
  /** Values by field, ids for references; a field that he may not see on this row is absent. */
  readonly values: Readonly<Record<string, unknown>>
  /** What people call the referenced records: the field the map looks them up by. */
  readonly names: Readonly<Record<string, unknown>>
}

/** Records by the key of their match values; several under one key recognise none. */
export async function recogniseRecords(
  ctx: RecordContext,
  plan: ImportPlan,
  keys: readonly (readonly unknown[])[],
): Promise<ReadonlyMap<string, readonly Existing[]>> {
  const wanted = plan.match.map((field, at) => ({
    field,
    values: [...new Map(keys.map(key => [JSON.stringify(key[at] ?? null), key[at] ?? null])).values()],
  }))
  const found = new Map<string, Existing[]>()
  if (keys.length === 0 || plan.match.length === 0) return found
  const named = namedColumns(plan)
  for (const record of await findRecords(ctx, plan.entity.key, wanted, selectionOf(plan, named))) {
    const existing = existingOf(plan, named, record)
    const key = matchKey(plan.match.map(field => existing.values[field.key]))
    found.set(key, [...(found.get(key) ?? []), existing])
  }
  return found
}

/** Match values as one text. */
export function matchKey(values: readonly unknown[]): string {
  return JSON.stringify(values.map(value => value ?? null))
}

/** To-one references that the map fills by a name the caller can read: shown by that name. */
function namedColumns({ columns, grant }: ImportPlan): Map<string, ColumnPlan> {
  const shown = columns.filter(({ field, lookup }) => {
    const target = field.target === null ? null : grant.over(field.target)
    return field.kind === 'id' && lookup !== null && target !== null && comparableField(target, lookup.by.key) !== undefined
  })
  return new Map(shown.map(column => [column.field.key, column]))
}

function selectionOf({ columns, match, grant }: ImportPlan, named: ReadonlyMap<string, ColumnPlan>): string[] {
  const fields = new Map<string, CompiledField>([...match, ...columns.map(column => column.field)].map(field => [field.key, field]))
  const readable = [...fields.keys()].filter(key => comparableField(grant, key) !== undefined)
  return ['id', 'version', ...readable.map(key => (named.has(key) ? `${key}.${named.get(key)?.lookup?.by.key ?? 'id'}` : key))].filter(
    (path, at, all) => all.indexOf(path) === at,
  )
}

function existingOf(plan: ImportPlan, named: ReadonlyMap<string, ColumnPlan>, record: FoundRecord): Existing {
  const values: Record<string, unknown> = { ...record }
  const names: Record<string, unknown> = {}
  for (const [key, column] of named) {
    const target = record[key]
    if (typeof target !== 'object' || target === null) continue
    const { id, ...rest } = target as Readonly<Record<string, unknown>>
    values[key] = id
    names[key] = column.lookup?.by.key === 'id' ? id : rest[column.lookup?.by.key ?? '']
  }
  return { id: record.id, version: record.version, values, names }
}
