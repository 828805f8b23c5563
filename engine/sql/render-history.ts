/** Renders questions about the past of a record, and which records of a set are there for someone to see. */
import type { CompiledEntity } from '../model/types.ts'
import type { Seen } from '../plan/types.ts'
import type { Statement } from '../platform/types.ts'
import { timeText } from './field-sql.ts'
import { renderCondition } from './render-condition.ts'
import { number, SqlText } from './sql-text.ts'

/** A change as it was written: `changes` by field number, or by name for system columns. */
export type HistoryEntryRow = {
  readonly version: number
  readonly at: string
  readonly actor: string | null
  readonly op: 'create' | 'update' | 'delete' | 'restore'
  readonly changes: Readonly<Record<string, unknown>>
}

/** Changes of a record before a version, newest first. Updates that touch none of the given keys are left out. */
export function renderHistoryPage(
  tenantId: string,
  entity: CompiledEntity,
  id: string,
  keys: readonly string[],
  before: number | null,
  limit: number,
): Statement {
  const sql = new SqlText(tenantId)
  const position = before === null ? '' : ` and h.version < ${sql.bind(before, 'int4')}`
  return sql.statement(
    `select h.version, ${timeText('h.at')} as at, h.actor, h.op, h.changes from nexus.record_history h ` +
      `where h.tenant_id = ${sql.tenant} and h.entity_no = ${number(entity.no)} and h.record_id = ${sql.bind(id, 'uuid')}${position} ` +
      `and (h.op <> 'update' or h.changes ?| ${sql.bind(keys, 'text[]')}) order by h.version desc limit ${sql.bind(limit, 'int4')}`,
  )
}

/** The ids among those given whose live records are seen. */
export function renderSeenIds(tenantId: string, seen: Seen, ids: readonly string[]): Statement {
  const sql = new SqlText(tenantId)
  const row = sql.alias()
  const where = seen.where.kind === 'true' ? '' : ` and ${renderCondition(sql, row, seen.where)}`
  return sql.statement(
    `select ${row}.id from nexus.record ${row} where ${row}.tenant_id = ${sql.tenant} and ${row}.entity_no = ${number(seen.entity.no)} and ${row}.id = any(${sql.bind(ids, 'uuid[]')}) and ${row}.deleted_at is null${where}`,
  )
}
