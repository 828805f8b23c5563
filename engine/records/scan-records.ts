/** Walks over all records of an entity in the order of their ids, as they are stored: for work on a whole entity, never for answers. */
import type { CompiledEntity } from '../model/types.ts'
import type { TenantConnection } from '../platform/types.ts'
import { type ProbeRow, renderProbe } from '../sql/index.ts'
import { linkFields, stateOf } from './record-state.ts'
import type { RecordState } from './types.ts'

/** A record as it is stored, live or in the trash. */
export interface ScannedRecord extends RecordState {
  readonly deleted: boolean
}

/** The next ids of an entity after one of them, null for the first. */
export async function nextIds(connection: TenantConnection, entityNo: number, after: string | null, limit: number): Promise<string[]> {
  const rows = await connection.run<{ id: string }>({
    text: `select id from nexus.record where tenant_id = $1 and entity_no = $2 and id > $3 order by id limit $4`,
    values: [connection.tenantId, entityNo, after ?? FIRST, limit],
  })
  return rows.map(row => row.id)
}

/** No record has this id, and all sort behind it. */
const FIRST = '00000000-0000-0000-0000-000000000000'

/** All records of an entity, some at a time; stops when its reader does. */
export async function* scanRecords(
  connection: TenantConnection,
  entity: CompiledEntity,
  atOnce: number,
): AsyncGenerator<readonly ScannedRecord[]> {
  let after: string | null = null
  for (;;) {
    const ids: string[] = await nextIds(connection, entity.no, after, atOnce)
    if (ids.length > 0) yield await readRecords(connection, entity, ids)
    if (ids.length < atOnce) return
    after = ids.at(-1) ?? null
  }
}

/** Records by id, in the order of their ids. */
export async function readRecords(connection: TenantConnection, entity: CompiledEntity, ids: readonly string[]): Promise<ScannedRecord[]> {
  const relationNos = linkFields(entity).map(each => each.relationNo)
  const rows = await connection.run<ProbeRow>(renderProbe(connection.tenantId, entity, ids, [], relationNos))
  return rows.map(row => ({ ...stateOf(entity, row), deleted: row.deleted_at !== null })).sort((a, b) => (a.id < b.id ? -1 : 1))
}
