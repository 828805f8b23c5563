/** A whole number within ±(2^53 − 1), a number on the wire. */
import type { IntegerField } from '../../metadata/generated/types.ts'
import { formatDecimalCell, parseDecimalCell } from './decimal-cell.ts'
import type { Canonical, FieldType, Wire } from './field-type.ts'
import { titled } from './record-schema.ts'
import { refuse, wrongType } from './refusal.ts'

const LARGEST = Number.MAX_SAFE_INTEGER

export const integer: FieldType<IntegerField> = {
  type: 'integer',
  widget: 'integer',
  kindOf: () => 'integer',
  slot: () => 'i',
  recordSchema: (field, scope) =>
    titled(field, scope, { type: 'integer', minimum: field.minimum ?? -LARGEST, maximum: field.maximum ?? LARGEST }),
  canonical: (value, field) => {
    const read = whole(value)
    if (!read.ok) return read
    const { minimum = -LARGEST, maximum = LARGEST } = field
    if (Number(value) < minimum) return refuse('VALIDATE_MINIMUM', { minimum })
    return Number(value) > maximum ? refuse('VALIDATE_MAXIMUM', { maximum }) : read
  },
  slotSql: json => `(${json})::int8`,
  slotOperand: (value, _field, rounding = 'exact') => {
    if (typeof value !== 'number' || !Number.isFinite(value)) return null
    const rounded = rounding === 'floor' ? Math.floor(value) : rounding === 'ceil' ? Math.ceil(value) : value
    return Number.isSafeInteger(rounded) ? rounded + 0 : rounding === 'exact' ? null : Math.sign(rounded) * (LARGEST + 1)
  },
  wireOf: slot => Number(slot),
  scaleOf: () => 0,
  sqlType: json => `(${json})::int8`,
  uniqueKey: value => String(value),
  parseCell: (cell, _field, scope) => {
    const read = parseDecimalCell(cell, scope)
    if (!read.ok) return read
    return read.value.includes('.') ? refuse('VALIDATE_INTEGER') : whole(Number(read.value))
  },
  formatCell: (value, _field, scope) => formatDecimalCell(String(value), scope),
  measures: ['sum', 'avg', 'min', 'max'],
  groupable: true,
  carries: [],
}

function whole(value: Wire): Canonical {
  if (typeof value !== 'number') return wrongType('integer')
  if (!Number.isInteger(value)) return refuse('VALIDATE_INTEGER')
  if (Math.abs(value) > LARGEST)
    return value < 0 ? refuse('VALIDATE_MINIMUM', { minimum: -LARGEST }) : refuse('VALIDATE_MAXIMUM', { maximum: LARGEST })
  // −0 is 0 everywhere else.
  return { ok: true, value: value + 0 }
}
