/**
 * What must hold of a whole record after a change: required values, conditions, validation rules, stages.
 * Pure. Tests that look at other records come back open, for the transaction to answer.
 */
import type { CompiledEntity } from '../model/types.ts'
import { checkStages } from './check-stages.ts'
import { Check, type Checked, type Judgement, type Part, type Transition } from './record-check.ts'

/** Checks a record's new state, or the part of it that is asked for. */
export function checkRecord(entity: CompiledEntity, change: Transition, judgement: Judgement, part?: Part): Checked {
  const check = new Check(entity, change, judgement, part)
  for (const field of entity.fields.values()) if (!field.system) check.field(field)
  for (const rule of entity.rules) check.rule(rule)
  for (const stages of entity.stages) checkStages(stages, check)
  return check
}
