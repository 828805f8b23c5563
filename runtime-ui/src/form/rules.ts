/**
 * Conditional fields: which of them show, are required or are read-only for the values a form holds right now. The same
 * evaluator as the server's decides; a rule this browser can't read is left to the server. Pure.
 */
import { OPERATORS_OF_KIND } from '../../../metadata/operators.ts'
import {
  type EvaluateEnv,
  evaluate,
  type PredicateScope,
  parsePredicate,
  type RecordValues,
  type Test,
} from '../../../metadata/predicate.ts'
import { entityOf, type FormRule, isToOne, type Model, type ModelEntity, type ModelField } from '../api/model.ts'

/** A rule whose conditions are parsed. */
export interface ParsedRule {
  readonly field: string
  readonly visible: Test | null
  readonly required: Test | null
  readonly readOnly: Test | null
}

/** What the rules say of a form's values. */
export interface RuleOutcome {
  readonly hidden: readonly string[]
  readonly required: readonly string[]
  readonly readOnly: readonly string[]
}

/** Parses the conditions of a form once. */
export function parseRules(model: Model, entity: ModelEntity, rules: readonly FormRule[]): ParsedRule[] {
  const parse = (predicate: unknown): Test | null => parseCondition(model, entity, predicate)
  return rules.map(rule => ({
    field: rule.field,
    visible: parse(rule.visible_when),
    required: parse(rule.required_when),
    readOnly: parse(rule.read_only_when),
  }))
}

/** Asks the rules about values. */
export function applyRules(rules: readonly ParsedRule[], values: RecordValues, env: EvaluateEnv): RuleOutcome {
  const holds = (test: Test): boolean => evaluate(test, values, { ...env, record: values })
  const hidden = rules.filter(rule => rule.visible !== null && !holds(rule.visible)).map(rule => rule.field)
  const shown = rules.filter(rule => !hidden.includes(rule.field))
  return {
    hidden,
    required: shown.filter(rule => rule.required !== null && holds(rule.required)).map(rule => rule.field),
    readOnly: shown.filter(rule => rule.readOnly !== null && holds(rule.readOnly)).map(rule => rule.field),
  }
}

/** Whether a record fulfils a condition. Where there is none, or none that this browser can read, the engine says no if it has to. */
export function holdsFor(model: Model, entity: ModelEntity, condition: unknown, values: RecordValues, env: EvaluateEnv): boolean {
  const test = parseCondition(model, entity, condition)
  return test === null || evaluate(test, values, { ...env, record: values })
}

/** A condition ready to be asked; null where there is none or none that can be read. */
function parseCondition(model: Model, entity: ModelEntity, predicate: unknown): Test | null {
  if (predicate === undefined || predicate === null) return null
  const scope = scopeOf(model, entity)
  const user = entityOf(model, 'user')
  const parsed = parsePredicate(predicate, scope, { ...(user ? { user: scopeOf(model, user) } : {}), record: scope, changes: true })
  return parsed.ok ? parsed.test : null
}

function scopeOf(model: Model, entity: ModelEntity): PredicateScope {
  return {
    lookup(name) {
      const field = entity.fields.find(candidate => candidate.key === name)
      const relation = entity.relations.find(candidate => candidate.key === name)
      const many = entityOf(model, relation?.target)
      if (!field) return many ? { many: () => scopeOf(model, many) } : undefined
      const one = isToOne(field) ? entityOf(model, field.target) : undefined
      return {
        field: scopeField(field),
        ...(one ? { one: () => scopeOf(model, one) } : {}),
        ...(many ? { many: () => scopeOf(model, many) } : {}),
      }
    },
  }
}

function scopeField(field: ModelField) {
  return {
    kind: field.kind,
    operators: OPERATORS_OF_KIND[field.kind],
    ...(field.options ? { options: field.options.map(option => option.value) } : {}),
    ...(field.kind === 'list' && field.options ? { elements: 'choice' as const } : {}),
    ...(field.kind === 'list' && field.target ? { elements: 'id' as const } : {}),
    ...(field.target ? { tree: field.target } : {}),
  }
}
