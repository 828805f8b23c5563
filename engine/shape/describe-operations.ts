/**
 * Describes what goes in and comes out of the operations on records besides the records themselves: bulks, conversions, reveals, histories,
 * groups of figures. Pure; what a caller's grant does not let him do is not in it.
 */
import type { Grant } from '../access/types.ts'
import type { JsonSchema } from '../field-types/index.ts'
import type { Locale } from '../kernel/context.ts'
import { conversionsOf } from './conversions.ts'
import { anyOf, ID, refTo, VERSION } from './describe-record.ts'
import { phraseIn } from './phrases.ts'
import { speak } from './speak.ts'
import type { CallerNames } from './types.ts'

/** An object of these members, all of them there unless they are named as optional. */
export function closed(properties: Readonly<Record<string, JsonSchema>>, optional: readonly string[] = []): JsonSchema {
  return {
    type: 'object',
    properties,
    required: Object.keys(properties).filter(name => !optional.includes(name)),
    additionalProperties: false,
  }
}

/** The body of a bulk: operations that the caller may do, as many as his cap lets him. */
export function bulkSchema({ locale }: CallerNames, grant: Grant): JsonSchema {
  const key = grant.entity.key
  const may = (operation: 'create' | 'update' | 'delete'): boolean => grant.operations.has(operation)
  const id = { ...ID, 'x-target': key }
  const operations = [
    ...(may('create') ? [closed({ op: { type: 'string', const: 'create' }, values: refTo(`${key}.create`) })] : []),
    ...(may('update') ? [closed({ op: { type: 'string', const: 'update' }, id, version: VERSION, values: refTo(`${key}.patch`) })] : []),
    ...(may('delete') ? [closed({ op: { type: 'string', const: 'delete' }, id, version: VERSION })] : []),
  ]
  const most = grant.caps.bulkOperations
  return closed(
    {
      operations: {
        type: 'array',
        description: phraseIn('Up to {most} operations; a record may be named once.', locale, { most }),
        items: anyOf(operations),
        minItems: 1,
        maxItems: most,
      },
      atomic: {
        type: 'boolean',
        'x-default': true,
        description: phraseIn('All of them or none; false lets each stand for itself.', locale),
      },
    },
    ['atomic'],
  )
}

/** What became of each operation of a bulk, in their order. */
export function bulkResultsSchema(grant: Grant): JsonSchema {
  const op = { enum: ['create', 'update', 'delete'].filter(each => grant.operations.has(each as 'create')), type: 'string' }
  const warnings = { type: 'array', items: refTo('FieldProblem') }
  return {
    type: 'array',
    items: {
      anyOf: [closed({ id: ID, op, version: VERSION, warnings }, ['warnings']), closed({ id: ID, op, error: refTo('Problem') }, ['id'])],
    },
    maxItems: grant.caps.bulkOperations,
  }
}

/** The body of a conversion: which of the entity's, and what is to be different in the records it makes. Null where there is none for the caller. */
export function convertSchema(names: CallerNames, grant: Grant): JsonSchema | null {
  const choices = conversionsOf(grant).map(({ conversion, steps }) => ({
    ...closed(
      {
        conversion: { type: 'string', const: conversion.key },
        values: {
          ...closed(Object.fromEntries(steps.map(step => [step.as, refTo(`${step.entity}.values`)]))),
          required: [],
          description: phraseIn('Values by step that count instead of the conversion’s own.', names.locale),
        },
      },
      ['values'],
    ),
    description: speak(conversion.label, names.locale, conversion.key),
  }))
  return choices.length === 0 ? null : anyOf(choices)
}

/** What a conversion answers: ids of what it made, by step, and the record as the caller sees it now. */
export function convertedSchema(names: CallerNames, grant: Grant): JsonSchema {
  const made = conversionsOf(grant).flatMap(({ steps }) => steps.map(step => [step.as, ID] as const))
  return closed({
    steps: { ...closed(Object.fromEntries(made)), required: [] },
    record: { anyOf: [refTo(grant.entity.key), { type: 'null' }] },
  })
}

/** Keys of the fields that the caller may ask to see unmasked. */
export function revealable(grant: Grant): string[] {
  const terms = grant.terms.filter(term => term.operations.has('reveal'))
  return [...grant.fields.keys()].filter(key =>
    terms.some(term => {
      const right = term.rights.get(key)
      return right?.right === 'mask' && right.reveal
    }),
  )
}

/** The body of a reveal. */
export function revealSchema({ locale }: CallerNames, grant: Grant): JsonSchema {
  return closed({
    field: { type: 'string', enum: revealable(grant) },
    reason: { type: 'string', pattern: '\\S\\s*\\S\\s*\\S', maxLength: 500, description: phraseIn('Why; it goes into the audit.', locale) },
  })
}

/** An entry of a record's history. `at` and `by` are there where the caller may read when and by whom records are changed. */
export function historySchema(grant: Grant): JsonSchema {
  const keys = [...grant.fields.values()].filter(({ field }) => !field.system || field.key === 'owner_id' || field.key === 'org_unit_id')
  return closed(
    {
      version: VERSION,
      op: { type: 'string', enum: ['create', 'update', 'delete', 'restore'] },
      at: { type: 'string', format: 'date-time' },
      by: { type: ['string', 'null'], format: 'uuid' },
      changes: { ...closed(Object.fromEntries(keys.map(({ field }) => [field.key, refTo('Changed')]))), required: [] },
    },
    ['at', 'by'],
  )
}

/** A group of an aggregate: the values it stands for and its figures, under the names that the request gave them. */
export const groupSchema = (locale: Locale): JsonSchema => ({
  type: 'object',
  description: phraseIn(
    'Values of the group and its figures, under the names of the request. Exact numbers are strings, counts are integers.',
    locale,
  ),
  additionalProperties: { type: ['string', 'integer', 'boolean', 'null'] },
})
