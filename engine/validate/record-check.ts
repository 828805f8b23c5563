/**
 * The checks of one record on its way from one state to another, and what they found. Pure.
 * Rules that look at other records come back as open tests for the transaction to answer.
 */
import { type Atom, evaluate, type EvaluateEnv, negate, type RecordValues, type Test } from '../../metadata/predicate.ts'
import { pointerOf, type Problem } from '../../metadata/problem.ts'
import { inReadersWords } from '../../metadata/said.ts'
import { refuse } from '../field-types/index.ts'
import type { Locale } from '../kernel/context.ts'
import type { CompiledEntity, CompiledField, CompiledRule } from '../model/types.ts'
import { namesOf, variablesOf } from './test-names.ts'
import { isEmpty, same } from './values.ts'
import { fieldProblem, labelIn, unspokenProblem } from './words.ts'

/** A record on its way from one state to another. */
export interface Transition {
  readonly before: RecordValues | null
  readonly after: RecordValues
  /** Keys the client set, as opposed to what the engine computed. */
  readonly given: ReadonlySet<string>
  /** Tables the client sent, with the number of lines that come along. */
  readonly tables: ReadonlyMap<string, number>
}

/** Whose change it is, and where it stands in what was sent. */
export interface Judgement {
  /** Binds the caller and the moment. */
  readonly env: EvaluateEnv
  readonly locale: Locale
  readonly pointer: string
  /** Whether the caller may know a field of the entity: of others nothing is said but that it is not possible. */
  readonly sees: (key: string) => boolean
  /** Whether everything a test looks at, on the record and behind its relations, exists for the caller: only then its words are his. */
  readonly knows: (test: Test) => boolean
  /** Whether he could tell by himself how a test turns out: only then he is warned by it. */
  readonly decides: (test: Test) => boolean
}

/** A test only the database can answer, and what is wrong if it does not hold. */
export interface OpenCheck {
  readonly test: Test
  readonly problem: Problem
  readonly severity: 'error' | 'warning'
}

/** How many lines a table has to have, to be counted once they are written. */
export interface LineBounds {
  readonly field: CompiledField
  readonly minimum: number
  readonly maximum: number
  /** Whether the caller may hear of the table. */
  readonly spoken: boolean
}

/** Some of a record's checks: those that read one of these fields, or all others. */
export type Part = { readonly reading: ReadonlySet<string> } | { readonly but: ReadonlySet<string> }

export interface Checked {
  readonly problems: readonly Problem[]
  readonly warnings: readonly Problem[]
  readonly open: readonly OpenCheck[]
  readonly counted: readonly LineBounds[]
  /** Whether checks were left out because they are not of the part that was asked for. */
  readonly partial: boolean
}

/** The checks of one record and what they found. */
export class Check implements Checked {
  readonly problems: Problem[] = []
  readonly warnings: Problem[] = []
  readonly open: OpenCheck[] = []
  readonly counted: LineBounds[] = []
  partial = false
  readonly entity: CompiledEntity
  readonly change: Transition
  readonly judgement: Judgement
  /** The new state as tests see it. */
  readonly env: EvaluateEnv
  private readonly part: Part

  constructor(entity: CompiledEntity, change: Transition, judgement: Judgement, part: Part = ALL) {
    this.part = part
    this.entity = entity
    this.change = change
    this.judgement = judgement
    this.env = { ...judgement.env, before: change.before, record: change.after }
  }

  /** Whether a check that looks at these names and tests is of the part that is asked for. */
  asks(tests: readonly (Test | null)[], keys: readonly string[] = []): boolean {
    const wanted = 'but' in this.part ? !readsAny(this.part.but, tests, keys) : readsAny(this.part.reading, tests, keys)
    if (!wanted) this.partial = true
    return wanted
  }

  /** What is left of a test once the record itself has been asked. */
  rest(test: Test): Test {
    return specialise(this.entity, test, this.change.after, this.env)
  }

  /** Refuses, warns or leaves open, as the test turns out. */
  settle(test: Test, problem: Problem, severity: 'error' | 'warning' = 'error'): void {
    const rest = this.rest(test)
    if (rest.kind === 'true') return
    if (rest.kind !== 'false') this.open.push({ test: rest, problem, severity })
    else if (severity === 'error') this.refuse(problem)
    else this.warnings.push(problem)
  }

  /** Adds a problem; what can not be spoken of is said once. */
  refuse(problem: Problem): void {
    if (!this.problems.some(each => same(each, problem))) this.problems.push(problem)
  }

  /** A problem of a field, as the caller may hear it. */
  told(field: CompiledField, what: Parameters<typeof fieldProblem>[1], params: Readonly<Record<string, string>> = {}): Problem {
    const { locale, pointer, sees } = this.judgement
    return sees(field.key)
      ? fieldProblem(field, what, `${pointer}${pointerOf(field.key)}`, locale, params)
      : unspokenProblem(pointer, locale)
  }

  field(field: CompiledField): void {
    const { before, after, given, tables } = this.change
    const { visible, readOnly, required } = field.rules
    if (!this.asks([visible, required])) return
    const value = after[field.key]
    const isTable = field.type.type === 'table'
    const changed = isTable ? tables.has(field.key) : given.has(field.key) && !same(before?.[field.key], value)
    if (visible !== null && !evaluate(visible, after, this.env)) {
      const set = isTable ? (tables.get(field.key) ?? 0) > 0 : !isEmpty(value) && value !== false
      if (changed && set) this.refuse(this.told(field, 'NOT_VISIBLE'))
      return
    }
    if (changed && before !== null && readOnly !== null && evaluate(readOnly, before, { ...this.env, record: before }))
      this.refuse(this.told(field, 'READ_ONLY'))
    if (changed && !isTable) {
      const retired = retiredAnew(field, before?.[field.key], value)
      if (retired !== null) this.refuse(this.told(field, refuse('VALIDATE_OPTION', { value: retired })))
    }
    if (isTable) return this.lines(field)
    const needed = field.required || (required !== null && evaluate(required, after, this.env))
    if (needed && isEmpty(value) && field.derivation === null) this.refuse(this.told(field, 'REQUIRED'))
  }

  /** What comes with a new record is known; how many lines are left after a change is for the transaction to count. */
  private lines(field: CompiledField): void {
    const { before, tables } = this.change
    const { minimum, maximum } = lineBounds(field)
    const { visible } = field.rules
    const shown = before !== null && visible !== null && !evaluate(visible, before, { ...this.env, record: before })
    if (before === null && !tables.has(field.key) && minimum > 0) this.refuse(this.told(field, refuse('VALIDATE_MIN_ITEMS', { minimum })))
    else if ((shown || tables.has(field.key)) && (minimum > 0 || maximum < Number.POSITIVE_INFINITY))
      this.counted.push({ field, minimum, maximum, spoken: this.judgement.sees(field.key) })
  }

  rule(rule: CompiledRule): void {
    if (!this.asks([testOf(rule)])) return
    const { locale, pointer, sees, knows, decides } = this.judgement
    if (rule.when !== null && this.rest(rule.when).kind === 'false') return
    const test = testOf(rule)
    // A refusal over hidden values can not be helped, for the rule holds for everybody; a warning over them only tells of them.
    if (rule.severity === 'warning' && !decides(test)) return
    const spoken = knows(test)
    const at = rule.field === null || !sees(rule.field) ? pointer : `${pointer}${pointerOf(rule.field)}`
    const problem = spoken
      ? { pointer: at, code: 'VALIDATE_RULE', message: inReadersWords(labelIn(rule.message, locale, rule.key)), params: { rule: rule.key } }
      : unspokenProblem(pointer, locale)
    this.settle(test, problem, rule.severity)
  }
}

const ALL: Part = { but: new Set() }

/** How many lines a table has to have, and may have. */
export function lineBounds({ declared }: CompiledField): { readonly minimum: number; readonly maximum: number } {
  const { min_items: minimum = 0, max_items: maximum = Number.POSITIVE_INFINITY } = declared.type === 'table' ? declared : {}
  return { minimum, maximum }
}

/** Whether some of the tests, or of the keys beside them, look at one of the named fields of the record. */
function readsAny(names: ReadonlySet<string>, tests: readonly (Test | null)[], keys: readonly string[]): boolean {
  if (names.size === 0) return false
  return [...tests.flatMap(namesIn), ...keys].some(key => names.has(key))
}

const readNames = new WeakMap<CompiledEntity, ReadonlySet<string>>()

/** Every name of the record that some check of it looks at. */
export function namesChecked(entity: CompiledEntity): ReadonlySet<string> {
  const known = readNames.get(entity)
  if (known !== undefined) return known
  const steps = entity.stages.flatMap(stages => stages.transitions)
  const asked = [
    ...entity.rules.map(testOf),
    ...[...entity.fields.values()].flatMap(({ rules }) => [rules.visible, rules.required]),
    ...entity.stages.map(stages => stages.when),
    ...steps.map(step => step.check),
  ]
  const names = new Set([...asked.flatMap(namesIn), ...steps.flatMap(step => step.require)])
  readNames.set(entity, names)
  return names
}

/** The fields and relations of the record that a test looks at, `$record` included. */
function namesIn(test: Test | null): string[] {
  return test === null ? [] : [...namesOf(test), ...variablesOf(test)]
}

const tests = new WeakMap<CompiledRule, Test>()

/** What a rule asks of every record: that its check holds, or its condition does not. */
export function testOf(rule: CompiledRule): Test {
  if (rule.when === null) return rule.check
  const known = tests.get(rule) ?? { kind: 'any', of: [negate(rule.when), rule.check] }
  tests.set(rule, known)
  return known
}

/** A test with everything decided that the record itself can decide; what is left looks at other records. */
export function specialise(entity: CompiledEntity, test: Test, record: RecordValues, env: EvaluateEnv): Test {
  switch (test.kind) {
    case 'atom':
      return looksElsewhere(entity, test) ? test : { kind: evaluate(test, record, env) ? 'true' : 'false' }
    case 'all': {
      const rest = test.of.map(each => specialise(entity, each, record, env)).filter(each => each.kind !== 'true')
      if (rest.some(each => each.kind === 'false')) return { kind: 'false' }
      return rest.length === 0 ? { kind: 'true' } : { kind: 'all', of: rest }
    }
    case 'any': {
      const rest = test.of.map(each => specialise(entity, each, record, env)).filter(each => each.kind !== 'false')
      if (rest.some(each => each.kind === 'true')) return { kind: 'true' }
      return rest.length === 0 ? { kind: 'false' } : { kind: 'any', of: rest }
    }
    default:
      return test
  }
}

/** Live lookups are not on the record, and only units have a tree that is known here. */
function looksElsewhere(entity: CompiledEntity, atom: Atom): boolean {
  if (atom.operator === 'within' && atom.of.tree !== 'org_unit') return true
  return entity.fields.get(atom.field)?.storage.kind === 'elsewhere'
}

/** The first option of a value that was retired and is not there already. */
function retiredAnew(field: CompiledField, before: unknown, after: unknown): string | null {
  if (field.type.isRetired === undefined || isEmpty(after)) return null
  const old = Array.isArray(before) ? before : [before]
  const added = (Array.isArray(after) ? after : [after]).filter(each => !old.includes(each))
  const retired = added.find(each => field.type.isRetired?.(Array.isArray(after) ? [each] : each, field.definition) === true)
  return retired === undefined ? null : String(retired)
}
