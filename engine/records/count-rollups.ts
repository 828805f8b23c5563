/** Counts rollups from the children as they stand, one statement per relation however many rollups go over it. */
import type { CompiledEntity, CompiledField } from '../model/types.ts'
import { bindingOf, conditionOf, type View } from '../plan/index.ts'
import type { TenantConnection } from '../platform/types.ts'
import { renderRollups, type RollupMeasure, type RollupRow } from '../sql/index.ts'
import { unspokenProblem, validateErrors } from '../validate/index.ts'
import { emptyRollup } from './compute-record.ts'
import { momentOf } from './moment.ts'
import type { RecordContext } from './types.ts'

/** Values of rollups by field key and parent; every parent has one. Throws VALIDATE_FAILED where one gets too large. */
export async function countRollups(
  connection: TenantConnection,
  ctx: RecordContext,
  entity: CompiledEntity,
  keys: readonly string[],
  ids: readonly string[],
): Promise<Map<string, Map<string, unknown>>> {
  const rollups = keys.flatMap(key => rollupOf(ctx, entity, key) ?? [])
  const relations = [...Map.groupBy(rollups, each => each.relation).values()]
  const counted = await Promise.all(relations.map(group => countRelation(connection, ctx, group, ids)))
  return new Map(counted.flatMap(each => [...each]))
}

/** The same of one rollup. */
export async function countRollup(
  connection: TenantConnection,
  ctx: RecordContext,
  entity: CompiledEntity,
  key: string,
  ids: readonly string[],
): Promise<Map<string, unknown>> {
  return (await countRollups(connection, ctx, entity, [key], ids)).get(key) ?? new Map()
}

interface Rollup {
  readonly field: CompiledField
  readonly relation: string
  readonly child: CompiledEntity
  readonly reference: CompiledField
  readonly measure: RollupMeasure
}

function rollupOf(ctx: RecordContext, entity: CompiledEntity, key: string): Rollup | null {
  const field = requireField(entity, key)
  const { derivation } = field
  const relation = derivation?.kind === 'rollup' ? entity.relations.get(derivation.relation) : undefined
  const child = relation === undefined ? undefined : ctx.model.entities.get(relation.target)
  if (derivation?.kind !== 'rollup' || relation?.kind !== 'inverse' || child === undefined) return null
  const view: View = { model: ctx.model, binding: bindingOf(ctx), entity: child, grant: null }
  // Amounts are summed in the tenant's own currency.
  const source = derivation.field === null ? null : (child.fields.get(`${derivation.field}_base`) ?? requireField(child, derivation.field))
  const where = derivation.where === null ? ({ kind: 'true' } as const) : conditionOf(view, derivation.where)
  return {
    field,
    relation: relation.key,
    child,
    reference: requireField(child, relation.reference),
    measure: { fn: derivation.fn, source, where },
  }
}

async function countRelation(
  connection: TenantConnection,
  ctx: RecordContext,
  group: readonly Rollup[],
  ids: readonly string[],
): Promise<Map<string, Map<string, unknown>>> {
  const [first] = group
  if (first === undefined) return new Map()
  const measures = group.map(each => each.measure)
  const rows = await connection.run<RollupRow>(renderRollups(connection.tenantId, first.child, first.reference, measures, ids))
  const byParent = new Map(rows.map(row => [row.parent, row.values]))
  return new Map(
    group.map(({ field }, place) => [field.key, new Map(ids.map(id => [id, valueOf(ctx, field, byParent.get(id)?.[place] ?? null)]))]),
  )
}

function valueOf(ctx: RecordContext, field: CompiledField, text: string | null): unknown {
  if (text === null) return emptyRollup(field)
  const value = field.kind === 'integer' || field.kind === 'float' ? Number(text) : text
  const canonical = field.type.canonical(value, field.definition, momentOf(ctx))
  // The parent may be one the caller does not know: its name is not said.
  if (!canonical.ok) throw validateErrors.FAILED({ count: 1 }, { errors: [unspokenProblem('', ctx.caller.locale)] })
  return canonical.value
}

function requireField(entity: CompiledEntity, key: string): CompiledField {
  const field = entity.fields.get(key)
  if (field === undefined) throw new Error(`${entity.key} has no field ${key}.`)
  return field
}
