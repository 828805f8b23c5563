/** Whether a record may take the step it takes: states of its process, permitted transitions and their guards. Pure. */
import { evaluate } from '../../metadata/predicate.ts'
import { inReadersWords } from '../../metadata/said.ts'
import type { Locale } from '../kernel/context.ts'
import type { CompiledField, CompiledStages } from '../model/types.ts'
import type { Check } from './record-check.ts'
import { isEmpty } from './values.ts'
import { labelIn } from './words.ts'

type Step = CompiledStages['transitions'][number]

/** Checks one process; a record it does not rule passes. */
export function checkStages(stages: CompiledStages, check: Check): void {
  const { before, after } = check.change
  const read = stages.transitions.map(each => each.check)
  if (
    !check.asks(
      [stages.when, ...read],
      stages.transitions.flatMap(each => each.require),
    )
  )
    return
  if (stages.when !== null && !evaluate(stages.when, after, check.env)) return
  const field = check.entity.fields.get(stages.field)
  const to = after[stages.field]
  if (field === undefined || typeof to !== 'string') return
  const ruled = before !== null && (stages.when === null || evaluate(stages.when, before, { ...check.env, record: before }))
  const from = before?.[stages.field]
  if (ruled && from === to) return
  if (!stages.states.includes(to)) return check.refuse(check.told(field, 'STATE_UNKNOWN'))
  const begins = stages.initial?.includes(to) ?? true
  if (before === null) return begins ? undefined : check.refuse(check.told(field, 'STATE_INITIAL'))
  if (!ruled || typeof from !== 'string') return enter(stages, field, to, check)
  const step = stages.transitions.find(each => each.to === to && each.from.includes(from))
  if (step === undefined) {
    const { locale } = check.judgement
    return check.refuse(check.told(field, 'TRANSITION', { from: optionLabel(field, from, locale), to: optionLabel(field, to, locale) }))
  }
  guard(step, field, to, check)
}

/** A record that comes from another process stands where it could have begun, or where a step's guard would have let it. */
function enter(stages: CompiledStages, field: CompiledField, to: string, check: Check): void {
  const steps = stages.transitions.filter(each => each.to === to)
  if (stages.initial?.includes(to) === true || steps.length === 0) return
  const lets = (step: Step): boolean =>
    step.require.every(key => !isEmpty(check.change.after[key])) && (step.check === null || check.rest(step.check).kind !== 'false')
  const [first] = steps
  const step = steps.find(lets) ?? first
  if (step !== undefined) guard(step, field, to, check)
}

function guard(step: Step, field: CompiledField, to: string, check: Check): void {
  const { locale } = check.judgement
  for (const key of step.require) {
    const needed = check.entity.fields.get(key)
    if (needed !== undefined && isEmpty(check.change.after[key])) check.refuse(check.told(needed, 'REQUIRED'))
  }
  if (step.check === null) return
  const told = check.told(field, 'GUARD', { to: optionLabel(field, to, locale) })
  const words = check.judgement.knows(step.check) ? step.message : null
  check.settle(step.check, words === null ? told : { ...told, message: inReadersWords(labelIn(words, locale, told.message)) })
}

function optionLabel(field: CompiledField, value: string, locale: Locale): string {
  const options = 'options' in field.definition && Array.isArray(field.definition.options) ? field.definition.options : []
  const option = options.find(each => each.value === value)
  return option === undefined ? value : labelIn(option.label, locale, value)
}
