/** Renders the rows that stand beside a record: unique values, links, single values, search text, history. Set-based. */
import type { Statement } from '../platform/types.ts'
import { SqlText } from './sql-text.ts'

export interface UniqueRow {
  readonly entity_no: number
  readonly rule_no: number
  readonly value: string
  readonly record_id: string
}
export interface LinkRow {
  readonly relation_no: number
  readonly from_id: string
  readonly to_id: string
  readonly position: number
  readonly data: Readonly<Record<string, unknown>>
}
export interface ValueRow {
  readonly entity_no: number
  readonly field_no: number
  readonly value: string
  readonly id: string
}
export interface SearchRow {
  readonly entity_no: number
  readonly field_no: number
  readonly id: string
  readonly s: string
  readonly g: readonly number[]
}
export interface HistoryRow {
  readonly entity_no: number
  readonly record_id: string
  readonly version: number
  readonly op: 'create' | 'update' | 'delete' | 'restore'
  /** Before and after by field number, of a create only what came. */
  readonly changes: Readonly<Record<string, unknown>>
}

/** Forgets the unique values that records held under the given rules. */
export function renderForgetUnique(tenantId: string, entityNo: number, ids: readonly string[], ruleNos: readonly number[]): Statement {
  const sql = new SqlText(tenantId)
  return sql.named(
    'forget_unique',
    `delete from nexus.record_unique where tenant_id = ${sql.tenant} and entity_no = ${sql.bind(entityNo, 'int4')} and record_id = any(${sql.bind(ids, 'uuid[]')}) and rule_no = any(${sql.bind(ruleNos, 'int4[]')})`,
  )
}

/** Takes unique values; answers those it got. The others are taken by someone else. */
export function renderTakeUnique(tenantId: string, rows: readonly UniqueRow[]): Statement {
  const sql = new SqlText(tenantId)
  return sql.named(
    'unique',
    `insert into nexus.record_unique (tenant_id, entity_no, rule_no, value, record_id) select ${sql.tenant}, x.entity_no, x.rule_no, x.value, x.record_id from jsonb_to_recordset(${sql.bind(JSON.stringify(rows), 'jsonb')}) as x(entity_no int, rule_no int, value text, record_id uuid) order by x.rule_no, x.value on conflict do nothing returning rule_no, record_id`,
  )
}

/** Replaces the links of a relation from the given records. */
export function renderForgetLinks(tenantId: string, relationNo: number, ids: readonly string[]): Statement {
  const sql = new SqlText(tenantId)
  return sql.named(
    'forget_links',
    `delete from nexus.record_link where tenant_id = ${sql.tenant} and relation_no = ${sql.bind(relationNo, 'int4')} and from_id = any(${sql.bind(ids, 'uuid[]')})`,
  )
}

export function renderAddLinks(tenantId: string, rows: readonly LinkRow[]): Statement {
  const sql = new SqlText(tenantId)
  return sql.named(
    'links',
    `insert into nexus.record_link (tenant_id, relation_no, from_id, to_id, position, data) select ${sql.tenant}, x.relation_no, x.from_id, x.to_id, x.position, x.data from jsonb_to_recordset(${sql.bind(JSON.stringify(rows), 'jsonb')}) as x(relation_no int, from_id uuid, to_id uuid, position int, data jsonb)`,
  )
}

/** Replaces the single values of fields of the given records. */
export function renderForgetValues(tenantId: string, entityNo: number, ids: readonly string[], fieldNos: readonly number[]): Statement {
  const sql = new SqlText(tenantId)
  return sql.named(
    'forget_values',
    `delete from nexus.record_value where tenant_id = ${sql.tenant} and entity_no = ${sql.bind(entityNo, 'int4')} and id = any(${sql.bind(ids, 'uuid[]')}) and field_no = any(${sql.bind(fieldNos, 'int4[]')})`,
  )
}

export function renderAddValues(tenantId: string, rows: readonly ValueRow[]): Statement {
  const sql = new SqlText(tenantId)
  return sql.named(
    'values',
    `insert into nexus.record_value (tenant_id, entity_no, field_no, value, id) select distinct ${sql.tenant}, x.entity_no, x.field_no, x.value, x.id from jsonb_to_recordset(${sql.bind(JSON.stringify(rows), 'jsonb')}) as x(entity_no int, field_no int, value text, id uuid) on conflict do nothing`,
  )
}

/** Replaces the search rows of fields of the given records. */
export function renderForgetSearch(tenantId: string, entityNo: number, ids: readonly string[], fieldNos: readonly number[]): Statement {
  const sql = new SqlText(tenantId)
  return sql.named(
    'forget_search',
    `delete from nexus.record_search where tenant_id = ${sql.tenant} and entity_no = ${sql.bind(entityNo, 'int4')} and id = any(${sql.bind(ids, 'uuid[]')}) and field_no = any(${sql.bind(fieldNos, 'int4[]')})`,
  )
}

export function renderAddSearch(tenantId: string, rows: readonly SearchRow[]): Statement {
  const sql = new SqlText(tenantId)
  // As lists of their own: out of JSON, which keeps each hash as a number of its own, they took two and a half times as long.
  const columns = [
    sql.bind(
      rows.map(row => row.entity_no),
      'int4[]',
    ),
    sql.bind(
      rows.map(row => row.field_no),
      'int4[]',
    ),
    sql.bind(
      rows.map(row => row.id),
      'uuid[]',
    ),
    sql.bind(
      rows.map(row => row.s),
      'text[]',
    ),
    sql.bind(
      rows.map(row => `{${row.g.join()}}`),
      'text[]',
    ),
  ]
  return sql.named(
    'search',
    `insert into nexus.record_search (tenant_id, entity_no, field_no, id, s, g) select ${sql.tenant}, x.entity_no, x.field_no, x.id, x.s, x.g::int[] from unnest(${columns.join(', ')}) as x(entity_no, field_no, id, s, g)`,
  )
}

/** Appends to the history of records. */
export function renderHistory(
  tenantId: string,
  rows: readonly HistoryRow[],
  made: { readonly at: string; readonly actor: string; readonly traceId: string },
): Statement {
  const sql = new SqlText(tenantId)
  const [first] = rows
  const at = sql.bind(made.at, 'timestamptz')
  const by = sql.bind(made.actor, 'uuid')
  const trace = sql.bind(made.traceId, 'text')
  if (rows.length === 1 && first !== undefined) {
    const { entity_no, record_id, version, op, changes } = first
    const what = [sql.bind(entity_no, 'int4'), sql.bind(record_id, 'uuid'), sql.bind(version, 'int4')].join(', ')
    return sql.named(
      'history_of_one',
      `${HISTORY} values (${sql.tenant}, ${what}, ${at}, ${by}, ${sql.bind(op, 'text')}, ${sql.bind(JSON.stringify(changes), 'jsonb')}, ${trace})`,
    )
  }
  return sql.named(
    'history',
    `${HISTORY} select ${sql.tenant}, x.entity_no, x.record_id, x.version, ${at}, ${by}, x.op, x.changes, ${trace} from jsonb_to_recordset(${sql.bind(JSON.stringify(rows), 'jsonb')}) as x(entity_no int, record_id uuid, version int, op text, changes jsonb)`,
  )
}

const HISTORY = 'insert into nexus.record_history (tenant_id, entity_no, record_id, version, at, actor, op, changes, trace_id)'

/** Reserves `count` numbers of a series; answers the first. Serial per series, for as long as the transaction lives. */
export function renderReserveNumbers(
  tenantId: string,
  entityNo: number,
  fieldNo: number,
  period: string,
  start: number,
  count: number,
): Statement {
  const sql = new SqlText(tenantId)
  const add = sql.bind(count, 'int8')
  const first = sql.bind(start, 'int8')
  return sql.named(
    'reserve',
    `insert into nexus.number_series as s (tenant_id, entity_no, field_no, period, next) values (${sql.tenant}, ${sql.bind(entityNo, 'int4')}, ${sql.bind(fieldNo, 'int4')}, ${sql.bind(period, 'text')}, ${first} + ${add}) on conflict (tenant_id, entity_no, field_no, period) do update set next = s.next + ${add} returning (s.next - ${add})::text as first`,
  )
}
