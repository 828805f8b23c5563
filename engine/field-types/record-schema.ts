/**
 * What the record schemas of all types share: title and help from the field. Beyond draft-07 they use `x-minimum`, `x-maximum`
 * (bounds of decimals and days, as on the wire) and `x-scale`. Knows no single type.
 */
import type { Field } from '../../metadata/generated/types.ts'
import type { JsonSchema, SchemaScope } from './field-type.ts'

/** The keywords with the field's title and help in front. */
export function titled(field: Field, scope: SchemaScope, keywords: JsonSchema): JsonSchema {
  const title = { title: scope.label(field.label, labelOfKey(field.key)) }
  return field.help === undefined ? { ...title, ...keywords } : { ...title, description: scope.label(field.help, ''), ...keywords }
}

/** Only the members that have a value. */
export function present(members: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}

function labelOfKey(key: string): string {
  const words = key.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
