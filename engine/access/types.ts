/**
 * What a caller may do with one entity, decided once per (model, set of profiles): the only thing later stations know of rights.
 * Holds predicates, not SQL, and no caller values: variables are bound when a plan is made.
 */
import type { Test } from '../../metadata/predicate.ts'
import type { CompiledEntity, CompiledField, FieldRight, MaskName, Operation } from '../model/types.ts'

/** The rows on which something holds: every row, or those a test accepts. Never an empty list: that is absence. */
export type Rows = { readonly kind: 'all' } | { readonly kind: 'where'; readonly test: Test }

/** How a field may be seen. A field that is in neither way visible does not exist for the caller. */
export interface FieldGrant {
  readonly field: CompiledField
  /** Rows on which the value itself is readable. */
  readonly read: Rows | null
  /** Rows on which only the masked value shows, where `read` does not hold. */
  readonly mask: { readonly rows: Rows; readonly mask: MaskName; readonly reveal: boolean } | null
  /** True where `read` covers every row the caller can see: no condition is needed beside the row filter. */
  readonly everywhere: boolean
  /** The strongest right over all profiles: what forms show. */
  readonly strongest: FieldRight['right']
}

/** One profile's share (or several with equal fields): the unit in which rows and fields combine. */
export interface GrantTerm {
  readonly profile: string
  readonly operations: ReadonlySet<Operation>
  readonly rows: ReadonlyMap<Operation, Rows>
  readonly rights: ReadonlyMap<string, FieldRight>
  readonly handover: boolean
  readonly check: Test | null
  readonly presets: Readonly<Record<string, unknown>>
}

export interface Caps {
  readonly maxPageSize: number
  readonly maxFilters: number
  readonly maxDepth: number
  readonly maxIncludes: number
  readonly maxRows: number
  readonly maxGroups: number
  readonly maxCost: number
  readonly bulkOperations: number
  readonly exportRows: number
}

export interface Grant {
  readonly entity: CompiledEntity
  readonly operations: ReadonlySet<Operation>
  /** Rows the caller can see at all. */
  readonly rows: Rows
  readonly fields: ReadonlyMap<string, FieldGrant>
  readonly terms: readonly GrantTerm[]
  readonly caps: Caps
  /** The grant for reading another entity, null where that entity does not exist for the caller. One function for all grants of a set of profiles. */
  readonly over: (entityKey: string) => Grant | null
}
