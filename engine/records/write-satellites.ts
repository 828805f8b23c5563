/** Writes the rows beside records: only what the change touches, delete before insert, set-based. */
import type { EvaluateEnv } from '../../metadata/predicate.ts'
import type { CompiledEntity } from '../model/types.ts'
import type { TenantConnection } from '../platform/types.ts'
import { satellites as render, type UniqueRow } from '../sql/index.ts'
import { same } from '../validate/index.ts'
import { recordErrors } from './errors.ts'
import { ItemFailures, type PreparedChange } from './prepared.ts'
import { linkFields } from './record-state.ts'
import { linkRows, searchFields, searchRows, uniqueRows, uniqueValue, valueFields, valueRows } from './satellite-rows.ts'
import type { RecordContext, Values } from './types.ts'

/** Satellites of created and updated records. Throws ItemFailures with NOT_UNIQUE for values that are taken. */
export async function writeSatellites(connection: TenantConnection, ctx: RecordContext, entity: CompiledEntity, changes: readonly PreparedChange[], env: EvaluateEnv): Promise<void> {
  await writeUnique(connection, ctx, entity, changes, env)
  for (const { field, relationNo } of linkFields(entity)) {
    const touched = changes.filter(change => !same(change.before?.values[field.key] ?? [], change.values[field.key] ?? []))
    const old = touched.filter(change => change.before !== null).map(change => change.id)
    if (old.length > 0) await connection.execute(render.renderForgetLinks(ctx.caller.tenant.id, relationNo, old))
    const rows = touched.flatMap(change => linkRows(field, relationNo, change.id, change.values))
    if (rows.length > 0) await connection.execute(render.renderAddLinks(ctx.caller.tenant.id, rows))
  }
  const tenantId = ctx.caller.tenant.id
  const values = valueFields(entity)
  await replace(connection, changes, values.map(field => field.key), {
    forget: ids => render.renderForgetValues(tenantId, entity.no, ids, values.map(field => Number(field.no))),
    add: touched => render.renderAddValues(tenantId, touched.flatMap(change => valueRows(entity, values, change.id, change.values))),
  })
  const searched = searchFields(entity)
  await replace(connection, changes, searched.map(field => field.key), {
    forget: ids => render.renderForgetSearch(tenantId, entity.no, ids, searched.map(field => Number(field.no))),
    add: touched => render.renderAddSearch(tenantId, touched.flatMap(change => searchRows(tenantId, entity, searched, change.id, change.values))),
  })
}

/** Search rows and unique values of records that leave the trash; of those that enter it they are forgotten. */
export async function restoreSatellites(connection: TenantConnection, ctx: RecordContext, entity: CompiledEntity, records: readonly { id: string; values: Values }[], env: EvaluateEnv): Promise<void> {
  const tenantId = ctx.caller.tenant.id
  await takeUnique(connection, tenantId, records.flatMap(record => uniqueRows(entity, record.id, record.values, env)))
  const searched = searchFields(entity)
  const rows = records.flatMap(record => searchRows(tenantId, entity, searched, record.id, record.values))
  if (rows.length > 0) await connection.execute(render.renderAddSearch(tenantId, rows))
}

export async function forgetSatellites(connection: TenantConnection, ctx: RecordContext, entity: CompiledEntity, ids: readonly string[]): Promise<void> {
  const tenantId = ctx.caller.tenant.id
  const searched = searchFields(entity)
  if (entity.uniques.length > 0) await connection.execute(render.renderForgetUnique(tenantId, entity.no, ids, entity.uniques.map(rule => rule.no)))
  if (searched.length > 0) await connection.execute(render.renderForgetSearch(tenantId, entity.no, ids, searched.map(field => Number(field.no))))
}

async function writeUnique(connection: TenantConnection, ctx: RecordContext, entity: CompiledEntity, changes: readonly PreparedChange[], env: EvaluateEnv): Promise<void> {
  const rows: UniqueRow[] = []
  const stale = new Map<number, string[]>()
  for (const rule of entity.uniques) {
    for (const change of changes) {
      const old = change.before === null ? null : uniqueValue(entity, rule, change.before.values, env)
      const next = uniqueValue(entity, rule, change.values, env)
      if (old === next) continue
      if (old !== null) stale.set(rule.no, [...(stale.get(rule.no) ?? []), change.id])
      if (next !== null) rows.push({ entity_no: entity.no, rule_no: rule.no, value: next, record_id: change.id })
    }
  }
  for (const [ruleNo, ids] of stale) await connection.execute(render.renderForgetUnique(ctx.caller.tenant.id, entity.no, ids, [ruleNo]))
  await takeUnique(connection, ctx.caller.tenant.id, rows)
}

async function takeUnique(connection: TenantConnection, tenantId: string, rows: readonly UniqueRow[]): Promise<void> {
  if (rows.length === 0) return
  const taken = await connection.run<{ rule_no: number; record_id: string }>(render.renderTakeUnique(tenantId, rows))
  if (taken.length === rows.length) return
  const got = new Set(taken.map(each => `${each.rule_no}/${each.record_id}`))
  const losers = rows.filter(row => !got.has(`${row.rule_no}/${row.record_id}`))
  throw new ItemFailures(new Map(losers.map(row => [row.record_id, recordErrors.NOT_UNIQUE({})])))
}

async function replace(connection: TenantConnection, changes: readonly PreparedChange[], keys: readonly string[], statements: { forget: (ids: string[]) => Parameters<TenantConnection['run']>[0]; add: (touched: readonly PreparedChange[]) => Parameters<TenantConnection['run']>[0] }): Promise<void> {
  const touched = changes.filter(change => keys.some(key => !same(change.before?.values[key], change.values[key])))
  const old = touched.filter(change => change.before !== null).map(change => change.id)
  if (old.length > 0) await connection.execute(statements.forget(old))
  if (touched.length > 0) await connection.execute(statements.add(touched))
}
