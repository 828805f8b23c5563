/**
 * The schemas of everything one caller can send and be sent of his entities, each under a stable name: `deal`, `deal.create`, `deal.patch` …
 * The one source of the OpenAPI document and of generated types. Entities' names are lower case with a dot; names in capitals belong to no entity.
 */
import type { Grant } from '../access/types.ts'
import type { JsonSchema } from '../field-types/index.ts'
import type { Operation } from '../model/types.ts'
import {
  bulkResultsSchema,
  bulkSchema,
  closed,
  convertedSchema,
  convertSchema,
  GROUP,
  historySchema,
  revealable,
  revealSchema,
} from './describe-operations.ts'
import { createSchema, patchSchema, recordSchema, selectedSchema } from './describe-record.ts'
import type { CallerNames } from './types.ts'

/** Schemas by component name; they refer to each other as `#/components/schemas/<name>`. */
export type ComponentSchemas = Readonly<Record<string, JsonSchema>>

/** A thing that is wrong, and where. */
const FIELD_PROBLEM: JsonSchema = {
  type: 'object',
  description: 'One thing that needs attention.',
  properties: {
    pointer: { type: 'string', maxLength: 2_000, description: 'JSON pointer into what was sent.' },
    code: { type: 'string', description: 'Stable name of what is wrong.' },
    message: { type: 'string', maxLength: 2_000 },
    hint: { type: 'string', maxLength: 2_000 },
    params: { type: 'object', description: 'What the message was made of.' },
  },
  required: ['pointer', 'code', 'message'],
}

/** Whatever goes wrong (RFC 9457). */
const PROBLEM: JsonSchema = {
  type: 'object',
  description: 'A problem document (RFC 9457); `code` is stable, words are for people.',
  properties: {
    type: { type: 'string', format: 'uri-reference', description: 'Where the code is explained.' },
    title: { type: 'string' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    code: { type: 'string', pattern: '^[A-Z][A-Z0-9_]*$' },
    detail: { type: 'string', maxLength: 2_000 },
    trace_id: { type: 'string', pattern: '^[0-9a-f]{32}$', description: 'What an administrator finds the request by.' },
    hint: { type: 'string', maxLength: 2_000 },
    errors: { type: 'array', items: { $ref: '#/components/schemas/FieldProblem' }, maxItems: 100 },
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
}

/** The schemas of every entity that exists for the caller, and of problems. */
export function componentSchemas(names: CallerNames): ComponentSchemas {
  const grants = [...names.model.entities.keys()].flatMap(key => names.grant(key) ?? [])
  return {
    FieldProblem: FIELD_PROBLEM,
    Problem: PROBLEM,
    Group: GROUP,
    Changed: { ...closed({ before: {}, after: {} }), description: 'A value before and after a change, as you may read it.' },
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
    ...(writesMany ? { bulk: bulkSchema(grant), bulk_results: bulkResultsSchema(grant) } : {}),
    ...(convert === null ? {} : { convert, converted: convertedSchema(names, grant) }),
    ...(may('reveal') && revealable(grant).length > 0 ? { reveal: revealSchema(grant), revealed: revealedSchema(grant) } : {}),
  }
}

function revealedSchema(grant: Grant): JsonSchema {
  const { required: _required, ...schema } = closed(Object.fromEntries(revealable(grant).map(key => [key, {}])))
  return { ...schema, minProperties: 1, maxProperties: 1 }
}
