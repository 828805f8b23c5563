/**
 * The names that exist for a caller: his readable set, and of it what the query policy lets him compare.
 * One object serves every clause, so that no clause can know a name another does not.
 */
import type { QueryPolicy } from '../../metadata/generated/types.ts'
import type { Operator } from '../../metadata/operators.ts'
import type { PredicateScope } from '../../metadata/predicate.ts'
import type { Grant } from '../access/types.ts'
import { scopeField } from '../model/index.ts'
import type { CompiledField, CompiledModel, CompiledRelation } from '../model/types.ts'

/** What validate needs of the request besides the grant. */
export interface Lens {
  readonly model: CompiledModel
  /** `<entity>.<field>` of fields whose storage is still being filled. */
  readonly building: ReadonlySet<string>
}

/** A field the caller can read or see masked; anything else does not exist. */
export function visibleField(grant: Grant, key: string): CompiledField | undefined {
  return grant.fields.get(key)?.field
}

/** A field whose plain value the caller can read on some row: the only kind that may be compared. */
export function comparableField(grant: Grant, key: string): CompiledField | undefined {
  const found = grant.fields.get(key)
  return found === undefined || found.read === null ? undefined : found.field
}

/** A to-many relation whose records exist for the caller: he reads the target and the reference that makes the relation. */
export function visibleRelation(grant: Grant, key: string): { relation: CompiledRelation; target: Grant } | undefined {
  const relation = grant.entity.relations.get(key)
  const target = relation === undefined ? null : grant.over(relation.target)
  if (relation === undefined || target === null) return undefined
  const shown =
    relation.kind === 'inverse'
      ? comparableField(target, relation.reference) !== undefined && (!relation.table || visibleField(grant, key) !== undefined)
      : comparableField(relation.reverse ? target : grant, relation.field) !== undefined
  return shown ? { relation, target } : undefined
}

/** The grant over the target of a to-one reference the caller can read. */
export function visibleTarget(grant: Grant, field: CompiledField): Grant | null {
  return field.target === null || field.kind !== 'id' ? null : grant.over(field.target)
}

/** Operators the policy allows on a field; the base amount follows its money field. */
export function allowedOperators(policy: QueryPolicy | undefined, field: CompiledField): readonly Operator[] {
  if (field.key === 'id') return field.operators
  const key = field.derivation?.kind === 'base' ? field.derivation.of : field.key
  const allowed = policy?.filter?.[key]
  if (allowed === undefined) return []
  return allowed === true ? field.operators : field.operators.filter(operator => allowed.includes(operator))
}

/** The caller's scope for predicates over an entity. */
export function callerScope(lens: Lens, grant: Grant): PredicateScope {
  const policy = lens.model.policies.get(grant.entity.key)
  return {
    lookup: name => {
      const field = comparableField(grant, name)
      const relation = visibleRelation(grant, name)
      const target = field === undefined ? null : visibleTarget(grant, field)
      if (field === undefined && relation === undefined) return undefined
      const comparable = field !== undefined && (field.storage.kind !== 'elsewhere' || field.derivation !== null)
      const operators = field === undefined ? [] : allowedOperators(policy, field)
      const unready = field !== undefined && lens.building.has(`${grant.entity.key}.${field.key}`) ? { unready: true as const } : {}
      return {
        ...(field !== undefined && comparable ? { field: { ...scopeField(field, lens.model.entities), operators, ...unready } } : {}),
        ...(target !== null ? { one: () => callerScope(lens, target) } : {}),
        ...(relation !== undefined ? { many: () => callerScope(lens, relation.target) } : {}),
      }
    },
    names: () =>
      [...grant.fields.keys()].filter(
        key => comparableField(grant, key) !== undefined && allowedOperators(policy, requireField(grant, key)).length > 0,
      ),
  }
}

function requireField(grant: Grant, key: string): CompiledField {
  const field = grant.fields.get(key)?.field
  if (field === undefined) throw new Error(`The grant has no field ${key}.`)
  return field
}
