/** Station 7 of a read: plan → one statement that answers a page as JSON text with the keys of its last row. */
import type { Statement } from '../platform/types.ts'
import type { ReadPlan } from '../plan/types.ts'
import { renderCondition } from './render-condition.ts'
import { renderRow } from './render-members.ts'
import { keyTexts, nullable, orderKeySql, renderAfter, renderOrder } from './render-order.ts'
import { number, SqlText } from './sql-text.ts'

/** The part of the order a statement serves: rows whose first key has a value, then rows where it has none. */
export type Phase = 'values' | 'nulls'

/** The row a page statement answers with. */
export type PageRow = { readonly page: string | null; readonly fetched: number; readonly last_id: string | null; readonly last_keys: (string | null)[] | null }

/** The phases a plan needs, in order. */
export function phasesOf(plan: ReadPlan): readonly Phase[] {
  const first = plan.order[0]
  if (first === undefined || !nullable(first)) return ['values']
  return plan.after !== null && plan.after.keys[0] === null ? ['nulls'] : ['values', 'nulls']
}

/** A page of `limit` rows and whether one more follows (`fetched` = limit + 1). */
export function renderRead(plan: ReadPlan, phase: Phase, limit: number, continues: boolean): Statement {
  const sql = new SqlText(plan.tenantId)
  const inner = sql.alias()
  const where = [...basics(sql, inner, plan)]
  const first = plan.order[0]
  if (first !== undefined && nullable(first)) where.push(`${orderKeySql(sql, inner, first)} is ${phase === 'values' ? 'not ' : ''}null`)
  const order = phase === 'nulls' ? plan.order.slice(1) : plan.order
  if (plan.after !== null && continues) {
    const position = phase === 'nulls' ? { keys: plan.after.keys.slice(1), id: plan.after.id } : plan.after
    where.push(renderAfter(sql, inner, order, plan.idDescending, position))
  }
  const row = sql.alias()
  const most = sql.bind(limit, 'int4')
  return sql.statement(
    `select string_agg(x.j, ',') filter (where x.n <= ${most}) as page, count(*)::int as fetched, (array_agg(x.id) filter (where x.n = least(${most}, x.c)))[1] as last_id, ` +
      `(array_agg(to_jsonb(x.k)) filter (where x.n = least(${most}, x.c)))[1] as last_keys from (` +
      `select row_number() over () as n, count(*) over () as c, ${row}.id, ${keyTexts(sql, row, plan.order)} as k, ${renderRow(sql, row, plan.members)} as j from (` +
      `select * from nexus.record ${inner} where ${where.join(' and ')} order by ${renderOrder(sql, inner, order, plan.idDescending)} limit ${most} + 1) ${row}) x`,
  )
}

/** One record by id with the plan's members, rows of the plan's filter only. */
export function renderOne(plan: ReadPlan, id: string): Statement {
  const sql = new SqlText(plan.tenantId)
  const row = sql.alias()
  const where = [...basics(sql, row, plan), `${row}.id = ${sql.bind(id, 'uuid')}`]
  return sql.statement(`select ${row}.version, ${renderRow(sql, row, plan.members)} as j from nexus.record ${row} where ${where.join(' and ')}`)
}

/** How many rows the plan's filter accepts; capped ones stop looking at the cap. */
export function renderCount(plan: ReadPlan): Statement {
  const sql = new SqlText(plan.tenantId)
  const row = sql.alias()
  const from = `from nexus.record ${row} where ${basics(sql, row, plan).join(' and ')}`
  if (plan.count.kind === 'capped') return sql.statement(`select count(*)::int as n from (select 1 ${from} limit ${sql.bind(plan.count.cap + 1, 'int4')}) x`)
  return sql.statement(`select count(*)::int as n ${from}`)
}

/** Tenant, entity, trash and the plan's condition. */
export function basics(sql: SqlText, alias: string, plan: Pick<ReadPlan, 'entity' | 'trash' | 'where'>): string[] {
  return [
    `${alias}.tenant_id = ${sql.tenant}`,
    `${alias}.entity_no = ${number(plan.entity.no)}`,
    `${alias}.deleted_at is ${plan.trash ? 'not ' : ''}null`,
    ...(plan.where.kind === 'true' ? [] : [renderCondition(sql, alias, plan.where)]),
  ]
}
