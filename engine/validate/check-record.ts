/**
 * What must hold of a whole record after a change: required values, conditions, validation rules, stages.
 * Pure. Tests that look at other records come back open, for the transaction to answer.
 */
import { perObject } from '../kernel/per-object.ts'
import type { CompiledEntity, CompiledField } from '../model/types.ts'
import { checkStages } from './check-stages.ts'
import { Check, type Checked, type Judgement, type Part, type Transition } from './record-check.ts'

/** Fields of which something may have to hold: of all others any value will do. */
const checkedFields = perObject((entity: CompiledEntity): readonly CompiledField[] =>
  [...entity.fields.values()].filter(({ system, required, type, rules }) => {
    const isRuled = rules.visible !== null || rules.readOnly !== null || rules.required !== null
    return !system && (required || isRuled || type.type === 'table' || type.isRetired !== undefined)
  }),
)

/** Checks a record's new state, or the part of it that is asked for. */
export function checkRecord(entity: CompiledEntity, change: Transition, judgement: Judgement, part?: Part): Checked {
  const check = new Check(entity, change, judgement, part)
  for (const field of checkedFields(entity)) check.field(field)
  for (const rule of entity.rules) check.rule(rule)
  for (const stages of entity.stages) checkStages(stages, check)
  return check
}
