// Answers for: stages, steps and conversions name options, fields and entities that are there.
// It must not decide who may take a step.

import type { Conversion, Entity, JsonValue, Stages } from '../generated/types.ts'
import { pointerOf } from '../problem.ts'
import { words } from '../said.ts'
import { isComputed } from './facts.ts'
import type { Reporter } from './findings.ts'
import { checkUniqueKeys } from './names.ts'

/** Checks the processes of an entity. */
export function checkStages(entity: Entity, report: Reporter): void {
  for (const [index, stages] of (entity.stages ?? []).entries()) checkProcess(entity, stages, index, report)
  for (const [index, conversion] of (entity.conversions ?? []).entries())
    checkConversion(entity, conversion, pointerOf('conversions', index), report)
}

function checkProcess(entity: Entity, stages: Stages, index: number, report: Reporter): void {
  const pointer = pointerOf('stages', index)
  const field = report.facts.field(entity.key, stages.field)
  const choices = entity.fields.filter(each => each.type === 'choice').map(each => each.key)
  if (field === undefined) return report.unknown('field', stages.field, `${pointer}/field`, choices)
  if (field.type !== 'choice')
    return report.problem(
      'MODEL_STAGE_FIELD',
      `${pointer}/field`,
      words('“{field}” is no choice, so it can not hold a stage.', { field: field.key }),
      choices.length > 0 ? { hint: words('Possible: {names}.', { names: choices.join(', ') }) } : {},
    )
  report.predicate(stages.when, entity.key, `${pointer}/when`)
  const earlier = (entity.stages ?? [])
    .slice(0, index)
    .find(other => other.field === stages.field && (other.when === undefined || stages.when === undefined))
  if (earlier !== undefined)
    report.problem('MODEL_STAGE_FIELD', `${pointer}/when`, words('“{earlier}” already rules the same field.', { earlier: earlier.key }), {
      hint: words('Give both a "when" that tells them apart.'),
    })
  const options = field.options.map(option => option.value)
  checkStates(stages.states, options, `${pointer}/states`, report)
  checkStates(stages.initial ?? [], stages.states, `${pointer}/initial`, report)
  checkUniqueKeys(stages.transitions, `${pointer}/transitions`, report)
  for (const [position, transition] of stages.transitions.entries()) {
    const place = pointer + pointerOf('transitions', position)
    checkStates(transition.from, stages.states, `${place}/from`, report)
    if (!stages.states.includes(transition.to)) report.unknown('state', transition.to, `${place}/to`, stages.states)
    if (transition.from.includes(transition.to))
      report.problem('MODEL_TRANSITION', `${place}/to`, words('“{to}” can not be reached from itself.', { to: transition.to }))
    for (const [n, key] of (transition.require ?? []).entries()) report.hasField(entity.key, key, place + pointerOf('require', n))
    report.predicate(transition.check, entity.key, `${place}/check`, { changes: true, record: entity.key })
  }
  const start = field.default
  const initial = stages.initial ?? stages.states
  if (stages.when === undefined && start !== undefined && options.includes(start) && !initial.includes(start))
    report.problem(
      'MODEL_DEFAULT',
      pointer + (stages.initial === undefined ? '/states' : '/initial'),
      words('New records begin as “{start}”, which is no initial state of “{stages}”.', { start, stages: stages.key }),
    )
}

function checkStates(states: readonly string[], known: readonly string[], pointer: string, report: Reporter): void {
  for (const [index, state] of states.entries())
    if (!known.includes(state)) report.unknown('state', state, pointer + pointerOf(index), known)
}

function checkConversion(entity: Entity, conversion: Conversion, pointer: string, report: Reporter): void {
  report.predicate(conversion.when, entity.key, `${pointer}/when`)
  checkUniqueKeys(conversion.steps, `${pointer}/steps`, report)
  const made: string[] = []
  for (const [index, step] of conversion.steps.entries()) {
    const place = pointer + pointerOf('steps', index)
    report.predicate(step.when, entity.key, `${place}/when`)
    if (report.hasEntity(step.entity, `${place}/entity`)) {
      checkValues(entity, step.entity, step.values, made, `${place}/values`, report)
      checkComplete(step.entity, step.values, `${place}/values`, report)
    }
    made.push(step.as)
  }
  checkValues(entity, entity.key, conversion.set ?? {}, made, `${pointer}/set`, report)
}

function checkValues(
  from: Entity,
  to: string,
  values: Readonly<Record<string, JsonValue>>,
  made: readonly string[],
  pointer: string,
  report: Reporter,
): void {
  for (const [key, value] of Object.entries(values)) {
    const place = pointer + pointerOf(key)
    if (!report.hasField(to, key, place)) continue
    const field = report.facts.field(to, key)
    if (field !== undefined && isComputed(field))
      report.problem('MODEL_NOT_WRITABLE', place, words('“{key}” is computed and can not be set.', { key }))
    const [, source, name] = typeof value === 'string' ? (/^\$(record|steps)\.([a-z][a-z0-9_]*)/.exec(value) ?? []) : []
    if (source === 'record') report.hasField(from.key, name ?? '', place)
    else if (source === 'steps' && !made.includes(name ?? '')) report.unknown('step', name ?? '', place, made)
  }
}

function checkComplete(entity: string, values: Readonly<Record<string, JsonValue>>, pointer: string, report: Reporter): void {
  const missing = (report.facts.entities.get(entity)?.fields ?? []).filter(
    field => field.required === true && !('default' in field) && !Object.hasOwn(values, field.key),
  )
  for (const field of missing)
    report.problem(
      'MODEL_REQUIRED_UNMAPPED',
      pointer,
      words('“{entity}” requires “{field}”, which gets no value here.', { entity, field: field.key }),
      {
        params: { field: field.key },
      },
    )
}
