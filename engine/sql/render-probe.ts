/** Renders questions about given records: their whole state, and which conditions hold of them. For writes, never for answers. */
import type { CompiledEntity } from '../model/types.ts'
import type { Statement } from '../platform/types.ts'
import type { Condition } from '../plan/types.ts'
import { timeText } from './field-sql.ts'
import { renderCondition } from './render-condition.ts'
import { number, SqlText } from './sql-text.ts'

/** A record's state as stored, and one answer per condition. */
export type ProbeRow = {
  readonly id: string
  readonly version: number
  readonly created_at: string
  readonly created_by: string | null
  readonly updated_at: string
  readonly updated_by: string | null
  readonly owner_id: string | null
  readonly org_unit_id: string | null
  readonly deleted_at: string | null
  readonly data: Record<string, unknown>
  readonly links: Record<string, { id: string; data: Record<string, unknown> }[]> | null
  readonly bits: (boolean | null)[]
}

/** Which of the conditions hold of a record. */
export type BitsRow = { readonly id: string; readonly bits: (boolean | null)[] }

/** Asks conditions of records by id. */
export function renderBits(tenantId: string, entity: CompiledEntity, ids: readonly string[], conditions: readonly Condition[]): Statement {
  const sql = new SqlText(tenantId)
  const row = sql.alias()
  return sql.named(
    'bits',
    `select ${row}.id, ${bitsOf(sql, row, conditions)} as bits from nexus.record ${row} where ${byId(sql, row, entity, ids)}`,
  )
}

function bitsOf(sql: SqlText, row: string, conditions: readonly Condition[]): string {
  return conditions.length === 0 ? 'array[]::boolean[]' : `array[${conditions.map(each => renderCondition(sql, row, each)).join(', ')}]`
}

function byId(sql: SqlText, row: string, entity: CompiledEntity, ids: readonly string[]): string {
  return `${row}.tenant_id = ${sql.tenant} and ${row}.entity_no = ${number(entity.no)} and ${row}.id = any(${sql.bind(ids, 'uuid[]')})`
}

/** Reads records by id, live or in the trash, with the links of the given relations. Locked, they are read as they stand once the lock is held. */
export function renderProbe(
  tenantId: string,
  entity: CompiledEntity,
  ids: readonly string[],
  conditions: readonly Condition[],
  relationNos: readonly number[],
  lock: 'update' | 'no key update' | null = null,
): Statement {
  const sql = new SqlText(tenantId)
  const row = sql.alias()
  const bits = bitsOf(sql, row, conditions)
  const links =
    relationNos.length === 0
      ? 'null'
      : `(select jsonb_object_agg(l.no, l.list) from (select relation_no::text as no, jsonb_agg(jsonb_build_object('id', to_id, 'data', data) order by position, to_id) as list from nexus.record_link where tenant_id = ${sql.tenant} and from_id = ${row}.id and relation_no = any(${sql.bind(relationNos, 'int4[]')}) group by relation_no) l)`
  return sql.named(
    'probe',
    `select ${row}.id, ${row}.version, ${timeText(`${row}.created_at`)} as created_at, ${row}.created_by, ${timeText(`${row}.updated_at`)} as updated_at, ${row}.updated_by, ${row}.owner_id, ${row}.org_unit_id, ${timeText(`${row}.deleted_at`)} as deleted_at, ${row}.data, ${links} as links, ${bits} as bits ` +
      `from nexus.record ${row} where ${byId(sql, row, entity, ids)}${lock === null ? '' : ` order by ${row}.id for ${lock}`}`,
  )
}

/** Records of one entity that are about to be pointed at, and what they have to fulfil. */
export interface ReferenceQuestion {
  readonly entity: CompiledEntity
  readonly ids: readonly string[]
  readonly condition: Condition
}

/** One record that may be pointed at: `q` is the place of the question it answers. */
export type ReferenceRow = { readonly q: number; readonly id: string }

/** Which of the given records are live and fulfil their condition, locked against disappearing until the transaction ends. */
export function renderReferences(tenantId: string, questions: readonly ReferenceQuestion[]): Statement {
  const sql = new SqlText(tenantId)
  const parts = questions.map(({ entity, ids, condition }) => {
    const row = sql.alias()
    const where = condition.kind === 'true' ? '' : ` and ${renderCondition(sql, row, condition)}`
    return `select ${row}.id from nexus.record ${row} where ${byId(sql, row, entity, ids)} and ${row}.deleted_at is null${where} order by ${row}.id for key share`
  })
  const [only] = parts
  if (parts.length === 1) return sql.named('references', `select 0 as q, x.id from (${only}) x`)
  const named = parts.map((part, q) => `q${q} as (${part})`).join(', ')
  const text = `with ${named} ${parts.map((_, q) => `select ${q} as q, id from q${q}`).join(' union all ')}`
  return parts.length <= MOST_NAMED ? sql.named('references', text) : sql.statement(text)
}

// Longer ones are seldom the same twice.
const MOST_NAMED = 6
