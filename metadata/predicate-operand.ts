/**
 * What an operand stands for at the moment a test runs: variables read, calendar worked out, in the terms of the field.
 * SQL rendering and evaluation both take their values from here. Knows no record but the environment's.
 */
import { isDecimal } from './decimal.ts'
import type { ComparisonKind } from './operators.ts'
import { elementOf } from './predicate-terms.ts'
import type { Atom, EvaluateEnv, ResolvedOperand, Scalar, Term } from './predicate-types.ts'
import { dateIn, durationRange, type PeriodRange, parseDate, parseDuration, parseInstant, periodRange, startOfDay } from './time-period.ts'

/** The operand of an atom with every variable read; a variable without a usable value is null, and nothing compares with null. */
export function resolveOperand(atom: Atom, env: EvaluateEnv): ResolvedOperand {
  const { operand, of } = atom
  switch (operand.shape) {
    case 'flag':
      return operand
    case 'one':
      return atom.operator === 'within' ? subtree(atom, operand.term, env) : { shape: 'one', value: readTerm(operand.term, of.kind, env) }
    case 'range':
      return { shape: 'range', low: readTerm(operand.low, of.kind, env), high: readTerm(operand.high, of.kind, env) }
    case 'many':
      return members(operand.terms, elementOf(of).kind, env)
    case 'period':
      return interval(of.kind, periodRange(operand.word, env))
    case 'duration': {
      const duration = parseDuration(operand.duration) ?? { months: 0, days: 0, milliseconds: 0 }
      return interval(of.kind, durationRange(atom.operator === 'in_last' ? 'last' : 'next', duration, env))
    }
  }
}

/** A stored value in the form in which values of a kind compare, or null: absent, or of another kind. */
export function readValue(raw: unknown, kind: ComparisonKind, env: EvaluateEnv): Scalar | null {
  switch (kind) {
    case 'text':
    case 'choice':
      return typeof raw === 'string' ? raw.normalize('NFC') : null
    case 'decimal':
      return readDecimal(raw)
    case 'float':
      return typeof raw === 'number' && Number.isFinite(raw) ? raw : null
    case 'integer':
      return Number.isSafeInteger(raw) ? (raw as number) : null
    case 'boolean':
      return typeof raw === 'boolean' ? raw : null
    case 'date':
      return parseDate(raw) ?? mapOrNull(parseInstant(raw), instant => dateIn(instant, env.timeZone))
    case 'datetime':
      return parseInstant(raw) ?? mapOrNull(parseDate(raw), date => startOfDay(date, env.timeZone))
    case 'id':
      return readId(raw)
    case 'list':
    case 'presence':
      return null
  }
}

function readDecimal(raw: unknown): string | null {
  const text = Number.isSafeInteger(raw) ? String(raw) : raw
  return isDecimal(text) ? text : null
}

// A reference of which fields were selected is an object with the id inside.
function readId(raw: unknown): string | null {
  const id = typeof raw === 'object' && raw !== null && 'id' in raw ? raw.id : raw
  return typeof id === 'string' ? id.toLowerCase() : null
}

function rawTerm(term: Term, env: EvaluateEnv): unknown {
  switch (term.source) {
    case 'literal':
      return term.value
    case 'now':
      return env.now
    case 'today':
      return dateIn(env.now, env.timeZone)
    case 'user':
      return env.user?.[term.field] ?? null
    case 'record':
      return env.record?.[term.field] ?? null
  }
}

function readTerm(term: Term, kind: ComparisonKind, env: EvaluateEnv): Scalar | null {
  return readValue(rawTerm(term, env), kind, env)
}

function members(terms: readonly Term[], kind: ComparisonKind, env: EvaluateEnv): ResolvedOperand & { shape: 'many' } {
  const read = terms.flatMap(term => {
    const raw = rawTerm(term, env)
    return Array.isArray(raw) ? raw.map(each => readValue(each, kind, env)) : [readValue(raw, kind, env)]
  })
  const values = [...new Set(read.filter(value => value !== null))]
  return { shape: 'many', values, complete: !read.includes(null) }
}

function subtree(atom: Atom, term: Term, env: EvaluateEnv): ResolvedOperand {
  const { values, complete } = members([term], 'id', env)
  const { tree } = atom.of
  if (tree === undefined || env.within === undefined) return { shape: 'many', values: [], complete: false }
  const ids = values.flatMap(id => env.within?.(tree, String(id)) ?? [])
  return { shape: 'many', values: [...new Set(ids.map(id => id.toLowerCase()))], complete }
}

function interval(kind: ComparisonKind, range: PeriodRange): ResolvedOperand {
  return kind === 'date'
    ? { shape: 'interval', from: range.fromDate, to: range.toDate }
    : { shape: 'interval', from: range.from, to: range.to }
}

function mapOrNull<T, R>(value: T | null, map: (value: T) => R): R | null {
  return value === null ? null : map(value)
}
