/**
 * Single operands of predicates: is this literal or variable a value that a field of this kind can be compared with?
 * Knows kinds and spellings, not operators, and never reads a variable.
 */
import { isDecimal } from './decimal.ts'
import type { ComparisonKind } from './operators.ts'
import type { ParseOptions, PredicateScope, ScopeField, Term } from './predicate-types.ts'
import { parseDate, parseInstant } from './time-period.ts'

/** A term, or what was expected instead. */
export type ParsedTerm = { readonly term: Term } | { readonly expects: Expectation }

/** What an id looks like. */
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const VARIABLE = /^\$(today|now|(?:user|record)\.([a-z][a-z0-9_]{0,47}))$/
/** Characters of a text operand. */
export const MAX_TEXT = 1000

/** What may be missing where an operand was refused; the key goes into `params.expects`, for translation. */
export type Expectation =
  | Exclude<ComparisonKind, 'list'>
  | 'flag'
  | 'range'
  | 'values'
  | 'period'
  | 'duration'
  | 'days'
  | 'letters'
  | 'variable'

/** Each expectation in English. */
export const EXPECTED = {
  text: `a text of at most ${MAX_TEXT} characters`,
  decimal: 'a decimal number as text, such as "10.50"',
  float: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  date: 'a date such as "2025-01-31"',
  datetime: 'a time such as "2025-01-31T09:30:00Z"',
  choice: 'one of the options',
  id: 'an id (UUID)',
  presence: 'nothing: this field can only be tested with is_null',
  flag: 'true or false',
  range: 'a list of two values, the lower one first',
  values: 'a list of values',
  period: 'a period such as today, this_week or last_month',
  duration: 'a duration such as "P7D", "P3M" or "PT12H"',
  days: 'a duration of whole days, such as "P7D"',
  letters: 'a text that is not empty',
  variable: 'a variable that exists here; a text that begins with $ is written $$',
} as const satisfies Readonly<Record<Expectation, string>>

/** The field that one element of a list is, or the field itself. */
export function elementOf(field: ScopeField): ScopeField {
  return field.kind === 'list' ? { ...field, kind: field.elements ?? 'text' } : field
}

/** Reads one operand for a field; `inList` lets a variable stand for several values. */
export function parseTerm(raw: unknown, field: ScopeField, options: ParseOptions, inList = false): ParsedTerm {
  if (typeof raw !== 'string' || !raw.startsWith('$')) return parseLiteral(raw, field)
  if (raw.startsWith('$$')) return parseLiteral(raw.slice(1), field)
  return parseVariable(raw, field, options, inList)
}

function parseLiteral(raw: unknown, field: ScopeField): ParsedTerm {
  const value = literalOf(raw, field)
  return value === null ? refusal(field) : { term: { source: 'literal', value } }
}

function refusal(field: ScopeField): ParsedTerm {
  return { expects: field.kind === 'list' ? 'values' : field.kind }
}

/** The canonical spelling of a literal of the field's kind; null if it is none. Nothing is converted: "10" is not 10. */
function literalOf(raw: unknown, field: ScopeField): string | number | boolean | null {
  switch (field.kind) {
    case 'text':
      return isText(raw) ? raw.normalize('NFC') : null
    case 'decimal':
      return isDecimal(raw) ? raw : null
    case 'float':
      return typeof raw === 'number' && Number.isFinite(raw) ? raw : null
    case 'integer':
      return Number.isSafeInteger(raw) ? (raw as number) : null
    case 'boolean':
      return typeof raw === 'boolean' ? raw : null
    case 'date':
      return parseDate(raw)
    case 'datetime':
      return parseInstant(raw)
    case 'choice':
      return isText(raw) && (field.options?.includes(raw) ?? true) ? raw : null
    case 'id':
      return typeof raw === 'string' && UUID.test(raw) ? raw.toLowerCase() : null
    case 'list':
    case 'presence':
      return null
  }
}

// A NUL or half a surrogate pair can stand in no stored text, and a database refuses them.
function isText(raw: unknown): raw is string {
  return typeof raw === 'string' && !isLonger(raw, MAX_TEXT) && raw.isWellFormed() && !raw.includes('\0')
}

// Characters, not halves of pairs: what JSON Schema counts.
function isLonger(text: string, limit: number): boolean {
  return text.length > limit && (text.length > limit * 2 || [...text].length > limit)
}

function parseVariable(raw: string, field: ScopeField, options: ParseOptions, inList: boolean): ParsedTerm {
  const [, name, key] = VARIABLE.exec(raw) ?? []
  if (name === 'today' || name === 'now') {
    return isTime(field.kind) ? { term: { source: name } } : refusal(field)
  }
  if (name === undefined || key === undefined) return { expects: 'variable' }
  const source = name.startsWith('user.') ? 'user' : 'record'
  const variable = variableField(source === 'user' ? options.user : options.record, source, key)
  if (variable === undefined) return { expects: 'variable' }
  return fits(variable, field, inList) ? { term: { source, field: key } } : refusal(field)
}

/** Whether a variable that holds what one field does can stand where another field is compared; a list only stands in a list. */
export function fits(variable: ScopeField, field: ScopeField, inList: boolean): boolean {
  if (variable.kind === 'list') return inList && comparable(elementOf(variable).kind, field.kind)
  return comparable(variable.kind, field.kind)
}

/** What `$user.id` is. */
export const USER_ID: ScopeField = { kind: 'id', operators: [] }

function variableField(scope: PredicateScope | undefined, source: 'user' | 'record', key: string): ScopeField | undefined {
  return source === 'user' && key === 'id' ? USER_ID : scope?.lookup(key)?.field
}

/** Whether `$today` and `$now` compare with it. */
export function isTime(kind: ComparisonKind): boolean {
  return kind === 'date' || kind === 'datetime'
}

const WIDENS: Readonly<Partial<Record<ComparisonKind, readonly ComparisonKind[]>>> = {
  integer: ['decimal', 'float'],
  choice: ['text'],
  text: ['choice'],
  date: ['datetime'],
  datetime: ['date'],
}

// Without loss only: an integer compares with a decimal field, a decimal not with an integer field.
function comparable(from: ComparisonKind, to: ComparisonKind): boolean {
  return from !== 'presence' && (from === to || (WIDENS[from]?.includes(to) ?? false))
}
