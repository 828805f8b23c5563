/** What fields held before a span of versions, from the history: for whoever takes back what he himself has written. */
import type { CompiledEntity, CompiledField } from '../model/types.ts'
import type { TenantConnection } from '../platform/types.ts'
import { isEmpty } from '../validate/index.ts'
import { fieldChanges } from './history-rows.ts'
import type { RecordContext, Values } from './types.ts'

/** Versions of one record, the first of them still counting as before. */
export interface VersionSpan {
  readonly id: string
  readonly after: number
  readonly upTo: number
}

/**
 * Values of the fields that changed within each span, as they were before it, by record id. Derived values are left to what they follow from; of a
 * copied one that may be written over, what was copied before the copies were made anew is left out too: what it shows may be for other eyes.
 */
export async function valuesBefore(
  ctx: RecordContext,
  entityKey: string,
  spans: readonly VersionSpan[],
): Promise<ReadonlyMap<string, Values>> {
  const entity = ctx.model.entities.get(entityKey)
  if (entity === undefined || spans.length === 0) return new Map()
  const { rows, madeAt } = await ctx.db.readAs(ctx.caller.tenant.id, async connection => ({
    madeAt: await copiesMadeAt(connection, entity),
    rows: await connection.run<{ record_id: string; at: string; changes: Record<string, unknown> }>({
      text: `select h.record_id, h.at, h.changes from nexus.record_history h
        join jsonb_to_recordset($3::jsonb) as s (id uuid, "after" int, "upTo" int) on s.id = h.record_id and h.version > s."after" and h.version <= s."upTo"
        where h.tenant_id = $1 and h.entity_no = $2 and h.op = 'update' order by h.version desc`,
      values: [ctx.caller.tenant.id, entity.no, JSON.stringify(spans)],
    }),
  }))
  const before = new Map<string, Record<string, unknown>>()
  for (const row of rows) {
    const values = before.get(row.record_id) ?? {}
    // Newest first: what the oldest change says of a field stands last.
    for (const { field, before: old } of fieldChanges(entity, row.changes))
      if (isGiven(field) && timeOf(row.at) > (madeAt.get(field.key) ?? 0)) values[field.key] = isEmpty(old) ? null : old
    before.set(row.record_id, values)
  }
  return before
}

/** Whether clients give the field's value; a copied one they may override. */
function isGiven({ derivation }: CompiledField): boolean {
  return derivation === null || (derivation.kind === 'lookup' && derivation.overridable)
}

/** Up to which moment the history tells of copies that were made anew since, by field; without an end where that is still going on. */
async function copiesMadeAt(connection: TenantConnection, entity: CompiledEntity): Promise<ReadonlyMap<string, number>> {
  const copies = [...entity.fields.values()].filter(({ derivation }) => derivation?.kind === 'lookup' && derivation.overridable)
  if (copies.length === 0) return new Map()
  // Where values are only brought into their slots, they are what they were.
  const rows = await connection.run<{ field_no: number; at: string | null; computing: boolean }>({
    text: `select s.field_no, s.computed_at as at, s.state = 'building' and (j.id is null or
          jsonb_path_exists(j.payload, '$.passes[*] ? (@.entityNo == $entity).fields[*] ? (@.no == $field && @.compute == true)',
            jsonb_build_object('entity', s.entity_no, 'field', s.field_no))) as computing
      from nexus.field_state s left join nexus.job j on j.tenant_id = s.tenant_id and j.id = s.job_id
      where s.tenant_id = $1 and s.entity_no = $2 and s.field_no = any($3::int[])`,
    values: [connection.tenantId, entity.no, copies.map(field => Number(field.no))],
  })
  const known = new Map(rows.map(row => [String(row.field_no), row.computing ? Number.POSITIVE_INFINITY : timeOf(row.at)]))
  return new Map(copies.map(field => [field.key, known.get(field.no ?? '') ?? 0]))
}

const timeOf = (text: string | null): number => (text === null ? 0 : new Date(text).getTime())
