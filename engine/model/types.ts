/**
 * The compiled model of a tenant: frozen, shared by reference, the only form of metadata the road knows.
 * Made by compile.ts from effective documents; holds no caller, no connection and no time.
 */
import type {
  AccessProfile,
  Entity,
  Field,
  ImportMap,
  Labels,
  Layout,
  MaskRight,
  Navigation,
  QueryPolicy,
  RecordOperation,
  Role,
  View,
} from '../../metadata/generated/types.ts'
import type { ComparisonKind, Operator } from '../../metadata/operators.ts'
import type { Test } from '../../metadata/predicate.ts'
import type { ExactFormula } from '../../metadata/formula.ts'
import type { CompiledExpression } from '../expression/index.ts'
import type { RequestContext } from '../kernel/context.ts'
import type { FieldType, SlotKind } from '../field-types/index.ts'

/** Where a field's value can be compared in SQL. */
export type Storage =
  | { readonly kind: 'system'; readonly column: SystemColumn }
  | { readonly kind: 'slot'; readonly slot: SlotKind; readonly column: string }
  | { readonly kind: 'values' }
  | { readonly kind: 'links'; readonly relationNo: number }
  | { readonly kind: 'data' }
  /** Not stored on the record: a live lookup, a table of children. */
  | { readonly kind: 'elsewhere' }

export type SystemColumn =
  | 'id'
  | 'version'
  | 'created_at'
  | 'created_by'
  | 'updated_at'
  | 'updated_by'
  | 'owner_id'
  | 'org_unit_id'
  | 'deleted_at'

/** How a value comes about when not from a client. */
export type Derivation =
  | {
      readonly kind: 'formula'
      readonly exact: ExactFormula | null
      readonly fenced: CompiledExpression | null
      readonly expression: string
    }
  | {
      readonly kind: 'rollup'
      readonly relation: string
      readonly fn: 'count' | 'sum' | 'min' | 'max'
      readonly field: string | null
      readonly where: Test | null
      readonly discloses: boolean /** Fields of the child that the value is made of. */
      readonly inputs: readonly string[]
    }
  | {
      readonly kind: 'lookup'
      readonly reference: string
      readonly field: string
      readonly mode: 'live' | 'copied'
      readonly overridable: boolean
    }
  | { readonly kind: 'autonumber' }
  /** The converted amount beside a money field, key `<field>_base`. */
  | { readonly kind: 'base'; readonly of: string }

export interface CompiledField {
  /** Number under which `data` keeps the value; system fields have none. `<n>b` for the base amount of money field n. */
  readonly no: string | null
  readonly key: string
  readonly entity: string
  readonly entityNo: number
  readonly system: boolean
  /** The definition the type behaves by: for lookups and rollups that of the field they read. */
  readonly definition: Field
  /** The definition as the document has it. */
  readonly declared: Field
  readonly type: FieldType
  readonly kind: ComparisonKind
  readonly operators: readonly Operator[]
  readonly labels: Labels
  readonly storage: Storage
  readonly derivation: Derivation | null
  /** Keys of fields of the same entity a derived value is made of (its readability needs them all). */
  readonly inputs: readonly string[]
  readonly required: boolean
  readonly readOnly: boolean
  readonly searchable: boolean
  readonly heavy: boolean
  /** Target entity of references, users, parents, tables and multi references. */
  readonly target: string | null
  /** Where the ancestors of the target's records stand, if the target is a tree. */
  readonly tree: { readonly entityNo: number; readonly parentNo: number } | null
  readonly rules: { readonly visible: Test | null; readonly required: Test | null; readonly readOnly: Test | null }
  /** The predicate a referenced record must fulfil, over the target's fields. */
  readonly referenceFilter: Test | null
  /** Its storage beside `data` is still being filled: every writer fills it, comparisons go by `data` until it is whole. */
  readonly building?: true
  /** Its values are being computed anew: what stands on records not reached yet may be made of something else, and is nobody's to read. */
  readonly computing?: true
}

/** A to-many relation: the inverse of a reference, a table of children, or a multi reference. */
export type CompiledRelation = {
  readonly key: string
  readonly entity: string
  readonly target: string
  readonly labels: Labels
} & (
  | { readonly kind: 'inverse'; readonly reference: string; readonly table: boolean }
  | { readonly kind: 'links'; readonly relationNo: number; readonly field: string; readonly reverse: boolean }
)

export interface CompiledUnique {
  readonly no: number
  readonly fields: readonly string[]
  readonly when: Test | null
  readonly message: Labels | null
}

export interface CompiledRule {
  readonly key: string
  readonly when: Test | null
  readonly check: Test
  readonly message: Labels
  readonly severity: 'error' | 'warning'
  readonly field: string | null
}

export interface CompiledStages {
  readonly key: string
  readonly when: Test | null
  readonly field: string
  readonly states: readonly string[]
  readonly initial: readonly string[] | null
  readonly transitions: readonly {
    readonly from: readonly string[]
    readonly to: string
    readonly require: readonly string[]
    readonly check: Test | null
    readonly message: Labels | null
  }[]
}

/** A rollup of another entity that a change of this entity's records must refresh. */
export interface RollupFeed {
  readonly parent: string
  readonly rollup: string
  /** The reference of this entity that leads to the parent. */
  readonly reference: string
}

export interface CompiledEntity {
  readonly no: number
  readonly key: string
  readonly definition: Entity
  readonly labels: Labels
  readonly pluralLabels: Labels
  readonly titleField: string
  /** Fields hidden by the overlay: kept in storage, absent from every face. */
  readonly hidden: ReadonlySet<string>
  /** Every field, system fields and base amounts included, in display order. */
  readonly fields: ReadonlyMap<string, CompiledField>
  readonly fieldsByNo: ReadonlyMap<string, CompiledField>
  readonly relations: ReadonlyMap<string, CompiledRelation>
  readonly uniques: readonly CompiledUnique[]
  readonly rules: readonly CompiledRule[]
  readonly stages: readonly CompiledStages[]
  /** Formulas and copied lookups in the order in which they can be computed. */
  readonly computeOrder: readonly string[]
  readonly feeds: readonly RollupFeed[]
  /** References of other entities that point here: what a delete must look at. */
  readonly referencedBy: readonly {
    readonly entity: string
    readonly field: string
    readonly onDelete: 'restrict' | 'cascade' | 'set_null'
  }[]
  /** The reference to the parent record of a tree, if the entity is one. */
  readonly parentField: string | null
  /** Set where the entity is the target of a table field: its records live and die with the parent. */
  readonly childOf: { readonly entity: string; readonly field: string; readonly reference: string } | null
}

export interface CompiledEntityAccess {
  readonly operations: ReadonlySet<Operation>
  /** Row rule per operation; an operation without a rule has no row limit. */
  readonly rows: ReadonlyMap<Operation, Test>
  readonly handover: boolean
  readonly fields: ReadonlyMap<string, FieldRight>
  readonly check: Test | null
  readonly presets: Readonly<Record<string, unknown>>
}

export type Operation = RecordOperation
export type MaskName = MaskRight['mask']
/** Weakest first: none < mask < read < create < write; none is absence. */
export type FieldRight =
  | { readonly right: 'mask'; readonly mask: MaskName; readonly reveal: boolean }
  | { readonly right: 'read' | 'create' | 'write' }

export interface CompiledProfile {
  readonly key: string
  readonly definition: AccessProfile
  readonly entities: ReadonlyMap<string, CompiledEntityAccess>
}

export interface CompiledModel {
  /** Content hash of everything below: equal models are the same object. */
  readonly fingerprint: string
  readonly entities: ReadonlyMap<string, CompiledEntity>
  readonly entitiesByNo: ReadonlyMap<number, CompiledEntity>
  readonly profiles: ReadonlyMap<string, CompiledProfile>
  readonly roles: ReadonlyMap<string, Role>
  readonly policies: ReadonlyMap<string, QueryPolicy>
  readonly layouts: ReadonlyMap<string, Layout>
  readonly views: ReadonlyMap<string, View>
  readonly navigation: readonly Navigation[]
  readonly importMaps: ReadonlyMap<string, ImportMap>
}

/** A request whose model has been taken: from here on the road is the same revision to its end. */
export interface ModelContext extends RequestContext {
  readonly model: CompiledModel
  readonly revision: number
  /** Fields whose storage is still being filled: refused in filters until ready. */
  readonly building: ReadonlySet<string>
  /** Ids of a unit and all below it, from the tenant's tree. */
  readonly within: (orgUnitId: string) => readonly string[]
}

/** Numbers and slots of a set of documents, append-only: what `pack.lock.json` and a revision keep. */
export interface NumberBook {
  readonly base: number
  readonly entities: Readonly<Record<string, EntityNumbers>>
}
export interface EntityNumbers {
  readonly no: number
  readonly fields: Readonly<Record<string, { readonly no: number; readonly type: string; readonly slot: string | null }>>
  readonly relations: Readonly<Record<string, number>>
  readonly rules: Readonly<Record<string, number>>
  readonly retired: readonly {
    readonly key: string
    readonly no: number
    readonly type: string
    readonly slot: string | null
    readonly at: string
  }[]
}
