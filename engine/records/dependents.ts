/** Finds the records that point at others: what a delete has to look at, and what a restore may bring back. */
import { type CompiledEntity, type CompiledField, ORG_UNIT_ENTITY, USER_ENTITY } from '../model/index.ts'
import type { TenantConnection } from '../platform/types.ts'
import { comparable, type ProbeRow, renderProbe } from '../sql/index.ts'
import { recordErrors } from './errors.ts'
import { linkFields, stateOf } from './record-state.ts'
import type { RecordContext, RecordState } from './types.ts'

/** Records one delete may take along by one reference. */
const MOST_DEPENDENTS = 10_000

/** A reference that leads to records of an entity. */
export interface Pointing {
  readonly from: CompiledEntity
  readonly field: CompiledField
  readonly onDelete: 'restrict' | 'cascade' | 'set_null'
}

/** A record that points at some of the given ones. */
export interface Dependent {
  readonly id: string
  readonly pointsAt: readonly string[]
  /** When it went into the trash; null for a live one. */
  readonly deletedAt: string | null
}

/** Cascades first: what goes along can stand against nothing; restrictions last. */
const ORDER = ['cascade', 'set_null', 'restrict']

/** The references that lead to an entity, in the order in which a delete follows them. */
export function pointingAt(ctx: RecordContext, entity: CompiledEntity): Pointing[] {
  return entity.referencedBy
    .flatMap(each => {
      const from = ctx.model.entities.get(each.entity)
      const field = from?.fields.get(each.field)
      return from === undefined || field === undefined ? [] : [{ from, field, onDelete: each.onDelete }]
    })
    .toSorted((a, b) => ORDER.indexOf(a.onDelete) - ORDER.indexOf(b.onDelete))
}

/** Records that point at the given ones, live or in the trash. Throws CASCADE_TOO_DEEP where there are too many. */
export async function dependentsOf(
  connection: TenantConnection,
  { from, field }: Pointing,
  ids: readonly string[],
  state: 'live' | 'trash' = 'live',
): Promise<Dependent[]> {
  const { condition, pointed, values } = pointingRows(field, state)
  const rows = await connection.run<{ id: string; deleted_at: string | null; points_at: string[] }>({
    text: `select r.id, r.deleted_at, array_agg(${pointed}) as points_at from ${condition} group by r.id, r.deleted_at limit $4`,
    values: [connection.tenantId, from.no, ids, MOST_DEPENDENTS + 1, ...values],
  })
  if (rows.length > MOST_DEPENDENTS) throw recordErrors.CASCADE_TOO_DEEP({})
  return rows.map(row => ({ id: row.id, pointsAt: row.points_at, deletedAt: row.deleted_at }))
}

/** Which of the given records some live record points at. */
export async function pointedAt(connection: TenantConnection, { from, field }: Pointing, ids: readonly string[]): Promise<string[]> {
  const { condition, pointed, values } = pointingRows(field, 'live')
  const rows = await connection.run<{ id: string }>({
    text: `select distinct ${pointed} as id from ${condition} limit $4`,
    values: [connection.tenantId, from.no, ids, ids.length, ...values],
  })
  return rows.map(row => row.id)
}

function pointingRows(field: CompiledField, state: 'live' | 'trash'): { condition: string; pointed: string; values: number[] } {
  const isThere = `r.deleted_at is ${state === 'live' ? '' : 'not '}null`
  if (field.storage.kind === 'links') {
    const condition = `nexus.record_link l join nexus.record r on r.tenant_id = $1 and r.entity_no = $2 and r.id = l.from_id and ${isThere} where l.tenant_id = $1 and l.relation_no = $5 and l.to_id = any($3::uuid[])`
    return { condition, pointed: 'l.to_id', values: [field.storage.relationNo] }
  }
  const pointed = comparable('r', field).sql
  return {
    condition: `nexus.record r where r.tenant_id = $1 and r.entity_no = $2 and ${pointed} = any($3::uuid[]) and ${isThere}`,
    pointed,
    values: [],
  }
}

/** Users who own live records, and units that hold some: they can not go. */
export async function stillHolding(
  connection: TenantConnection,
  ctx: RecordContext,
  entity: CompiledEntity,
  ids: readonly string[],
): Promise<string[]> {
  const column = entity.key === USER_ENTITY ? 'owner_id' : entity.key === ORG_UNIT_ENTITY ? 'org_unit_id' : null
  if (column === null) return []
  const rows = await connection.run<{ id: string }>({
    text: `select distinct r.${column} as id from nexus.record r where r.tenant_id = $1 and r.entity_no = any($2::int[]) and r.${column} = any($3::uuid[]) and r.deleted_at is null and not (r.entity_no = $4 and r.id = any($3::uuid[]))`,
    values: [connection.tenantId, [...ctx.model.entitiesByNo.keys()], ids, entity.no],
  })
  return rows.map(row => row.id)
}

/** Locks records in the order of their ids and reads them as they stand then. */
export async function lockStates(
  connection: TenantConnection,
  entity: CompiledEntity,
  ids: readonly string[],
): Promise<Map<string, RecordState>> {
  const relations = linkFields(entity).map(each => each.relationNo)
  const rows = await connection.run<ProbeRow>(renderProbe(connection.tenantId, entity, ids, [], relations, 'update'))
  return new Map(rows.map(row => [row.id, stateOf(entity, row)]))
}
