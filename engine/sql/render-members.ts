/** Renders what lies inside of an answer's row as JSON text: records behind references, lists, masked values, what is absent on some rows. */
import type { Condition, Projection } from '../plan/types.ts'
import { comparable, dataText, jsonText, timeText } from './field-sql.ts'
import { maskText } from './mask-sql.ts'
import { linkedIds, renderCondition, seenFrom } from './render-condition.ts'
import { isSortedInside, markOf, TIED_MOST } from './most-tied.ts'
import { renderOrder } from './render-order.ts'
import { number, type SqlText } from './sql-text.ts'

/** concat_ws and format take at most 100 arguments. */
const MOST_ARGUMENTS = 80

/** SQL text expression of one row's JSON object. A member that may not be seen on a row is absent from it. */
export function renderRow(sql: SqlText, alias: string, members: readonly Projection[]): string {
  if (members.every(isAlwaysThere)) return renderWhole(sql, alias, members)
  const parts = members.map(member => renderMember(sql, alias, member))
  const chunks: string[] = []
  for (let at = 0; at < parts.length; at += MOST_ARGUMENTS)
    chunks.push(`nullif(concat_ws(',', ${parts.slice(at, at + MOST_ARGUMENTS).join(', ')}), '')`)
  return `'{' || ${chunks.length === 1 ? `coalesce(${chunks[0]}, '')` : `concat_ws(',', ${chunks.join(', ')})`} || '}'`
}

/** Whether the member stands in every row; then its value is text on every row, and never null. */
export function isAlwaysThere(member: Projection): boolean {
  return (member.when === null || member.when.kind === 'true') && (member.kind !== 'value' || member.masked === null)
}

/** The same for members that are never absent: one call for all of them, an eighth cheaper than joining each of them. Names hold no `%`. */
function renderWhole(sql: SqlText, alias: string, members: readonly Projection[]): string {
  const chunks: string[] = []
  for (let at = 0; at < members.length; at += MOST_ARGUMENTS) {
    const some = members.slice(at, at + MOST_ARGUMENTS)
    const names = some.map(member => `"${member.name}":%s`).join(',')
    chunks.push(`format('${at === 0 ? '{' : ','}${names}', ${some.map(member => renderValue(sql, alias, member)).join(', ')})`)
  }
  return chunks.length === 0 ? `'{}'` : `${chunks.join(' || ')} || '}'`
}

function renderMember(sql: SqlText, alias: string, member: Projection): string {
  return `'"${member.name}":' || ${renderOptional(sql, alias, member)}`
}

/** SQL of a member's JSON text; null on a row where it may not be seen. */
export function renderOptional(sql: SqlText, alias: string, member: Projection): string {
  const whole = renderValue(sql, alias, member)
  if (member.kind === 'value' && member.masked !== null) {
    const masked = `coalesce(to_json(${maskText(sql, member.masked.mask, plainText(alias, member))})::text, 'null')`
    const maskWhen = member.masked.when === null ? 'true' : renderCondition(sql, alias, member.masked.when)
    if (member.when?.kind === 'false') return member.masked.when === null ? masked : `case when ${maskWhen} then ${masked} end`
    const when = member.when === null ? 'true' : renderCondition(sql, alias, member.when)
    return `case when ${when} then ${whole} when ${maskWhen} then ${masked} end`
  }
  return guarded(sql, alias, member.when, whole)
}

function guarded(sql: SqlText, alias: string, when: Condition | null, text: string): string {
  return when === null || when.kind === 'true' ? text : `case when ${renderCondition(sql, alias, when)} then ${text} end`
}

function plainText(alias: string, member: Extract<Projection, { kind: 'value' }>): string {
  if (member.field.storage.kind !== 'system') return dataText(alias, member.field)
  const column = comparable(alias, member.field).sql
  return member.field.kind === 'datetime' ? timeText(column) : `${column}::text`
}

/** SQL of a member's JSON text, where it may be seen. */
export function renderValue(sql: SqlText, alias: string, member: Projection): string {
  switch (member.kind) {
    case 'value': {
      if (member.seen === null) return jsonText(alias, member.field)
      if (member.seen.where.kind === 'false') return `'null'`
      return `case when exists (select 1 ${seenFrom(sql, member.seen, comparable(alias, member.field).sql).text}${sql.fence}) then ${jsonText(alias, member.field)} else 'null' end`
    }
    case 'one': {
      const target = seenFrom(sql, member.seen, comparable(alias, member.reference).sql)
      return `coalesce((select ${renderRow(sql, target.alias, member.members)} ${target.text}), 'null')`
    }
    case 'through': {
      const target = seenFrom(sql, member.seen, comparable(alias, member.reference).sql)
      const value = renderValue(sql, target.alias, member.member)
      return `coalesce((select ${member.member.when === null ? value : `case when ${renderCondition(sql, target.alias, member.member.when)} then ${value} end`} ${target.text}), 'null')`
    }
    case 'many':
      return renderMany(sql, alias, member)
    case 'links':
      return renderLinks(sql, alias, member)
  }
}

function renderMany(sql: SqlText, alias: string, member: Extract<Projection, { kind: 'many' }>): string {
  const child = sql.alias()
  const { relation, seen } = member
  const reference = relation.kind === 'inverse' ? seen.entity.fields.get(relation.reference) : undefined
  const joined =
    relation.kind === 'inverse' && reference !== undefined
      ? `${comparable(child, reference).sql} = ${alias}.id`
      : relation.kind === 'links'
        ? `${child}.id in (select ${linkedIds(sql, relation.relationNo, relation.reverse, `${alias}.id`)})`
        : 'false'
  const where = [seen.where, member.where]
    .filter(each => each.kind !== 'true')
    .map(each => ` and ${renderCondition(sql, child, each)}`)
    .join('')
  const isTable = relation.kind === 'inverse' && relation.table && member.order.length === 0
  const order = isTable
    ? `(${child}.data->>'position')::int, ${child}.id`
    : renderOrder(sql, child, member.order, member.order.at(-1)?.descending ?? true)
  const row = sql.alias()
  const of = `nexus.record ${child} where ${child}.tenant_id = ${sql.tenant} and ${child}.entity_no = ${number(seen.entity.no)} and ${child}.deleted_at is null and ${joined}${where}`
  const page = `order by ${order} limit ${sql.bind(member.limit, 'int4')}`
  const rows = `coalesce('[' || string_agg(${row}.j, ',') || ']', '[]')`
  const json = renderRow(sql, child, member.members)
  if (!isSortedInside(member.order)) return `(select ${rows} from (select ${json} as j from ${of} ${page}) ${row})`
  const found = `select ${child}.*, count(*) over () as ties from (select * from ${of} limit ${number(TIED_MOST + 1)}) ${child} ${page}`
  const mark = sql.bind(markOf(member.pointer), 'text')
  return `(select case when max(${row}.ties) > ${number(TIED_MOST)} then ${mark} else ${rows} end from (select ${child}.ties, ${json} as j from (${found}) ${child}) ${row})`
}

function renderLinks(sql: SqlText, alias: string, member: Extract<Projection, { kind: 'links' }>): string {
  if (member.field.storage.kind !== 'links') return `'[]'`
  const link = sql.alias()
  const visible = seenFrom(sql, member.seen, `${link}.to_id`)
  const value =
    member.columns.length === 0 ? `'"' || ${link}.to_id || '"'` : `(jsonb_build_object('id', ${link}.to_id) || ${link}.data)::text`
  return `(select coalesce('[' || string_agg(${value}, ',' order by ${link}.position, ${link}.to_id) || ']', '[]') from nexus.record_link ${link} where ${link}.tenant_id = ${sql.tenant} and ${link}.relation_no = ${number(member.field.storage.relationNo)} and ${link}.from_id = ${alias}.id and exists (select 1 ${visible.text}))`
}
