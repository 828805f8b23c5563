/** What a change is in the history: by field number, before and after. System columns stand under their own names. */
import { perObject } from '../kernel/per-object.ts'
import type { CompiledEntity, CompiledField } from '../model/types.ts'
import type { HistoryRow } from '../sql/index.ts'
import { same } from '../validate/index.ts'
import type { Values } from './types.ts'

/** A field whose value differs: `name` is its number, that of a system column its key. */
export interface ChangedField {
  readonly name: string
  readonly key: string
  readonly before: unknown
  readonly after: unknown
}

const NEVER: ReadonlySet<string> = new Set(['id', 'version', 'created_at', 'created_by', 'updated_at', 'updated_by'])

/** Fields that history tells of; converted amounts and live lookups are left to what they are made of. */
const toldFields = perObject((entity: CompiledEntity): readonly CompiledField[] =>
  [...entity.fields.values()].filter(
    field => !NEVER.has(field.key) && field.derivation?.kind !== 'base' && field.storage.kind !== 'elsewhere',
  ),
)

/** Fields whose value differs. */
export function changedFields(entity: CompiledEntity, before: Values | null, after: Values | null): ChangedField[] {
  const changed: ChangedField[] = []
  for (const { key, no } of toldFields(entity)) {
    const [old, next] = [before?.[key] ?? null, after?.[key] ?? null]
    if (!same(old, next) && !(isNothing(old) && isNothing(next))) changed.push({ name: no ?? key, key, before: old, after: next })
  }
  return changed
}

/** Where a create's values stand: nothing was before them, and saying so of each took a third of the row. No field has this number. */
const CREATED = '+'

/** Changes as they are stored. */
export function storedChanges(op: HistoryRow['op'], changed: readonly ChangedField[]): HistoryRow['changes'] {
  const changes: Record<string, unknown> = {}
  for (const { name, before, after } of changed) changes[name] = op === 'create' ? after : [before, after]
  return op === 'create' ? { [CREATED]: changes } : changes
}

/** Stored changes with the fields the model still has. */
export function fieldChanges(
  entity: CompiledEntity,
  changes: Readonly<Record<string, unknown>>,
): { field: CompiledField; before: unknown; after: unknown }[] {
  return Object.entries(pairsOf(changes)).flatMap(([no, change]) => {
    const field = entity.fieldsByNo.get(no) ?? entity.fields.get(no)
    return field === undefined || !Array.isArray(change) ? [] : [{ field, before: change[0] ?? null, after: change[1] ?? null }]
  })
}

function pairsOf(changes: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const created = changes[CREATED]
  if (typeof created !== 'object' || created === null) return changes
  return Object.fromEntries(Object.entries(created).map(([no, value]) => [no, [null, value]]))
}

function isNothing(value: unknown): boolean {
  return value === null || (Array.isArray(value) && value.length === 0)
}
