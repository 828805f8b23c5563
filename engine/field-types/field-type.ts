/**
 * What a field type is: one object that owns its record schema, slot, SQL cast, canonical form, codec and widget.
 * Knows no database and no caller; operators come from the language by the comparison kind (metadata/operators.ts).
 */
import type { Field, MeasureFunction } from '../../metadata/generated/types.ts'
import type { ComparisonKind } from '../../metadata/operators.ts'
import type { Refusal } from './refusal.ts'

/** The families of typed slot columns of `nexus.record` (docs: storage). */
export type SlotKind = 't' | 'i' | 'n' | 'd' | 'r'

/** A JSON Schema (draft-07) of one value, as validation and forms read it. */
export type JsonSchema = { readonly [keyword: string]: unknown }

/** A value as it travels: JSON. */
export type Wire = unknown

/** What a schema may depend on besides the field. */
export interface SchemaScope {
  /** The label in the reader's locale. */
  readonly label: (labels: Readonly<Record<string, string>> | undefined, fallback: string) => string
  /** The schema describes values that are stored already: options that can not be chosen any more still fit. */
  readonly retired?: true
}

/** The moment a value is written at, for bounds such as `$today`. */
export interface Moment {
  /** The day it is for the tenant, YYYY-MM-DD. */
  readonly today: string
  /** The instant, RFC 3339 in UTC. */
  readonly now: string
}

/** A value in its canonical form, or why there is none. */
export type Canonical = { readonly ok: true; readonly value: Wire } | Refusal

/** The outcome of reading one cell of an import: a value as it travels, or what is wrong with the cell. */
export type Cell = { readonly ok: true; readonly value: Wire } | Refusal

/** How cells are written and read. What the last three leave open follows the locale. */
export interface CellScope {
  readonly locale: string
  readonly timeZone: string
  readonly decimalSeparator?: '.' | ','
  /** How days and times are written, such as `dd.MM.yyyy HH:mm`; ISO 8601 is understood besides. */
  readonly dateFormat?: string
  /** What stands between several values of one cell. */
  readonly separator?: string
}

/** Where the digits go that an operand has more than its field: nowhere (then nothing equals it), down or up. */
export type Rounding = 'exact' | 'floor' | 'ceil'

export interface FieldType<F extends Field = Field> {
  readonly type: F['type']
  /** How two values compare, and by that which operators the field has. */
  kindOf(field: F): ComparisonKind
  /** The slot family a filterable or sortable field of this type takes; null = never in a slot (many values, or not comparable). */
  slot(field: F): SlotKind | null
  /** JSON Schema of a non-null value; the writable form adds null for optional fields. */
  recordSchema(field: F, scope: SchemaScope): JsonSchema
  /** The one spelling of a value that is stored (NFC, trimmed zeros, lower-cased address), or what a schema can't say against it. Takes any JSON, throws nothing. */
  canonical(value: Wire, field: F, at: Moment): Canonical
  /** A stored value that may stay but not be given anew: an option that was retired. */
  isRetired?(value: Wire, field: F): boolean
  /** SQL of the slot value as an immutable expression over `json`, an SQL expression of the field's text (`data->>'12'`). Absent for text slots: their key is made by `slotKey`. */
  slotSql?(json: string, field: F): string
  /** The engine-made key of a text slot (fold of a text, zero-padded number of an option). Absent for the other slots. */
  slotKey?(value: Wire, field: F): string | null
  /** SQL that gives the same key as `slotKey` inside the database: for backfill, for the check of slots against data, and for the order of fields without a slot. */
  slotKeySql?(json: string, field: F): string
  /**
   * An operand (wire value) as the slot compares it: scaled integer for money, padded option number for choice, order key for text.
   * null: no slot value equals it. `x >= operand` is `slot >= ceil`, `x > operand` is `slot > floor`, and so on for `<`.
   */
  slotOperand(value: Wire, field: F, rounding?: Rounding): string | number | null
  /** A slot's value (as the database prints it: a number, an instant in UTC, an id, an option's key) as it travels. Absent where the slot does not keep the value whole. */
  wireOf?(slot: string, field: F): Wire
  /** Digits after the point that the slot of an exact number keeps. Absent for everything else. */
  scaleOf?(field: F): number
  /** SQL that casts the field's text to its exact value: for measures, and for fields compared without a slot. Applied to a bound text (`$3::text`) it casts the operand alike. */
  sqlType(json: string, field: F): string
  /** Two values that a unique rule takes for the same have the same key. Absent where a field can't be part of one. */
  uniqueKey?(value: Wire, field: F): string
  /** The single elements of a many-valued field, as `record_value.value` holds them. */
  elements?(value: Wire, field: F): readonly string[]
  /** Text that search indexes; null when there is nothing to search. */
  searchText?(value: Wire): string | null
  /** Reads a non-empty cell. Bounds are not looked at: what it returns still goes through `canonical`. */
  parseCell(text: string, field: F, scope: CellScope): Cell
  /** Writes a canonical value so that `parseCell` with the same scope reads it back. */
  formatCell(value: Wire, field: F, scope: CellScope): string
  /** What an aggregate may compute of it, besides counting. */
  readonly measures: readonly MeasureFunction[]
  /** Whether records can be grouped by it. */
  readonly groupable: boolean
  /** Members of the definition that give a value its form; a lookup or rollup takes them over from the field it reads. */
  readonly carries: readonly string[]
  /** The widget's name in the apps. */
  readonly widget: string
  /** Not selected unless named (large values). */
  readonly heavy?: true
  /** The value is made by the engine; clients never write it. */
  readonly computed?: true
}

/** A field's behaviour and the definition it behaves by: its own, or for a derived field that of the field it reads. */
export interface TypedField {
  readonly type: FieldType
  readonly definition: Field
}
