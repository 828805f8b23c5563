/** Compares the rows that stand beside records with what their values give: unique values, single values, ancestors, search text. */
import type { CompiledEntity } from '../model/types.ts'
import type { TenantConnection } from '../platform/types.ts'
import { checks } from '../sql/index.ts'
import type { Finding } from './finding.ts'
import { environmentOf } from './moment.ts'
import { searchFields, searchRows, uniqueRows, valueFields, valueRows } from './satellite-rows.ts'
import type { ScannedRecord } from './scan-records.ts'
import type { RecordContext } from './types.ts'

type Row = {
  readonly id: string
  readonly kind: 'unique' | 'value' | 'search' | 'ancestor'
  readonly place: number
  readonly value: string
}

/** Rows that are missing, and rows that should not be there. */
export async function findingsBeside(
  connection: TenantConnection,
  ctx: RecordContext,
  entity: CompiledEntity,
  records: readonly ScannedRecord[],
): Promise<Finding[]> {
  const expected = await expectedRows(connection, ctx, entity, records)
  const parentNo = Number(entity.fields.get(entity.parentField ?? '')?.no ?? -1)
  const found = await connection.run<Row>(
    checks.renderBeside(
      connection.tenantId,
      entity,
      records.map(record => record.id),
    ),
  )
  const stored = found.map((row): Row => (row.kind === 'value' && row.place === parentNo ? { ...row, kind: 'ancestor' } : row))
  const [have, want] = [new Set(stored.map(nameOf)), new Set(expected.map(nameOf))]
  return [
    ...expected.filter(row => !have.has(nameOf(row))).map(row => finding(entity, row, null, row.value)),
    ...stored.filter(row => !want.has(nameOf(row))).map(row => finding(entity, row, row.value, null)),
  ]
}

async function expectedRows(
  connection: TenantConnection,
  ctx: RecordContext,
  entity: CompiledEntity,
  records: readonly ScannedRecord[],
): Promise<Row[]> {
  const env = environmentOf(ctx)
  const ready = (field: { readonly building?: true }): boolean => field.building !== true
  const rows = records.flatMap(({ id, values, deleted }): Row[] => [
    ...valueRows(entity, valueFields(entity).filter(ready), id, values).map(
      (row): Row => ({ id, kind: 'value', place: row.field_no, value: row.value }),
    ),
    // In the trash a record is found by nothing and stands in nobody's way.
    ...(deleted
      ? []
      : uniqueRows(entity, id, values, env).map((row): Row => ({ id, kind: 'unique', place: row.rule_no, value: row.value }))),
    ...(deleted
      ? []
      : searchRows(connection.tenantId, entity, searchFields(entity).filter(ready), id, values).map(
          (row): Row => ({ id, kind: 'search', place: row.field_no, value: `${row.s} ${row.g.toSorted((a, b) => a - b).join(',')}` }),
        )),
  ])
  const parent = entity.fields.get(entity.parentField ?? '')
  if (parent === undefined) return rows
  const statement = checks.renderAncestors(
    connection.tenantId,
    entity,
    parent,
    records.map(record => record.id),
  )
  const ancestors = await connection.run<{ id: string; ancestor: string }>(statement)
  return [...rows, ...ancestors.map((row): Row => ({ id: row.id, kind: 'ancestor', place: Number(parent.no), value: row.ancestor }))]
}

function nameOf({ id, kind, place, value }: Row): string {
  return JSON.stringify([id, kind, place, value])
}

function finding(entity: CompiledEntity, { id, kind, place }: Row, stored: string | null, expected: string | null): Finding {
  return { entity: entity.key, id, kind, place: entity.fieldsByNo.get(String(place))?.key ?? String(place), stored, expected }
}
