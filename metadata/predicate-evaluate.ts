/**
 * Answers a parsed predicate for one record, in the browser and on the server, with the meaning SQL gives it:
 * two-valued, a comparison with null is false, its negation true. Knows no entity and no caller beyond the environment.
 */
import { compareDecimals } from './decimal.ts'
import { compareCodePoints, foldText, orderKey } from './fold.ts'
import { negate } from './predicate-negate.ts'
import { readValue, resolveOperand } from './predicate-operand.ts'
import type { Atom, EvaluateEnv, RecordValues, ResolvedOperand, Scalar, ScopeField, Test } from './predicate-types.ts'
import { elementOf } from './predicate-terms.ts'

/** Whether the test holds for the record. */
export function evaluate(test: Test, record: RecordValues, env: EvaluateEnv): boolean {
  return holds(test, record, env, [])
}

/** Whether a test holds where there is no record: every field null, no related rows. Decides how `one` meets an empty reference. */
export function holdsOnNothing(test: Test): boolean {
  switch (test.kind) {
    case 'true':
      return true
    case 'false':
      return false
    case 'all':
      return test.of.every(holdsOnNothing)
    case 'any':
      return test.of.some(holdsOnNothing)
    case 'one':
      return holdsOnNothing(test.test)
    case 'many':
      return test.quantifier !== 'some'
    case 'atom':
      return holdsOnNull(test)
  }
}

/** Whether an atom is true of a null field. */
export function holdsOnNull(atom: Atom): boolean {
  if (atom.operand.shape === 'flag') return atom.operator === 'is_null' ? atom.operand.flag : !atom.operand.flag
  return atom.negated === true || COMPLEMENTS.has(atom.operator)
}

const COMPLEMENTS: ReadonlySet<string> = new Set(['ne', 'not_in', 'not_contains', 'has_none'])

function holds(test: Test, record: RecordValues, env: EvaluateEnv, path: readonly string[]): boolean {
  switch (test.kind) {
    case 'true':
      return true
    case 'false':
      return false
    case 'all':
      return test.of.every(part => holds(part, record, env, path))
    case 'any':
      return test.of.some(part => holds(part, record, env, path))
    case 'one': {
      const target = env.one ? env.one(record, test.relation, path) : embeddedOne(record[test.relation])
      return target === null ? holdsOnNothing(test.test) : holds(test.test, target, env, [...path, test.relation])
    }
    case 'many': {
      const rows = env.many ? env.many(record, test.relation, path) : embeddedMany(record[test.relation])
      const inner = [...path, test.relation]
      // As SQL asks it: no row says the opposite. A row on which a field is unreadable says neither.
      if (test.quantifier === 'every') return !rows.some(row => holds(negate(test.test), row, env, inner))
      return rows.some(row => holds(test.test, row, env, inner)) === (test.quantifier === 'some')
    }
    case 'atom':
      return holdsAtom(test, record, env, path)
  }
}

function embeddedOne(value: unknown): RecordValues | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as RecordValues) : null
}

function embeddedMany(value: unknown): readonly RecordValues[] {
  return Array.isArray(value) ? value.map(embeddedOne).filter(row => row !== null) : []
}

function holdsAtom(atom: Atom, record: RecordValues, env: EvaluateEnv, path: readonly string[]): boolean {
  if (env.readable && !env.readable(path, atom.field, record)) return false
  const raw = record[atom.field]
  if (atom.operator === 'is_null') return isEmpty(raw, atom.of) === flagOf(atom)
  if (atom.operator === 'changed') return hasChanged(atom, raw, env) === flagOf(atom)
  const positive = compares(atom, raw, env)
  return COMPLEMENTS.has(atom.operator) || atom.negated === true ? !positive : positive
}

function flagOf(atom: Atom): boolean {
  return atom.operand.shape === 'flag' && atom.operand.flag
}

function isEmpty(raw: unknown, field: ScopeField): boolean {
  return raw === null || raw === undefined || (field.kind === 'list' && Array.isArray(raw) && raw.length === 0)
}

/** The comparison itself, before any complement or negation. */
function compares(atom: Atom, raw: unknown, env: EvaluateEnv): boolean {
  if (isEmpty(raw, atom.of)) return false
  const operand = operandOf(atom, env)
  if (atom.of.kind === 'list') return hasMembers(atom, raw, operand, env)
  const value = readValue(raw, atom.of.kind, env)
  if (value === null) return false
  switch (operand.shape) {
    case 'one':
      return operand.value !== null && comparesOne(atom, value, operand.value, raw, env)
    case 'range':
      return inRange(value, operand.low, operand.high, atom.of)
    case 'many':
      return operand.values.some(each => isEqual(value, each, atom.of))
    case 'interval':
      return operand.from <= String(value) && String(value) < operand.to
    case 'flag':
      return false
  }
}

function comparesOne(atom: Atom, value: Scalar, operand: Scalar, raw: unknown, env: EvaluateEnv): boolean {
  switch (atom.operator) {
    case 'eq':
    case 'ne':
      return isEqual(value, operand, atom.of)
    case 'changed_to':
      return isEqual(value, operand, atom.of) && hasChanged(atom, raw, env)
    case 'contains':
    case 'not_contains':
      return foldText(String(value)).includes(foldText(String(operand)))
    case 'starts_with':
      return foldText(String(value)).startsWith(foldText(String(operand)))
    case 'ends_with':
      return foldText(String(value)).endsWith(foldText(String(operand)))
    default:
      return isOrdered(atom.operator, order(value, operand, atom.of))
  }
}

function isOrdered(operator: string, sign: number | null): boolean {
  if (sign === null) return false
  if (operator === 'lt') return sign < 0
  if (operator === 'lte') return sign <= 0
  return operator === 'gt' ? sign > 0 : operator === 'gte' && sign >= 0
}

function inRange(value: Scalar, low: Scalar | null, high: Scalar | null, field: ScopeField): boolean {
  return low !== null && high !== null && isOrdered('gte', order(value, low, field)) && isOrdered('lte', order(value, high, field))
}

function hasMembers(atom: Atom, raw: unknown, operand: ResolvedOperand, env: EvaluateEnv): boolean {
  if (operand.shape !== 'many' || !Array.isArray(raw)) return false
  const { kind } = elementOf(atom.of)
  const elements = new Set(raw.map(element => readValue(element, kind, env)))
  if (atom.operator === 'has_all') return operand.complete && operand.values.every(value => elements.has(value))
  return operand.values.some(value => elements.has(value))
}

function isEqual(a: Scalar, b: Scalar, field: ScopeField): boolean {
  return field.kind === 'decimal' ? compareDecimals(String(a), String(b)) === 0 : a === b
}

/** Order of two values of a field; null where one has no place in the order. */
function order(a: Scalar, b: Scalar, field: ScopeField): number | null {
  switch (field.kind) {
    case 'decimal':
      return compareDecimals(String(a), String(b))
    case 'text':
      return compareCodePoints(orderKey(String(a)), orderKey(String(b)))
    case 'choice': {
      const places = [a, b].map(value => field.options?.indexOf(String(value)) ?? -1)
      return places.includes(-1) ? null : (places[0] ?? 0) - (places[1] ?? 0)
    }
    default:
      return a === b ? 0 : a < b ? -1 : 1
  }
}

function hasChanged(atom: Atom, raw: unknown, env: EvaluateEnv): boolean {
  if (env.before === undefined) return false
  const before = env.before?.[atom.field]
  if (isEmpty(before, atom.of) || isEmpty(raw, atom.of)) return isEmpty(before, atom.of) !== isEmpty(raw, atom.of)
  if (atom.of.kind === 'list' && Array.isArray(before) && Array.isArray(raw)) return !sameMembers(before, raw, atom.of, env)
  const [old, now] = [readValue(before, atom.of.kind, env), readValue(raw, atom.of.kind, env)]
  return old === null || now === null ? canonical(before) !== canonical(raw) : !isEqual(old, now, atom.of)
}

function sameMembers(a: readonly unknown[], b: readonly unknown[], field: ScopeField, env: EvaluateEnv): boolean {
  const { kind } = elementOf(field)
  const read = (list: readonly unknown[]) => new Set(list.map(element => readValue(element, kind, env)))
  const [left, right] = [read(a), read(b)]
  return left.size === right.size && [...left].every(element => right.has(element))
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
}

// Working out a calendar word costs some 20 µs; a form or a bulk write asks it again for the same instant.
const calendars = new WeakMap<EvaluateEnv, Map<Atom, ResolvedOperand>>()

function operandOf(atom: Atom, env: EvaluateEnv): ResolvedOperand {
  if (atom.operand.shape !== 'period' && atom.operand.shape !== 'duration') return resolveOperand(atom, env)
  const known = calendars.get(env) ?? new Map<Atom, ResolvedOperand>()
  calendars.set(env, known)
  const resolved = known.get(atom) ?? resolveOperand(atom, env)
  known.set(atom, resolved)
  return resolved
}
