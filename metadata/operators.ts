/**
 * What can be asked of a field: for each field type its comparison kind (how two values compare) and the operators it has.
 * Knows nothing of predicates' syntax, of SQL or of storage.
 */
import type { Field, FormulaField } from './generated/types.ts'

/** Every operator of the predicate language, in the order documentation lists them. */
export const OPERATORS = [
  'eq',
  'ne',
  'lt',
  'lte',
  'gt',
  'gte',
  'between',
  'in',
  'not_in',
  'is_null',
  'contains',
  'not_contains',
  'starts_with',
  'ends_with',
  'has_any',
  'has_all',
  'has_none',
  'within',
  'in_last',
  'in_next',
  'in_period',
  'changed',
  'changed_to',
] as const

/** One operator of the predicate language. */
export type Operator = (typeof OPERATORS)[number]

/** True for a key of a field's part of a predicate that is an operator, not a nested field. */
export function isOperator(name: string): name is Operator {
  return OPERATOR_SET.has(name)
}

const OPERATOR_SET: ReadonlySet<string> = new Set(OPERATORS)

/**
 * How values of a field compare: `text` exactly for eq and by order key for order; `decimal` exactly, as decimal strings;
 * `choice` by option position; `list` by membership; `presence` only by being there or not.
 */
export type ComparisonKind =
  | 'text'
  | 'decimal'
  | 'float'
  | 'integer'
  | 'boolean'
  | 'date'
  | 'datetime'
  | 'choice'
  | 'id'
  | 'list'
  | 'presence'

const presence: readonly Operator[] = ['is_null', 'changed']
const equality: readonly Operator[] = ['eq', 'ne', 'in', 'not_in', 'changed_to', ...presence]
const order: readonly Operator[] = ['lt', 'lte', 'gt', 'gte', 'between']
const periods: readonly Operator[] = ['in_last', 'in_next', 'in_period']
const parts: readonly Operator[] = ['contains', 'not_contains', 'starts_with', 'ends_with']

/** The operators that each comparison kind can answer; `within` is for fields whose values are nodes of a tree. */
export const OPERATORS_OF_KIND: Readonly<Record<ComparisonKind, readonly Operator[]>> = {
  text: [...equality, ...order, ...parts],
  decimal: [...equality, ...order],
  float: [...equality, ...order],
  integer: [...equality, ...order],
  boolean: equality,
  date: [...equality, ...order, ...periods],
  datetime: [...equality, ...order, ...periods],
  choice: [...equality, ...order],
  id: [...equality, 'within'],
  list: ['has_any', 'has_all', 'has_none', ...presence],
  presence,
}

/** How a field compares: its kind, and for a list what its elements are. */
export interface Comparison {
  readonly kind: ComparisonKind
  readonly elements?: 'text' | 'choice' | 'id'
}

const COMPARISON_OF_TYPE: Readonly<Record<Exclude<Field['type'], 'lookup' | 'formula' | 'rollup' | 'table'>, Comparison>> = {
  text: { kind: 'text' },
  long_text: { kind: 'text' },
  email: { kind: 'text' },
  phone: { kind: 'text' },
  url: { kind: 'text' },
  autonumber: { kind: 'text' },
  integer: { kind: 'integer' },
  decimal: { kind: 'decimal' },
  percent: { kind: 'decimal' },
  money: { kind: 'decimal' },
  boolean: { kind: 'boolean' },
  date: { kind: 'date' },
  datetime: { kind: 'datetime' },
  choice: { kind: 'choice' },
  multi_choice: { kind: 'list', elements: 'choice' },
  tags: { kind: 'list', elements: 'text' },
  reference: { kind: 'id' },
  user: { kind: 'id' },
  parent: { kind: 'id' },
  multi_reference: { kind: 'list', elements: 'id' },
  address: { kind: 'presence' },
  person_name: { kind: 'presence' },
  json: { kind: 'presence' },
}

const KIND_OF_RESULT: Readonly<Record<FormulaField['result'], ComparisonKind>> = {
  money: 'decimal',
  decimal: 'decimal',
  integer: 'integer',
  boolean: 'boolean',
  date: 'date',
  text: 'text',
}

/** How a field compares by its own definition; null where another field decides (lookup, most rollups) or where it has no value (table). */
export function comparisonOf(field: Field): Comparison | null {
  if (field.type === 'formula') return { kind: KIND_OF_RESULT[field.result] }
  if (field.type === 'rollup') return field.function === 'count' ? { kind: 'integer' } : null
  if (field.type === 'lookup' || field.type === 'table') return null
  return COMPARISON_OF_TYPE[field.type]
}

/** The operators of a field that compares so; `tree` says that its values are nodes of a tree. */
export function operatorsOf(comparison: Comparison, tree: boolean): readonly Operator[] {
  return OPERATORS_OF_KIND[comparison.kind].filter(operator => tree || operator !== 'within')
}
