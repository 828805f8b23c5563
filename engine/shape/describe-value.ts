/**
 * Describes single values to programs, in JSON Schema 2020-12: as they are answered, as they are created, as a merge-patch takes them.
 * What the types say of a value is the truth; this file only puts it into the words that generators of clients understand. Knows no caller.
 */
import type { JsonSchema, SchemaScope } from '../field-types/index.ts'
import type { CompiledField } from '../model/types.ts'
import { speak } from './speak.ts'

type Schemas = Readonly<Record<string, JsonSchema>>

const NULL: JsonSchema = { type: 'null' }

/** Any exact number, whatever digits its field keeps. */
const DECIMAL = '^-?[0-9]+(?:\\.[0-9]+)?$'

/** A stored value was sound when it was written: bounds that were tightened since say nothing of it. */
const BOUNDS: ReadonlySet<string> = new Set([
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'x-minimum',
  'x-maximum',
  'pattern',
  'allOf',
  'not',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'required',
  'x-default',
])

/** A value as answers show it: its form without the bounds of writing; options that can not be chosen any more are among the others. */
export function shownValue(field: CompiledField, locale: string): JsonSchema {
  return asShown(enumerated(field.type.recordSchema(field.definition, scopeOf(locale, true))))
}

/** A value as a new record takes it. */
export function createdValue(field: CompiledField, locale: string): JsonSchema {
  return enumerated(field.type.recordSchema(field.definition, scopeOf(locale, false)))
}

/** A value as a merge-patch takes it: parts that are left out stay, parts that are null go. What a record has already it may keep. */
export function patchedValue(field: CompiledField, locale: string): JsonSchema {
  const schema = enumerated(field.type.recordSchema(field.definition, scopeOf(locale, true)))
  if (schema['properties'] === undefined) return schema
  const { minProperties: _few, required: _required, properties, ...rest } = schema
  return { ...rest, properties: mapValues(properties as Schemas, part => orNull(part)) }
}

/** Null besides the value. */
export function orNull(schema: JsonSchema): JsonSchema {
  const { title, description, ...bare } = schema
  const words = { ...(title === undefined ? {} : { title }), ...(description === undefined ? {} : { description }) }
  const { type, enum: options, anyOf } = bare
  if (Array.isArray(anyOf) && Object.keys(bare).length === 1) {
    const choices = anyOf as JsonSchema[]
    return { ...words, anyOf: choices.some(choice => choice['type'] === 'null') ? choices : [...choices, NULL] }
  }
  if (type === undefined) return { ...words, anyOf: [bare, NULL] }
  // The short spelling reads better, in documents and in what is generated of them.
  const types = (Array.isArray(type) ? type : [type]) as string[]
  return {
    ...words,
    ...bare,
    type: types.includes('null') ? types : [...types, 'null'],
    ...(Array.isArray(options) ? { enum: [...(options as unknown[]), null] } : {}),
  }
}

function scopeOf(locale: string, retired: boolean): SchemaScope {
  return { label: (labels, fallback) => speak(labels, locale, fallback), ...(retired ? { retired: true } : {}) }
}

/** Options as an `enum`, their labels beside it: `oneOf` of constants is for forms, generators make a type of each. Of a `default` they make a member that has to be sent. */
function enumerated(schema: JsonSchema): JsonSchema {
  const { oneOf, anyOf, items, properties, default: suggested, ...rest } = schema
  return {
    ...rest,
    ...(suggested === undefined ? {} : { 'x-default': suggested }),
    ...(isOptions(oneOf)
      ? { enum: oneOf.map(option => option.const), 'x-enum-labels': Object.fromEntries(oneOf.map(option => [option.const, option.title])) }
      : oneOf === undefined
        ? {}
        : { oneOf }),
    ...(Array.isArray(anyOf) ? { anyOf: (anyOf as JsonSchema[]).map(enumerated) } : {}),
    ...(isSchema(items) ? { items: enumerated(items) } : {}),
    ...(isSchema(properties) ? { properties: mapValues(properties as Schemas, enumerated) } : {}),
  }
}

function isOptions(value: unknown): value is readonly { readonly const: string; readonly title: string }[] {
  return Array.isArray(value) && value.every(each => isSchema(each) && typeof each['const'] === 'string')
}

function asShown(schema: JsonSchema): JsonSchema {
  const { items, properties, anyOf, ...rest } = Object.fromEntries(Object.entries(schema).filter(([keyword]) => !BOUNDS.has(keyword)))
  const { additionalProperties: _closed, ...open } = rest
  return {
    ...open,
    ...(rest['x-scale'] === undefined ? {} : { pattern: DECIMAL }),
    ...(isSchema(items) ? { items: asShown(items) } : {}),
    ...(isSchema(properties) ? { properties: mapValues(properties as Schemas, part => orNull(asShown(part))) } : {}),
    ...(Array.isArray(anyOf) ? { anyOf: (anyOf as JsonSchema[]).map(asShown) } : {}),
  }
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The same names with other values. */
export function mapValues<T, U>(members: Readonly<Record<string, T>>, change: (value: T, name: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, change(value, name)]))
}
