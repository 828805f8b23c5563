/** Expressions beyond exact arithmetic, computed behind a fence. The only face of this room. */
export { type CompiledExpression, compileExpression } from './compile.ts'
export { expressionErrors } from './errors.ts'
export { Allowance, type Evaluated, type EvaluateOptions, evaluateExpression, evaluateMany, stopExpressions } from './evaluate.ts'
