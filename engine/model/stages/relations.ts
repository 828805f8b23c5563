/** Stage 2: to-many relations, who points at whom, and which rollups a change must refresh. Knows compiled fields, no predicates. */
import type { Entity, Field } from '../../../metadata/generated/types.ts'
import { childOf, targetOf } from '../typed-field.ts'
import type { CompiledEntity, CompiledField, CompiledRelation, RollupFeed } from '../types.ts'
import { labelOfKey } from './fields.ts'

/** To-many relations of every entity, by entity key. */
export function compileRelations(
  entities: ReadonlyMap<string, Entity>,
  fields: ReadonlyMap<string, ReadonlyMap<string, CompiledField>>,
): Map<string, Map<string, CompiledRelation>> {
  const relations = new Map([...entities.keys()].map(key => [key, new Map<string, CompiledRelation>()]))
  for (const entity of entities.values()) {
    const plural = entity.plural_label ?? entity.label
    for (const definition of entity.fields) {
      const target = targetOf(entity, definition.key)
      const field = fields.get(entity.key)?.get(definition.key)
      if (target === null || field === undefined) continue
      if (definition.type === 'table') {
        relations.get(entity.key)?.set(definition.key, {
          key: definition.key,
          entity: entity.key,
          target,
          labels: field.labels,
          kind: 'inverse',
          reference: definition.target_field,
          table: true,
        })
        continue
      }
      const back = inverseOf(definition)
      const labels = back === null ? null : (back.label ?? plural ?? labelOfKey(back.key))
      if (definition.type === 'multi_reference' && field.storage.kind === 'links') {
        const { relationNo } = field.storage
        relations.get(entity.key)?.set(definition.key, {
          key: definition.key,
          entity: entity.key,
          target,
          labels: field.labels,
          kind: 'links',
          relationNo,
          field: definition.key,
          reverse: false,
        })
        if (back !== null && labels !== null)
          relations.get(target)?.set(back.key, {
            key: back.key,
            entity: target,
            target: entity.key,
            labels,
            kind: 'links',
            relationNo,
            field: definition.key,
            reverse: true,
          })
      } else if (back !== null && labels !== null) {
        relations.get(target)?.set(back.key, {
          key: back.key,
          entity: target,
          target: entity.key,
          labels,
          kind: 'inverse',
          reference: definition.key,
          table: false,
        })
      }
    }
  }
  return relations
}

/** For every entity, the references of other entities that a delete of its records must look at. */
export function compileReferencedBy(entities: ReadonlyMap<string, Entity>): Map<string, CompiledEntity['referencedBy'][number][]> {
  const pointing = new Map([...entities.keys()].map(key => [key, [] as CompiledEntity['referencedBy'][number][]]))
  for (const entity of entities.values()) {
    for (const field of entity.fields) {
      if (field.type !== 'reference' && field.type !== 'user' && field.type !== 'parent' && field.type !== 'multi_reference') continue
      const target = targetOf(entity, field.key)
      const child =
        target === null
          ? undefined
          : entities
              .get(target)
              ?.fields.find(each => each.type === 'table' && each.target === entity.key && each.target_field === field.key)
      if (target !== null)
        pointing.get(target)?.push({
          entity: entity.key,
          field: field.key,
          onDelete: child === undefined ? (field.on_delete ?? (field.type === 'multi_reference' ? 'set_null' : 'restrict')) : 'cascade',
        })
    }
  }
  return pointing
}

/** For every entity, the rollups of parents that its records feed. */
export function compileFeeds(entities: ReadonlyMap<string, Entity>): Map<string, RollupFeed[]> {
  const feeds = new Map([...entities.keys()].map(key => [key, [] as RollupFeed[]]))
  for (const parent of entities.values()) {
    for (const field of parent.fields) {
      if (field.type !== 'rollup') continue
      const child = childOf(entities, parent, field.relation)
      if (child !== null) feeds.get(child.entity)?.push({ parent: parent.key, rollup: field.key, reference: child.reference })
    }
  }
  return feeds
}

/** The table field whose rows an entity's records are, if any. */
export function compileChildOf(entities: ReadonlyMap<string, Entity>): Map<string, NonNullable<CompiledEntity['childOf']>> {
  const children = new Map<string, NonNullable<CompiledEntity['childOf']>>()
  for (const parent of entities.values()) {
    for (const field of parent.fields)
      if (field.type === 'table') children.set(field.target, { entity: parent.key, field: field.key, reference: field.target_field })
  }
  return children
}

function inverseOf(definition: Field): { key: string; label: CompiledRelation['labels'] | undefined } | null {
  if (
    definition.type !== 'reference' &&
    definition.type !== 'user' &&
    definition.type !== 'parent' &&
    definition.type !== 'multi_reference'
  )
    return null
  return definition.inverse === undefined ? null : { key: definition.inverse, label: definition.inverse_label }
}
