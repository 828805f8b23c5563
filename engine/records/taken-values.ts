/**
 * The unique values that records hold: for trials, which forget what they wrote and have to know it for the next one. Numbers that the
 * engine gives are none of them: each trial gives the same ones.
 */
import type { Grant } from '../access/types.ts'
import type { TenantConnection } from '../platform/types.ts'
import { notUnique } from './not-unique.ts'
import type { RecordContext } from './types.ts'

/** A unique value as one text, the record that holds it, and what another record hears that wants it. */
export interface TakenValue {
  readonly id: string
  readonly value: string
  readonly refusal: Error
}

/** What these records of a grant's entity have taken, as seen by this connection. */
export async function takenValues(
  connection: TenantConnection,
  ctx: RecordContext,
  grant: Grant,
  ids: readonly string[],
): Promise<TakenValue[]> {
  const { entity } = grant
  const rules = entity.uniques.filter(rule => rule.fields.every(key => entity.fields.get(key)?.derivation?.kind !== 'autonumber'))
  if (rules.length === 0) return []
  const rows = await connection.run<{ id: string; rule_no: number; value: string }>({
    text: `select record_id as id, rule_no, value from nexus.record_unique where tenant_id = $1 and entity_no = $2 and record_id = any($3::uuid[]) and rule_no = any($4::int[])`,
    values: [ctx.caller.tenant.id, entity.no, ids, rules.map(rule => rule.no)],
  })
  return rows.map(row => ({
    id: row.id,
    value: `${row.rule_no}/${row.value}`,
    refusal: notUnique(
      ctx,
      { grant, pointer: '' },
      rules.find(rule => rule.no === row.rule_no),
    ),
  }))
}
