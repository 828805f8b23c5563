/** What has been understood of a request: typed, every name known to the caller. Nothing here decides or runs anything. */
import type { Test } from '../../metadata/predicate.ts'
import type { CompiledField, CompiledRelation } from '../model/types.ts'

/** One member of a selection. */
export type Selected =
  | { readonly kind: 'field'; readonly field: CompiledField }
  | { readonly kind: 'one'; readonly reference: CompiledField; readonly members: readonly Selected[] }
  | { readonly kind: 'many'; readonly relation: CompiledRelation; readonly members: readonly Selected[]; readonly where: Test; readonly sort: readonly SortKey[]; readonly limit: number }

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

export interface AggregateQuery {
  readonly groups: readonly { readonly name: string; readonly path: readonly CompiledField[]; readonly field: CompiledField; readonly bucket: Bucket | null }[]
  readonly measures: readonly { readonly name: string; readonly fn: MeasureFn; readonly field: CompiledField | null }[]
  readonly where: Test
  readonly search: string | null
  readonly searchFields: readonly CompiledField[]
  readonly having: readonly { readonly measure: string; readonly test: Test }[]
  readonly sort: readonly { readonly name: string; readonly descending: boolean }[]
  readonly limit: number
  readonly trash: boolean
}
