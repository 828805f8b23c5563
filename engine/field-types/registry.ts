/** All field types, one line each. A new one is its file, its line here and its branch of field.schema.json. */
import type { Field } from '../../metadata/generated/types.ts'
import { address } from './address.ts'
import { autonumber } from './autonumber.ts'
import { boolean } from './boolean.ts'
import { choice } from './choice.ts'
import { date } from './date.ts'
import { datetime } from './datetime.ts'
import { decimal } from './decimal.ts'
import type { DerivedField, DerivedType } from './derived.ts'
import { email } from './email.ts'
import type { FieldType, TypedField } from './field-type.ts'
import { formula } from './formula.ts'
import { integer } from './integer.ts'
import { json } from './json.ts'
import { longText } from './long-text.ts'
import { lookup } from './lookup.ts'
import { money } from './money.ts'
import { multiChoice } from './multi-choice.ts'
import { multiReference } from './multi-reference.ts'
import { parent } from './parent.ts'
import { percent } from './percent.ts'
import { personName } from './person-name.ts'
import { phone } from './phone.ts'
import { reference } from './reference.ts'
import { rollup } from './rollup.ts'
import { table } from './table.ts'
import { tags } from './tags.ts'
import { text } from './text.ts'
import { url } from './url.ts'
import { user } from './user.ts'

/** Every type that stores values of its own. */
export const FIELD_TYPES: readonly FieldType[] = [
  text,
  longText,
  email,
  phone,
  url,
  integer,
  decimal,
  percent,
  money,
  boolean,
  date,
  datetime,
  choice,
  multiChoice,
  tags,
  reference,
  multiReference,
  user,
  table,
  autonumber,
  address,
  personName,
  json,
  parent,
]

/** Every type that behaves as another. */
export const DERIVED_TYPES: readonly DerivedType[] = [formula, lookup, rollup]

const types = new Map(FIELD_TYPES.map(each => [each.type, each]))
const derivedTypes = new Map(DERIVED_TYPES.map(each => [each.type, each]))

/** The behaviour of a type's name. A derived type has none: `resolveDerived` gives that of its field. */
export function fieldTypeOf(type: Field['type']): FieldType {
  const found = types.get(type)
  if (found === undefined) throw new Error(`The field type ${type} has no behaviour of its own.`)
  return found
}

/** True for formulas, lookups and rollups. */
export function isDerived(field: Field): field is DerivedField {
  return derivedTypes.has(field.type as DerivedField['type'])
}

/**
 * The behaviour of any field: its own type's, or for a derived field that of its result; `source` is the field a lookup or rollup
 * reads, itself resolved. null: what it reads is missing or can't be read so.
 */
export function resolveDerived(field: Field, source: TypedField | null): TypedField | null {
  if (!isDerived(field)) return { type: fieldTypeOf(field.type), definition: field }
  return derivedTypes.get(field.type)?.resolve(field, source) ?? null
}
