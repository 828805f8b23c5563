/** Face of the field types: what a field's values are, how they are checked, stored, compared, read from cells and written to them. */
export { isNumberTemplate, periodOf, renderNumber } from './autonumber.ts'
export { type ConversionScope, convertValue } from './convert-value.ts'
export { isDateFormat } from './date-format.ts'
export type {
  Canonical,
  Cell,
  CellScope,
  FieldType,
  JsonSchema,
  Moment,
  Rounding,
  SchemaScope,
  SlotKind,
  TypedField,
  Wire,
} from './field-type.ts'
export { linkTypeOf } from './link-columns.ts'
export { JSON_TYPES, type JsonType, REFUSAL_MESSAGES, type Refusal, type RefusalCode, refuse } from './refusal.ts'
export { localTimeOf } from './wall-clock.ts'
export { FIELD_TYPES, fieldTypeOf, isDerived, resolveDerived } from './registry.ts'
