/** Renders the exact value of a rollup per parent, from the children's data. */
import type { CompiledEntity, CompiledField } from '../model/types.ts'
import type { Condition } from '../plan/types.ts'
import type { Statement } from '../platform/types.ts'
import { comparable, dataText, timeText } from './field-sql.ts'
import { renderCondition } from './render-condition.ts'
import { number, SqlText } from './sql-text.ts'

/** Rows of `parent` and `value` (wire text); parents without children are absent. */
export function renderRollup(
  tenantId: string,
  child: CompiledEntity,
  reference: CompiledField,
  fn: 'count' | 'sum' | 'min' | 'max',
  source: CompiledField | null,
  where: Condition,
  parents: readonly string[],
): Statement {
  const sql = new SqlText(tenantId)
  const row = sql.alias()
  const parent = comparable(row, reference).sql
  const exact =
    source === null
      ? '1'
      : source.storage.kind === 'system'
        ? comparable(row, source).sql
        : source.type.sqlType(dataText(row, source), source.definition)
  const measure = fn === 'count' ? (source === null ? 'count(*)' : `count(${exact})`) : `${fn}(${exact})`
  const condition = where.kind === 'true' ? '' : ` and ${renderCondition(sql, row, where)}`
  return sql.statement(
    `select ${parent} as parent, ${textOf(measure, fn === 'count' ? null : source)} as value from nexus.record ${row} where ${row}.tenant_id = ${sql.tenant} and ${row}.entity_no = ${number(child.no)} and ${parent} = any(${sql.bind(parents, 'uuid[]')}) and ${row}.deleted_at is null${condition} group by 1`,
  )
}

/** The measure as it travels: days and instants in the spelling of the wire. */
function textOf(measure: string, source: CompiledField | null): string {
  if (source?.kind === 'date') return `to_char(${measure} at time zone 'UTC', 'YYYY-MM-DD')`
  return source?.kind === 'datetime' ? timeText(measure) : `${measure}::text`
}
