/**
 * Text as it is stored: well formed, in NFC, without control characters, its length counted in characters (code points).
 * Knows no field; types say whether lines and edges are kept.
 */
import type { Canonical, Wire } from './field-type.ts'
import { type Refusal, refuse, wrongType } from './refusal.ts'

/** A text of one line: no control characters, no separators of lines. Characters stand in it as themselves, so that every regular expression reads it alike. */
export const ONE_LINE = '^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$'

/** A text of many lines: tabs and line breaks besides. */
export const MANY_LINES = '^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$'

const oneLine = new RegExp(ONE_LINE, 'u')
const manyLines = new RegExp(MANY_LINES, 'u')

/** What is asked of a text. */
export interface TextLimits {
  readonly lines: 'one' | 'many'
  /** White space at the ends goes. */
  readonly trim: boolean
  readonly minimum: number
  readonly maximum: number
}

/** The stored form of a text, or what is against it. */
export function plainText(value: Wire, limits: TextLimits): { readonly ok: true; readonly value: string } | Refusal {
  if (typeof value !== 'string') return wrongType('string')
  if (!value.isWellFormed() || !(limits.lines === 'one' ? oneLine : manyLines).test(value)) return refuse('VALIDATE_TEXT')
  const composed = (limits.lines === 'one' ? value : value.replaceAll(/\r\n?/g, '\n')).normalize('NFC')
  const text = limits.trim ? composed.trim() : composed
  if (text === '') return refuse('VALIDATE_EMPTY')
  const length = lengthOf(text)
  if (length < limits.minimum) return refuse('VALIDATE_MIN_LENGTH', { minimum: limits.minimum })
  return length > limits.maximum ? refuse('VALIDATE_MAX_LENGTH', { maximum: limits.maximum }) : { ok: true, value: text }
}

/** Passes the text on to `next`; anything else is refused. */
export function fromText(value: Wire, next: (text: string) => Canonical): Canonical {
  return typeof value === 'string' ? next(value) : wrongType('string')
}

/** A text as itself, anything else as the empty text: for values that were canonical when they were stored. */
export function asText(value: Wire): string {
  return typeof value === 'string' ? value : ''
}

function lengthOf(text: string): number {
  let length = 0
  for (let at = 0; at < text.length; length += 1) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
  return length
}
