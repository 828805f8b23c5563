/** Counts the lines of a table by parent, as they stand in the caller's transaction. */
import type { CompiledField } from '../model/types.ts'
import type { TenantConnection } from '../platform/types.ts'
import { renderRollups, type RollupRow } from '../sql/index.ts'
import type { RecordContext } from './types.ts'

const COUNT = { fn: 'count', source: null, where: { kind: 'true' } } as const

/** Live lines of a table field; parents without any are absent. */
export async function countLines(
  connection: TenantConnection,
  ctx: RecordContext,
  table: CompiledField,
  parents: readonly string[],
): Promise<Map<string, number>> {
  const relation = ctx.model.entities.get(table.entity)?.relations.get(table.key)
  const child = relation === undefined ? undefined : ctx.model.entities.get(relation.target)
  const reference = relation?.kind === 'inverse' ? child?.fields.get(relation.reference) : undefined
  if (child === undefined || reference === undefined || parents.length === 0) return new Map()
  const rows = await connection.run<RollupRow>(renderRollups(connection.tenantId, child, reference, [COUNT], parents))
  return new Map(rows.map(row => [row.parent, Number(row.values[0])]))
}
