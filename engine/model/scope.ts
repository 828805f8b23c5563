/** What names mean in predicates that the model itself holds (row rules, conditions, guards): every field and relation exists. Knows no caller. */
import type { PredicateScope, ScopeField } from '../../metadata/predicate.ts'
import type { Field } from '../../metadata/generated/types.ts'
import type { CompiledEntity, CompiledField } from './types.ts'

/** A compiled field as a predicate sees it. */
export function scopeField(field: CompiledField, entities: ReadonlyMap<string, CompiledEntity>): ScopeField {
  const definition: Field = field.definition
  const options = 'options' in definition && Array.isArray(definition.options) ? definition.options.map(option => option.value) : undefined
  const target = field.target === null ? undefined : entities.get(field.target)
  return {
    kind: field.kind,
    operators: field.operators,
    ...(options === undefined ? {} : { options }),
    ...(field.kind === 'list'
      ? { elements: field.storage.kind === 'links' ? ('id' as const) : options === undefined ? ('text' as const) : ('choice' as const) }
      : {}),
    ...(target?.parentField == null ? {} : { tree: target.key }),
  }
}

/** The scope in which everything of an entity exists. */
export function trustedScope(entity: CompiledEntity, entities: ReadonlyMap<string, CompiledEntity>): PredicateScope {
  const behind = (key: string): PredicateScope => trustedScope(requireEntity(entities, key), entities)
  return {
    lookup: name => {
      const field = entity.fields.get(name)
      const relation = entity.relations.get(name)
      if (field === undefined && relation === undefined) return undefined
      const target = field === undefined || field.kind !== 'id' ? null : field.target
      return {
        ...(field === undefined || (field.storage.kind === 'elsewhere' && field.derivation === null)
          ? {}
          : { field: scopeField(field, entities) }),
        ...(target === null ? {} : { one: () => behind(target) }),
        ...(relation === undefined ? {} : { many: () => behind(relation.target) }),
      }
    },
    names: () => [...entity.fields.keys(), ...entity.relations.keys()],
  }
}

function requireEntity(entities: ReadonlyMap<string, CompiledEntity>, key: string): CompiledEntity {
  const entity = entities.get(key)
  if (entity === undefined) throw new Error(`The model has no entity ${key}.`)
  return entity
}
