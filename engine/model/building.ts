/**
 * Marks fields of a model whose storage is still being filled, so that no statement compares by it before it is whole. Pure.
 * The marked model shares everything else with the one it was made from.
 */
import type { CompiledEntity, CompiledField, CompiledModel } from './types.ts'

/** A field as the tables of states name it. */
export interface BuildingField {
  readonly entityNo: number
  readonly fieldNo: number
  /** Its values are computed anew, not only put where they can be compared. */
  readonly computing?: boolean
}

/** A model, and `<entity>.<field>` of its fields that are marked. */
export interface MarkedModel {
  readonly model: CompiledModel
  readonly building: ReadonlySet<string>
}

/** The model with these fields marked, an amount with the converted amount beside it; numbers the model does not know are none of its fields. */
export function markBuilding(model: CompiledModel, fields: readonly BuildingField[]): MarkedModel {
  const marked = new Map<string, CompiledEntity>()
  const building = new Set<string>()
  for (const { entityNo, fieldNo, computing } of fields) {
    const entity = marked.get(model.entitiesByNo.get(entityNo)?.key ?? '') ?? model.entitiesByNo.get(entityNo)
    const own = [String(fieldNo), `${fieldNo}b`].flatMap(no => entity?.fieldsByNo.get(no) ?? [])
    if (entity === undefined || own.length === 0) continue
    marked.set(
      entity.key,
      withFields(
        entity,
        own.map((field): CompiledField => ({ ...field, building: true, ...(computing === true ? { computing } : {}) })),
      ),
    )
    for (const field of own) building.add(`${entity.key}.${field.key}`)
  }
  if (marked.size === 0) return { model, building }
  const entities = new Map([...model.entities].map(([key, entity]) => [key, marked.get(key) ?? entity]))
  return {
    model: Object.freeze({ ...model, entities, entitiesByNo: new Map([...entities.values()].map(entity => [entity.no, entity])) }),
    building,
  }
}

function withFields(entity: CompiledEntity, changed: readonly CompiledField[]): CompiledEntity {
  const fields = new Map(entity.fields)
  const fieldsByNo = new Map(entity.fieldsByNo)
  for (const field of changed) {
    fields.set(field.key, field)
    if (field.no !== null) fieldsByNo.set(field.no, field)
  }
  return Object.freeze({ ...entity, fields, fieldsByNo })
}
