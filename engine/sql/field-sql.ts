/** How a field's value stands in SQL: its column, its JSON, its comparable form. Knows storage, no conditions. */
import type { Scalar } from '../../metadata/predicate.ts'
import type { CompiledField } from '../model/types.ts'
import type { Rounding } from '../field-types/index.ts'
import { literal, type SqlCast } from './sql-text.ts'

const SLOT_CAST = { t: 'text', i: 'int8', n: 'float8', d: 'timestamptz', r: 'uuid' } as const
const SYSTEM_CAST: Readonly<Record<string, SqlCast>> = {
  id: 'uuid',
  version: 'int4',
  created_by: 'uuid',
  updated_by: 'uuid',
  owner_id: 'uuid',
  org_unit_id: 'uuid',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  deleted_at: 'timestamptz',
}

/** The comparable form of a field: an SQL expression, the cast its operands need, and how a wire value becomes such an operand. */
export interface Comparable {
  readonly sql: string
  readonly cast: SqlCast
  readonly operand: (value: Scalar, rounding?: Rounding) => unknown
}

/** The field's text inside `data`. */
export function dataText(alias: string, field: CompiledField): string {
  return `(${alias}.data->>${literal(requireNo(field))})`
}

/** The field's JSON inside `data`. */
export function dataJson(alias: string, field: CompiledField): string {
  return `(${alias}.data->${literal(requireNo(field))})`
}

/** Where the field is compared. */
export function comparable(alias: string, field: CompiledField): Comparable {
  const { storage } = field
  if (storage.kind === 'system') {
    const cast = SYSTEM_CAST[storage.column] ?? 'text'
    return { sql: `${alias}.${storage.column}`, cast, operand: value => value }
  }
  const slotOperand = (value: Scalar, rounding?: Rounding): unknown => field.type.slotOperand(value, field.definition, rounding)
  if (storage.kind === 'slot' && hasSlot(field))
    return { sql: `${alias}.${storage.column}`, cast: SLOT_CAST[storage.slot], operand: slotOperand }
  const slot = field.type.slot(field.definition)
  // Long texts have no slot, but an order like any text; expressions carry no collation of their own, slots do.
  if (field.type.slotKeySql !== undefined) return { sql: `${slotExpression(alias, field)} collate "C"`, cast: 'text', operand: slotOperand }
  if (slot === null)
    return { sql: dataText(alias, field), cast: 'text', operand: value => (typeof value === 'string' ? value : JSON.stringify(value)) }
  return { sql: slotExpression(alias, field), cast: SLOT_CAST[slot], operand: slotOperand }
}

/** Whether the field's slot holds what `data` says, on every row: not while it is still being filled. */
export function hasSlot(field: CompiledField): boolean {
  return field.storage.kind === 'slot' && field.building !== true
}

/** The slot's value as an expression over `data`: what the column holds, or would hold. */
export function slotExpression(alias: string, field: CompiledField): string {
  return slotSqlOf(field, `${alias}.data`)
}

/** The slot's value over a JSONB expression. Money compares by its converted amount. */
export function slotSqlOf(field: CompiledField, data: string): string {
  const no = literal(hasBaseAmount(field) ? `${requireNo(field)}b` : requireNo(field))
  const json = `(${data}->>${no})`
  const sql = field.type.slotKeySql?.(json, field.definition) ?? field.type.slotSql?.(json, field.definition)
  if (sql === undefined) throw new Error(`The type ${field.type.type} has no slot expression.`)
  return sql
}

/** The slot's value of an amount as it was entered, in its own currency. */
export function slotSqlOfOriginal(alias: string, field: CompiledField): string {
  const sql = field.type.slotSql?.(dataText(alias, field), field.definition)
  if (sql === undefined) throw new Error(`The type ${field.type.type} has no slot expression.`)
  return sql
}

/** Whether the field keeps a converted amount that comparisons use. */
export function hasBaseAmount(field: CompiledField): boolean {
  return (
    field.derivation?.kind !== 'base' &&
    (field.declared.type === 'money' || (field.declared.type === 'formula' && field.declared.result === 'money'))
  )
}

/** The field's JSON text in an answer. */
export function jsonText(alias: string, field: CompiledField): string {
  if (field.storage.kind !== 'system') return `coalesce(${dataJson(alias, field)}::text, 'null')`
  const column = `${alias}.${field.storage.column}`
  if (field.storage.column === 'version') return `${column}::text`
  if (field.storage.column === 'id') return `'"' || ${column} || '"'`
  const text = field.kind === 'datetime' ? timeText(column) : `${column}::text`
  return `coalesce('"' || ${text} || '"', 'null')`
}

/** RFC 3339 in UTC with milliseconds. */
export function timeText(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
}

function requireNo(field: CompiledField): string {
  if (field.no === null) throw new Error(`${field.entity}.${field.key} has no number.`)
  return field.no
}
