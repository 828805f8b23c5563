/** What fields held before a span of versions, from the history: for whoever takes back what he himself has written. */
import type { CompiledField } from '../model/types.ts'
import { isEmpty } from '../validate/index.ts'
import { fieldChanges } from './history-rows.ts'
import type { RecordContext, Values } from './types.ts'

/** Versions of one record, the first of them still counting as before. */
export interface VersionSpan {
  readonly id: string
  readonly after: number
  readonly upTo: number
}

/** Values of the fields that changed within each span, as they were before it, by record id. Derived values are left to what they follow from. */
export async function valuesBefore(
  ctx: RecordContext,
  entityKey: string,
  spans: readonly VersionSpan[],
): Promise<ReadonlyMap<string, Values>> {
  const entity = ctx.model.entities.get(entityKey)
  if (entity === undefined || spans.length === 0) return new Map()
  const rows = await ctx.db.readAs(ctx.caller.tenant.id, connection =>
    connection.run<{ record_id: string; version: number; changes: Record<string, unknown> }>({
      text: `select h.record_id, h.version, h.changes from nexus.record_history h
        join jsonb_to_recordset($3::jsonb) as s (id uuid, "after" int, "upTo" int) on s.id = h.record_id and h.version > s."after" and h.version <= s."upTo"
        where h.tenant_id = $1 and h.entity_no = $2 and h.op = 'update' order by h.version desc`,
      values: [ctx.caller.tenant.id, entity.no, JSON.stringify(spans)],
    }),
  )
  const before = new Map<string, Record<string, unknown>>()
  for (const row of rows) {
    const values = before.get(row.record_id) ?? {}
    // Newest first: what the oldest change says of a field stands last.
    for (const { field, before: old } of fieldChanges(entity, row.changes))
      if (isGiven(field)) values[field.key] = isEmpty(old) ? null : old
    before.set(row.record_id, values)
  }
  return before
}

/** Whether clients give the field's value; a copied one they may override. */
function isGiven({ derivation }: CompiledField): boolean {
  return derivation === null || (derivation.kind === 'lookup' && derivation.overridable)
}
