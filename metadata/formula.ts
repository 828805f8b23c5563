/**
 * Formulas: read as JSONata, told apart into exact ones (decimals, synchronous, also in the browser) and fenced ones (any
 * other JSONata, run by a killable worker on decimals as strings). Knows no entity and never runs a fenced formula.
 */
import jsonata from 'jsonata'
import { compileTree, type ExactOptions, type ExactResult, FormulaMistake } from './formula-exact.ts'
import { calculates, calledFunction, childrenOf, type FormulaNode, FORBIDDEN_FUNCTIONS, inputsOf, isExact, isNode } from './formula-tree.ts'
import type { Problem } from './problem.ts'
import { said, type Said, words } from './said.ts'

export type { ExactOptions, ExactResult } from './formula-exact.ts'
export { FORBIDDEN_FUNCTIONS } from './formula-tree.ts'

/** What a formula can give. */
export type FormulaResult = ExactResult | 'text'

/** A formula compiled to a function of the record: wire values in, the wire value of its result out, or null. */
export interface ExactFormula {
  readonly inputs: readonly (readonly string[])[]
  readonly evaluate: (record: Readonly<Record<string, unknown>>) => string | number | boolean | null
}

/** What there is to know of a formula before it runs. */
export interface FormulaAnalysis {
  readonly kind: 'exact' | 'fenced'
  /** Paths it reads of its record, each once: `[["amount"], ["customer", "name"]]`. */
  readonly inputs: readonly (readonly string[])[]
  readonly problems: readonly Problem[]
}

const MAX_LENGTH = 2000
const MAX_NODES = 1000
const MAX_DEPTH = 200
const EXACT_RESULTS: ReadonlySet<string> = new Set(['money', 'decimal', 'integer', 'boolean', 'date'])
const NUMBER_RESULTS: ReadonlySet<string> = new Set(['money', 'decimal', 'integer'])

/**
 * Reads a formula: how it would be computed, what it takes in, what is wrong with it. With a number as result, arithmetic
 * beside anything that is not exact is a problem: half of the digits would be floats.
 */
export function analyseFormula(expression: string, result?: FormulaResult): FormulaAnalysis {
  const read = readFormula(expression)
  if ('problem' in read) return { kind: 'fenced', inputs: [], problems: [read.problem] }
  const exact = read.exact && (result === undefined || EXACT_RESULTS.has(result))
  const problems = [...read.problems]
  if (!exact && result !== undefined && NUMBER_RESULTS.has(result) && read.calculates) {
    problems.push(
      problem(
        'FORMULA_MIXED',
        words('Calculating with numbers and other functions can not stand in one formula with a number as result.'),
        words('Put the other part into a formula field of its own and calculate with that field.'),
      ),
    )
  }
  return { kind: exact ? 'exact' : 'fenced', inputs: read.inputs, problems }
}

/** Compiles an exact formula, or says why it can not be one. */
export function compileExact(
  expression: string,
  options: ExactOptions,
): { readonly ok: true; readonly formula: ExactFormula } | { readonly ok: false; readonly problems: readonly Problem[] } {
  const { kind, inputs, problems } = analyseFormula(expression, options.result)
  if (problems.length > 0) return { ok: false, problems }
  const read = readFormula(expression)
  if ('problem' in read) return { ok: false, problems: [read.problem] }
  if (kind === 'fenced')
    return { ok: false, problems: [problem('FORMULA_NOT_EXACT', words('This formula uses more than exact arithmetic.'))] }
  try {
    return { ok: true, formula: { inputs, evaluate: compileTree(read.root, expression, options) } }
  } catch (mistake) {
    if (!(mistake instanceof FormulaMistake)) throw mistake
    return { ok: false, problems: [problem(mistake.code, mistake.told, undefined, { position: mistake.position })] }
  }
}

/** The members of a record that a formula may see: its inputs and nothing else. */
export function pickInputs(inputs: readonly (readonly string[])[], record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const keys = new Set(inputs.map(([key]) => key))
  return Object.fromEntries(Object.entries(record).filter(([key]) => keys.has(key)))
}

/** What its text alone says of a formula. */
interface FormulaRead {
  readonly root: FormulaNode
  readonly nodes: number
  readonly exact: boolean
  readonly calculates: boolean
  readonly inputs: readonly (readonly string[])[]
  readonly problems: readonly Problem[]
}

// The same formula is read by each check and by the compiler, and again with every other change of its entity.
const known = new Map<string, FormulaRead>()
const MOST_KNOWN_NODES = 100_000
let knownNodes = 0

function readFormula(expression: string): FormulaRead | { readonly problem: Problem } {
  const kept = known.get(expression)
  if (kept !== undefined) {
    known.delete(expression)
    known.set(expression, kept)
    return kept
  }
  const parsed = parseFormula(expression)
  if ('problem' in parsed) return parsed
  const { root, nodes } = parsed
  const { paths, unnamed } = inputsOf(root)
  const problems = forbiddenIn(root)
  if (unnamed) problems.push(problem('FORMULA_UNNAMED_INPUT', words('A formula names the fields it reads, each by its own name.')))
  const read = { root, nodes, exact: isExact(root), calculates: calculates(root), inputs: paths, problems }
  known.set(expression, read)
  knownNodes += nodes
  for (const [oldest, each] of known) {
    if (knownNodes <= MOST_KNOWN_NODES) break
    known.delete(oldest)
    knownNodes -= each.nodes
  }
  return read
}

function parseFormula(expression: string): { readonly root: FormulaNode; readonly nodes: number } | { readonly problem: Problem } {
  if (expression.length > MAX_LENGTH) {
    return {
      problem: problem('FORMULA_TOO_LARGE', words('A formula has at most {limit} characters.', { limit: MAX_LENGTH }), undefined, {
        limit: MAX_LENGTH,
      }),
    }
  }
  let root: unknown
  try {
    root = jsonata(expression).ast()
  } catch (cause) {
    return { problem: syntaxProblem(cause) }
  }
  if (!isNode(root)) return { problem: problem('FORMULA_SYNTAX', words('This is no formula.')) }
  const size = sizeOf(root)
  if (size.nodes > MAX_NODES || size.depth > MAX_DEPTH) {
    return {
      problem: problem(
        'FORMULA_TOO_LARGE',
        words('A formula has at most {limit} parts, {depth} deep.', { limit: MAX_NODES, depth: MAX_DEPTH }),
      ),
    }
  }
  return { root, nodes: size.nodes }
}

function syntaxProblem(cause: unknown): Problem {
  if (cause instanceof RangeError) return problem('FORMULA_TOO_LARGE', words('The formula is nested too deeply.'))
  const { message, position } = cause as { message?: unknown; position?: unknown }
  const told =
    typeof message === 'string' ? words('The formula can not be read: {reason}', { reason: message }) : words('This is no formula.')
  return problem('FORMULA_SYNTAX', told, undefined, typeof position === 'number' ? { position } : undefined)
}

// Level by level, so that no tree is too deep to be measured.
function sizeOf(root: FormulaNode): { nodes: number; depth: number } {
  let level: readonly FormulaNode[] = [root]
  let nodes = 0
  let depth = 0
  while (level.length > 0 && nodes <= MAX_NODES) {
    nodes += level.length
    depth += 1
    level = level.flatMap(childrenOf)
  }
  return { nodes, depth }
}

function forbiddenIn(root: FormulaNode): Problem[] {
  const used = new Set<string>()
  const visit = (node: FormulaNode): void => {
    const name = node.type === 'variable' ? String(node.value) : calledFunction(node)
    if (name !== null && FORBIDDEN_FUNCTIONS.includes(name)) used.add(name)
    for (const child of childrenOf(node)) visit(child)
  }
  visit(root)
  return [...used].map(name =>
    problem('FORMULA_FORBIDDEN', words('“{function}” can not be used in a formula.', { function: `$${name}` }), undefined, {
      function: name,
    }),
  )
}

function problem(code: string, message: Said, hint?: Said, params?: Problem['params']): Problem {
  return said({ pointer: '', code, ...(params === undefined ? {} : { params }) }, message, hint)
}
