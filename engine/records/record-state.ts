/** Between the stored form of a record (numbers, links, columns) and its values by key. Knows no rights. */
import { perObject } from '../kernel/per-object.ts'
import type { CompiledEntity, CompiledField } from '../model/types.ts'
import { same } from '../validate/index.ts'
import { type ProbeRow, rollupNumbers, slotFields, type StoredRow } from '../sql/index.ts'
import type { RecordState, Values } from './types.ts'

/** The relations whose links belong to an entity's own fields. */
export const linkFields = perObject((entity: CompiledEntity): readonly { readonly field: CompiledField; readonly relationNo: number }[] =>
  [...entity.fields.values()].flatMap(field => (field.storage.kind === 'links' ? [{ field, relationNo: field.storage.relationNo }] : [])),
)

/** A stored row as values by key. */
export function stateOf(entity: CompiledEntity, row: ProbeRow): RecordState {
  const values: Record<string, unknown> = {
    id: row.id,
    version: row.version,
    created_at: row.created_at,
    created_by: row.created_by,
    updated_at: row.updated_at,
    updated_by: row.updated_by,
    owner_id: row.owner_id,
    org_unit_id: row.org_unit_id,
    deleted_at: row.deleted_at,
  }
  const rest: Record<string, unknown> = {}
  for (const [no, value] of Object.entries(row.data)) {
    const field = entity.fieldsByNo.get(no)
    if (field === undefined) rest[no] = value
    else values[field.key] = value
  }
  for (const { field, relationNo } of linkFields(entity)) {
    const links = row.links?.[String(relationNo)] ?? []
    values[field.key] = links.map(link => (hasColumns(field) ? { id: link.id, ...link.data } : link.id))
  }
  return { id: row.id, version: row.version, values, rest }
}

/** Values as a row to be stored; system columns come from the values too. For updates `before` are the values that were read. */
export function storedRowOf(
  entity: CompiledEntity,
  state: Pick<RecordState, 'id' | 'version' | 'rest'>,
  values: Values,
  before?: Values,
): StoredRow {
  const data: Record<string, unknown> = { ...state.rest }
  for (const { no, key } of storedFields(entity)) {
    const value = values[key]
    if (value !== undefined && value !== null) data[no] = value
  }
  return {
    id: state.id,
    version: state.version,
    created_at: textOf(values['created_at']) ?? '',
    created_by: textOf(values['created_by']),
    updated_at: textOf(values['updated_at']) ?? '',
    updated_by: textOf(values['updated_by']),
    owner_id: textOf(values['owner_id']),
    org_unit_id: textOf(values['org_unit_id']),
    data,
    keys: slotKeys(entity, values),
    ...(before === undefined ? {} : { seen: rollupsOf(entity, before) }),
  }
}

const storedFields = perObject((entity: CompiledEntity): readonly { readonly no: string; readonly key: string }[] =>
  [...entity.fieldsByNo].flatMap(([no, field]) => (isStored(field) ? [{ no, key: field.key }] : [])),
)

function rollupsOf(entity: CompiledEntity, values: Values): Record<string, unknown> {
  return Object.fromEntries(
    rollupNumbers(entity).flatMap(no => {
      const value = values[entity.fieldsByNo.get(no)?.key ?? '']
      return value === undefined || value === null ? [] : [[no, value]]
    }),
  )
}

/** More slots than these are written all together: each set of them is a statement of its own that a connection keeps. */
const MOST_TOUCHED = 2

/** The slots whose value a change moves, null where they are many: then all are written. */
export function touchedSlots(
  entity: CompiledEntity,
  changes: readonly { readonly before: Values; readonly values: Values }[],
): ReadonlySet<string> | null {
  const touched = new Set<string>()
  for (const { column, key, base } of slotInputs(entity))
    if (changes.some(({ before, values }) => !same(before[key], values[key]) || !same(before[base], values[base]))) touched.add(column)
  return touched.size > MOST_TOUCHED ? null : touched
}

/** What a slot is made of: an amount's of the converted one, which changes with its currency and its day too. */
const slotInputs = perObject(
  (entity: CompiledEntity): readonly { readonly column: string; readonly key: string; readonly base: string }[] =>
    slotFields(entity).map(({ column, field: { key } }) => ({ column, key, base: `${key}_base` })),
)

/** Engine-made keys of text slots, by column. */
export function slotKeys(entity: CompiledEntity, values: Values): Record<string, string> {
  const keys: Record<string, string> = {}
  for (const { column, field } of slotFields(entity)) {
    const value = values[field.key]
    const key = value === undefined || value === null ? null : (field.type.slotKey?.(value, field.definition) ?? null)
    if (key !== null) keys[column] = key
  }
  return keys
}

/** Whether a field's value stands in `data`. */
export function isStored(field: CompiledField): boolean {
  return field.no !== null && field.storage.kind !== 'links' && field.storage.kind !== 'elsewhere'
}

/** Whether the links of a multi reference carry columns of their own. */
export function hasColumns(field: CompiledField): boolean {
  return field.declared.type === 'multi_reference' && (field.declared.link_fields?.length ?? 0) > 0
}

/** The ids a reference or multi reference names. */
export function linkedIdsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (!Array.isArray(value)) return []
  return value.flatMap(each =>
    typeof each === 'string'
      ? [each]
      : typeof each === 'object' && each !== null && 'id' in each && typeof each.id === 'string'
        ? [each.id]
        : [],
  )
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
