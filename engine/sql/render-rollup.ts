/** Renders the exact values of rollups per parent, from the children's data: all rollups over one relation in one statement. */
import type { CompiledEntity, CompiledField } from '../model/types.ts'
import type { Condition } from '../plan/types.ts'
import type { Statement } from '../platform/types.ts'
import { comparable, dataText, timeText } from './field-sql.ts'
import { renderCondition } from './render-condition.ts'
import { number, SqlText } from './sql-text.ts'

/** What is taken of the children: how many, or the sum, least or greatest of a field, of those that fulfil a condition. */
export interface RollupMeasure {
  readonly fn: 'count' | 'sum' | 'min' | 'max'
  /** Null to count the children themselves. */
  readonly source: CompiledField | null
  readonly where: Condition
}

/** A parent with one text per measure, in the spelling of the wire; parents without children are absent. */
export type RollupRow = { readonly parent: string; readonly values: readonly (string | null)[] }

/** Measures of live children by parent. The plan can not depend on the values: it goes by the reference. */
export function renderRollups(
  tenantId: string,
  child: CompiledEntity,
  reference: CompiledField,
  measures: readonly RollupMeasure[],
  parents: readonly string[],
): Statement {
  const sql = new SqlText(tenantId)
  const row = sql.alias()
  const parent = comparable(row, reference).sql
  const values = measures.map(measure => renderMeasure(sql, row, measure)).join(', ')
  return sql.named(
    'rollups',
    `select ${parent} as parent, array[${values}] as values from nexus.record ${row} where ${row}.tenant_id = ${sql.tenant} and ${row}.entity_no = ${number(child.no)} and ${parent} = any(${sql.bind(parents, 'uuid[]')}) and ${row}.deleted_at is null group by 1`,
  )
}

function renderMeasure(sql: SqlText, row: string, { fn, source, where }: RollupMeasure): string {
  const measured = source === null ? '*' : exactOf(row, source)
  const filter = where.kind === 'true' ? '' : ` filter (where ${renderCondition(sql, row, where)})`
  const value = `${fn}(${measured})${filter}`
  if (fn === 'count' || source === null) return `(${value})::text`
  if (source.kind === 'date') return `to_char(${value} at time zone 'UTC', 'YYYY-MM-DD')`
  return source.kind === 'datetime' ? timeText(value) : `(${value})::text`
}

function exactOf(row: string, source: CompiledField): string {
  return source.storage.kind === 'system' ? comparable(row, source).sql : source.type.sqlType(dataText(row, source), source.definition)
}
