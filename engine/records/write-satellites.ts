/** Writes the rows beside records: only what a change touches, delete before insert, set-based, all statements sent at once. */
import type { EvaluateEnv } from '../../metadata/predicate.ts'
import type { CompiledEntity, CompiledField, CompiledUnique } from '../model/types.ts'
import type { Statement, TenantConnection } from '../platform/types.ts'
import { satellites as render, type UniqueRow } from '../sql/index.ts'
import { same } from '../validate/index.ts'
import { linkFields } from './record-state.ts'
import { linkRows, searchFields, searchRows, uniqueRows, uniqueValue, valueFields, valueRows } from './satellite-rows.ts'
import type { Values } from './types.ts'

/** A record whose values have changed; `before` is null for a new one. */
export interface ChangedValues {
  readonly id: string
  readonly before: Values | null
  readonly values: Values
}

/** A unique value that another record holds. */
export interface Taken {
  readonly id: string
  readonly rule: CompiledUnique | undefined
}

/** Satellites of created and updated records; answers the unique values that were taken already. */
export async function writeSatellites(
  connection: TenantConnection,
  entity: CompiledEntity,
  changes: readonly ChangedValues[],
  env: EvaluateEnv,
): Promise<Taken[]> {
  const { tenantId } = connection
  const sent: Promise<unknown>[] = []
  const send = (statement: Statement): void => void sent.push(connection.execute(statement))
  const taken = writeUnique(connection, entity, changes, env)
  for (const { field, relationNo } of linkFields(entity)) {
    const { touched, old } = touchedBy(changes, field)
    if (old.length > 0) send(render.renderForgetLinks(tenantId, relationNo, old))
    const rows = touched.flatMap(change => linkRows(field, relationNo, change.id, change.values))
    if (rows.length > 0) send(render.renderAddLinks(tenantId, rows))
  }
  for (const field of valueFields(entity)) {
    const { touched, old } = touchedBy(changes, field)
    if (old.length > 0) send(render.renderForgetValues(tenantId, entity.no, old, [Number(field.no)]))
    const rows = touched.flatMap(change => valueRows(entity, [field], change.id, change.values))
    if (rows.length > 0) send(render.renderAddValues(tenantId, rows))
  }
  const texts: ReturnType<typeof searchRows> = []
  for (const field of searchFields(entity)) {
    const { touched, old } = touchedBy(changes, field)
    if (old.length > 0) send(render.renderForgetSearch(tenantId, entity.no, old, [Number(field.no)]))
    texts.push(...touched.flatMap(change => searchRows(tenantId, entity, [field], change.id, change.values)))
  }
  if (texts.length > 0) send(render.renderAddSearch(tenantId, texts))
  const [conflicts] = await Promise.all([taken, ...sent])
  return conflicts
}

/** Unique values and search rows of records that leave the trash; answers the values that were taken meanwhile. */
export async function restoreSatellites(
  connection: TenantConnection,
  entity: CompiledEntity,
  records: readonly Omit<ChangedValues, 'before'>[],
  env: EvaluateEnv,
): Promise<Taken[]> {
  const { tenantId } = connection
  const texts = records.flatMap(record => searchRows(tenantId, entity, searchFields(entity), record.id, record.values))
  const [taken] = await Promise.all([
    take(
      connection,
      entity,
      records.flatMap(record => uniqueRows(entity, record.id, record.values, env)),
    ),
    texts.length === 0 ? 0 : connection.execute(render.renderAddSearch(tenantId, texts)),
  ])
  return taken
}

/** What records in the trash give up: their unique values, and being found by search. */
export async function forgetSatellites(connection: TenantConnection, entity: CompiledEntity, ids: readonly string[]): Promise<void> {
  const searched = searchFields(entity)
  await Promise.all([
    entity.uniques.length === 0
      ? 0
      : connection.execute(
          render.renderForgetUnique(
            connection.tenantId,
            entity.no,
            ids,
            entity.uniques.map(rule => rule.no),
          ),
        ),
    searched.length === 0
      ? 0
      : connection.execute(
          render.renderForgetSearch(
            connection.tenantId,
            entity.no,
            ids,
            searched.map(field => Number(field.no)),
          ),
        ),
  ])
}

function touchedBy(changes: readonly ChangedValues[], field: CompiledField): { touched: readonly ChangedValues[]; old: string[] } {
  const touched = changes.filter(change => !same(change.before?.[field.key] ?? [], change.values[field.key] ?? []))
  return { touched, old: touched.filter(change => change.before !== null).map(change => change.id) }
}

async function writeUnique(
  connection: TenantConnection,
  entity: CompiledEntity,
  changes: readonly ChangedValues[],
  env: EvaluateEnv,
): Promise<Taken[]> {
  const rows: UniqueRow[] = []
  const forgotten: Promise<unknown>[] = []
  for (const rule of entity.uniques) {
    const stale: string[] = []
    for (const change of changes) {
      // A condition may look at anything, the members alone do not.
      if (rule.when === null && change.before !== null && holdsAsBefore(rule, change.before, change.values)) continue
      const old = change.before === null ? null : uniqueValue(entity, rule, change.before, env)
      const next = uniqueValue(entity, rule, change.values, env)
      if (old === next) continue
      if (old !== null) stale.push(change.id)
      if (next !== null) rows.push({ entity_no: entity.no, rule_no: rule.no, value: next, record_id: change.id })
    }
    if (stale.length > 0) forgotten.push(connection.execute(render.renderForgetUnique(connection.tenantId, entity.no, stale, [rule.no])))
  }
  const [taken] = await Promise.all([take(connection, entity, rows), ...forgotten])
  return taken
}

function holdsAsBefore({ fields }: CompiledUnique, before: Values, values: Values): boolean {
  return fields.every(key => same(before[key], values[key]))
}

async function take(connection: TenantConnection, entity: CompiledEntity, rows: readonly UniqueRow[]): Promise<Taken[]> {
  if (rows.length === 0) return []
  const got = await connection.run<{ rule_no: number; record_id: string }>(render.renderTakeUnique(connection.tenantId, rows))
  if (got.length === rows.length) return []
  const mine = new Set(got.map(each => `${each.rule_no}/${each.record_id}`))
  const lost = rows.filter(row => !mine.has(`${row.rule_no}/${row.record_id}`))
  return lost.map(row => ({ id: row.record_id, rule: entity.uniques.find(rule => rule.no === row.rule_no) }))
}
