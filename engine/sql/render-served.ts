/** Renders conditions the way indexes serve them: as they stand in an index, or opaque where another way was chosen. */
import { foldText } from '../../metadata/fold.ts'
import type { Scalar } from '../../metadata/predicate.ts'
import type { CompiledField } from '../model/types.ts'
import type { Condition, Seen } from '../plan/types.ts'
import { comparable, hasSlot } from './field-sql.ts'
import { renderCondition, renderKeyed } from './render-condition.ts'
import { number, type SqlText } from './sql-text.ts'
import { SHORTEST_GRAM, trigramHashes } from './trigrams.ts'

/** Every hit counts: a condition is not true of fewer records because many fulfil it. */
const ALL_IDS = 2 ** 31 - 1

/** A condition so that an index serves it: what stands in a table of its own is looked up there first. */
export function renderIndexed(sql: SqlText, alias: string, condition: Condition): string {
  const complement = complementOf(condition)
  if (complement !== null) return `(${renderServed(sql, alias, complement)} and ${renderCondition(sql, alias, condition)})`
  if (condition.kind === 'any') return `(${condition.of.map(each => renderIndexed(sql, alias, each)).join(' or ')})`
  if (isReached(condition)) return `${comparable(alias, condition.reference).sql} = any(array(${renderReached(sql, condition, ALL_IDS)}))`
  const ids = renderIds(sql, condition, ALL_IDS)
  return ids === null
    ? renderCondition(sql, alias, condition)
    : `(${alias}.id = any(array(${ids})) and ${renderCondition(sql, alias, condition)})`
}

/** A condition so that no index serves it: it is asked for each row on the way, which was chosen because its own rows are many. */
export function renderOpaque(sql: SqlText, alias: string, condition: Condition): string {
  // The row itself holds its list; the table of single values would be read as a whole.
  const own =
    condition.kind === 'compare' && condition.field.storage.kind === 'values'
      ? { ...condition, field: { ...condition.field, storage: { kind: 'data' } as const } }
      : condition
  return `(${sql.perRow(() => renderCondition(sql, alias, own))}) is true`
}

/** What the index alone says of a condition. */
export function renderServed(sql: SqlText, alias: string, condition: Condition): string {
  if (condition.kind === 'any') return `(${condition.of.map(each => renderServed(sql, alias, each)).join(' or ')})`
  const complement = complementOf(condition)
  if (complement !== null) return renderServed(sql, alias, complement)
  return condition.kind === 'compare' && condition.field.kind !== 'list'
    ? renderKeyed(sql, alias, condition)
    : renderCondition(sql, alias, condition)
}

/** The main choice keeps its empty rows in the pair indexes. */
const MAIN_CHOICE = 't1'

/** What is not some of a main choice's options is one of the others, or has no place among them. */
export function complementOf(condition: Condition): Extract<Condition, { kind: 'all' | 'any' }> | null {
  if (condition.kind !== 'compare' || condition.negated || condition.field.kind !== 'choice') return null
  const { field, operator, operand } = condition
  if (
    (operator !== 'ne' && operator !== 'not_in') ||
    !hasSlot(field) ||
    field.storage.kind !== 'slot' ||
    field.storage.column !== MAIN_CHOICE
  )
    return null
  const options =
    'options' in field.definition && Array.isArray(field.definition.options) ? field.definition.options.map(option => option.value) : []
  const excluded = operand.shape === 'many' ? operand.values : operand.shape === 'one' && operand.value !== null ? [operand.value] : []
  const values = options.filter(option => !excluded.includes(option))
  const others: Condition = {
    kind: 'compare',
    field,
    operator: 'in',
    operand: { shape: 'many', values, complete: true },
    negated: false,
    seen: null,
  }
  return { kind: 'any', of: [others, { ...others, operator: 'is_null', operand: { shape: 'flag', flag: true } }] }
}

/** `select id …` of the records that a table beside theirs has for a condition; null for conditions that are not looked up so. */
export function renderIds(sql: SqlText, condition: Condition, most: number): string | null {
  const asked = askedText(condition)
  if (asked !== null) return renderHits(sql, asked, most)
  const minutes = changedMinutes(condition)
  if (minutes !== null && condition.kind === 'compare') {
    const row = sql.alias()
    return `select ${row}.id from nexus.record_recent ${row} where ${row}.tenant_id = ${sql.tenant} and ${row}.entity_no = ${number(condition.field.entityNo)}${renderMinutes(sql, row, minutes)} limit ${number(most)}`
  }
  if (condition.kind === 'many') return condition.negated ? null : renderRelated(sql, condition, most)
  if (condition.kind !== 'compare' || condition.negated || condition.operand.shape !== 'many') return null
  const { field, operator, operand } = condition
  if (operator !== 'has_any' && operator !== 'has_all') return null
  // Who has all of them has the first.
  const values = operator === 'has_any' ? operand.values : operand.values.slice(0, 1)
  const row = sql.alias()
  if (field.storage.kind === 'links')
    return `select ${row}.from_id from nexus.record_link ${row} where ${row}.tenant_id = ${sql.tenant} and ${row}.relation_no = ${number(field.storage.relationNo)} and ${row}.to_id = any(${sql.bind(values, 'uuid[]')}) limit ${number(most)}`
  if (field.storage.kind !== 'values' || field.building === true) return null
  return `select ${row}.id from nexus.record_value ${row} where ${row}.tenant_id = ${sql.tenant} and ${row}.entity_no = ${number(field.entityNo)} and ${row}.field_no = ${number(field.no ?? '')} and ${row}.value = any(${sql.bind(values.map(String), 'text[]')}) limit ${number(most)}`
}

interface Asked {
  readonly folded: string
  readonly fields: readonly CompiledField[]
}

function renderHits(sql: SqlText, { folded, fields }: Asked, most: number): string {
  const entityNo = fields[0]?.entityNo ?? 0
  const grams = fields.map(field => trigramHashes(sql.tenantId, entityNo, field.no ?? '', folded))
  // The rows of an array of arrays have one length; two trigrams with one hash make a row shorter.
  const width = Math.max(...grams.map(row => row.length))
  const even = grams.map(row => [...row, ...Array.from({ length: width - row.length }, () => row[0] ?? 0)])
  return `select nexus.search_ids(${number(entityNo)}, ${sql.bind(
    fields.map(field => Number(field.no)),
    'int4[]',
  )}, ${sql.bind(even, 'int4[]')}, ${sql.bind(folded, 'text')}, ${number(most)})`
}

/** The letters a condition looks for in the index of trigrams. */
function askedText(condition: Condition): Asked | null {
  const asked = condition.kind === 'search' ? searchedText(condition) : condition.kind === 'compare' ? containedText(condition) : null
  return asked !== null && asked.fields.length > 0 && Array.from(asked.folded).length >= SHORTEST_GRAM ? asked : null
}

function searchedText(condition: Extract<Condition, { kind: 'search' }>): Asked | null {
  return condition.match === 'contains' ? { folded: foldText(condition.text), fields: condition.fields.map(each => each.field) } : null
}

function containedText({ field, operator, operand, negated }: Extract<Condition, { kind: 'compare' }>): Asked | null {
  const isKept = field.searchable && field.building !== true && field.kind === 'text'
  if (!isKept || negated || (operator !== 'contains' && operator !== 'ends_with') || operand.shape !== 'one' || operand.value === null)
    return null
  return { folded: foldText(String(operand.value)), fields: [field] }
}

type Reached = Extract<Condition, { kind: 'one' }>

/** Whether the records a reference has to lead to are looked up first. */
export function isReached(condition: Condition): condition is Reached {
  if (condition.kind !== 'one' || condition.onNull) return false
  const { storage } = condition.reference
  return storage.kind === 'slot' ? hasSlot(condition.reference) : storage.kind === 'system' && REFERENCES.has(storage.column)
}

/** References of every record that stand at the head of an index. */
const REFERENCES: ReadonlySet<string> = new Set(['owner_id', 'org_unit_id'])

/** `select id …` of the records a reference has to lead to. */
export function renderReached(sql: SqlText, { seen, of }: Reached, most: number): string {
  const target = sql.alias()
  return `select ${target}.id ${targetRows(sql, target, seen, of)} limit ${number(most)}`
}

/** `select id …` of the records that a related one leads to. */
function renderRelated(sql: SqlText, { relation, seen, of }: Extract<Condition, { kind: 'many' }>, most: number): string | null {
  const target = sql.alias()
  const rows = targetRows(sql, target, seen, of)
  if (relation.kind === 'inverse') {
    const reference = seen.entity.fields.get(relation.reference)
    return reference === undefined ? null : `select ${comparable(target, reference).sql} ${rows} limit ${number(most)}`
  }
  const [near, far] = relation.reverse ? ['to_id', 'from_id'] : ['from_id', 'to_id']
  const link = sql.alias()
  return `select ${link}.${near} from nexus.record_link ${link} where ${link}.tenant_id = ${sql.tenant} and ${link}.relation_no = ${number(relation.relationNo)} and ${link}.${far} in (select ${target}.id ${rows}) limit ${number(most)}`
}

function targetRows(sql: SqlText, alias: string, seen: Seen, of: Condition): string {
  const where = [seen.where, of]
    .flatMap(each => (each.kind === 'true' ? [] : each.kind === 'all' ? each.of : [each]))
    .map(each => ` and ${renderIndexed(sql, alias, each)}`)
  return `from nexus.record ${alias} where ${alias}.tenant_id = ${sql.tenant} and ${alias}.entity_no = ${number(seen.entity.no)} and ${alias}.deleted_at is null${where.join('')}`
}

/** Whether `renderIds` finds the records of a condition. */
export function hasIds(condition: Condition): boolean {
  if (condition.kind === 'many') return !condition.negated
  if (askedText(condition) !== null || changedMinutes(condition) !== null) return true
  if (condition.kind !== 'compare' || condition.negated) return false
  const { field, operator, operand } = condition
  if ((operator !== 'has_any' && operator !== 'has_all') || operand.shape !== 'many' || operand.values.length === 0 || !operand.complete)
    return false
  return field.storage.kind === 'links' || (field.storage.kind === 'values' && field.building !== true)
}

/** The minutes in which a record was changed that a condition on its last change holds of. */
export interface Minutes {
  readonly from: string | null
  readonly to: string | null
}

/** The stretch of minutes a condition asks for; null where it asks for none. */
export function changedMinutes(condition: Condition): Minutes | null {
  if (condition.kind !== 'compare' || condition.negated || condition.field.key !== 'updated_at') return null
  const { operator, operand } = condition
  if (operand.shape === 'interval') return { from: minuteOf(operand.from), to: minuteOf(operand.to) }
  if (operand.shape === 'range')
    return operand.low === null || operand.high === null ? null : { from: minuteOf(operand.low), to: minuteOf(operand.high) }
  if (operand.shape === 'many' && operator === 'in') return stretch(operand.values)
  if (operand.shape !== 'one' || operand.value === null) return null
  const minute = minuteOf(operand.value)
  if (operator === 'eq') return { from: minute, to: minute }
  if (operator === 'gt' || operator === 'gte') return { from: minute, to: null }
  return operator === 'lt' || operator === 'lte' ? { from: null, to: minute } : null
}

function stretch(values: readonly Scalar[]): Minutes | null {
  const minutes = values.map(minuteOf).toSorted()
  return minutes.length === 0 ? null : { from: minutes[0] ?? null, to: minutes.at(-1) ?? null }
}

/** The minute an instant lies in, as `record_recent` keeps it. */
export function minuteOf(instant: Scalar): string {
  return `${String(instant).slice(0, 16)}:00.000Z`
}

/** ` and …` of a stretch of minutes. */
export function renderMinutes(sql: SqlText, alias: string, { from, to }: Minutes): string {
  const since = from === null ? '' : ` and ${alias}.updated_at >= ${sql.bind(from, 'timestamptz')}`
  return `${since}${to === null ? '' : ` and ${alias}.updated_at <= ${sql.bind(to, 'timestamptz')}`}`
}
