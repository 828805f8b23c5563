/** Renders questions about what is kept of records twice: for the check that both say the same, never for answers. */
import type { CompiledEntity, CompiledField } from '../model/types.ts'
import type { Statement } from '../platform/types.ts'
import { comparable, slotSqlOf } from './field-sql.ts'
import { slotFields } from './render-write.ts'
import { number, SqlText } from './sql-text.ts'

/** Rows of `id`, `field_key`, `stored`, `expected` for slots that do not hold what `data` says. */
export function renderSlotCheck(tenantId: string, entity: CompiledEntity, ids: readonly string[]): Statement | null {
  const slots = slotFields(entity).filter(({ field }) => field.building !== true)
  if (slots.length === 0) return null
  const sql = new SqlText(tenantId)
  const pairs = slots.map(
    ({ column, field }) => `(${sql.bind(field.key, 'text')}, r.${column}::text, (${slotSqlOf(field, 'r.data')})::text)`,
  )
  return sql.statement(
    `select r.id, s.field_key, s.stored, s.expected from nexus.record r cross join lateral (values ${pairs.join(', ')}) as s(field_key, stored, expected) ` +
      `where ${ofRecords(sql, entity, ids)} and s.stored is distinct from s.expected`,
  )
}

/** Rows of `id`, `target` of live records whose reference leads to no live record. */
export function renderDanglingCheck(
  tenantId: string,
  entity: CompiledEntity,
  field: CompiledField,
  target: CompiledEntity,
  ids: readonly string[],
): Statement {
  const sql = new SqlText(tenantId)
  const to = comparable('r', field).sql
  return sql.statement(
    `select r.id, ${to} as target from nexus.record r where ${ofRecords(sql, entity, ids)} and r.deleted_at is null and ${to} is not null and not exists ` +
      `(select 1 from nexus.record t where t.tenant_id = ${sql.tenant} and t.entity_no = ${number(target.no)} and t.id = ${to} and t.deleted_at is null)`,
  )
}

/** Rows of `id`, `versions` for records whose history does not have every version once. */
export function renderHistoryCheck(tenantId: string, entity: CompiledEntity, ids: readonly string[]): Statement {
  const sql = new SqlText(tenantId)
  return sql.statement(
    `select r.id, r.version, (select count(*)::int from nexus.record_history h where h.tenant_id = ${sql.tenant} and h.entity_no = ${number(entity.no)} and h.record_id = r.id and h.version between 1 and r.version) as versions ` +
      `from nexus.record r where ${ofRecords(sql, entity, ids)}`,
  )
}

/** Rows of `id`, `kind`, `place`, `value` that stand beside records: unique values, single values, search text. */
export function renderBeside(tenantId: string, entity: CompiledEntity, ids: readonly string[]): Statement {
  const sql = new SqlText(tenantId)
  const list = sql.bind(ids, 'uuid[]')
  const of = `tenant_id = ${sql.tenant} and entity_no = ${number(entity.no)}`
  return sql.statement(
    `select record_id as id, 'unique' as kind, rule_no as place, value from nexus.record_unique where ${of} and record_id = any(${list}) ` +
      `union all select id, 'value', field_no, value from nexus.record_value where ${of} and id = any(${list}) ` +
      `union all select id, 'search', field_no, s || ' ' || (select coalesce(string_agg(x::text, ',' order by x), '') from unnest(g) x) from nexus.record_search where ${of} and id = any(${list})`,
  )
}

/** Rows of `id`, `ancestor`: where records of a tree stand, walked by their parents; every record is its own ancestor. */
export function renderAncestors(tenantId: string, entity: CompiledEntity, parent: CompiledField, ids: readonly string[]): Statement {
  const sql = new SqlText(tenantId)
  return sql.statement(
    `with recursive up as (select r.id, r.id as ancestor, 0 as depth from nexus.record r where ${ofRecords(sql, entity, ids)} ` +
      `union all select u.id, ${comparable('r', parent).sql}, u.depth + 1 from up u join nexus.record r on r.tenant_id = ${sql.tenant} and r.entity_no = ${number(entity.no)} and r.id = u.ancestor where ${comparable('r', parent).sql} is not null and u.depth < 64) ` +
      `select distinct id, ancestor from up`,
  )
}

function ofRecords(sql: SqlText, entity: CompiledEntity, ids: readonly string[]): string {
  return `r.tenant_id = ${sql.tenant} and r.entity_no = ${number(entity.no)} and r.id = any(${sql.bind(ids, 'uuid[]')})`
}
