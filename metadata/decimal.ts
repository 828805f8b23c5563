/**
 * Exact decimal numbers as they travel: strings such as "1250.00". Sums, products, order and the scaled integers of
 * storage, without a float anywhere. Knows no field and no currency.
 */
import type { Decimal as DecimalNumber } from 'decimal.js-light'
import imported from 'decimal.js-light'

// The library's types describe its ES module; the default import is the class itself, in Node and in a bundle alike.
const Library = imported as unknown as typeof DecimalNumber

// 200 digits: products of stored numbers (24 digits at most) stay exact through any formula that is allowed.
const PRECISION = 200

/** The decimal library, set to half-even and far more digits than can be stored. For calculations of several steps. */
export const Decimal = Library.clone({ precision: PRECISION, rounding: Library.ROUND_HALF_EVEN, toExpNeg: -1e6, toExpPos: 1e6 })

/** A number of the library's own kind. */
export type Decimal = DecimalNumber

/** Digits of a number that is read: more are no number of any business. */
export const MAX_DIGITS = 60

/** What a decimal looks like on the wire: no exponent, no plus sign, no leading zeros. */
export const DECIMAL_PATTERN = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/

// The two ends of int8 are kept free: a bound beyond the range is clamped to an end, and no stored value equals it.
const INT8_MAX = 9223372036854775807n
const INT8_MIN = -9223372036854775808n

/** True for text that is a decimal of at most 60 digits. */
export function isDecimal(text: unknown): text is string {
  return typeof text === 'string' && text.length <= MAX_DIGITS + 2 && DECIMAL_PATTERN.test(text)
}

/** The one spelling of a decimal's value ("1.50" → "1.5", "-0" → "0"), or null if the text is none. */
export function parseDecimal(text: unknown): string | null {
  return isDecimal(text) ? normaliseDecimal(text) : null
}

/** Drops zeros that carry no value. Takes a valid decimal, as all functions below do. */
export function normaliseDecimal(text: string): string {
  const short = text.includes('.') ? text.replace(/\.?0+$/, '') : text
  return short === '-0' ? '0' : short
}

/** Order of two decimals by value: "1.0" and "1" are the same. */
export function compareDecimals(a: string, b: string): -1 | 0 | 1 {
  return a === b ? 0 : new Decimal(a).comparedTo(b)
}

/** Sum, without loss. */
export function addDecimals(a: string, b: string): string {
  return spell(new Decimal(a).plus(b))
}

/** Difference, without loss. */
export function subtractDecimals(a: string, b: string): string {
  return spell(new Decimal(a).minus(b))
}

/** Product, without loss. */
export function multiplyDecimals(a: string, b: string): string {
  return spell(new Decimal(a).times(b))
}

/** Quotient to `scale` + 6 digits after the point, half-even; null where the divisor is zero. */
export function divideDecimals(a: string, b: string, scale: number): string | null {
  const quotient = divide(new Decimal(a), new Decimal(b), scale)
  return quotient === null ? null : spell(quotient)
}

/** The same quotient on the library's numbers. */
export function divide(a: Decimal, b: Decimal, scale: number): Decimal | null {
  return b.isZero() ? null : round(a.dividedBy(b), scale + 6)
}

/** Rounds half-even on the library's numbers. */
export function round(value: Decimal, scale: number): Decimal {
  return value.toDecimalPlaces(scale, Library.ROUND_HALF_EVEN)
}

/** Rounds half-even to `scale` digits after the point, in the shortest spelling. */
export function roundDecimal(text: string, scale: number): string {
  return spell(round(new Decimal(text), scale))
}

/** Rounds half-even and writes exactly `scale` digits after the point: "1250" at 2 is "1250.00". */
export function formatDecimal(text: string, scale: number): string {
  return fixed(new Decimal(text), scale)
}

/** The same spelling of the library's numbers. */
export function fixed(value: Decimal, scale: number): string {
  const text = round(value, scale).toFixed(scale)
  return /[1-9]/.test(text) ? text : text.replace('-', '')
}

/** Value × 10^scale as an integer for a bigint column; null where digits would be lost or 64 bits are too few. */
export function decimalToScaled(text: string, scale: number): bigint | null {
  const { digits, exact } = shift(text, scale)
  return exact && digits > INT8_MIN && digits < INT8_MAX ? digits : null
}

/**
 * Value × 10^scale for a bound of a comparison, rounded down or up where the field has fewer digits and kept within 64 bits:
 * `x >= b` is `scaled(x) >= ceil(b)`, `x > b` is `scaled(x) > floor(b)`.
 */
export function decimalToBound(text: string, scale: number, towards: 'floor' | 'ceil'): bigint {
  const { digits, exact } = shift(text, scale)
  const negative = text.startsWith('-')
  const away = exact || (towards === 'floor') !== negative ? 0n : negative ? -1n : 1n
  const bound = digits + away
  return bound > INT8_MAX ? INT8_MAX : bound < INT8_MIN ? INT8_MIN : bound
}

/** The decimal of a scaled integer, with exactly `scale` digits after the point. */
export function scaledToDecimal(scaled: bigint | string, scale: number): string {
  const text = scaled.toString()
  if (scale === 0) return text
  const sign = text.startsWith('-') ? '-' : ''
  const digits = text.slice(sign.length).padStart(scale + 1, '0')
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

// Truncates towards zero; `exact` says whether nothing but zeros was cut.
function shift(text: string, scale: number): { digits: bigint; exact: boolean } {
  const [whole = '0', fraction = ''] = text.split('.')
  const cut = fraction.slice(scale)
  return { digits: BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0')), exact: !/[1-9]/.test(cut) }
}

function spell(value: Decimal): string {
  return normaliseDecimal(value.toFixed())
}
