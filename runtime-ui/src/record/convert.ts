/**
 * What can be made of a record by one of its entity's conversions: which of them are offered for it, and what each would make with which
 * title. Pure; the engine has the last word on all of it.
 */
import type { EvaluateEnv } from '../../../metadata/predicate.ts'
import { entityOf, fieldOf, type Model, type ModelConversion, type ModelEntity, type RecordData } from '../api/model.ts'
import { titleText } from '../display/field-text.ts'
import { holdsFor } from '../form/rules.ts'

/** A record that a conversion makes. */
export interface Made {
  /** The step's name, by which its values are given and its id is answered. */
  readonly as: string
  readonly entity: ModelEntity
  readonly label: string
  /** The field the record is called by, where it can be given; null where its title comes from elsewhere. */
  readonly titleField: string | null
  /** What it would be called. */
  readonly title: string
}

/** The conversions whose conditions the record fulfils, as far as this caller can tell. */
export function offeredConversions(model: Model, entity: ModelEntity, record: RecordData, env: EvaluateEnv): ModelConversion[] {
  return (entity.conversions ?? []).filter(conversion => holdsFor(model, entity, conversion.when, record, env))
}

/** What a conversion would make of the record. */
export function madeBy(model: Model, entity: ModelEntity, conversion: ModelConversion, record: RecordData, env: EvaluateEnv): Made[] {
  return conversion.steps.flatMap(step => {
    const target = entityOf(model, step.entity)
    if (!target || !holdsFor(model, entity, step.when, record, env)) return []
    const value = step.values[target.title_field]
    const isText = fieldOf(target, target.title_field)?.kind === 'text'
    return [
      {
        as: step.as,
        entity: target,
        label: step.label,
        titleField: isText && value !== undefined ? target.title_field : null,
        title: titleText(resolve(value, record)),
      },
    ]
  })
}

/** A value of a step: of the record, or as it stands; what only the engine can know is empty. */
function resolve(value: unknown, record: RecordData): unknown {
  if (typeof value !== 'string' || !value.startsWith('$')) return value
  if (value.startsWith('$$')) return value.slice(1)
  return value.startsWith('$record.') ? record[value.slice('$record.'.length)] : undefined
}

/** The values to send: titles that were changed, by step. */
export function changedTitles(made: readonly Made[], titles: Readonly<Record<string, string>>): Record<string, Record<string, string>> {
  return Object.fromEntries(
    made.flatMap(({ as, titleField, title }) => {
      const given = titles[as]?.trim() ?? title
      return titleField === null || given === title ? [] : [[as, { [titleField]: given }]]
    }),
  )
}
