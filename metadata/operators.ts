/**
 * What can be asked of a field: for each field type its comparison kind (how two values compare) and the operators it has.
 * Knows nothing of predicates' syntax, of SQL or of storage.
 */

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

/** The operators that each comparison kind can answer. A field over a tree of records has `within` besides. */
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
