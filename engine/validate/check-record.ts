/**
 * What must hold of a whole record after a change: required values, conditions, validation rules, stages.
 * Pure. Rules that look at other records come back as open tests for the transaction to answer.
 */
import { evaluate, type EvaluateEnv, negate, type RecordValues, type Test } from '../../metadata/predicate.ts'
import type { Problem } from '../../metadata/problem.ts'
import { pointerOf } from '../../metadata/problem.ts'
import type { Locale } from '../kernel/context.ts'
import type { CompiledEntity, CompiledField, CompiledStages } from '../model/types.ts'
import { fieldProblem, labelIn } from './words.ts'

/** A record on its way from one state to another. */
export interface Transition {
  readonly before: RecordValues | null
  readonly after: RecordValues
  /** Keys the client set, as opposed to what the engine computed. */
  readonly given: ReadonlySet<string>
}

/** A test only the database can answer, and what is wrong if it does not hold. */
export interface OpenCheck {
  readonly test: Test
  readonly problem: Problem
  readonly severity: 'error' | 'warning'
}

export interface Checked {
  readonly problems: readonly Problem[]
  readonly warnings: readonly Problem[]
  readonly open: readonly OpenCheck[]
}

/** Checks a record's new state. `env` binds the caller and the moment; `pointer` leads to the record in what was sent. */
export function checkRecord(entity: CompiledEntity, change: Transition, env: EvaluateEnv, locale: Locale, pointer = ''): Checked {
  const problems: Problem[] = []
  const warnings: Problem[] = []
  const open: OpenCheck[] = []
  const now = { ...env, before: change.before, record: change.after }
  const settle = (test: Test, problem: Problem, severity: 'error' | 'warning' = 'error'): void => {
    const rest = specialise(test, change.after, now)
    if (rest.kind === 'true') return
    if (rest.kind !== 'false') open.push({ test: rest, problem, severity })
    else if (severity === 'error') problems.push(problem)
    else warnings.push(problem)
  }
  for (const field of entity.fields.values()) if (!field.system) checkField(field, change, now, locale, pointer, problems)
  for (const rule of entity.rules) {
    if (rule.when !== null && specialise(rule.when, change.after, now).kind === 'false') continue
    const guarded: Test = rule.when === null ? rule.check : { kind: 'any', of: [negate(rule.when), rule.check] }
    settle(guarded, { pointer: rule.field === null ? pointer : `${pointer}${pointerOf(rule.field)}`, code: 'VALIDATE_RULE', message: labelIn(rule.message, locale, rule.key), params: { rule: rule.key } }, rule.severity)
  }
  for (const stages of entity.stages) checkStages(entity, stages, change, now, locale, pointer, problems, settle)
  return { problems, warnings, open }
}

function checkField(field: CompiledField, change: Transition, env: EvaluateEnv, locale: Locale, pointer: string, problems: Problem[]): void {
  const at = `${pointer}${pointerOf(field.key)}`
  const value = change.after[field.key]
  const changed = change.given.has(field.key) && !same(change.before?.[field.key], value)
  const visible = field.rules.visible === null || evaluate(field.rules.visible, change.after, env)
  if (!visible) {
    if (changed && !isEmpty(value) && value !== false) problems.push(fieldProblem(field, 'NOT_VISIBLE', at, locale))
    return
  }
  const { readOnly, required } = field.rules
  if (changed && change.before !== null && readOnly !== null && evaluate(readOnly, change.before, { ...env, record: change.before })) problems.push(fieldProblem(field, 'READ_ONLY', at, locale))
  const needed = field.required || (required !== null && evaluate(required, change.after, env))
  if (needed && isEmpty(value) && field.derivation === null && field.storage.kind !== 'elsewhere') problems.push(fieldProblem(field, 'REQUIRED', at, locale))
}

function checkStages(entity: CompiledEntity, stages: CompiledStages, change: Transition, env: EvaluateEnv, locale: Locale, pointer: string, problems: Problem[], settle: (test: Test, problem: Problem) => void): void {
  if (stages.when !== null && !evaluate(stages.when, change.after, env)) return
  const field = entity.fields.get(stages.field)
  const to = change.after[stages.field]
  if (field === undefined || typeof to !== 'string') return
  const at = `${pointer}${pointerOf(stages.field)}`
  const applied = change.before !== null && (stages.when === null || evaluate(stages.when, change.before, env))
  const from = change.before?.[stages.field]
  if (applied && from === to) return
  const words = { from: optionLabel(field, String(from ?? ''), locale), to: optionLabel(field, to, locale) }
  if (!stages.states.includes(to)) return void problems.push(fieldProblem(field, 'STATE_UNKNOWN', at, locale))
  if (!applied || typeof from !== 'string') {
    if (change.before === null && stages.initial !== null && !stages.initial.includes(to)) problems.push(fieldProblem(field, 'STATE_INITIAL', at, locale))
    return
  }
  const transition = stages.transitions.find(each => each.to === to && each.from.includes(from))
  if (transition === undefined) return void problems.push(fieldProblem(field, 'TRANSITION', at, locale, words))
  for (const key of transition.require) {
    const needed = entity.fields.get(key)
    if (needed !== undefined && isEmpty(change.after[key])) problems.push(fieldProblem(needed, 'REQUIRED', `${pointer}${pointerOf(key)}`, locale))
  }
  if (transition.check === null) return
  const told = fieldProblem(field, 'GUARD', at, locale, words)
  settle(transition.check, transition.message === null ? told : { ...told, message: labelIn(transition.message, locale, told.message) })
}

/** A test with everything decided that the record itself can decide; what is left looks at other records. */
export function specialise(test: Test, record: RecordValues, env: EvaluateEnv): Test {
  switch (test.kind) {
    case 'atom':
      return { kind: evaluate(test, record, env) ? 'true' : 'false' }
    case 'all': {
      const rest = test.of.map(each => specialise(each, record, env)).filter(each => each.kind !== 'true')
      if (rest.some(each => each.kind === 'false')) return { kind: 'false' }
      return rest.length === 0 ? { kind: 'true' } : { kind: 'all', of: rest }
    }
    case 'any': {
      const rest = test.of.map(each => specialise(each, record, env)).filter(each => each.kind !== 'false')
      if (rest.some(each => each.kind === 'true')) return { kind: 'true' }
      return rest.length === 0 ? { kind: 'false' } : { kind: 'any', of: rest }
    }
    default:
      return test
  }
}

/** Null, absent and an empty list are the same: no value. */
export function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0)
}

/** Whether two wire values are equal; absent and null are. */
export function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a ?? null) === JSON.stringify(b ?? null)
}

function optionLabel(field: CompiledField, value: string, locale: Locale): string {
  const options = 'options' in field.definition && Array.isArray(field.definition.options) ? field.definition.options : []
  const option = options.find(each => each.value === value)
  return option === undefined ? value : labelIn(option.label, locale, value)
}
