/**
 * The product's one boolean language: filters, row rules, conditions of forms and automations are all predicates.
 * `parsePredicate` turns JSON into a `Test`, `evaluate` answers it for a record, `resolveOperand` serves SQL rendering;
 * this is the face of the language and knows nothing of entities, callers or SQL.
 */
export type {
  Atom,
  EvaluateEnv,
  Operand,
  ParsedPredicate,
  ParseOptions,
  PeriodWord,
  PredicateScope,
  RecordValues,
  ResolvedOperand,
  Scalar,
  ScopeEntry,
  ScopeField,
  Term,
  Test,
} from './predicate-types.ts'
export { evaluate, holdsOnNothing, holdsOnNull } from './predicate-evaluate.ts'
export { resolveOperand } from './predicate-operand.ts'
export { negate } from './predicate-negate.ts'
export { parsePredicate } from './predicate-parse.ts'
