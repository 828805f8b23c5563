/**
 * The columns that a link between two records may have: small fields, each with the behaviour of its own type.
 * Knows no record.
 */
import type { LinkField } from '../../metadata/generated/types.ts'
import { boolean } from './boolean.ts'
import { choice } from './choice.ts'
import { date } from './date.ts'
import { decimal } from './decimal.ts'
import type { Canonical, FieldType, JsonSchema, Moment, SchemaScope, Wire } from './field-type.ts'
import { integer } from './integer.ts'
import { percent } from './percent.ts'
import { refuse, within } from './refusal.ts'
import { text } from './text.ts'

const TYPES: Readonly<Record<LinkField['type'], FieldType>> = { text, integer, decimal, percent, boolean, date, choice }

/** How a column of a link behaves. */
export function linkTypeOf(column: LinkField): FieldType {
  return TYPES[column.type]
}

/** Schemas of the columns by key, null allowed where a column may be empty. */
export function columnSchemas(columns: readonly LinkField[], scope: SchemaScope): JsonSchema {
  return Object.fromEntries(
    columns.map(column => {
      const schema = linkTypeOf(column).recordSchema(column, scope)
      return [column.key, column.required === true ? schema : { title: schema['title'], anyOf: [schema, { type: 'null' }] }]
    }),
  )
}

/** The columns of one link in canonical form and order, empty ones left out. */
export function canonicalColumns(values: Readonly<Record<string, Wire>>, columns: readonly LinkField[], at: Moment): Canonical {
  const unknown = Object.keys(values).find(key => !columns.some(column => column.key === key))
  if (unknown !== undefined) return refuse('VALIDATE_UNKNOWN_PART', { part: unknown })
  const kept: Record<string, Wire> = {}
  for (const column of columns) {
    const value = values[column.key] ?? null
    if (value === null && column.required === true) return refuse('VALIDATE_REQUIRED_PART', { part: column.key })
    if (value === null) continue
    const read = linkTypeOf(column).canonical(value, column, at)
    if (!read.ok) return within(column.key, read)
    kept[column.key] = read.value
  }
  return { ok: true, value: kept }
}
