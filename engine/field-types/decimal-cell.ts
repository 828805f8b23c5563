/**
 * Numbers as people and spreadsheets write them: decimal sign and separators of thousands by locale. What can be read as two
 * different numbers is refused. Knows no field.
 */
import { normaliseDecimal } from '../../metadata/decimal.ts'
import type { CellScope } from './field-type.ts'
import { type Refusal, refuse } from './refusal.ts'

const MAX_LENGTH = 60
const SPACES = /[\u00a0\u2007\u2009\u202f]/g

/** The number in a cell in the spelling of the wire, without zeros that carry no value. */
export function parseDecimalCell(cell: string, scope: CellScope): { readonly ok: true; readonly value: string } | Refusal {
  const sign = decimalSignOf(scope)
  const other = sign === '.' ? ',' : '.'
  const refused = refuse('VALIDATE_CELL_NUMBER', { text: cell, example: `1234${sign}5` })
  const written = cell.trim().replaceAll(SPACES, ' ').replace('\u2212', '-')
  const parts = /^([+-]?)([0-9 .,]+)$/.exec(written)
  const digits = parts?.[2]
  if (parts === null || digits === undefined || written.length > MAX_LENGTH) return refused
  const minus = parts[1] === '-' ? '-' : ''
  const foreign = !usesAsThousands(other, scope)
  if (foreign && new RegExp(`^[0-9]{1,3}[${other}][0-9]{3}$`).test(digits)) return refuse('VALIDATE_CELL_NUMBER_AMBIGUOUS', { text: cell })
  const plain = withoutThousands(digits, sign, other)
  if (plain !== null) return { ok: true, value: spell(minus, plain.replace(sign, '.')) }
  // 12.50 where commas are decimal and points mean nothing: only a decimal sign can stand before two digits.
  if (foreign && new RegExp(`^[0-9]+[${other}][0-9]+$`).test(digits)) return { ok: true, value: spell(minus, digits.replace(other, '.')) }
  return refused
}

/** A decimal of the wire with the decimal sign of the locale, without separators of thousands. */
export function formatDecimalCell(value: string, scope: CellScope): string {
  return value.replace('.', decimalSignOf(scope))
}

/** The sign before the fraction: as the import map says, else as the locale has it. */
export function decimalSignOf(scope: CellScope): '.' | ',' {
  return scope.decimalSeparator ?? (scope.locale.startsWith('en') ? '.' : ',')
}

// Russian and Ukrainian set spaces between thousands; a point or comma there is a foreigner's decimal sign.
function usesAsThousands(sign: '.' | ',', scope: CellScope): boolean {
  return scope.decimalSeparator !== undefined || (sign === ',' ? scope.locale.startsWith('en') : scope.locale.startsWith('es'))
}

function withoutThousands(digits: string, sign: string, other: string): string | null {
  if (new RegExp(`^[0-9]*[${sign}]?[0-9]+$`).test(digits)) return digits
  for (const separator of [other, ' ']) {
    if (new RegExp(`^[0-9]{1,3}(?:[${separator}][0-9]{3})+(?:[${sign}][0-9]+)?$`).test(digits)) return digits.replaceAll(separator, '')
  }
  return null
}

function spell(minus: string, digits: string): string {
  return normaliseDecimal(minus + digits.replace(/^0+(?=[0-9])/, '').replace(/^\./, '0.'))
}
