/**
 * The syntax tree of a formula, as far as the product reads it: which names it takes in, which parts can be computed
 * exactly. Knows the shape of JSONata's tree, not how a node is computed.
 */

/** A node of JSONata's tree; members exist by type. */
export interface FormulaNode {
  readonly type: string
  readonly value?: unknown
  readonly position?: number
  readonly [member: string]: unknown
}

/** Functions of the exact language. Everything else runs in the fence. */
export const EXACT_FUNCTIONS: ReadonlySet<string> = new Set(['sum', 'round', 'not', 'exists'])

/** Functions that no formula may use: they run text as code, read the clock, throw dice or swell without bound. */
export const FORBIDDEN_FUNCTIONS: readonly string[] = ['eval', 'pad', 'now', 'millis', 'random', 'shuffle']

const ARITHMETIC: ReadonlySet<unknown> = new Set(['+', '-', '*', '/', '%'])
const COMPARISON: ReadonlySet<unknown> = new Set(['=', '!=', '<', '<=', '>', '>='])
const FOLDING: ReadonlySet<unknown> = new Set(['sum', 'round', 'average', 'max', 'min', 'abs', 'floor', 'ceil', 'power', 'sqrt'])

/** True for the operators that calculate. */
export function isArithmetic(value: unknown): boolean {
  return ARITHMETIC.has(value)
}

/** True for the operators that compare. */
export function isComparison(value: unknown): boolean {
  return COMPARISON.has(value)
}

/** True for anything that looks like a node. */
export function isNode(value: unknown): value is FormulaNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

/** A member that is a list of nodes. */
export function nodesOf(value: unknown): readonly FormulaNode[] {
  return Array.isArray(value) ? value.filter(isNode) : []
}

/** The nodes directly inside a node, in whatever member they stand. */
export function childrenOf(node: FormulaNode): readonly FormulaNode[] {
  return Object.values(node).flatMap(inside)
}

function inside(value: unknown): FormulaNode[] {
  if (isNode(value)) return [value]
  if (Array.isArray(value)) return value.flatMap(inside)
  // Groupings, sort terms and regular expressions are plain objects around nodes.
  return typeof value === 'object' && value !== null && !(value instanceof RegExp) ? Object.values(value).flatMap(inside) : []
}

/** The names of a plain path such as `customer.name`; null for any path that does more. */
export function plainPath(node: FormulaNode): readonly string[] | null {
  if (node.type !== 'path' || 'group' in node) return null
  const names = nodesOf(node['steps']).map(step => (isPlainStep(step) ? String(step.value) : null))
  return names.length > 0 && names.every(name => name !== null) ? names : null
}

function isPlainStep(step: FormulaNode): boolean {
  return step.type === 'name' && !['stages', 'focus', 'index', 'group', 'keepArray'].some(member => member in step)
}

/** The name of the built-in function a node calls, without the dollar; null for any other node. */
export function calledFunction(node: FormulaNode): string | null {
  const procedure = node['procedure']
  return node.type === 'function' && isNode(procedure) && procedure.type === 'variable' ? String(procedure.value) : null
}

/** True where the node and all inside it belong to the exact language. */
export function isExact(node: FormulaNode): boolean {
  switch (node.type) {
    case 'number':
    case 'string':
    case 'value':
      return true
    case 'path':
      return plainPath(node) !== null
    case 'binary':
      return isExactOperator(node.value) && childrenOf(node).every(isExact)
    case 'unary':
      return node.value === '-' && childrenOf(node).every(isExact)
    case 'condition':
      return childrenOf(node).every(isExact)
    case 'block':
      return nodesOf(node['expressions']).length === 1 && childrenOf(node).every(isExact)
    case 'function':
      return EXACT_FUNCTIONS.has(calledFunction(node) ?? '') && nodesOf(node['arguments']).every(isExactArgument)
    default:
      return false
  }
}

function isExactOperator(operator: unknown): boolean {
  return operator === 'and' || operator === 'or' || (isArithmetic(operator) && operator !== '%') || isComparison(operator)
}

function isExactArgument(node: FormulaNode): boolean {
  return node.type === 'unary' && node.value === '[' ? nodesOf(node['expressions']).every(isExactArgument) : isExact(node)
}

/** True where numbers are calculated with, whatever else the formula does. */
export function calculates(node: FormulaNode): boolean {
  const own =
    (node.type === 'binary' && isArithmetic(node.value)) ||
    (node.type === 'unary' && node.value === '-') ||
    FOLDING.has(calledFunction(node) ?? '')
  return own || childrenOf(node).some(calculates)
}

/** What a formula reads of its record: the paths, and whether some part reads the record without saying what. */
export interface FormulaInputs {
  readonly paths: readonly (readonly string[])[]
  readonly unnamed: boolean
}

/** Collects every path that starts at the record, each once, in order of appearance. */
export function inputsOf(root: FormulaNode): FormulaInputs {
  const paths = new Map<string, readonly string[]>()
  let unnamed = false

  // `at` is where a bare name starts: a path of the record, or null inside values that no name of the record leads to.
  const visit = (node: FormulaNode, at: readonly string[] | null): void => {
    if (node.type === 'path') return visitPath(node, at)
    if (node.type === 'variable' && isContext(node.value)) unnamed ||= node.value === '$' || at?.length === 0
    if (['wildcard', 'descendant', 'parent'].includes(node.type)) unnamed ||= at?.length === 0
    for (const child of childrenOf(node)) visit(child, at)
  }
  const visitPath = (node: FormulaNode, start: readonly string[] | null): void => {
    let at = start
    for (const step of nodesOf(node['steps'])) {
      if (step.type === 'name') at = at === null ? null : [...at, String(step.value)]
      else if (step.type === 'variable') at = step.value === '$' ? [] : step.value === '' ? at : null
      else visit(step, at)
      if (step.type === 'name' || step.type === 'variable') for (const child of childrenOf(step)) visit(child, at)
      else if (step.type !== 'sort') {
        // What a step computes is no longer the record's own: the path so far is what it was made of.
        if (at !== null && at.length > 0) paths.set(JSON.stringify(at), at)
        at = null
      }
    }
    if (at?.length === 0) unnamed = true
    else if (at !== null) paths.set(JSON.stringify(at), at)
    for (const inner of inside(node['group'])) visit(inner, at)
  }
  visit(root, [])
  return { paths: [...paths.values()], unnamed }
}

function isContext(variable: unknown): boolean {
  return variable === '' || variable === '$'
}
