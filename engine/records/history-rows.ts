/** What a change is in the history: by field number, before and after. System columns stand under their own names. */
import type { CompiledEntity, CompiledField } from '../model/types.ts'
import type { HistoryRow } from '../sql/index.ts'
import { same } from '../validate/index.ts'
import type { Values } from './types.ts'

export type Changes = Record<string, readonly [unknown, unknown]>

const NEVER: ReadonlySet<string> = new Set(['id', 'version', 'created_at', 'created_by', 'updated_at', 'updated_by'])

/** Fields whose value differs; converted amounts and live lookups are left to what they are made of. */
export function changesOf(entity: CompiledEntity, before: Values | null, after: Values | null): Changes {
  const changes: Changes = {}
  for (const field of entity.fields.values()) {
    if (NEVER.has(field.key) || field.derivation?.kind === 'base' || field.storage.kind === 'elsewhere') continue
    const [old, next] = [before?.[field.key] ?? null, after?.[field.key] ?? null]
    if (!same(old, next) && !(isNothing(old) && isNothing(next))) changes[field.no ?? field.key] = [old, next]
  }
  return changes
}

/** Where a create's values stand: nothing was before them, and saying so of each took a third of the row. No field has this number. */
const CREATED = '+'

/** Changes as they are stored. */
export function storedChanges(op: HistoryRow['op'], changes: Changes): HistoryRow['changes'] {
  return op === 'create' ? { [CREATED]: Object.fromEntries(Object.entries(changes).map(([no, [, next]]) => [no, next])) } : changes
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
