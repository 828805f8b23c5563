/**
 * Plans: frozen data that says what a statement will do, in terms of compiled fields, with every right already inside.
 * No SQL here, and no way to make a plan without a grant.
 */
import type { Scalar } from '../../metadata/predicate.ts'
import type { Operator } from '../../metadata/operators.ts'
import type { CompiledEntity, CompiledField, CompiledRelation, MaskName } from '../model/types.ts'

/** An operand with its variables bound. */
export type BoundOperand =
  | { readonly shape: 'one'; readonly value: Scalar | null }
  | { readonly shape: 'range'; readonly low: Scalar | null; readonly high: Scalar | null }
  | { readonly shape: 'many'; readonly values: readonly Scalar[]; readonly complete: boolean }
  | { readonly shape: 'flag'; readonly flag: boolean }
  | { readonly shape: 'interval'; readonly from: string; readonly to: string }
  /** Ids of a subtree known to the caller's context (org units). */
  | { readonly shape: 'ids'; readonly ids: readonly string[] }

/** A condition on rows of one entity, every name resolved and every grant applied. */
export type Condition =
  | { readonly kind: 'true' | 'false' }
  | { readonly kind: 'all' | 'any'; readonly of: readonly Condition[] }
  | {
      readonly kind: 'compare'
      readonly field: CompiledField
      readonly operator: Operator
      readonly operand: BoundOperand
      readonly negated: boolean /** For references: rows of the target the caller can see; null = all. */
      readonly seen: Seen | null
    }
  /** The record behind a to-one reference fulfils `of`; `onNull` is what holds where there is none to be seen. */
  | { readonly kind: 'one'; readonly reference: CompiledField; readonly seen: Seen; readonly of: Condition; readonly onNull: boolean }
  | { readonly kind: 'many'; readonly relation: CompiledRelation; readonly seen: Seen; readonly of: Condition; readonly negated: boolean }
  /** One word of a search: some field has it inside, at its very beginning, or at the beginning of a word. */
  | {
      readonly kind: 'search'
      readonly fields: readonly { readonly field: CompiledField; readonly when: Condition }[]
      readonly text: string
      readonly match: 'contains' | 'starts_with' | 'word'
    }

/** Rows of a target entity that exist for whoever asks. */
export interface Seen {
  readonly entity: CompiledEntity
  readonly where: Condition
}

/** One member of the answer's row. */
export type Projection =
  | {
      readonly kind: 'value'
      readonly name: string
      readonly field: CompiledField
      readonly seen: Seen | null
      readonly when: Condition | null
      readonly masked: { readonly mask: MaskName; readonly when: Condition | null } | null
    }
  /** A to-one path: an object of the target's members, or null. */
  | {
      readonly kind: 'one'
      readonly name: string
      readonly reference: CompiledField
      readonly seen: Seen
      readonly when: Condition | null
      readonly members: readonly Projection[]
    }
  /** A live lookup: one value of the record behind a reference. */
  | {
      readonly kind: 'through'
      readonly name: string
      readonly reference: CompiledField
      readonly seen: Seen
      readonly when: Condition | null
      readonly member: Projection
    }
  | {
      readonly kind: 'many'
      readonly name: string
      readonly relation: CompiledRelation
      readonly seen: Seen
      readonly when: Condition | null
      readonly members: readonly Projection[]
      readonly where: Condition
      readonly order: readonly Order[]
      readonly limit: number
      /** Where the order stands in the query. */
      readonly pointer: string
    }
  | {
      readonly kind: 'links'
      readonly name: string
      readonly field: CompiledField
      readonly seen: Seen
      readonly when: Condition | null /** Keys of the link's own columns. */
      readonly columns: readonly string[]
    }

export interface Order {
  readonly field: CompiledField
  readonly descending: boolean
  /** Rows on which the key may be compared; elsewhere it reads as null. */
  readonly when: Condition | null
}

/** Where the next page begins: the last row's keys (null = in the null page of the first key). */
export interface Position {
  readonly keys: readonly (string | null)[]
  readonly id: string
}

export interface ReadPlan {
  readonly entity: CompiledEntity
  readonly tenantId: string
  readonly trash: boolean
  readonly where: Condition
  readonly members: readonly Projection[]
  readonly order: readonly Order[]
  readonly idDescending: boolean
  readonly limit: number
  readonly after: Position | null
  readonly count: { readonly kind: 'none' } | { readonly kind: 'capped'; readonly cap: number } | { readonly kind: 'exact' }
  /** Names of fields that were compared only on the rows where they may be. */
  readonly partial: readonly string[]
}

/** A step through a to-one reference. */
export interface Hop {
  readonly reference: CompiledField
  readonly seen: Seen
  /** Rows on which the reference may be looked at; null where that is every row. */
  readonly when: Condition | null
}

/** A value of a record, or of one behind its to-one references. Where a reference leads nowhere that is seen, it is null. */
export interface Reached {
  readonly hops: readonly Hop[]
  readonly field: CompiledField
  /** For references: rows of the target that are seen; null = all. */
  readonly seen: Seen | null
  /** Rows on which the field may be looked at; null where that is every row. */
  readonly when: Condition | null
  /** Amounts as they were entered, instead of converted ones. */
  readonly original: boolean
}

export interface GroupColumn {
  readonly name: string
  readonly value: Reached
  readonly bucket: 'day' | 'week' | 'month' | 'quarter' | 'year' | null
}

export interface Measure {
  readonly name: string
  readonly fn: 'count' | 'count_distinct' | 'sum' | 'avg' | 'min' | 'max'
  /** Null counts records. */
  readonly value: Reached | null
}

/** A comparison of a measure. */
export interface MeasureTest {
  readonly measure: string
  readonly operator: Operator
  readonly operand: BoundOperand
  readonly negated: boolean
}

export interface AggregatePlan {
  readonly entity: CompiledEntity
  readonly tenantId: string
  readonly trash: boolean
  readonly where: Condition
  readonly groups: readonly GroupColumn[]
  readonly measures: readonly Measure[]
  /** All must hold; null where none can. */
  readonly having: readonly MeasureTest[] | null
  readonly order: readonly { readonly name: string; readonly descending: boolean }[]
  readonly limit: number
  /** Whether more groups than `limit` are refused; else the first ones are the answer. */
  readonly whole: boolean
  readonly timeZone: string
  readonly weekStart: number
  readonly partial: readonly string[]
}
