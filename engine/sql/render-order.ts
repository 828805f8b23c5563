/** Renders the order of a page and where the next one begins: keyset paging, nulls last, ties on id (storage rule 8). */
import type { Order, Position } from '../plan/types.ts'
import { comparable } from './field-sql.ts'
import { renderCondition } from './render-condition.ts'
import type { SqlText } from './sql-text.ts'

/** The comparable expression of a sort key. `created_at` is the order of ids: they are made of it. */
export function orderKeySql(sql: SqlText, alias: string, order: Order): string {
  if (order.field.key === 'created_at') return `${alias}.id`
  const key = comparable(alias, order.field).sql
  return order.when === null ? key : `case when ${renderCondition(sql, alias, order.when)} then ${key} end`
}

/** `order by` of keys with the id as tie-break in the direction of the last key; `firstHasValue` where no row lacks the first. */
export function renderOrder(sql: SqlText, alias: string, order: readonly Order[], idDescending: boolean, firstHasValue = false): string {
  const id = `${alias}.id${idDescending ? ' desc' : ''}`
  return order.length === 0 ? id : `${renderKeys(sql, alias, order, firstHasValue)}, ${id}`
}

/** Sort keys alone. */
export function renderKeys(sql: SqlText, alias: string, order: readonly Order[], firstHasValue: boolean): string {
  return order
    .map((each, index) => {
      const last = nullable(each) && !(index === 0 && firstHasValue) ? ' nulls last' : ''
      return `${orderKeySql(sql, alias, each)}${each.descending ? ' desc' : ''}${last}`
    })
    .join(', ')
}

/** Whether a sort key can be null on a record. */
export function nullable(order: Order): boolean {
  return (
    order.when !== null ||
    !(order.field.key === 'id' || order.field.key === 'created_at' || order.field.key === 'updated_at' || order.field.key === 'version')
  )
}

/** The sort keys of a row, for the cursor. */
export function keyColumns(
  sql: SqlText,
  alias: string,
  order: readonly Order[],
): { readonly expression: string; readonly isTime: boolean }[] {
  return order.map(each => ({ expression: orderKeySql(sql, alias, each), isTime: comparableCast(alias, each) === 'timestamptz' }))
}

/** A key as the cursor keeps it: instants with their microseconds, so that it never repeats or skips rows of one millisecond. */
export function keyText(text: string | null, isTime: boolean): string | null {
  return text === null || !isTime ? text : text.replace(' ', 'T').replace(/\+00$/, 'Z')
}

/** Rows after a position, as a condition. */
export function renderAfter(
  sql: SqlText,
  alias: string,
  order: readonly Order[],
  idDescending: boolean,
  position: Position,
  firstHasValue = false,
): string {
  const id = { sql: `${alias}.id`, descending: idDescending, value: sql.bind(position.id, 'uuid') }
  const [first] = order
  if (first === undefined) return `${id.sql} ${id.descending ? '<' : '>'} ${id.value}`
  const begin = position.keys[0]
  const whole = firstHasValue || !nullable(first)
  if (!whole || begin === null || begin === undefined) return lexicographic(sql, alias, order, position, id, firstHasValue)
  const key = orderKeySql(sql, alias, first)
  const bound = sql.bind(begin, comparableCast(alias, first))
  const sign = first.descending ? '<' : '>'
  if (order.length === 1) return `(${key}, ${id.sql}) ${sign} (${bound}, ${id.value})`
  // The first key alone tells an index where to begin.
  return `(${key} ${sign}= ${bound} and ${lexicographic(sql, alias, order, position, id, firstHasValue)})`
}

function lexicographic(
  sql: SqlText,
  alias: string,
  order: readonly Order[],
  position: Position,
  id: { sql: string; descending: boolean; value: string },
  firstHasValue: boolean,
): string {
  let equalSoFar = ''
  const branches: string[] = []
  for (const [index, each] of order.entries()) {
    const key = orderKeySql(sql, alias, each)
    const value = position.keys[index]
    if (value === null || value === undefined) {
      equalSoFar += `${key} is null and `
      continue
    }
    const bound = sql.bind(value, comparableCast(alias, each))
    const orNull = nullable(each) && !(index === 0 && firstHasValue) ? ` or ${key} is null` : ''
    branches.push(`(${equalSoFar}(${key} ${each.descending ? '<' : '>'} ${bound}${orNull}))`)
    equalSoFar += `${key} = ${bound} and `
  }
  branches.push(`(${equalSoFar}${id.sql} ${id.descending ? '<' : '>'} ${id.value})`)
  return `(${branches.join(' or ')})`
}

function comparableCast(alias: string, order: Order): ReturnType<typeof comparable>['cast'] {
  return order.field.key === 'created_at' ? 'uuid' : comparable(alias, order.field).cast
}
