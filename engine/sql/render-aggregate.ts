/**
 * Station 7 of an aggregate: plan → one statement in three layers: the value of every row, the measures of every group, then having, order
 * and limit over these. Amounts are summed as scaled whole numbers, so nothing is lost (storage rule 1); a mean is rounded half-even.
 */
import type { AggregatePlan, GroupColumn, Measure, MeasureTest } from '../plan/types.ts'
import type { Statement } from '../platform/types.ts'
import { timeText } from './field-sql.ts'
import { compareMeasure } from './compare-measure.ts'
import { conjuncts } from './paths.ts'
import { type ReachedSql, Joins } from './reached-value.ts'
import { renderCondition } from './render-condition.ts'
import { basics } from './render-read.ts'
import { number, type SqlCast, SqlText } from './sql-text.ts'

/** Digits a mean has beyond its field. */
export const MEAN_DIGITS = 6

/** One group: `g0 …` values it is made by, `m0 …` its measures, all as text; `revision` the tenant's at the moment of looking. */
export type GroupRow = Readonly<Record<string, string | null>>

/** Groups in the plan's order, one more than its limit where it wants them whole. */
export function renderAggregate(plan: AggregatePlan): Statement {
  const sql = new SqlText(plan.tenantId)
  const row = sql.alias()
  const joins = new Joins(sql, row)
  const groups = plan.groups.map((group, index) => groupColumn(sql, joins, plan, group, index))
  const measures = plan.measures.map((measure, index) => measureColumn(sql, joins, measure, index))
  const guards = groups.flatMap(group => group.guards)
  const where = [...basics(sql, row, plan), ...guards].join(' and ')
  const values = [...groups.map(group => `${group.value} as ${group.name}`), ...measures.flatMap(each => each.input)]
  const rows = `select ${values.length === 0 ? '1 as nothing' : values.join(', ')} from nexus.record ${row}${joins.text} where ${where}`
  const names = groups.map(group => group.name)
  const measured = `select ${[...names, ...measures.map(each => `${each.sql} as ${each.name}`)].join(', ')} from (${rows}) v${names.length === 0 ? '' : ` group by ${names.join(', ')}`}`
  const shown = [...groups, ...measures].map(each => `${textOf(each.name, each.cast)} as ${each.name}`)
  const having = renderHaving(sql, plan, measures)
  const order = renderOrder(plan, groups, measures)
  const text = `select ${[...shown, `${sql.revision}::text as revision`].join(', ')} from (${measured}) g${having}${order} limit ${sql.bind(plan.limit + (plan.whole ? 1 : 0), 'int4')}`
  return joins.text === '' && isOfOwner(plan) ? sql.named('aggregate', text) : sql.statement(text)
}

/** Everything, or all of one owner or unit: how many rows that are does not change the way to them. */
function isOfOwner(plan: AggregatePlan): boolean {
  return conjuncts(plan).every(
    each =>
      each.kind === 'compare' && each.field.storage.kind === 'system' && each.operator === 'eq' && !each.negated && each.seen === null,
  )
}

/** A column of the middle layer. */
interface Column {
  readonly name: string
  readonly cast: SqlCast | 'day'
}

function groupColumn(
  sql: SqlText,
  joins: Joins,
  plan: AggregatePlan,
  group: GroupColumn,
  index: number,
): Column & { value: string; guards: readonly string[] } {
  const reached = joins.reach(group.value)
  const name = `g${index}`
  if (group.bucket === null) return { name, value: reached.value, cast: reached.cast, guards: reached.guards }
  return { name, value: periodStart(sql, plan, group, reached), cast: 'day', guards: reached.guards }
}

/** The first day of the period an instant or a day lies in; days have no zone, instants lie in the tenant's. */
function periodStart(sql: SqlText, plan: AggregatePlan, { bucket, value }: GroupColumn, { value: at }: ReachedSql): string {
  const local = `(${at} at time zone ${value.field.kind === 'date' ? `'UTC'` : sql.bind(plan.timeZone, 'text')})`
  if (bucket !== 'week') return `date_trunc('${PERIOD[bucket ?? 'day']}', ${local})`
  // Postgres begins its weeks on Monday: the days are moved there and back.
  const shift = `interval '${number(plan.weekStart - 1)} days'`
  return `(date_trunc('week', ${local} - ${shift}) + ${shift})`
}

const PERIOD = { day: 'day', week: 'week', month: 'month', quarter: 'quarter', year: 'year' } as const

interface MeasureSql extends Column {
  readonly measure: Measure
  /** What the first layer has to bring. */
  readonly input: readonly string[]
  /** The measure over a group of it. */
  readonly sql: string
}

function measureColumn(sql: SqlText, joins: Joins, measure: Measure, index: number): MeasureSql {
  const name = `m${index}`
  const { fn, value } = measure
  if (value === null) return { name, measure, input: [], sql: 'count(*)', cast: 'int8' }
  const reached = joins.reach(value)
  const plain = fn === 'count' ? present(sql, reached, measure) : reached.value
  const guarded = reached.guards.length === 0 ? plain : `case when ${reached.guards.join(' and ')} then ${plain} end`
  const input = [`${guarded} as v${index}`]
  const of = `v${index}`
  switch (fn) {
    case 'count':
      return { name, measure, input, sql: `count(${of})`, cast: 'int8' }
    case 'count_distinct':
      return { name, measure, input, sql: `count(distinct ${of})`, cast: 'int8' }
    case 'sum':
      return { name, measure, input, sql: `coalesce(sum(${of}), 0)`, cast: 'numeric' }
    case 'avg':
      return { name, measure, input, sql: mean(of), cast: 'numeric' }
    default:
      return { name, measure, input, sql: `${fn}(${of})`, cast: reached.cast }
  }
}

/** 1 where the field has a value, whatever kind it is of. */
function present(sql: SqlText, { value, alias }: ReachedSql, { value: reached }: Measure): string {
  if (reached === null || reached.field.kind !== 'list') return value
  const condition = {
    kind: 'compare',
    field: reached.field,
    operator: 'is_null',
    operand: { shape: 'flag', flag: false },
    negated: false,
    seen: reached.seen,
  } as const
  return `case when ${renderCondition(sql, alias, condition)} then 1 end`
}

/** Sum / count in units of the last digit a mean has, rounded half-even; null over nothing. */
function mean(of: string): string {
  const sum = `(sum(${of}) * ${10 ** MEAN_DIGITS})`
  const count = `count(${of})`
  const whole = `div(${sum}, ${count})`
  const twice = `2 * abs(mod(${sum}, ${count}))`
  return `case when ${count} > 0 then ${whole} + sign(${sum}) * (case when ${twice} > ${count} or (${twice} = ${count} and mod(abs(${whole}), 2) = 1) then 1 else 0 end) end`
}

function renderHaving(sql: SqlText, plan: AggregatePlan, measures: readonly MeasureSql[]): string {
  if (plan.having === null) return ' where false'
  const tests = plan.having.map(test => renderMeasureTest(sql, test, measures))
  return tests.length === 0 ? '' : ` where ${tests.join(' and ')}`
}

function renderMeasureTest(sql: SqlText, test: MeasureTest, measures: readonly MeasureSql[]): string {
  const column = measures.find(each => each.measure.name === test.measure)
  if (column === undefined) throw new Error(`The plan has no measure ${test.measure}.`)
  return compareMeasure(sql, `g.${column.name}`, column.measure, test, MEAN_DIGITS)
}

/** The plan's keys, then the groups themselves, so that two runs answer alike. Nulls last. */
function renderOrder(plan: AggregatePlan, groups: readonly Column[], measures: readonly MeasureSql[]): string {
  const columns = [
    ...plan.groups.map((group, index) => ({ name: group.name, column: groups[index] })),
    ...plan.measures.map((each, index) => ({ name: each.name, column: measures[index] })),
  ]
  const asked = plan.order.flatMap(key => {
    const column = columns.find(each => each.name === key.name)?.column
    return column === undefined ? [] : [orderOf(column, key.descending)]
  })
  const rest = plan.groups.flatMap((group, index) => (plan.order.some(key => key.name === group.name) ? [] : [groups[index]]))
  const keys = [...asked, ...rest.flatMap(column => (column === undefined ? [] : [orderOf(column, false)]))]
  return keys.length === 0 ? '' : ` order by ${keys.join(', ')}`
}

function orderOf({ name, cast }: Column, descending: boolean): string {
  const direction = `${descending ? ' desc' : ''} nulls last`
  const exact = `g.${name}${cast === 'text' ? ' collate "C"' : ''}${direction}`
  return cast === 'text' ? `nexus.fold(g.${name}) collate "C"${direction}, ${exact}` : exact
}

/** A column as text: instants in UTC with milliseconds, periods by their first day. */
function textOf(name: string, cast: SqlCast | 'day'): string {
  if (cast === 'day') return `to_char(g.${name}, 'YYYY-MM-DD')`
  return cast === 'timestamptz' ? timeText(`g.${name}`) : `g.${name}::text`
}
