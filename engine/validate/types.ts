/** What has been understood of a request: typed, every name known to the caller. Nothing here decides or runs anything. */
import type { Test } from '../../metadata/predicate.ts'
import type { CompiledField, CompiledRelation } from '../model/types.ts'

/** One member of a selection. */
export type Selected =
  | { readonly kind: 'field'; readonly field: CompiledField }
  | { readonly kind: 'one'; readonly reference: CompiledField; readonly members: readonly Selected[] }
  | {
      readonly kind: 'many'
      readonly relation: CompiledRelation
      readonly members: readonly Selected[]
      readonly where: Test
      readonly sort: readonly SortKey[]
      readonly limit: number
      /** Where the sort stands in the query. */
      readonly pointer: string
    }

export interface SortKey {
  readonly field: CompiledField
  readonly descending: boolean
}

export interface Query {
  readonly select: readonly Selected[]
  readonly where: Test
  readonly sort: readonly SortKey[]
  readonly search: string | null
  readonly searchFields: readonly CompiledField[]
  readonly limit: number
  readonly after: { readonly keys: readonly (string | null)[]; readonly id: string; readonly now: string } | null
  readonly count: 'none' | 'estimated' | 'exact'
  readonly trash: boolean
  /** What a cursor of this query is bound to. */
  readonly binding: string
}

export type Bucket = 'day' | 'week' | 'month' | 'quarter' | 'year'
export type MeasureFn = 'count' | 'count_distinct' | 'sum' | 'avg' | 'min' | 'max'

/** A field of the entity or of a record behind its to-one references; `path` holds the references that lead there. */
export interface Reach {
  readonly path: readonly CompiledField[]
  readonly field: CompiledField
}

export interface GroupKey extends Reach {
  /** Member of the answer: the path with dots. */
  readonly name: string
  readonly bucket: Bucket | null
}

export interface MeasureKey {
  readonly name: string
  readonly fn: MeasureFn
  /** Null counts records. */
  readonly of: Reach | null
}

export interface AggregateQuery {
  readonly groups: readonly GroupKey[]
  readonly measures: readonly MeasureKey[]
  readonly where: Test
  readonly search: string | null
  readonly searchFields: readonly CompiledField[]
  /** Atoms over names of measures, all of which must hold. */
  readonly having: Test
  readonly sort: readonly { readonly name: string; readonly descending: boolean }[]
  /** Null asks for every group. */
  readonly limit: number | null
  readonly trash: boolean
}
