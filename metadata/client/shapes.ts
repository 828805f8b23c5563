/**
 * What the compiler knows of a tenant's entities, and what follows from it: the queries that may be sent and the rows they give.
 * Types only. `/api/types.ts` and `nexus types` write the entities of one caller down; without them a client takes any name.
 */

/** An entity as one caller has it. */
export interface EntityShape {
  /** Every field he can select; one that is missing from some records is optional. */
  readonly record: { readonly id: string; readonly version: number }
  /** Fields that come only where they are selected. */
  readonly unusual: string
  readonly create: unknown
  readonly patch: unknown
  readonly query: { readonly select?: readonly unknown[]; readonly after?: string }
  readonly aggregate: { readonly group_by?: readonly unknown[]; readonly measures: object }
  /** References, each with the entity it leads to. */
  readonly one: object
  /** To-many relations that can be included, each with the entity it leads to. */
  readonly many: object
  /** Through how many references a path may lead. */
  readonly depth: number
}

/** Entities by key. */
export type Entities<M> = { readonly [K in keyof M]: EntityShape }

/** Any record. */
export interface AnyRecord {
  readonly id: string
  readonly version: number
  readonly [field: string]: unknown
}

/** Any entity: what a client knows that was told of none. */
export interface AnyEntities {
  readonly [entity: string]: {
    readonly record: AnyRecord
    readonly unusual: never
    readonly create: { readonly [field: string]: unknown }
    readonly patch: { readonly [field: string]: unknown }
    readonly query: {
      readonly select?: readonly (string | { readonly [relation: string]: object })[]
      readonly where?: object
      readonly sort?: readonly string[]
      readonly search?: string
      readonly limit?: number
      readonly after?: string
      readonly count?: 'none' | 'estimated' | 'exact'
      readonly trash?: boolean
    }
    readonly aggregate: {
      readonly group_by?: readonly (string | { readonly [field: string]: string })[]
      readonly measures: { readonly [name: string]: object }
      readonly where?: object
      readonly search?: string
      readonly having?: object
      readonly sort?: readonly string[]
      readonly limit?: number
      readonly trash?: boolean
    }
    readonly one: { readonly [field: string]: string }
    readonly many: { readonly [relation: string]: string }
    readonly depth: number
  }
}

type Shape<M, K> = K extends keyof M ? (M[K] extends EntityShape ? M[K] : never) : never
type Field<M, K> = keyof Shape<M, K>['record'] & string
type One<M, K> = Shape<M, K>['one']
type Many<M, K> = Shape<M, K>['many']

/** A field, or one behind references: written out through two of them, and by where it begins through more, which `Checked` then follows. */
export type Path<M, K> =
  | Field<M, K>
  | { [R in keyof One<M, K> & string]: `${R}.${Near<M, One<M, K>[R]>}` | `${R}.${Far<M, One<M, K>[R]>}` }[keyof One<M, K> & string]
type Near<M, K> = Field<M, K> | { [R in keyof One<M, K> & string]: `${R}.${Field<M, One<M, K>[R]>}` }[keyof One<M, K> & string]
type Far<M, K> = {
  [R in keyof One<M, K> & string]: keyof One<M, One<M, K>[R]> extends never ? never : `${R}.${string}.${string}`
}[keyof One<M, K> & string]

/** What paths end on: any field where records are read, those that may be grouped by where they are grouped. */
type Use = 'read' | 'group'
type End<M, K, U extends Use> = U extends 'read' ? Field<M, K> : Exclude<Extract<Group<M, K>, string>, `${string}.${string}`>

/** A selection, or groups, whose paths lead somewhere, step by step, through no more references than the engine follows. */
export type Checked<M, K, S, U extends Use = 'read'> = S extends readonly unknown[]
  ? {
      readonly [I in keyof S]: S[I] extends string ? (Leads<M, K, S[I], U, Steps<Shape<M, K>['depth']>> extends true ? S[I] : never) : S[I]
    }
  : S
type Leads<M, K, P extends string, U extends Use, Left extends readonly 0[]> =
  string extends Field<M, K>
    ? true
    : P extends End<M, K, U>
      ? true
      : P extends `${infer R}.${infer Rest}`
        ? R extends keyof One<M, K>
          ? Left extends readonly [0, ...infer Fewer extends readonly 0[]]
            ? Leads<M, One<M, K>[R], Rest, U, Fewer>
            : false
          : false
        : false
type Steps<N, T extends readonly 0[] = []> = T['length'] extends N | 20 ? T : Steps<N, readonly [...T, 0]>

/** What may stand in a `select`: paths, and to-many relations with what is read of them. */
export type Selection<M, K> = readonly (Path<M, K> | Includes<M, K>)[]
type Includes<M, K> = Extract<NonNullable<Shape<M, K>['query']['select']>[number], object>

/** A query with its selection. */
export type QueryOf<M, K, S> = Omit<Shape<M, K>['query'], 'select'> & { readonly select?: S & Checked<M, K, S> }

/** A record as a selection gives it; without one, every usual field. */
export type Row<M, K, S> = string extends keyof Shape<M, K>['record']
  ? Shape<M, K>['record']
  : S extends readonly unknown[]
    ? Flat<Members<M, K, S[number], 'id' | 'version'>>
    : Flat<Omit<Shape<M, K>['record'], Shape<M, K>['unusual']>>

type Flat<T> = { [P in keyof T]: T[P] }
type Head<P> = P extends `${infer R}.${string}` ? R : never
type Rest<P, R extends string> = P extends `${R}.${infer T}` ? T : never
type Relation<P> = P extends string ? never : P extends unknown ? keyof P : never
type SelectedOf<P, R> = P extends { readonly [X in R & string]: infer I } ? (I extends { readonly select: infer S } ? S : undefined) : never

type Members<M, K, P, Always> = {
  [F in keyof Shape<M, K>['record'] as F extends Exclude<P | Always, Head<P> | Relation<P>> ? F : never]: Shape<M, K>['record'][F]
} & {
  readonly [R in Head<P>]: R extends keyof One<M, K> ? Flat<Members<M, One<M, K>[R], Rest<P, R>, 'id'>> | null : never
} & {
  readonly [R in Relation<P>]: R extends keyof Many<M, K> ? readonly Row<M, Many<M, K>[R], SelectedOf<P, R>>[] : never
}

type Group<M, K> = NonNullable<Shape<M, K>['aggregate']['group_by']>[number]
type Measures<M, K> = Shape<M, K>['aggregate']['measures']

/** What records may be grouped by, and what may be measured of them. */
export type Groups<M, K> = readonly (Group<M, K> | Beyond<M, K>)[]
type Beyond<M, K> = { [R in keyof One<M, K> & string]: `${R}.${Far<M, One<M, K>[R]> | Step<M, One<M, K>[R]>}` }[keyof One<M, K> & string]
type Step<M, K> = `${keyof One<M, K> & string}.${string}`
export type { Measures }

/** An aggregate with its groups and measures. */
export type AggregateOf<M, K, G, N> = Omit<Shape<M, K>['aggregate'], 'group_by' | 'measures'> & {
  readonly group_by?: G & Checked<M, K, G, 'group'>
  readonly measures: N
}

/** A group of records: what they have in common, and what was measured of them. */
export type Aggregated<G, N> = {
  readonly [P in G extends readonly (infer E)[] ? (E extends string ? E : keyof E) : never]: string | number | boolean | null
} & {
  readonly [P in keyof N]: N[P] extends { readonly count: unknown } | { readonly count_distinct: unknown } ? number : string | number | null
}

/** One step of a bulk. */
export type Operation<M, K> =
  | { readonly op: 'create'; readonly values: Shape<M, K>['create'] }
  | { readonly op: 'update'; readonly id: string; readonly version: number; readonly values: Shape<M, K>['patch'] }
  | { readonly op: 'delete'; readonly id: string; readonly version: number }

/** What a create and a change take. */
export type CreateOf<M, K> = Shape<M, K>['create']
export type PatchOf<M, K> = Shape<M, K>['patch']
