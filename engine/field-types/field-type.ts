/**
 * What a field type is: one object that owns its record schema, slot, SQL cast, canonical form, codec and widget.
 * Knows no database and no caller; operators and comparison kinds come from the language (metadata/operators.ts).
 */
import type { Field } from '../../metadata/generated/types.ts'

/** The families of typed slot columns of `nexus.record` (docs: storage). */
export type SlotKind = 't' | 'i' | 'n' | 'd' | 'r'

/** A JSON Schema (draft-07) of one value, as validation and forms read it. */
export type JsonSchema = { readonly [keyword: string]: unknown }

/** A value as it travels: JSON. */
export type Wire = unknown

/** What a schema may depend on besides the field: the locale of titles and messages. */
export interface SchemaScope {
  readonly label: (labels: Readonly<Record<string, string>> | undefined, fallback: string) => string
}

/** The outcome of reading one cell of an import. */
export type Cell = { readonly ok: true; readonly value: Wire } | { readonly ok: false; readonly message: string }

/** How cells are written and read: decimal sign and date order follow the locale. */
export interface CellScope {
  readonly locale: string
  readonly timeZone: string
}

export interface FieldType<F extends Field = Field> {
  readonly type: F['type']
  /** The slot family a filterable or sortable field of this type takes; null = never in a slot (many values, or not comparable). */
  readonly slot: (field: F) => SlotKind | null
  /** JSON Schema of a non-null value; the writable form adds null for optional fields. */
  readonly recordSchema: (field: F, scope: SchemaScope) => JsonSchema
  /** The one canonical spelling of a schema-valid value (NFC, trimmed zeros, lower-cased address); what it returns is what is stored. Throws nothing; returns a message for what a schema can't say. */
  readonly canonical?: (value: Wire, field: F) => { readonly value: Wire } | { readonly message: string; readonly code: string }
  /** SQL of the slot value as an immutable expression over `json`, an SQL expression of the field's text (`data->>'12'`). Absent for text slots: their key is made by `slotKey`. */
  readonly slotSql?: (json: string, field: F) => string
  /** The engine-made key of a text slot (fold of a text, zero-padded number of an option). Absent for the other slots. */
  readonly slotKey?: (value: Wire, field: F) => string | null
  /** SQL that gives the same key as `slotKey` inside the database, for backfill and for the check of slots against data. */
  readonly slotKeySql?: (json: string, field: F) => string
  /** An operand (wire value) as the slot compares it: scaled integer for money, padded option number for choice. */
  readonly slotOperand: (value: Wire, field: F) => string | number | null
  /** SQL that casts the field's text to a typed value, for fields compared without a slot. */
  readonly sqlType: (json: string, field: F) => string
  /** The single elements of a many-valued field, as `record_value.value` holds them. */
  readonly elements?: (value: Wire, field: F) => readonly string[]
  /** Text that search indexes; null when there is nothing to search. */
  readonly searchText?: (value: Wire) => string | null
  readonly parseCell: (text: string, field: F, scope: CellScope) => Cell
  readonly formatCell: (value: Wire, field: F, scope: CellScope) => string
  /** The widget's name in the apps. */
  readonly widget: string
  /** Not selected unless named (large values). */
  readonly heavy?: true
  /** The value is made by the engine; clients never write it. */
  readonly computed?: true
}
