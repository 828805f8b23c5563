/** Says the titles and descriptions of a schema that is the same in every tenant in a reader's language. Knows no schema. */
import type { Locale } from '../../kernel/context.ts'
import type { JsonSchema } from '../../kernel/schema.ts'
import { type Fill, isPhrase, phraseIn } from './phrases.ts'

/** Keywords whose value is a schema, schemas in a row, and schemas by name. */
const ONE: ReadonlySet<string> = new Set(['items', 'additionalProperties', 'propertyNames', 'not'])
const SEVERAL: ReadonlySet<string> = new Set(['anyOf', 'allOf', 'oneOf'])
const NAMED: ReadonlySet<string> = new Set(['properties'])

/** The schema with its words in a language. Throws where they are said in English only. */
export function inWordsOf(schema: JsonSchema, locale: Locale, fill: Fill = {}): JsonSchema {
  const again = (value: unknown): unknown => (isSchema(value) ? inWordsOf(value, locale, fill) : value)
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]) => {
      if ((keyword === 'title' || keyword === 'description') && typeof value === 'string') return [keyword, wordsIn(value, locale, fill)]
      if (ONE.has(keyword)) return [keyword, again(value)]
      if (SEVERAL.has(keyword) && Array.isArray(value)) return [keyword, value.map(again)]
      if (NAMED.has(keyword) && isSchema(value))
        return [keyword, Object.fromEntries(Object.entries(value).map(([name, member]) => [name, again(member)]))]
      return [keyword, value]
    }),
  )
}

/** Words of the product's own in a language. */
export function wordsIn(text: string, locale: Locale, fill: Fill): string {
  if (!isPhrase(text)) throw new Error(`“${text}” is said in English only.`)
  return phraseIn(text, locale, fill)
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
