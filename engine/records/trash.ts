/**
 * Moves records into the trash and out again, with everything that hangs on them: lines and cascades go along, references are cleared,
 * restrictions refuse. What a reference declares (`on_delete`) is the right by which other records are touched here.
 */
import type { CompiledEntity, CompiledField } from '../model/types.ts'
import type { TenantConnection } from '../platform/types.ts'
import { comparable, type ProbeRow, renderProbe, renderTrash, renderUpdate } from '../sql/index.ts'
import type { Journal } from './journal.ts'
import { recordErrors } from './errors.ts'
import { environmentOf } from './moment.ts'
import { ItemFailures } from './prepared.ts'
import { linkFields, stateOf, storedRowOf } from './record-state.ts'
import type { RecordContext, RecordState, Values } from './types.ts'
import { forgetSatellites, restoreSatellites } from './write-satellites.ts'

/** Cascades reach no further than this. */
const DEEPEST = 8
/** Records one delete may take along. */
const MOST_DEPENDENTS = 10_000

type At = { readonly id: string; readonly version: number }

/** Moves records into the trash at the versions they were read at. */
export async function trashRecords(connection: TenantConnection, ctx: RecordContext, entity: CompiledEntity, records: readonly At[], journal: Journal, depth = 0): Promise<void> {
  if (records.length === 0) return
  if (depth > DEEPEST || records.length > MOST_DEPENDENTS) throw recordErrors.CASCADE_TOO_DEEP({})
  const ids = records.map(record => record.id)
  // Locked first: a reference being made to one of them waits, and then finds it gone (storage: references).
  const states = await lockStates(connection, ctx, entity, ids)
  for (const pointing of entity.referencedBy) {
    const from = ctx.model.entities.get(pointing.entity)
    const field = from?.fields.get(pointing.field)
    if (from === undefined || field === undefined) continue
    const dependents = await dependentsOf(connection, ctx, from, field, ids)
    if (dependents.length === 0) continue
    if (pointing.onDelete === 'restrict') throw new ItemFailures(new Map(dependents.flatMap(each => each.pointsAt).filter(id => ids.includes(id)).map(id => [id, recordErrors.NOT_POSSIBLE({})])))
    if (pointing.onDelete === 'cascade') await trashRecords(connection, ctx, from, dependents.filter(each => !(from === entity && ids.includes(each.id))), journal, depth + 1)
    else await clearReference(connection, ctx, from, field, dependents.map(each => each.id), ids, journal)
  }
  await refuseOwnersAndUnits(connection, ctx, entity, ids)
  const at = ctx.now.toISOString()
  const done = await connection.run<{ id: string }>(renderTrash(ctx.caller.tenant.id, entity, records, { deletedAt: at, at, by: ctx.caller.userId }))
  requireAll(records, done)
  await forgetSatellites(connection, ctx, entity, ids)
  for (const record of records) journal.note(entity, 'delete', record.id, record.version + 1, states.get(record.id)?.values ?? null, null)
}

/** Takes records out of the trash, together with what went into it with them. */
export async function restoreRecords(connection: TenantConnection, ctx: RecordContext, entity: CompiledEntity, records: readonly At[], journal: Journal, depth = 0): Promise<void> {
  if (records.length === 0) return
  if (depth > DEEPEST) throw recordErrors.CASCADE_TOO_DEEP({})
  const ids = records.map(record => record.id)
  const states = await lockStates(connection, ctx, entity, ids)
  await requireTargets(connection, ctx, entity, [...states.values()])
  const deletedAt = new Map([...states].map(([id, state]) => [id, state.values['deleted_at']]))
  const at = ctx.now.toISOString()
  const done = await connection.run<{ id: string }>(renderTrash(ctx.caller.tenant.id, entity, records, { deletedAt: null, at, by: ctx.caller.userId }))
  requireAll(records, done)
  await restoreSatellites(connection, ctx, entity, [...states.values()].map(state => ({ id: state.id, values: state.values })), environmentOf(ctx))
  for (const record of records) journal.note(entity, 'restore', record.id, record.version + 1, null, { ...states.get(record.id)?.values, deleted_at: null })
  for (const pointing of entity.referencedBy) {
    const from = ctx.model.entities.get(pointing.entity)
    const field = from?.fields.get(pointing.field)
    if (from === undefined || field === undefined || pointing.onDelete !== 'cascade') continue
    const gone = await dependentsOf(connection, ctx, from, field, ids, true)
    const together = gone.filter(each => each.pointsAt.some(id => deletedAt.get(id) === each.deletedAt))
    await restoreRecords(connection, ctx, from, together, journal, depth + 1)
  }
}

async function lockStates(connection: TenantConnection, ctx: RecordContext, entity: CompiledEntity, ids: readonly string[]): Promise<Map<string, RecordState>> {
  const rows = await connection.run<ProbeRow>(renderProbe(ctx.caller.tenant.id, entity, ids, [], linkFields(entity).map(each => each.relationNo), true))
  return new Map(rows.map(row => [row.id, stateOf(entity, row)]))
}

interface Dependent extends At {
  readonly pointsAt: readonly string[]
  readonly deletedAt: string | null
}

async function dependentsOf(connection: TenantConnection, ctx: RecordContext, from: CompiledEntity, field: CompiledField, ids: readonly string[], inTrash = false): Promise<Dependent[]> {
  const state = inTrash ? 'r.deleted_at is not null' : 'r.deleted_at is null'
  const deleted = `to_char(r.deleted_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
  const text = field.storage.kind === 'links'
    ? `select r.id, r.version, ${deleted} as deleted_at, array_agg(l.to_id) as points_at from nexus.record_link l join nexus.record r on r.tenant_id = $1 and r.entity_no = $2 and r.id = l.from_id and ${state} where l.tenant_id = $1 and l.relation_no = $5 and l.to_id = any($3::uuid[]) group by r.id, r.version, r.deleted_at limit $4`
    : `select r.id, r.version, ${deleted} as deleted_at, array[${comparable('r', field).sql}] as points_at from nexus.record r where r.tenant_id = $1 and r.entity_no = $2 and ${comparable('r', field).sql} = any($3::uuid[]) and ${state} limit $4`
  const values = [ctx.caller.tenant.id, from.no, ids, MOST_DEPENDENTS + 1, ...(field.storage.kind === 'links' ? [field.storage.relationNo] : [])]
  const rows = await connection.run<{ id: string; version: number; deleted_at: string | null; points_at: string[] }>({ text, values })
  return rows.map(row => ({ id: row.id, version: row.version, pointsAt: row.points_at, deletedAt: row.deleted_at }))
}

async function clearReference(connection: TenantConnection, ctx: RecordContext, from: CompiledEntity, field: CompiledField, ids: readonly string[], gone: readonly string[], journal: Journal): Promise<void> {
  // Links stay, so that a restored target finds them again; a target in the trash is not shown.
  if (field.storage.kind === 'links') return
  const tenantId = ctx.caller.tenant.id
  const states = await lockStates(connection, ctx, from, ids)
  const rows = [...states.values()].map(state => {
    const values: Values = { ...state.values, [field.key]: null, updated_at: ctx.now.toISOString(), updated_by: ctx.caller.userId }
    journal.note(from, 'update', state.id, state.version + 1, state.values, values)
    return storedRowOf(from, state, values)
  })
  const done = await connection.run<{ id: string }>(renderUpdate(tenantId, from, rows))
  if (done.length !== rows.length) throw new ItemFailures(new Map(gone.map(id => [id, recordErrors.CHANGED_MEANWHILE({})])))
}

/** A user who owns records and a unit that holds records can not go. */
async function refuseOwnersAndUnits(connection: TenantConnection, ctx: RecordContext, entity: CompiledEntity, ids: readonly string[]): Promise<void> {
  const column = entity.key === 'user' ? 'owner_id' : entity.key === 'org_unit' ? 'org_unit_id' : null
  if (column === null) return
  const rows = await connection.run<{ id: string }>({
    text: `select distinct r.${column} as id from nexus.record r where r.tenant_id = $1 and r.entity_no = any($2::int[]) and r.${column} = any($3::uuid[]) and r.deleted_at is null and not (r.entity_no = $4 and r.id = any($3::uuid[]))`,
    values: [ctx.caller.tenant.id, [...ctx.model.entitiesByNo.keys()], ids, entity.no],
  })
  if (rows.length > 0) throw new ItemFailures(new Map(rows.map(row => [row.id, recordErrors.NOT_POSSIBLE({})])))
}

/** What a restored record points at must be there. */
async function requireTargets(connection: TenantConnection, ctx: RecordContext, entity: CompiledEntity, states: readonly RecordState[]): Promise<void> {
  for (const field of entity.fields.values()) {
    if (field.kind !== 'id' || field.target === null || field.system) continue
    const target = ctx.model.entities.get(field.target)
    const wanted = states.flatMap(state => (typeof state.values[field.key] === 'string' ? [{ state, id: String(state.values[field.key]) }] : []))
    if (target === undefined || wanted.length === 0) continue
    const rows = await connection.run<{ id: string }>({
      text: 'select id from nexus.record where tenant_id = $1 and entity_no = $2 and id = any($3::uuid[]) and deleted_at is null order by id for key share',
      values: [ctx.caller.tenant.id, target.no, wanted.map(each => each.id)],
    })
    const live = new Set(rows.map(row => row.id))
    const missing = wanted.filter(each => !live.has(each.id))
    if (missing.length > 0) throw new ItemFailures(new Map(missing.map(each => [each.state.id, recordErrors.NOT_POSSIBLE({})])))
  }
}

function requireAll(records: readonly At[], done: readonly { id: string }[]): void {
  if (done.length === records.length) return
  const reached = new Set(done.map(each => each.id))
  throw new ItemFailures(new Map(records.filter(record => !reached.has(record.id)).map(record => [record.id, recordErrors.CHANGED_MEANWHILE({})])))
}
