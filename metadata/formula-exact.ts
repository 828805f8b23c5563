/**
 * Exact formulas: the part of JSONata that is arithmetic, comparison and choice, computed on decimals, synchronously,
 * the same in browser and server. Knows the syntax tree and the kinds of fields; no record beyond the one it is given.
 *
 * Null: an arithmetic operand without a value gives null, `$sum` skips nulls (of nothing: 0), a comparison with null is
 * false (`!=` is its complement), `= null` and `$exists` ask for it, a null condition counts as false. Division by zero
 * gives null: there is no such number, and a formula must not make its record unsavable. So does a result over 10^100.
 */
import { Decimal, divide, fixed, isDecimal, round } from './decimal.ts'
import { calledFunction, type FormulaNode, isArithmetic, isComparison, nodesOf, plainPath } from './formula-tree.ts'
import type { ComparisonKind } from './operators.ts'
import { parseDate, parseInstant } from './time-period.ts'
import { fill, type Said, words } from './said.ts'

/** Results an exact formula can have. */
export type ExactResult = 'money' | 'decimal' | 'integer' | 'boolean' | 'date'

/** A value while computing. Dates and instants are their canonical texts. */
type Value = Decimal | boolean | string | null
type Row = Readonly<Record<string, unknown>>
type Type = 'number' | 'boolean' | 'date' | 'datetime' | 'text' | 'null'

interface Compiled {
  readonly type: Type
  readonly run: (row: Row) => Value
  /** The text of a literal, which may still turn out to be meant as a date. */
  readonly literal?: string
}

/** What compiling needs to know of the fields. */
export interface ExactOptions {
  readonly result: ExactResult
  /** Digits after the point of the result; divisions keep 6 more. */
  readonly scale: number
  /** How the field a path leads to compares; undefined where there is none. */
  readonly kindOf: (path: readonly string[]) => ComparisonKind | undefined
}

/** A formula that can not be computed exactly: where in its text, and why. */
export class FormulaMistake extends Error {
  readonly code: string
  readonly told: Said
  readonly position: number

  constructor(code: string, told: Said, node: FormulaNode) {
    super(fill(told))
    this.told = told
    this.code = code
    this.position = node.position ?? 0
  }
}

// Beyond every amount there is; keeps repeated multiplication from growing without bound.
const MAX_EXPONENT = 100
const MAX_ROUND = 20

/** Compiles an exact tree to a function from record to wire value; throws FormulaMistake. */
export function compileTree(root: FormulaNode, source: string, options: ExactOptions): (row: Row) => string | number | boolean | null {
  const compiled = asType(compile(root, source, options), RESULT_TYPE[options.result], root)
  return row => toWire(compiled.run(row), options)
}

const RESULT_TYPE: Readonly<Record<ExactResult, Type>> = {
  money: 'number',
  decimal: 'number',
  integer: 'number',
  boolean: 'boolean',
  date: 'date',
}

function toWire(value: Value, { result, scale }: ExactOptions): string | number | boolean | null {
  if (!(value instanceof Decimal)) return value
  if (result !== 'integer') return fixed(value, scale)
  const whole = Number(fixed(value, 0))
  return Number.isSafeInteger(whole) ? whole : null
}

function compile(node: FormulaNode, source: string, options: ExactOptions): Compiled {
  const inner = (child: unknown): Compiled => compile(child as FormulaNode, source, options)
  switch (node.type) {
    case 'number': {
      const value = new Decimal(literalText(node, source))
      return { type: 'number', run: () => value }
    }
    case 'string':
      return { type: 'text', literal: String(node.value), run: () => String(node.value) }
    case 'value':
      return node.value === null ? NULL : { type: 'boolean', run: () => node.value === true }
    case 'path':
      return compilePath(node, options)
    case 'block':
      return inner(nodesOf(node['expressions'])[0])
    case 'unary': {
      const { run } = asType(inner(node['expression']), 'number', node)
      return numeric(row => mapNumber(run(row), value => value.negated()))
    }
    case 'condition':
      return compileCondition(node, inner)
    case 'function':
      return compileFunction(node, inner)
    default:
      return compileBinary(node, inner, options)
  }
}

const NULL: Compiled = { type: 'null', run: () => null }

// The tree holds literals as floats: beyond 15 digits only the text still knows what was written.
function literalText(node: FormulaNode, source: string): string {
  const value = Number(node.value)
  const written = /(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[Ee][-+]?[0-9]+)?$/.exec(source.slice(0, node.position))?.[0]
  const text = written !== undefined && Number(written) === Math.abs(value) ? written : String(Math.abs(value))
  return value < 0 ? `-${text}` : text
}

function compilePath(node: FormulaNode, options: ExactOptions): Compiled {
  const path = plainPath(node) ?? []
  const kind = options.kindOf(path)
  const read = kind === undefined ? undefined : READ[kind]
  if (read === undefined) {
    throw new FormulaMistake('FORMULA_INPUT', words('“{path}” can not be calculated with.', { path: path.join('.') }), node)
  }
  return { type: read.type, run: row => read.of(valueAt(row, path)) }
}

function valueAt(row: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => (typeof value === 'object' && value !== null ? (value as Row)[name] : null), row)
}

const number = { type: 'number', of: readNumber } as const
const text = { type: 'text', of: (raw: unknown) => (typeof raw === 'string' ? raw : null) } as const
const READ: Readonly<Partial<Record<ComparisonKind, { readonly type: Type; readonly of: (raw: unknown) => Value }>>> = {
  decimal: number,
  integer: number,
  float: number,
  boolean: { type: 'boolean', of: raw => (typeof raw === 'boolean' ? raw : null) },
  date: { type: 'date', of: parseDate },
  datetime: { type: 'datetime', of: parseInstant },
  text,
  choice: text,
  id: text,
}

function readNumber(raw: unknown): Decimal | null {
  if (typeof raw === 'number') return Number.isFinite(raw) ? new Decimal(String(raw)) : null
  return isDecimal(raw) ? new Decimal(raw) : null
}

function compileCondition(node: FormulaNode, inner: (child: unknown) => Compiled): Compiled {
  const condition = inner(node['condition'])
  const [then, otherwise] = alike(inner(node['then']), node['else'] === undefined ? NULL : inner(node['else']), node)
  return {
    type: then.type === 'null' ? otherwise.type : then.type,
    run: row => (isTrue(condition.run(row)) ? then : otherwise).run(row),
  }
}

function compileFunction(node: FormulaNode, inner: (child: unknown) => Compiled): Compiled {
  const [argument, digits, ...rest] = nodesOf(node['arguments'])
  const name = calledFunction(node)
  if (argument === undefined || rest.length > 0 || (digits !== undefined && name !== 'round')) {
    throw new FormulaMistake('FORMULA_ARGUMENTS', words('“{function}” does not take that many arguments.', { function: `$${name}` }), node)
  }
  if (name === 'sum') return compileSum(argument, inner)
  if (isArray(argument))
    throw new FormulaMistake('FORMULA_TYPE', words('“{function}” takes a single value.', { function: `$${name}` }), node)
  const { run } = name === 'round' ? asType(inner(argument), 'number', node) : inner(argument)
  if (name === 'exists') return truth(row => run(row) !== null)
  if (name === 'not') return truth(row => !isTrue(run(row)))
  const places = digits === undefined ? 0 : digits.type === 'number' ? Number(digits.value) : -1
  if (!Number.isInteger(places) || places < 0 || places > MAX_ROUND) {
    throw new FormulaMistake('FORMULA_ARGUMENTS', words('$round takes a number of digits from 0 to {limit}.', { limit: MAX_ROUND }), node)
  }
  return numeric(row => mapNumber(run(row), value => round(value, places)))
}

function compileSum(argument: FormulaNode, inner: (child: unknown) => Compiled): Compiled {
  const members = flatten(argument).map(member => asType(inner(member), 'number', member))
  return numeric(row =>
    members.reduce<Decimal>((sum, { run }) => {
      const value = run(row)
      return value instanceof Decimal ? sum.plus(value) : sum
    }, new Decimal(0)),
  )
}

function isArray(node: FormulaNode): boolean {
  return node.type === 'unary' && node.value === '['
}

function flatten(node: FormulaNode): readonly FormulaNode[] {
  return isArray(node) ? nodesOf(node['expressions']).flatMap(flatten) : [node]
}

function compileBinary(node: FormulaNode, inner: (child: unknown) => Compiled, { scale }: ExactOptions): Compiled {
  const [left, right] = [inner(node['lhs']), inner(node['rhs'])]
  if (isArithmetic(node.value)) {
    const [a, b] = [asType(left, 'number', node).run, asType(right, 'number', node).run]
    const operation = CALCULATE[String(node.value)] ?? (() => null)
    return numeric(row => {
      const [x, y] = [a(row), b(row)]
      return x instanceof Decimal && y instanceof Decimal ? operation(x, y, scale) : null
    })
  }
  if (isComparison(node.value)) return compileComparison(node, left, right)
  const both = node.value === 'and'
  return truth(row => (both ? isTrue(left.run(row)) && isTrue(right.run(row)) : isTrue(left.run(row)) || isTrue(right.run(row))))
}

const CALCULATE: Readonly<Record<string, (a: Decimal, b: Decimal, scale: number) => Decimal | null>> = {
  '+': (a, b) => a.plus(b),
  '-': (a, b) => a.minus(b),
  '*': (a, b) => a.times(b),
  '/': divide,
}

function compileComparison(node: FormulaNode, left: Compiled, right: Compiled): Compiled {
  const equality = node.value === '=' || node.value === '!='
  if (equality && (left.type === 'null' || right.type === 'null')) {
    return truth(row => ((left.run(row) ?? right.run(row)) === null) === (node.value === '='))
  }
  const [a, b] = alike(left, right, node)
  if (!equality && (a.type === 'boolean' || a.type === 'text')) {
    throw new FormulaMistake('FORMULA_TYPE', words('Only numbers and dates have an order here.'), node)
  }
  const holds = HOLDS[String(node.value)] ?? (() => false)
  return truth(row => {
    const [x, y] = [a.run(row), b.run(row)]
    return x === null || y === null ? node.value === '!=' : holds(compare(x, y))
  })
}

const HOLDS: Readonly<Record<string, (sign: number) => boolean>> = {
  '=': sign => sign === 0,
  '!=': sign => sign !== 0,
  '<': sign => sign < 0,
  '<=': sign => sign <= 0,
  '>': sign => sign > 0,
  '>=': sign => sign >= 0,
}

function compare(a: Exclude<Value, null>, b: Exclude<Value, null>): number {
  if (a instanceof Decimal && b instanceof Decimal) return a.comparedTo(b)
  return a === b ? 0 : a < b ? -1 : 1
}

function isTrue(value: Value): boolean {
  return value instanceof Decimal ? !value.isZero() : Boolean(value)
}

function numeric(run: (row: Row) => Decimal | null): Compiled {
  return {
    type: 'number',
    run: row => {
      const value = run(row)
      return value !== null && value.exponent() > MAX_EXPONENT ? null : value
    },
  }
}

function truth(run: (row: Row) => boolean): Compiled {
  return { type: 'boolean', run }
}

function mapNumber(value: Value, map: (value: Decimal) => Decimal): Decimal | null {
  return value instanceof Decimal ? map(value) : null
}

function alike(a: Compiled, b: Compiled, node: FormulaNode): [Compiled, Compiled] {
  if (a.type === 'null' || b.type === 'null') return [a, b]
  return a.literal === undefined ? [a, asType(b, a.type, node)] : [asType(a, b.type, node), b]
}

function asType(compiled: Compiled, type: Type, node: FormulaNode): Compiled {
  if (compiled.type === type || compiled.type === 'null') return compiled
  if (compiled.literal !== undefined && (type === 'date' || type === 'datetime')) {
    const value = type === 'date' ? parseDate(compiled.literal) : parseInstant(compiled.literal)
    if (value !== null) return { type, run: () => value }
  }
  throw new FormulaMistake(
    'FORMULA_TYPE',
    words('A {type} is needed here, not a {other}.', { type: words(type), other: words(compiled.type) }),
    node,
  )
}
