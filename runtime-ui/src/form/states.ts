/**
 * Which states a choice field can take, where its states belong to processes: those of the processes that a record, or every record
 * of a list, goes through. What is offered follows it; what is permitted is decided by the engine. Pure.
 */
import type { Predicate } from '../../../metadata/generated/types.ts'
import type { EvaluateEnv } from '../../../metadata/predicate.ts'
import type { Model, ModelEntity } from '../api/model.ts'
import { holdsFor } from './rules.ts'

type Values = Readonly<Record<string, unknown>>

/** The states of each field that has any, for a record with these values; its own value is always among them. */
export function statesOf(model: Model, entity: ModelEntity, values: Values, env: EvaluateEnv): Readonly<Record<string, readonly string[]>> {
  const fields = new Set((entity.stages ?? []).map(each => each.field))
  return Object.fromEntries(
    [...fields].flatMap(field => {
      const states = possible(model, entity, field, values, env)
      const own = values[field]
      return states === null ? [] : [[field, typeof own === 'string' ? [...new Set([...states, own])] : states]]
    }),
  )
}

/** The states that records under this condition can take in the field; null where nothing is known to exclude any. */
export function statesUnder(
  model: Model,
  entity: ModelEntity,
  field: string,
  where: Predicate | undefined,
  env: EvaluateEnv,
): readonly string[] | null {
  const known = equalities(where)
  const conditions = (entity.stages ?? []).filter(each => each.field === field).map(each => each.when)
  const isDecided = conditions.every(when => when === null || Object.keys(when).every(key => key in known))
  return isDecided ? possible(model, entity, field, known, env) : null
}

function possible(model: Model, entity: ModelEntity, field: string, values: Values, env: EvaluateEnv): readonly string[] | null {
  const processes = (entity.stages ?? []).filter(each => each.field === field && holdsFor(model, entity, each.when, values, env))
  return processes.length === 0 ? null : [...new Set(processes.flatMap(each => each.states))]
}

/** The values that a condition demands of every record. */
function equalities(where: Predicate | undefined): Record<string, unknown> {
  const found: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(where ?? {})) {
    if (key === 'and' && Array.isArray(value)) Object.assign(found, ...(value as Predicate[]).map(equalities))
    else if (typeof value === 'object' && value !== null && 'eq' in value) found[key] = value.eq
  }
  return found
}
