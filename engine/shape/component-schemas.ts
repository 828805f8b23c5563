/**
 * The schemas of everything one caller can send and be sent of his entities, each under a stable name: `deal`, `deal.create`, `deal.patch` …
 * The one source of the OpenAPI document and of generated types. Entities' names are lower case with a dot; names in capitals belong to no entity.
 */
import type { Grant } from '../access/types.ts'
import type { JsonSchema } from '../field-types/index.ts'
import type { Locale } from '../kernel/context.ts'
import type { Operation } from '../model/types.ts'
import {
  bulkResultsSchema,
  bulkSchema,
  closed,
  convertedSchema,
  convertSchema,
  groupSchema,
  historySchema,
  revealable,
  revealSchema,
} from './describe-operations.ts'
import { createSchema, patchSchema, recordSchema, selectedSchema, VERSION } from './describe-record.ts'
import { phraseIn } from './phrases.ts'
import type { CallerNames } from './types.ts'

/** Schemas by component name; they refer to each other as `#/components/schemas/<name>`. */
export type ComponentSchemas = Readonly<Record<string, JsonSchema>>

/** A thing that is wrong, and where. */
const fieldProblem = (locale: Locale): JsonSchema => ({
  type: 'object',
  description: phraseIn('One thing that needs attention.', locale),
  properties: {
    pointer: { type: 'string', maxLength: 2_000, description: phraseIn('JSON pointer into what was sent.', locale) },
    code: { type: 'string', description: phraseIn('Stable name of what is wrong.', locale) },
    message: { type: 'string', maxLength: 2_000, description: phraseIn('What is wrong, in your language.', locale) },
    hint: { type: 'string', maxLength: 2_000, description: phraseIn('What would be right, where that can be told.', locale) },
    params: { type: 'object', description: phraseIn('What the message was made of.', locale) },
  },
  required: ['pointer', 'code', 'message'],
})

/** Whatever goes wrong (RFC 9457). */
const problem = (locale: Locale): JsonSchema => ({
  type: 'object',
  description: phraseIn('A problem document (RFC 9457); `code` is stable, words are for people.', locale),
  properties: {
    type: { type: 'string', format: 'uri-reference', description: phraseIn('Where the code is explained.', locale) },
    title: { type: 'string' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    code: { type: 'string', pattern: '^[A-Z][A-Z0-9_]*$', description: phraseIn('Stable name of what is wrong.', locale) },
    detail: { type: 'string', maxLength: 2_000, description: phraseIn('What is wrong, in your language.', locale) },
    trace_id: {
      type: 'string',
      pattern: '^[0-9a-f]{32}$',
      description: phraseIn('What an administrator finds the request by.', locale),
    },
    hint: { type: 'string', maxLength: 2_000, description: phraseIn('What would be right, where that can be told.', locale) },
    errors: {
      type: 'array',
      items: { $ref: '#/components/schemas/FieldProblem' },
      maxItems: 100,
      description: phraseIn('Things that need attention, each with its place.', locale),
    },
    version: { ...VERSION, description: phraseIn('Of a change from a stale version: the current one.', locale) },
    fields: {
      type: 'array',
      items: { type: 'string' },
      description: phraseIn('Of a change from a stale version: the fields that differ in the current one.', locale),
    },
  },
  required: ['type', 'title', 'status', 'code', 'detail', 'trace_id'],
  examples: [
    {
      type: '/problems/not-found',
      title: 'Not found',
      status: 404,
      code: 'NOT_FOUND',
      detail: 'There is nothing here that you may see.',
      trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
    },
  ],
})

/** The schemas of every entity that exists for the caller, and of problems. */
export function componentSchemas(names: CallerNames): ComponentSchemas {
  const grants = [...names.model.entities.keys()].flatMap(key => names.grant(key) ?? [])
  const { locale } = names
  return {
    FieldProblem: fieldProblem(locale),
    Problem: problem(locale),
    Group: groupSchema(locale),
    Changed: {
      ...closed({ before: {}, after: {} }),
      description: phraseIn('A value before and after a change, as you may read it.', locale),
    },
    ...Object.fromEntries(
      grants.flatMap(grant => Object.entries(entitySchemas(names, grant)).map(([name, schema]) => [nameOf(grant, name), schema])),
    ),
  }
}

/** The name of an entity's component; the record itself has none beyond its entity's. */
function nameOf(grant: Grant, name: string): string {
  return name === '' ? grant.entity.key : `${grant.entity.key}.${name}`
}

function entitySchemas(names: CallerNames, grant: Grant): ComponentSchemas {
  const may = (operation: Operation): boolean => grant.operations.has(operation)
  const create = may('create') ? createSchema(names, grant) : null
  const convert = may('update') ? convertSchema(names, grant) : null
  const writesMany = grant.caps.bulkOperations > 0 && (may('create') || may('update') || may('delete'))
  return {
    '': recordSchema(names, grant),
    selected: selectedSchema(names, grant),
    history: historySchema(grant),
    ...(create === null ? {} : { create, values: { ...create, required: [] } }),
    ...(may('update') ? { patch: patchSchema(names, grant) } : {}),
    ...(writesMany ? { bulk: bulkSchema(names, grant), bulk_results: bulkResultsSchema(grant) } : {}),
    ...(convert === null ? {} : { convert, converted: convertedSchema(names, grant) }),
    ...(may('reveal') && revealable(grant).length > 0 ? { reveal: revealSchema(names, grant), revealed: revealedSchema(grant) } : {}),
  }
}

function revealedSchema(grant: Grant): JsonSchema {
  const { required: _required, ...schema } = closed(Object.fromEntries(revealable(grant).map(key => [key, {}])))
  return { ...schema, minProperties: 1, maxProperties: 1 }
}
