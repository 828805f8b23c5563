/** Takes the unique values of records that are there for rules that a publish brings: set-based, first come first served in the order of the records. */
import type { CompiledEntity, CompiledUnique } from '../model/types.ts'
import type { TenantConnection } from '../platform/types.ts'
import { satellites, type UniqueRow } from '../sql/index.ts'
import { environmentOf } from './moment.ts'
import { uniqueValue } from './satellite-rows.ts'
import type { RecordContext, Values } from './types.ts'

/** A record and the values its unique keys are made of. */
export interface Keyed {
  readonly id: string
  readonly values: Values
}

/** The unique values of records under given rules; none where a rule does not apply or a member is empty. */
export function uniqueValuesOf(
  ctx: RecordContext,
  entity: CompiledEntity,
  rules: readonly CompiledUnique[],
  records: readonly Keyed[],
): UniqueRow[] {
  const env = environmentOf(ctx)
  return records.flatMap(record =>
    rules.flatMap(rule => {
      const value = uniqueValue(entity, rule, record.values, env)
      return value === null ? [] : [{ entity_no: entity.no, rule_no: rule.no, value, record_id: record.id }]
    }),
  )
}

/** Forgets the values of rules, of these records or of all. */
export async function forgetUniques(
  connection: TenantConnection,
  entityNo: number,
  ruleNos: readonly number[],
  ids: readonly string[] | null,
): Promise<void> {
  if (ruleNos.length === 0) return
  await connection.execute({
    text: 'delete from nexus.record_unique where tenant_id = $1 and entity_no = $2 and rule_no = any($3::int[]) and ($4::uuid[] is null or record_id = any($4))',
    values: [connection.tenantId, entityNo, ruleNos, ids],
  })
}

/** Takes values; answers those that another record holds. */
export async function takeUniques(connection: TenantConnection, rows: readonly UniqueRow[]): Promise<UniqueRow[]> {
  if (rows.length === 0) return []
  const taken = await connection.run<{ rule_no: number; record_id: string }>(satellites.renderTakeUnique(connection.tenantId, rows))
  if (taken.length === rows.length) return []
  const got = new Set(taken.map(each => `${each.rule_no}/${each.record_id}`))
  return rows.filter(row => !got.has(`${row.rule_no}/${row.record_id}`))
}
