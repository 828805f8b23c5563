/** Which type a field behaves as: its own, or for lookups and rollups the type of the field they take their value from. Knows documents only. */
import type { Entity, Field } from '../../metadata/generated/types.ts'
import { resolveDerived, type TypedField } from '../field-types/index.ts'
import { SYSTEM_FIELDS } from './system-fields.ts'

/** Resolves a field's behaviour; null where what it leads to does not exist (a problem the documents' check has named). */
export function typedFieldOf(entities: ReadonlyMap<string, Entity>, entity: Entity, field: Field, depth = 0): TypedField | null {
  const origin = originOf(entities, entity, field)
  if (origin === undefined) return resolveDerived(field, null)
  if (origin === null || depth > 8) return null
  const source = typedFieldOf(entities, origin.entity, origin.field, depth + 1)
  return source === null ? null : resolveDerived(field, source)
}

/** The field a lookup or rollup reads; undefined for fields that read none, null where it is missing. */
export function originOf(
  entities: ReadonlyMap<string, Entity>,
  entity: Entity,
  field: Field,
): { entity: Entity; field: Field } | undefined | null {
  if (field.type === 'lookup') {
    const target = targetOf(entity, field.reference)
    return find(target === null ? undefined : entities.get(target), field.field)
  }
  if (field.type === 'rollup' && field.field !== undefined) {
    const child = childOf(entities, entity, field.relation)
    return find(child === null ? undefined : entities.get(child.entity), field.field)
  }
  return undefined
}

/** The entity a reference field leads to. */
export function targetOf(entity: Entity, fieldKey: string): string | null {
  const field = [...entity.fields, ...SYSTEM_FIELDS.map(each => each.definition)].find(each => each.key === fieldKey)
  if (field === undefined) return null
  if (field.type === 'reference' || field.type === 'multi_reference' || field.type === 'table') return field.target
  if (field.type === 'user') return 'user'
  return field.type === 'parent' ? entity.key : null
}

/** The entity and its reference that stand behind a to-many relation made of a reference (inverse or table). */
export function childOf(
  entities: ReadonlyMap<string, Entity>,
  entity: Entity,
  relation: string,
): { entity: string; reference: string } | null {
  const table = entity.fields.find(field => field.key === relation)
  if (table?.type === 'table') return { entity: table.target, reference: table.target_field }
  for (const other of entities.values()) {
    for (const field of other.fields) {
      if (
        (field.type === 'reference' || field.type === 'user' || field.type === 'parent') &&
        field.inverse === relation &&
        targetOf(other, field.key) === entity.key
      )
        return { entity: other.key, reference: field.key }
    }
  }
  return null
}

function find(entity: Entity | undefined, key: string): { entity: Entity; field: Field } | null {
  const field = [...(entity?.fields ?? []), ...SYSTEM_FIELDS.map(each => each.definition)].find(each => each.key === key)
  return entity === undefined || field === undefined ? null : { entity, field }
}
