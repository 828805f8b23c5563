// Answers for: lookups, formulas and rollups read what is there, and never themselves, however long the way round.
// It must not compute anything.

import { analyseFormula, compileExact } from '../formula.ts'
import type { Entity, Field, FormulaField, LookupField, Predicate, RollupField } from '../generated/types.ts'
import type { ComparisonKind } from '../operators.ts'
import { pointerOf } from '../problem.ts'
import { type Said, words } from '../said.ts'
import { findCycle, longestWay } from './cycles.ts'
import type { Facts } from './facts.ts'
import type { Reporter } from './findings.ts'
import type { Steps } from '../steps.ts'

// Writes of one record reach at most so many records above it in one transaction (docs: storage).
const MAX_CASCADE = 5

/** Checks the derived fields of one entity, one a step. */
export function* checkDerived(entity: Entity, report: Reporter): Steps<void> {
  for (const [index, field] of entity.fields.entries()) {
    const pointer = pointerOf('fields', index)
    if (field.type === 'lookup') checkLookup(entity, field, pointer, report)
    else if (field.type === 'formula') checkFormula(entity, field, pointer, report)
    else if (field.type === 'rollup') checkRollup(entity, field, pointer, report)
    else continue
    yield
  }
}

const NOT_LOOKED_UP: ReadonlySet<Field['type']> = new Set(['table', 'multi_reference', 'json'])

function checkLookup(entity: Entity, field: LookupField, pointer: string, report: Reporter): void {
  const { facts } = report
  const relation = facts.relation(entity.key, field.reference)
  const place = `${pointer}/reference`
  if (relation?.cardinality !== 'one') {
    const candidates = facts.relationNames(entity.key, 'one')
    if (facts.hasField(entity.key, field.reference) || relation !== undefined)
      report.problem(
        'MODEL_NOT_A_REFERENCE',
        place,
        words('“{reference}” leads to no single record.', { reference: field.reference }),
        possible(candidates),
      )
    else report.unknown('field', field.reference, place, candidates)
  } else if (facts.entities.has(relation.target) && report.hasField(relation.target, field.field, `${pointer}/field`)) {
    const source = facts.field(relation.target, field.field)
    if (source !== undefined && NOT_LOOKED_UP.has(source.type))
      report.problem('MODEL_LOOKUP_FIELD', `${pointer}/field`, words('A field of type {type} can not be looked up.', { type: source.type }))
  }
}

function possible(names: readonly string[]): { hint?: Said } {
  return names.length === 0 ? {} : { hint: words('Possible: {names}.', { names: names.slice(0, 10).join(', ') }) }
}

function checkFormula(entity: Entity, field: FormulaField, pointer: string, report: Reporter): void {
  const place = `${pointer}/expression`
  const { facts } = report
  const analysis = analyseFormula(field.expression, field.result)
  for (const problem of analysis.problems) report.adopt(problem, place)
  const readable = analysis.inputs.map(path => checkInput(entity, path, place, report))
  if (analysis.problems.length > 0 || analysis.kind !== 'exact' || field.result === 'text' || readable.includes(false)) return
  const kindOf = ([key = '', part]: readonly string[]): ComparisonKind | undefined =>
    part === undefined ? facts.comparison(entity.key, key)?.kind : 'text'
  const compiled = compileExact(field.expression, { result: field.result, scale: field.scale ?? 2, kindOf })
  for (const problem of compiled.ok ? [] : compiled.problems) report.adopt(problem, place)
}

/** True when a formula may read the path: a field of the same record whose value is kept in it. */
function checkInput(entity: Entity, path: readonly string[], place: string, report: Reporter): boolean {
  const { facts } = report
  const [key = ''] = path
  if (!facts.hasField(entity.key, key)) {
    report.unknown('field', key, place, facts.fieldNames(entity.key))
    return false
  }
  const field = facts.field(entity.key, key)
  if (field?.type === 'lookup' && field.mode === 'live') {
    report.problem(
      'MODEL_FORMULA_INPUT',
      place,
      words('“{key}” is shown live and not kept in the record, so a formula can not read it.', { key }),
      {
        hint: words('Copy the value: "mode": "copied".'),
      },
    )
    return false
  }
  if (path.length > 1 && field?.type !== 'address' && field?.type !== 'person_name' && field?.type !== 'json') {
    report.problem('MODEL_FORMULA_INPUT', place, words('“{path}” belongs to another record.', { path: path.join('.') }), {
      hint: words('Copy it by a lookup with "reference": "{key}", then use that field.', { key }),
    })
    return false
  }
  if (field?.type === 'table' || field?.type === 'multi_reference') {
    report.problem('MODEL_FORMULA_INPUT', place, words('“{key}” holds records, which a formula can not read.', { key }), {
      hint: words('Count or sum them by a rollup, then use that field.'),
    })
    return false
  }
  return true
}

const NUMBERS: readonly string[] = ['integer', 'decimal', 'float']
const ORDERED: readonly string[] = [...NUMBERS, 'date', 'datetime']

function checkRollup(entity: Entity, field: RollupField, pointer: string, report: Reporter): void {
  const { facts } = report
  const relation = facts.relation(entity.key, field.relation)
  const rolled = facts
    .relationNames(entity.key, 'many')
    .filter(key => ['inverse', 'table'].includes(facts.relation(entity.key, key)?.via ?? ''))
  if (relation === undefined) return report.unknown('relation', field.relation, `${pointer}/relation`, rolled)
  if (!rolled.includes(field.relation))
    return report.problem(
      'MODEL_ROLLUP_RELATION',
      `${pointer}/relation`,
      words('“{relation}” is neither a table nor the inverse of a reference.', { relation: field.relation }),
      possible(rolled),
    )
  report.predicate(field.where, relation.target, `${pointer}/where`)
  if (field.discloses_hidden_rows === true)
    report.note(
      'MODEL_DISCLOSES_HIDDEN_ROWS',
      `${pointer}/discloses_hidden_rows`,
      words('“{field}” counts records that its reader may not see.', { field: field.key }),
    )
  if (field.function === 'count') {
    if (field.field !== undefined)
      report.problem('MODEL_ROLLUP_FIELD', `${pointer}/field`, words('A count counts records and takes no field.'))
    return
  }
  if (field.field === undefined)
    return report.problem('MODEL_ROLLUP_FIELD', `${pointer}/function`, words('“{function}” needs a field.', { function: field.function }), {
      hint: words('Such as {example}.', { example: '"field": "…"' }),
    })
  if (!report.hasField(relation.target, field.field, `${pointer}/field`)) return
  const fits = (key: string): boolean =>
    (field.function === 'sum' ? NUMBERS : ORDERED).includes(facts.comparison(relation.target, key)?.kind ?? '')
  const source = facts.field(relation.target, field.field)
  // A circle has no kind; it is reported as a circle.
  const circular = facts.comparison(relation.target, field.field) === null && source?.type !== 'table'
  if (!fits(field.field) && !circular)
    report.problem(
      'MODEL_ROLLUP_FIELD',
      `${pointer}/field`,
      words('“{field}” can not go into “{function}”.', { field: field.field, function: field.function }),
      possible((facts.entities.get(relation.target)?.fields ?? []).map(each => each.key).filter(fits)),
    )
  else if (source?.type === 'lookup' && source.mode === 'live')
    report.problem(
      'MODEL_ROLLUP_FIELD',
      `${pointer}/field`,
      words('“{field}” is shown live and not kept in its record.', { field: field.field }),
      {
        hint: words('Copy the value: "mode": "copied".'),
      },
    )
}

interface Step {
  readonly to: string
  /** 1 where the value comes from other records. */
  readonly weight: number
}

/** Circles and too long chains of derived values over all entities. */
export function* checkDerivedChains(facts: Facts, reporterOf: (entity: string) => Reporter): Steps<void> {
  const steps = new Map<string, Step[]>()
  for (const entity of facts.entities.values()) {
    for (const field of entity.fields) steps.set(`${entity.key}.${field.key}`, stepsOf(facts, entity, field))
    yield
  }
  const next = (node: string): readonly Step[] => steps.get(node) ?? []
  const cycle = findCycle(steps.keys(), node => next(node).map(step => step.to))
  if (cycle !== null)
    return reportOn(
      facts,
      cycle[0] ?? '',
      reporterOf,
      'MODEL_CYCLE',
      words('These values are made of each other: {names}.', { names: [...cycle, cycle[0] ?? ''].join(' → ') }),
    )
  const known = new Map<string, number>()
  for (const node of steps.keys()) {
    const length = longestWay(node, next, known)
    const deepest = length > MAX_CASCADE && !next(node).some(step => longestWay(step.to, next, known) > MAX_CASCADE)
    if (deepest)
      reportOn(
        facts,
        node,
        reporterOf,
        'MODEL_CASCADE_DEPTH',
        words('“{node}” hangs on {length} levels of other records; at most {limit} are kept up to date.', {
          node,
          length,
          limit: MAX_CASCADE,
        }),
      )
  }
}

function reportOn(facts: Facts, node: string, reporterOf: (entity: string) => Reporter, code: string, message: Said): void {
  const [entity = '', key = ''] = node.split('.')
  const index = facts.entities.get(entity)?.fields.findIndex(field => field.key === key) ?? 0
  reporterOf(entity).problem(code, pointerOf('fields', index), message)
}

/** The fields whose values a field is made of. */
function stepsOf(facts: Facts, entity: Entity, field: Field): Step[] {
  const own = (key: string): Step => ({ to: `${entity.key}.${key}`, weight: 0 })
  if (field.type === 'formula') return analyseFormula(field.expression).inputs.flatMap(([key]) => (key === undefined ? [] : [own(key)]))
  const source = facts.sourceOf(entity.key, field)
  const value = source === null ? [] : [`${source.entity}.${source.field}`]
  // A copied value stays as it was copied: it can not run in a circle silently, but it starts no cascade.
  if (field.type === 'lookup') return [own(field.reference), ...value.map(to => ({ to, weight: 0 }))]
  if (field.type !== 'rollup') return []
  const relation = facts.relation(entity.key, field.relation)
  const filtered = relation === undefined ? [] : namesIn(field.where).map(key => `${relation.target}.${key}`)
  const anchor = relation === undefined ? [] : [`${relation.target}.${relation.field}`]
  return [...value, ...filtered, ...anchor].map(to => ({ to, weight: 1 }))
}

/** The fields on the first level of a predicate. */
function namesIn(predicate: Predicate | undefined): string[] {
  return Object.entries(predicate ?? {}).flatMap(([name, value]) => {
    if (name === 'and' || name === 'or') return Array.isArray(value) ? value.flatMap(each => (isPredicate(each) ? namesIn(each) : [])) : []
    if (name === 'not') return isPredicate(value) ? namesIn(value) : []
    return [name]
  })
}

function isPredicate(value: unknown): value is Predicate {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
