/**
 * The unique values that records hold: for trials, which forget what they wrote and have to know it for the next one. Numbers that the
 * engine gives are none of them: each trial gives the same ones.
 */
import type { TenantConnection } from '../platform/types.ts'
import type { RecordContext } from './types.ts'

/** A unique value as one text, and the record that holds it. */
export interface TakenValue {
  readonly id: string
  readonly value: string
}

/** What these records of an entity have taken, as seen by this connection. */
export async function takenValues(
  connection: TenantConnection,
  ctx: RecordContext,
  entityKey: string,
  ids: readonly string[],
): Promise<TakenValue[]> {
  const entity = ctx.model.entities.get(entityKey)
  const rules = (entity?.uniques ?? []).filter(rule => rule.fields.every(key => entity?.fields.get(key)?.derivation?.kind !== 'autonumber'))
  if (entity === undefined || rules.length === 0) return []
  return connection.run<{ id: string; value: string }>({
    text: `select record_id as id, rule_no || '/' || value as value from nexus.record_unique where tenant_id = $1 and entity_no = $2 and record_id = any($3::uuid[]) and rule_no = any($4::int[])`,
    values: [ctx.caller.tenant.id, entity.no, ids, rules.map(rule => rule.no)],
  })
}
