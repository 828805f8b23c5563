/**
 * Checks an expression before it may go behind the fence: it parses, names its inputs, uses nothing forbidden.
 * Knows no entity; whether the inputs exist is for whoever compiles the model.
 */
import { analyseFormula } from '../../metadata/formula.ts'
import { expressionErrors } from './errors.ts'

/** A checked expression. Only its inputs are ever handed to it. */
export interface CompiledExpression {
  readonly text: string
  readonly inputs: readonly (readonly string[])[]
}

/** Compiles an expression, or throws EXPRESSION_INVALID with every problem. */
export function compileExpression(text: string): CompiledExpression {
  const { inputs, problems } = analyseFormula(text)
  if (problems.length > 0) throw expressionErrors.INVALID({}, { errors: problems })
  return { text, inputs }
}
