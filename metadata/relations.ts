// Answers for: the ways between entities that follow from their fields: references, their inverses, links and tables.
// It must not know rights, storage or a caller.

import type { Entity, Field, Relation, SystemField } from './generated/types.ts'
import type { Comparison } from './operators.ts'

/** The key of the entity that users are records of. */
export const USER = 'user'
/** The key of the entity that organisational units are records of. */
export const ORG_UNIT = 'org_unit'

/** How the system fields compare. */
export const SYSTEM_COMPARISON: Readonly<Record<SystemField, Comparison>> = {
  id: { kind: 'id' },
  version: { kind: 'integer' },
  created_at: { kind: 'datetime' },
  created_by: { kind: 'id' },
  updated_at: { kind: 'datetime' },
  updated_by: { kind: 'id' },
  owner_id: { kind: 'id' },
  org_unit_id: { kind: 'id' },
  deleted_at: { kind: 'datetime' },
}

const SYSTEM_TARGET: readonly (readonly [SystemField, string])[] = [
  ['owner_id', USER],
  ['org_unit_id', ORG_UNIT],
  ['created_by', USER],
  ['updated_by', USER],
]

/** True for the fields every record has. */
export function isSystemField(name: string): name is SystemField {
  return Object.hasOwn(SYSTEM_COMPARISON, name)
}

/** The entity that a field of `entity` leads to, or undefined for a field that leads nowhere. */
export function targetOf(entity: string, field: Field): string | undefined {
  if (field.type === 'reference' || field.type === 'multi_reference' || field.type === 'table') return field.target
  if (field.type === 'user') return USER
  return field.type === 'parent' ? entity : undefined
}

/** Every relation of every entity, in the order of the documents; an inverse belongs to the entity it leads from. */
export function relationsOf(entities: Iterable<Entity>): Relation[] {
  return [...entities].flatMap(entity => [
    ...entity.fields.flatMap(field => relationsOfField(entity, field)),
    ...SYSTEM_TARGET.map(
      ([key, target]): Relation => ({ key, cardinality: 'one', via: 'reference', entity: entity.key, target, field: key }),
    ),
  ])
}

function relationsOfField(entity: Entity, field: Field): Relation[] {
  const target = targetOf(entity.key, field)
  if (target === undefined) return []
  const label = field.label === undefined ? {} : { label: field.label }
  const ends = { entity: entity.key, target, ...label }
  if (field.type === 'table') return [{ ...ends, key: field.key, cardinality: 'many', via: 'table', field: field.target_field }]
  const many = field.type === 'multi_reference'
  const onDelete = 'on_delete' in field && field.on_delete !== undefined ? { on_delete: field.on_delete } : {}
  const there: Relation = {
    ...ends,
    ...onDelete,
    key: field.key,
    cardinality: many ? 'many' : 'one',
    via: many ? 'link' : 'reference',
    field: field.key,
  }
  return [there, ...inverseOf(entity, field, target)]
}

function inverseOf(entity: Entity, field: Field, target: string): Relation[] {
  if (!('inverse' in field) || field.inverse === undefined) return []
  const label = field.inverse_label ?? entity.plural_label ?? entity.label
  const via = field.type === 'multi_reference' ? 'inverse_link' : 'inverse'
  return [{ key: field.inverse, label, cardinality: 'many', via, entity: target, target: entity.key, field: field.key }]
}
