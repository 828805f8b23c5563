/**
 * What the record schemas of all types share: title and help from the field, and the keywords of our own.
 * Knows no single type.
 */
import type { Field } from '../../metadata/generated/types.ts'
import type { RefusalCode } from './refusal.ts'
import type { JsonSchema, SchemaScope } from './field-type.ts'

/**
 * Keywords beyond draft-07 that a validator has to tolerate. `x-code`: what a value that misses the pattern is refused with
 * (parameters are the other `x-` keywords without their prefix); `x-message`: the author's own words for the same; `x-minimum`
 * and `x-maximum`: bounds of decimals and days, as on the wire.
 */
export const SCHEMA_KEYWORDS = ['x-code', 'x-message', 'x-scale', 'x-digits', 'x-minimum', 'x-maximum'] as const

/** The keywords with the field's title and help in front. */
export function titled(field: Field, scope: SchemaScope, keywords: JsonSchema): JsonSchema {
  const title = { title: scope.label(field.label, labelOfKey(field.key)) }
  return field.help === undefined ? { ...title, ...keywords } : { ...title, description: scope.label(field.help, ''), ...keywords }
}

/** A pattern and the refusal of what misses it. */
export function patterned(pattern: string, code: RefusalCode): JsonSchema {
  return { pattern, 'x-code': code }
}

/** Only the members that have a value. */
export function present(members: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}

function labelOfKey(key: string): string {
  const words = key.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
