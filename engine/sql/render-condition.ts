/**
 * Renders conditions. Comparisons stand on slot columns with leakproof operators wherever there is a slot, so that they stay
 * index conditions under row-level security (storage rule 1). Two-valued: a negated leaf is `… is not true`.
 */
import { foldText, ORDER_KEY_LENGTH, orderKey } from '../../metadata/fold.ts'
import type { Scalar } from '../../metadata/predicate.ts'
import type { CompiledField } from '../model/types.ts'
import type { BoundOperand, Condition, Seen } from '../plan/types.ts'
import { comparable, dataJson, dataText, hasSlot } from './field-sql.ts'
import { arrayOf, number, type SqlText } from './sql-text.ts'

/** The last code point: every key with a prefix sorts before the prefix followed by it. */
const AFTER_ALL = '\u{10FFFF}'
/** Ids of records are made of the instant they were created at; what was made in between may be this much off. */
const ID_DRIFT = 86_400_000

/** SQL of a condition over the record `alias`. */
export function renderCondition(sql: SqlText, alias: string, condition: Condition): string {
  switch (condition.kind) {
    case 'true':
      return 'true'
    case 'false':
      return 'false'
    case 'all':
      return `(${condition.of.map(each => renderCondition(sql, alias, each)).join(' and ')})`
    case 'any':
      return `(${condition.of.map(each => renderCondition(sql, alias, each)).join(' or ')})`
    case 'one':
      return renderOne(sql, alias, condition)
    case 'many':
      return renderMany(sql, alias, condition)
    case 'search':
      return renderSearch(sql, alias, condition)
    case 'compare':
      return renderCompare(sql, alias, condition)
  }
}

/** The live records of an entity that someone sees, joined by an expression for the id: `text` is `from <table> where <where>`. */
export function seenFrom(sql: SqlText, seen: Seen, idIs: string): { alias: string; text: string; table: string; where: string } {
  const alias = sql.alias()
  const rule = seen.where.kind === 'true' ? '' : ` and ${renderCondition(sql, alias, seen.where)}`
  const table = `nexus.record ${alias}`
  const where = `${alias}.tenant_id = ${sql.tenant} and ${alias}.entity_no = ${number(seen.entity.no)} and ${alias}.id = ${idIs} and ${alias}.deleted_at is null${rule}`
  return { alias, table, where, text: `from ${table} where ${where}` }
}

function renderOne(sql: SqlText, alias: string, condition: Extract<Condition, { kind: 'one' }>): string {
  const id = comparable(alias, condition.reference).sql
  const target = seenFrom(sql, condition.seen, id)
  const of = renderCondition(sql, target.alias, condition.of)
  const holds = `exists (select 1 ${target.text} and ${of}${sql.fence})`
  if (!condition.onNull) return holds
  return `(${holds} or not exists (select 1 ${seenFrom(sql, condition.seen, id).text}${sql.fence}))`
}

function renderMany(sql: SqlText, alias: string, condition: Extract<Condition, { kind: 'many' }>): string {
  const { relation, seen } = condition
  const child = sql.alias()
  const base = `nexus.record ${child} where ${child}.tenant_id = ${sql.tenant} and ${child}.entity_no = ${number(seen.entity.no)} and ${child}.deleted_at is null`
  const visible = [seen.where, condition.of]
    .filter(each => each.kind !== 'true')
    .map(each => ` and ${renderCondition(sql, child, each)}`)
    .join('')
  const text =
    relation.kind === 'inverse'
      ? `select 1 from ${base} and ${comparable(child, requireField(seen, relation.reference)).sql} = ${alias}.id${visible}`
      : `select 1 from ${base} and ${child}.id in (select ${linkedIds(sql, relation.relationNo, relation.reverse, `${alias}.id`)})${visible}`
  return `${condition.negated ? 'not ' : ''}exists (${text}${sql.fence})`
}

/** `<column> from nexus.record_link …`: ids at the far end of links. */
export function linkedIds(sql: SqlText, relationNo: number, reverse: boolean, from: string): string {
  const link = sql.alias()
  const [near, far] = reverse ? ['to_id', 'from_id'] : ['from_id', 'to_id']
  return `${link}.${far} from nexus.record_link ${link} where ${link}.tenant_id = ${sql.tenant} and ${link}.relation_no = ${number(relationNo)} and ${link}.${near} = ${from}`
}

function renderSearch(sql: SqlText, alias: string, condition: Extract<Condition, { kind: 'search' }>): string {
  const folded = foldText(condition.text)
  const parts = condition.fields.map(({ field, when }) => {
    const found = matches(sql, alias, field, condition.match, folded)
    return when.kind === 'true' ? found : `(${renderCondition(sql, alias, when)} and ${found})`
  })
  return parts.length === 0 ? 'false' : `(${parts.join(' or ')})`
}

function matches(sql: SqlText, alias: string, field: CompiledField, match: 'contains' | 'starts_with' | 'word', folded: string): string {
  if (match === 'starts_with' && field.kind === 'text') return startsWith(sql, alias, field, folded)
  const test = (text: string): string => {
    if (match === 'starts_with') return `starts_with(${text}, ${sql.bind(folded, 'text')})`
    return match === 'word'
      ? `strpos(' ' || ${text}, ${sql.bind(` ${folded}`, 'text')}) > 0`
      : `strpos(${text}, ${sql.bind(folded, 'text')}) > 0`
  }
  if (field.kind === 'text') return test(`nexus.fold(${dataText(alias, field)})`)
  // What is searched of a name or an address is put together where it is written.
  const row = sql.alias()
  return `exists (select 1 from nexus.record_search ${row} where ${row}.tenant_id = ${sql.tenant} and ${row}.entity_no = ${number(field.entityNo)} and ${row}.id = ${alias}.id and ${row}.field_no = ${number(field.no ?? '')} and ${test(`${row}.s`)})`
}

/** A comparison as the index has it: without the text that is read again in `data`, and whatever the reference leads to. */
export function renderKeyed(sql: SqlText, alias: string, { field, operator, operand }: Extract<Condition, { kind: 'compare' }>): string {
  if (operator === 'is_null') return `${comparable(alias, field).sql} is ${operand.shape === 'flag' && operand.flag ? '' : 'not '}null`
  return renderScalar(sql, alias, field, operator, operand, false)
}

function renderCompare(sql: SqlText, alias: string, condition: Extract<Condition, { kind: 'compare' }>): string {
  const { operator, field, operand, seen } = condition
  const complement = COMPLEMENT[operator]
  const negative = (complement !== undefined) !== condition.negated
  const positive = renderPositive(sql, alias, field, complement ?? operator, operand, seen)
  if (!negative) return positive
  return positive === 'false' ? 'true' : `(${positive}) is not true`
}

const COMPLEMENT: Readonly<Partial<Record<string, 'eq' | 'in' | 'contains' | 'has_any'>>> = {
  ne: 'eq',
  not_in: 'in',
  not_contains: 'contains',
  has_none: 'has_any',
}

function renderPositive(
  sql: SqlText,
  alias: string,
  field: CompiledField,
  operator: string,
  operand: BoundOperand,
  seen: Seen | null,
): string {
  if (operator === 'is_null') return isNull(sql, alias, field, operand.shape === 'flag' && operand.flag, seen)
  if (field.storage.kind === 'links') return renderLinks(sql, alias, field, field.storage.relationNo, operator, operand, seen)
  if (field.kind === 'list') return renderList(sql, alias, field, operator, operand)
  const plain =
    operator === 'within' && operand.shape === 'many'
      ? renderWithin(sql, alias, field, operand.values)
      : renderScalar(sql, alias, field, operator, operand)
  if (seen === null || plain === 'false') return plain
  return `(${plain} and exists (select 1 ${seenFrom(sql, seen, comparable(alias, field).sql).text}${sql.fence}))`
}

function isNull(sql: SqlText, alias: string, field: CompiledField, wanted: boolean, seen: Seen | null): string {
  const value = comparable(alias, field).sql
  if (field.storage.kind === 'links') {
    const some = renderLinks(sql, alias, field, field.storage.relationNo, 'present', { shape: 'flag', flag: true }, seen)
    return wanted ? `not ${some}` : some
  }
  if (field.kind === 'list') {
    const length = `coalesce(jsonb_array_length(${dataJson(alias, field)}), 0)`
    return `${length} ${wanted ? '=' : '>'} 0`
  }
  if (seen === null) return presence(alias, field, wanted)
  const there = `exists (select 1 ${seenFrom(sql, seen, value).text}${sql.fence})`
  return wanted ? `not ${there}` : there
}

/** A slot may be empty where there is a value: it has no key for a name without a family or for an option that is gone. */
function presence(alias: string, field: CompiledField, wanted: boolean): string {
  const is = `is ${wanted ? '' : 'not '}null`
  if (field.storage.kind === 'system') return `${comparable(alias, field).sql} ${is}`
  if (!hasSlot(field)) return `${dataText(alias, field)} ${is}`
  const slot = `${comparable(alias, field).sql} ${is}`
  const keyless = field.kind === 'presence' || field.kind === 'choice'
  return keyless ? `(${slot} ${wanted ? 'and' : 'or'} ${dataText(alias, field)} ${is})` : slot
}

/** Where an operand has more digits than the slot: `>= x` is `>= ceil(x)`, `> x` is `> floor(x)`. */
const ROUNDING: Readonly<Partial<Record<string, 'floor' | 'ceil'>>> = { lt: 'ceil', lte: 'floor', gt: 'floor', gte: 'ceil' }
const SIGN: Readonly<Partial<Record<string, string>>> = { eq: '=', lt: '<', lte: '<=', gt: '>', gte: '>=' }

function renderScalar(sql: SqlText, alias: string, field: CompiledField, operator: string, operand: BoundOperand, exactly = true): string {
  const column = comparable(alias, field)
  const bind = (value: Scalar, rounding?: 'floor' | 'ceil'): string => sql.bind(column.operand(value, rounding), column.cast)
  const exactText = field.kind === 'text' && exactly ? dataText(alias, field) : null
  const made = (operators: string, from: Scalar, to: Scalar): string =>
    field.key === 'created_at' ? madeBetween(sql, alias, operators.includes('>') ? from : null, operators.includes('<') ? to : null) : ''
  switch (operand.shape) {
    case 'interval':
      return `(${column.sql} >= ${bind(operand.from, 'ceil')} and ${column.sql} < ${bind(operand.to, 'ceil')}${made('><', operand.from, operand.to)})`
    case 'range':
      return operand.low === null || operand.high === null
        ? 'false'
        : `(${column.sql} >= ${bind(operand.low, 'ceil')} and ${column.sql} <= ${bind(operand.high, 'floor')}${made('><', operand.low, operand.high)})`
    case 'ids':
      return `${column.sql} = any(${sql.bind(operand.ids, 'uuid[]')})`
    case 'many': {
      if (operand.values.length === 0) return 'false'
      const found = `${column.sql} = any(${sql.bind(
        operand.values.map(value => column.operand(value)),
        arrayOf(column.cast),
      )})`
      if (field.key === 'created_at') {
        const times = operand.values.map(String).toSorted()
        return `(${found}${made('><', times[0] ?? '', times.at(-1) ?? '')})`
      }
      return exactText === null ? found : `(${found} and ${exactText} = any(${sql.bind(operand.values, 'text[]')}))`
    }
    case 'one': {
      if (operand.value === null) return 'false'
      if (operator === 'contains' || operator === 'starts_with' || operator === 'ends_with')
        return renderText(sql, alias, field, operator, String(operand.value))
      const compared = `${column.sql} ${SIGN[operator] ?? '='} ${bind(operand.value, ROUNDING[operator])}`
      if (field.key === 'created_at')
        return `(${compared}${made(operator === 'eq' ? '><' : (SIGN[operator] ?? ''), operand.value, operand.value)})`
      return exactText === null || operator !== 'eq' ? compared : `(${compared} and ${exactText} = ${sql.bind(operand.value, 'text')})`
    }
    case 'flag':
      return 'false'
  }
}

/** What was created from one instant to another has its id from a stretch of ids, which the primary key finds. */
function madeBetween(sql: SqlText, alias: string, from: Scalar | null, to: Scalar | null): string {
  const edge = (at: Scalar, drift: number, rest: string): string => {
    const time = Math.min(Math.max(Date.parse(String(at)) + drift, 0), 2 ** 48 - 1)
      .toString(16)
      .padStart(12, '0')
    return `${time.slice(0, 8)}-${time.slice(8)}-${rest.repeat(4)}-${rest.repeat(4)}-${rest.repeat(12)}`
  }
  const since = from === null ? '' : ` and ${alias}.id >= ${sql.bind(edge(from, -ID_DRIFT, '0'), 'uuid')}`
  const until = to === null ? '' : ` and ${alias}.id <= ${sql.bind(edge(to, ID_DRIFT, 'f'), 'uuid')}`
  return `${since}${until}`
}

function renderText(
  sql: SqlText,
  alias: string,
  field: CompiledField,
  operator: 'contains' | 'starts_with' | 'ends_with',
  text: string,
): string {
  const folded = foldText(text)
  if (folded === '') return `${dataText(alias, field)} is not null`
  if (operator === 'starts_with') return startsWith(sql, alias, field, folded)
  const wanted = sql.bind(folded, 'text')
  const length = operator === 'ends_with' ? sql.bind(Array.from(folded).length, 'int4') : null
  const test = (value: string): string => (length === null ? `strpos(${value}, ${wanted}) > 0` : `right(${value}, ${length}) = ${wanted}`)
  const exact = test(`nexus.fold(${dataText(alias, field)})`)
  if (field.kind !== 'text' || !hasSlot(field)) return exact
  // The slot is the beginning of the fold, and nearly always all of it: a row is looked at in a tenth of the time that folding takes.
  const key = comparable(alias, field).sql
  return `case when octet_length(${key}) < ${ORDER_KEY_LENGTH} then ${test(key)} else ${exact} end`
}

function startsWith(sql: SqlText, alias: string, field: CompiledField, folded: string): string {
  const exact = (): string => `starts_with(nexus.fold(${dataText(alias, field)}), ${sql.bind(folded, 'text')})`
  if (field.kind !== 'text' || !hasSlot(field)) return exact()
  const key = orderKey(folded)
  const column = comparable(alias, field).sql
  const range = `(${column} >= ${sql.bind(key, 'text')} and ${column} < ${sql.bind(key + AFTER_ALL, 'text')})`
  return key === folded ? range : `(${range} and ${exact()})`
}

/** Below a node of a tree: the ancestors of every record of a tree stand in `record_value`. */
function renderWithin(sql: SqlText, alias: string, field: CompiledField, roots: readonly Scalar[]): string {
  if (roots.length === 0 || field.tree === null) return 'false'
  const value = sql.alias()
  return `exists (select 1 from nexus.record_value ${value} where ${value}.tenant_id = ${sql.tenant} and ${value}.entity_no = ${number(field.tree.entityNo)} and ${value}.field_no = ${number(field.tree.parentNo)} and ${value}.value = any(${sql.bind(roots, 'text[]')}) and ${value}.id = ${comparable(alias, field).sql}${sql.fence})`
}

function renderList(sql: SqlText, alias: string, field: CompiledField, operator: string, operand: BoundOperand): string {
  if (operand.shape !== 'many') return 'false'
  if (operator === 'has_all' && !operand.complete) return 'false'
  const values = operand.values.map(String)
  if (operator === 'has_all' && values.length === 0) return isNull(sql, alias, field, false, null)
  if (field.storage.kind !== 'values' || field.building === true)
    return `(${dataJson(alias, field)} ${operator === 'has_all' ? '?&' : '?|'} ${sql.bind(values, 'text[]')}) is true`
  const one = (list: readonly string[]): string => {
    const value = sql.alias()
    return `exists (select 1 from nexus.record_value ${value} where ${value}.tenant_id = ${sql.tenant} and ${value}.entity_no = ${number(field.entityNo)} and ${value}.field_no = ${number(field.no ?? '')} and ${value}.value = any(${sql.bind(list, 'text[]')}) and ${value}.id = ${alias}.id${sql.fence})`
  }
  if (operator === 'has_all') return `(${values.map(value => one([value])).join(' and ')})`
  return values.length === 0 ? 'false' : one(values)
}

function renderLinks(
  sql: SqlText,
  alias: string,
  field: CompiledField,
  relationNo: number,
  operator: string,
  operand: BoundOperand,
  seen: Seen | null,
): string {
  const target = (extra: string): string => {
    const link = sql.alias()
    const visible = seen === null ? '' : ` and exists (select 1 ${seenFrom(sql, seen, `${link}.to_id`).text})`
    return `exists (select 1 from nexus.record_link ${link} where ${link}.tenant_id = ${sql.tenant} and ${link}.relation_no = ${number(relationNo)} and ${link}.from_id = ${alias}.id${extra.replaceAll('@link', link)}${visible}${sql.fence})`
  }
  if (operator === 'present') return target('')
  if (operand.shape !== 'many') return 'false'
  if (operator === 'has_all') {
    if (!operand.complete) return 'false'
    return operand.values.length === 0
      ? target('')
      : `(${operand.values.map(value => target(` and @link.to_id = ${sql.bind(value, 'uuid')}`)).join(' and ')})`
  }
  return operand.values.length === 0 ? 'false' : target(` and @link.to_id = any(${sql.bind(operand.values, 'uuid[]')})`)
}

function requireField(seen: Seen, key: string): CompiledField {
  const field = seen.entity.fields.get(key)
  if (field === undefined) throw new Error(`${seen.entity.key} has no field ${key}.`)
  return field
}
