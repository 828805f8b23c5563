/**
 * What describing a model to a caller stands on: which names exist for him and what he may do with them. The answers come from access and
 * validate, so that a description never shows a name that a request could not use, nor hides one that it could.
 */
import type { Predicate } from '../../metadata/generated/types.ts'
import type { Operator } from '../../metadata/operators.ts'
import type { Grant } from '../access/types.ts'
import type { Locale } from '../kernel/context.ts'
import type { CompiledField, CompiledModel, CompiledRelation } from '../model/types.ts'

/** The names of one caller, over one revision. */
export interface CallerNames {
  readonly model: CompiledModel
  readonly locale: Locale
  /** Null where the entity does not exist for the caller. */
  grant(entityKey: string): Grant | null
  /** Operators his filters may use on a field; none while its storage is being filled. */
  operators(grant: Grant, field: CompiledField): readonly Operator[]
  isSortable(grant: Grant, key: string): boolean
  /** Whether his searches look into a field. */
  isSearchable(grant: Grant, field: CompiledField): boolean
  /** A to-many relation that exists for him. */
  relation(grant: Grant, key: string): { readonly relation: CompiledRelation; readonly target: Grant } | undefined
  /** Whether he may send a predicate in a query. */
  accepts(grant: Grant, where: Predicate): boolean
  /** Whether he may read every name of a condition. */
  understands(grant: Grant, condition: Predicate): boolean
}
