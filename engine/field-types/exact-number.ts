/**
 * Exact numbers with a fixed number of digits after the point: strings on the wire, value × 10^scale in an `i` slot.
 * Decimal, percent and money are this with their own scale and spelling. Knows no currency.
 */
import {
  compareDecimals,
  DECIMAL_PATTERN,
  decimalToBound,
  decimalToScaled,
  isDecimal,
  normaliseDecimal,
  scaledToDecimal,
} from '../../metadata/decimal.ts'
import type { DecimalField, MoneyField, PercentField } from '../../metadata/generated/types.ts'
import { formatDecimalCell, parseDecimalCell } from './decimal-cell.ts'
import type { Canonical, FieldType, JsonSchema, Wire } from './field-type.ts'
import { asText, fromText } from './plain-text.ts'
import { present, titled } from './record-schema.ts'
import { refuse, wrongType } from './refusal.ts'

type ExactNumberField = DecimalField | PercentField | MoneyField

/** Digits of a number in all: with any scale it fits int8, and thousands of millions of them sum up within numeric. */
const DIGITS = 18

/** What differs between the exact numbers. */
interface Form {
  /** Digits after the point where the field names none. */
  readonly scale: number
  /** `1250.00` keeps its zeros, `12.50` becomes `12.5`. */
  readonly zeros: 'kept' | 'dropped'
}

/** The behaviour of one exact number type. */
export function exactNumber<F extends ExactNumberField>(form: Form): Omit<FieldType<F>, 'type' | 'widget'> {
  const scaleOf = (field: F): number => field.scale ?? form.scale
  const spell = (text: string, scale: number): string => {
    const scaled = decimalToScaled(text, scale)
    const whole = scaled === null ? text : scaledToDecimal(scaled, scale)
    return form.zeros === 'kept' ? whole : normaliseDecimal(whole)
  }
  return {
    kindOf: () => 'decimal',
    slot: () => 'i',
    recordSchema: (field, scope) => titled(field, scope, numberSchema(field, scaleOf(field))),
    canonical: (value, field) => {
      if (typeof value !== 'string') return wrongType('string', spell(scaleOf(field) === 0 ? '1250' : '1250.5', scaleOf(field)))
      const read = fit(value, scaleOf(field))
      if (!read.ok) return read
      return inBounds(spell(asText(read.value), scaleOf(field)), field)
    },
    slotSql: (json, field) => `((${json})::numeric * ${10 ** scaleOf(field)})::int8`,
    slotOperand: (value, field, rounding = 'exact') => {
      if (!isDecimal(value)) return null
      const scaled = rounding === 'exact' ? decimalToScaled(value, scaleOf(field)) : decimalToBound(value, scaleOf(field), rounding)
      return scaled === null ? null : scaled.toString()
    },
    wireOf: (slot, field) => spell(scaledToDecimal(slot, scaleOf(field)), scaleOf(field)),
    scaleOf,
    sqlType: json => `(${json})::numeric`,
    uniqueKey: value => normaliseDecimal(asText(value)),
    parseCell: (cell, field, scope) => {
      const read = parseDecimalCell(cell, scope)
      const fitting = read.ok ? fit(read.value, scaleOf(field)) : read
      return fitting.ok ? { ok: true, value: spell(asText(fitting.value), scaleOf(field)) } : fitting
    },
    formatCell: (value, _field, scope) => formatDecimalCell(asText(value), scope),
    measures: ['sum', 'avg', 'min', 'max'],
    groupable: false,
    carries: ['scale'],
  }
}

function numberSchema(field: ExactNumberField, scale: number): JsonSchema {
  const fraction = scale === 0 ? '' : `(?:\\.[0-9]{1,${scale}})?`
  return {
    type: 'string',
    pattern: `^-?(?:0|[1-9][0-9]{0,${DIGITS - scale - 1}})${fraction}$`,
    ...present({ 'x-scale': scale, 'x-minimum': field.minimum, 'x-maximum': field.maximum }),
  }
}

function fit(value: Wire, scale: number): Canonical {
  return fromText(value, text => {
    if (!DECIMAL_PATTERN.test(text)) return refuse('VALIDATE_DECIMAL')
    const [whole = '', fraction = ''] = text.replace('-', '').split('.')
    if (whole.length > DIGITS - scale) return refuse('VALIDATE_DIGITS', { digits: DIGITS - scale })
    return /[1-9]/.test(fraction.slice(scale)) || fraction.length > DIGITS ? refuse('VALIDATE_SCALE', { scale }) : { ok: true, value: text }
  })
}

function inBounds(text: string, field: ExactNumberField): Canonical {
  if (field.minimum !== undefined && compareDecimals(text, field.minimum) < 0) return refuse('VALIDATE_MINIMUM', { minimum: field.minimum })
  if (field.maximum !== undefined && compareDecimals(text, field.maximum) > 0) return refuse('VALIDATE_MAXIMUM', { maximum: field.maximum })
  return { ok: true, value: text }
}
