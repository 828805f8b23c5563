/**
 * The caller's effective model as `/api/model` and the form route answer it: what exists for him, labelled in his language.
 * Types and look-ups only.
 */
import type { MeasureFunction, Predicate, RecordOperation } from '../../../metadata/generated/types.ts'
import type { ComparisonKind, Operator } from '../../../metadata/operators.ts'

/** One value of a choice. */
export interface ModelOption {
  readonly value: string
  readonly label: string
  readonly color?: string | null
  readonly retired?: boolean
}

/** A field as the caller has it. */
export interface ModelField {
  readonly key: string
  readonly type: string
  readonly kind: ComparisonKind
  readonly label: string
  readonly help?: string | null
  readonly right: 'mask' | 'read' | 'create' | 'write'
  readonly system?: boolean
  readonly computed?: boolean
  readonly required?: boolean
  readonly heavy?: boolean
  readonly filter: readonly Operator[]
  readonly sortable?: boolean
  readonly groupable?: boolean
  readonly measures?: readonly MeasureFunction[]
  readonly searchable?: boolean
  readonly options?: readonly ModelOption[] | null
  readonly target?: string | null
  readonly currency_field?: string | null
  readonly currency?: string | null
  readonly scale?: number | null
  readonly widget?: string
  readonly link_fields?: readonly ModelField[] | null
  readonly mask?: string | null
}

/** A to-many relation. */
export interface ModelRelation {
  readonly key: string
  readonly label: string
  readonly target: string
  readonly kind: 'inverse' | 'table' | 'links'
}

/** A way to make other records of a record, as far as the caller may take it. */
export interface ModelConversion {
  readonly key: string
  readonly label: string
  /** Null where there is no condition, or one that only the engine can tell. */
  readonly when: Predicate | null
  readonly steps: readonly {
    readonly as: string
    readonly entity: string
    readonly label: string
    readonly when: Predicate | null
    /** What the record begins with; `$record.…` is a value of the converted one. */
    readonly values: { readonly [field: string]: unknown }
  }[]
}

/** The states that a choice field takes in one process. */
export interface ModelStages {
  readonly key: string
  readonly label: string
  readonly field: string
  /** Which records go through this process; null where all do. */
  readonly when: Predicate | null
  readonly states: readonly string[]
}

/** An entity as the caller has it. */
export interface ModelEntity {
  readonly key: string
  readonly label: string
  readonly plural_label: string
  readonly icon?: string | null
  readonly title_field: string
  readonly operations: readonly RecordOperation[]
  readonly fields: readonly ModelField[]
  readonly relations: readonly ModelRelation[]
  readonly conversions?: readonly ModelConversion[]
  readonly stages?: readonly ModelStages[]
  readonly searchable?: boolean
  readonly caps?: { readonly max_page_size?: number }
}

/** A way to look at the records of an entity. */
export interface ModelView {
  readonly key: string
  readonly entity: string
  readonly type: 'list' | 'board' | 'calendar'
  readonly label: string
  readonly icon?: string | null
  readonly columns?: readonly string[] | null
  readonly where?: Predicate | null
  readonly sort?: readonly string[] | null
  readonly group_by?: string | null
  readonly sum_field?: string | null
  readonly date_field?: string | null
  readonly color_field?: string | null
  readonly default?: boolean
  readonly page_size?: number
}

/** One line of the navigation. */
export interface ModelNavigationItem {
  readonly key?: string
  readonly label: string
  readonly icon?: string | null
  readonly entity?: string | null
  readonly view?: string | null
}

/** Everything that exists for the caller. */
export interface Model {
  readonly revision: number
  readonly tenant: {
    readonly key: string
    readonly name: string
    readonly currency: string
    readonly time_zone: string
    readonly week_start: number
  }
  readonly locale: string
  readonly locales: readonly string[]
  readonly entities: readonly ModelEntity[]
  readonly views: readonly ModelView[]
  readonly navigation: readonly {
    readonly key: string
    readonly groups: readonly { readonly key: string; readonly label: string; readonly items: readonly ModelNavigationItem[] }[]
  }[]
}

/** A JSON Schema as the form route sends it (draft-07). */
export interface FormSchema {
  readonly type?: string | readonly string[]
  readonly title?: string
  readonly description?: string
  readonly properties?: { readonly [key: string]: FormSchema }
  readonly items?: FormSchema
  readonly required?: readonly string[]
  readonly [keyword: string]: unknown
}

/** A ui schema as the form route sends it. */
export interface FormUi {
  readonly 'ui:widget'?: string
  readonly 'ui:order'?: readonly string[]
  readonly 'ui:help'?: string
  readonly 'ui:readonly'?: boolean
  readonly 'ui:options'?: { readonly [option: string]: unknown }
  readonly [member: string]: unknown
}

/** When a field shows, is required or is read-only. */
export interface FormRule {
  readonly field: string
  readonly visible_when?: Predicate
  readonly required_when?: Predicate
  readonly read_only_when?: Predicate
}

/** What a form is made of. */
export interface FormAnswer {
  readonly schema: FormSchema
  readonly ui_schema: FormUi
  readonly rules: readonly FormRule[]
}

/** A record on the wire. */
export interface RecordData {
  readonly id: string
  readonly version: number
  readonly [field: string]: unknown
}

/** The entity of this key, if it exists for the caller. */
export function entityOf(model: Model, key: string | null | undefined): ModelEntity | undefined {
  return model.entities.find(entity => entity.key === key)
}

/** The field of this key, if the caller may see it. */
export function fieldOf(entity: ModelEntity | undefined, key: string): ModelField | undefined {
  return entity?.fields.find(field => field.key === key)
}

/** True where the value is the id of one other record. */
export function isToOne(field: ModelField): boolean {
  return field.kind === 'id' && typeof field.target === 'string'
}
