/** What the document says of a route beyond its declaration: its name, its words, what it answers and what it refuses. Types only, and the small words they share. */
import type { JsonSchema } from '../../kernel/schema.ts'
import type { Fill, Phrase } from './phrases.ts'

/** Headers that a route reads besides those that every route does. */
export type RequestHeader = 'if-match' | 'if-match-optional' | 'if-none-match' | 'idempotency-key' | 'nexus-client'

/** Headers of an answer besides those that every answer has. */
export type AnswerHeader = 'etag' | 'location' | 'set-cookie' | 'content-disposition' | 'retry-after'

/** One answer that is no problem. */
export interface AnswerWords {
  readonly description: Phrase
  /** Schema of the whole body; none where there is no body. */
  readonly schema?: JsonSchema
  /** JSON unless said otherwise; several where the request chooses. */
  readonly types?: readonly string[]
  readonly headers?: readonly AnswerHeader[]
}

/** A route in words. */
export interface OperationWords {
  /** Stable for ever: generated clients name their methods by it. */
  readonly id: string
  readonly tag: string
  readonly summary: Phrase
  readonly description?: Phrase
  /** What stands for names in braces in any of its words. */
  readonly fill?: Fill
  readonly reads?: readonly RequestHeader[]
  /** By which schemes it is called, where its route asks for no token: none unless said. */
  readonly security?: readonly ('bearer' | 'cookie')[]
  readonly answers: Readonly<Record<number, AnswerWords>>
  /** Codes of problems beyond those that follow from the declaration. */
  readonly refuses: readonly string[]
  /** Schemas that say more than the declaration can: of the body, of parameters by name; a parameter that is null is not for the caller. */
  readonly body?: JsonSchema
  readonly parameters?: Readonly<Record<string, JsonSchema | null>>
  readonly example?: unknown
}

/** The name of a component's reference. */
export const component = (name: string): JsonSchema => ({ $ref: `#/components/schemas/${name}` })

/** `{"data": …}`, with what else may stand beside it. */
export function dataOf(schema: JsonSchema, beside: Readonly<Record<string, JsonSchema>> = {}, needed: readonly string[] = []): JsonSchema {
  return { type: 'object', properties: { data: schema, ...beside }, required: ['data', ...needed], additionalProperties: false }
}

/** `{"data": [ … ], "page": {"next": …}}`. */
export function listOf(items: JsonSchema, next: JsonSchema = { type: ['string', 'null'] }): JsonSchema {
  const page = { type: 'object', properties: { next }, required: ['next'], additionalProperties: false }
  return dataOf({ type: 'array', items }, { page }, ['page'])
}

/** An object of these members, all of them there but the optional ones. */
export function objectOf(properties: Readonly<Record<string, JsonSchema>>, optional: readonly string[] = []): JsonSchema {
  return {
    type: 'object',
    properties,
    required: Object.keys(properties).filter(name => !optional.includes(name)),
    additionalProperties: false,
  }
}

/** An answer with `data`. */
export const answered = (description: Phrase, data: JsonSchema, headers: readonly AnswerHeader[] = []): AnswerWords => ({
  description,
  schema: dataOf(data),
  headers,
})

/** An answer without a body. */
export const silent = (description: Phrase, headers: readonly AnswerHeader[] = []): AnswerWords => ({ description, headers })

export const ID: JsonSchema = { type: 'string', format: 'uuid' }
export const INSTANT: JsonSchema = { type: 'string', format: 'date-time' }
export const TEXT: JsonSchema = { type: 'string' }
export const TEXT_OR_NULL: JsonSchema = { type: ['string', 'null'] }
export const TEXTS: JsonSchema = { type: 'array', items: TEXT }
export const COUNT: JsonSchema = { type: 'integer', minimum: 0 }
