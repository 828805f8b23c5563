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

/** What paths end on: any field where records are read, those that may be grouped by where they are grouped. */
type Use = 'read' | 'group'
type End<M, K, U extends Use> = U extends 'read' ? Field<M, K> : Exclude<Extract<Group<M, K>, string>, `${string}.${string}`>

/** A selection, or groups, as they were written where all of their paths lead somewhere; else what could stand in place of those that do not. */
export type Judged<M, K, S, U extends Use = 'read'> = S extends Checked<M, K, S, U> ? S : Checked<M, K, S, U>
type Checked<M, K, S, U extends Use> = S extends readonly unknown[]
  ? { readonly [I in keyof S]: S[I] extends string ? Right<M, K, S[I], U, Steps<Shape<M, K>['depth']>> : S[I] }
  : S
/** The path, if every step of it leads on, through no more references than the engine follows; else the paths that are right up to where it goes wrong. */
type Right<M, K, P extends string, U extends Use, Left extends readonly 0[], Before extends string = ''> =
  string extends Field<M, K>
    ? `${Before}${P}`
    : P extends End<M, K, U>
      ? `${Before}${P}`
      : P extends `${infer R}.${infer Rest}`
        ? R extends keyof One<M, K>
          ? Left extends readonly [0, ...infer Fewer extends readonly 0[]]
            ? Right<M, One<M, K>[R], Rest, U, Fewer, `${Before}${R}.`>
            : `${Before}${End<M, K, U>}`
          : `${Before}${keyof One<M, K> & string}.${Rest}`
        : `${Before}${End<M, K, U>}`
type Steps<N, T extends readonly 0[] = []> = T['length'] extends N | 20 ? T : Steps<N, readonly [...T, 0]>

/** What may stand in a `select`: paths, which `Judged` follows, and to-many relations with what is read of them. */
export type Selection<M, K> = readonly (string | Includes<M, K>)[]
type Includes<M, K> = Extract<NonNullable<Shape<M, K>['query']['select']>[number], object>

/** A query with its selection. */
export type QueryOf<M, K, S> = Omit<Shape<M, K>['query'], 'select'> & { readonly select?: Judged<M, K, S> }

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

/** What records may be grouped by: paths, which `Judged` follows, and periods; and what may be measured of them. */
export type Groups<M, K> = readonly (string | Extract<Group<M, K>, object>)[]
export type { Measures }

/** An aggregate with its groups and measures. */
export type AggregateOf<M, K, G, N> = Omit<Shape<M, K>['aggregate'], 'group_by' | 'measures'> & {
  readonly group_by?: Judged<M, K, G, 'group'>
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

/** Entities whose records the caller may create, or change. */
export type Taking<M, How extends 'create' | 'patch'> = {
  [K in keyof M & string]: [Shape<M, K>[How]] extends [never] ? never : K
}[keyof M & string]
/** What a create and a change take. */
export type CreateOf<M, K> = Shape<M, K>['create']
export type PatchOf<M, K> = Shape<M, K>['patch']
