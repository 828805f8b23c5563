/**
 * Makes an example of a value out of its schema, always the same one. Examples are sound under their schema; where that can not be promised
 * (an expression of the author's own), there is none. Knows keywords, no field and no entity.
 */
import type { JsonSchema } from '../field-types/index.ts'

/** What an example may refer to. */
export type KnownSchemas = Readonly<Record<string, JsonSchema>>

const REFERENCE = '#/components/schemas/'
const EXAMPLE_ID = '01980000-0000-7000-8000-000000000001'
/** Objects inside of objects beyond this are left out where they may be. */
const DEPTH = 4
/** Members of an example that nobody requires. */
const OPTIONAL_MEMBERS = 12

/** Of these formats an example is known to be sound. */
const FORMATS: Readonly<Record<string, string>> = {
  uuid: EXAMPLE_ID,
  date: '2026-03-31',
  'date-time': '2026-03-31T09:30:00.000Z',
  email: 'ann.bell@example.com',
  'uri-reference': '/problems/not-found',
}

/** Texts to try where a pattern of the product's own is asked for. */
const TEXTS: readonly string[] = [
  'Example',
  'DE',
  'https://example.com',
  '+4930123456',
  'ann.bell@example.com',
  '1',
  '0.00',
  'Asked for by the customer',
  '"1"',
]

/** An example of a schema; undefined where none can be given. */
export function exampleOf(schema: JsonSchema, known: KnownSchemas, depth = 0): unknown {
  const { $ref: reference, const: constant, enum: options, anyOf } = schema
  if (typeof reference === 'string') {
    const behind = known[reference.slice(REFERENCE.length)]
    return behind === undefined || depth > DEPTH ? undefined : exampleOf(behind, known, depth + 1)
  }
  if (constant !== undefined) return constant
  if (Array.isArray(options)) return (options as readonly unknown[]).find(option => option !== null)
  if (Array.isArray(anyOf)) {
    for (const choice of anyOf as readonly JsonSchema[]) {
      const example = choice['type'] === 'null' ? undefined : exampleOf(choice, known, depth)
      if (example !== undefined) return example
    }
    return undefined
  }
  const types = (Array.isArray(schema['type']) ? schema['type'] : [schema['type']]) as readonly unknown[]
  switch (types.find(type => type !== 'null')) {
    case 'boolean':
      return true
    case 'integer':
    case 'number':
      return numberOf(schema)
    case 'string':
      return textOf(schema)
    case 'array':
      return listOf(schema, known, depth)
    case 'object':
      return objectOf(schema, known, depth)
    default:
      return undefined
  }
}

function numberOf({ minimum, maximum }: JsonSchema): number {
  const low = typeof minimum === 'number' ? minimum : 0
  const high = typeof maximum === 'number' ? maximum : Number.MAX_SAFE_INTEGER
  return Math.min(Math.max(low, 3), high)
}

function textOf(schema: JsonSchema): string | undefined {
  const { format, title, 'x-scale': scale } = schema
  if (typeof scale === 'number') return amountOf(schema, scale)
  const named = typeof format === 'string' ? FORMATS[format] : undefined
  const wanted = [...(named === undefined ? [] : [named]), ...(typeof title === 'string' ? [title] : []), ...TEXTS]
  if (typeof format === 'string' && named === undefined) return undefined
  return wanted.find(text => isSound(text, schema))
}

/** Within its bounds: they are texts, and a number that lies in between is one of them or the usual one. */
function amountOf(schema: JsonSchema, scale: number): string | undefined {
  const digits = scale === 0 ? '' : `.${'0'.repeat(scale)}`
  const bounds = [schema['x-minimum'], schema['x-maximum']].flatMap(bound => (typeof bound === 'string' ? [bound] : []))
  const lies = (text: string): boolean => {
    const [low = text, high = text] = [schema['x-minimum'] ?? text, schema['x-maximum'] ?? text] as string[]
    return Number(text) >= Number(low) && Number(text) <= Number(high)
  }
  return [`1250${digits}`, `10${digits}`, `1${digits}`, ...bounds].find(text => lies(text) && isSound(text, schema))
}

function isSound(text: string, schema: JsonSchema): boolean {
  const {
    minLength = 0,
    maxLength = Number.POSITIVE_INFINITY,
    pattern,
    allOf,
  } = schema as { minLength?: number; maxLength?: number; pattern?: string; allOf?: readonly JsonSchema[] }
  if (text.length < minLength || text.length > maxLength) return false
  if (typeof schema['x-minimum'] === 'string' && schema['x-scale'] === undefined && !isAfter(text, schema['x-minimum'])) return false
  if (pattern !== undefined && !matches(text, pattern)) return false
  // What an author wrote himself is not run here.
  return allOf === undefined
}

/** Bounds of days may be variables, which mean another day tomorrow. */
function isAfter(text: string, bound: string): boolean {
  return !bound.startsWith('$') && text >= bound
}

function matches(text: string, pattern: string): boolean {
  return expressionOf(pattern).test(text)
}

const expressions = new Map<string, RegExp>()

function expressionOf(pattern: string): RegExp {
  const known = expressions.get(pattern) ?? new RegExp(pattern, 'u')
  expressions.set(pattern, known)
  return known
}

function listOf({ items, minItems }: JsonSchema, known: KnownSchemas, depth: number): unknown {
  const item = items === undefined ? undefined : exampleOf(items as JsonSchema, known, depth + 1)
  if (item !== undefined) return [item]
  return typeof minItems === 'number' && minItems > 0 ? undefined : []
}

function objectOf(schema: JsonSchema, known: KnownSchemas, depth: number): unknown {
  const properties = Object.entries((schema['properties'] ?? {}) as KnownSchemas)
  const required = new Set((schema['required'] ?? []) as readonly string[])
  const most = typeof schema['maxProperties'] === 'number' ? schema['maxProperties'] : required.size + OPTIONAL_MEMBERS
  const members: [string, unknown][] = []
  for (const [name, property] of properties) {
    const needed = required.has(name)
    if (!needed && (members.length >= most || depth >= DEPTH)) continue
    const value = exampleOf(property, known, depth + 1)
    if (value === undefined && needed) return undefined
    if (value !== undefined) members.push([name, value])
  }
  return members.length === 0 && typeof schema['minProperties'] === 'number' ? undefined : Object.fromEntries(members)
}
