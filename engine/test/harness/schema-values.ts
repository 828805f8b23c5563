/**
 * Values made out of a JSON Schema by chance, all of them sound under it; and the ways in which a sound value can be broken. The schemas are
 * those of the OpenAPI document: what it promises is what is sent. Knows no route.
 */
import fc from 'fast-check'

export type Schema = { readonly [word: string]: unknown }
type Members = Readonly<Record<string, Schema>>

/** What values may refer to. */
export interface ValueSource {
  /** Components by name. */
  readonly schemas: Members
  /** Ids of records by entity; any of them where a schema names none. */
  readonly ids: (entity: string | undefined) => readonly string[]
  /** What a member of a request may well hold, by its name, where its schema can not tell. */
  readonly told?: Readonly<Record<string, readonly unknown[]>>
  /** What a parameter of an address may well be, by its name, where its schema can not tell; never given where there is nothing. */
  readonly addressed?: Readonly<Record<string, readonly unknown[]>>
  /** Whether objects hold at most one member beyond those they need, and addresses none: the more of them, the more rules are broken. */
  readonly sparing?: boolean
}

const COMPONENTS = '#/components/schemas/'
/** Beyond this only what is needed. */
const DEPTH = 4
/** Members of an object that nobody needs, by its depth: predicates hold predicates, and would grow without end. */
const MEMBERS: readonly number[] = [8, 8, 3, 2]
const OUT_OF_THE_AIR = '0198aaaa-0000-7000-8000-00000000aaaa'

/** Sound values of a schema; null where none can be made (a dotted path that only the engine can follow). */
export function valuesOf(schema: Schema, source: ValueSource, depth = 0): fc.Arbitrary<unknown> | null {
  const { $ref: reference, const: constant, enum: options, anyOf } = schema
  if (typeof reference === 'string') {
    return depth > DEPTH ? null : behindOf(reference.slice(COMPONENTS.length), source, depth + 1)
  }
  if (constant !== undefined) return fc.constant(constant)
  if (Array.isArray(options)) return options.length === 0 ? null : fc.constantFrom(...(options as unknown[]))
  if (schema['not'] !== undefined || schema['x-path'] !== undefined) return null
  if (Array.isArray(anyOf)) {
    const choices = (anyOf as Schema[]).flatMap(choice => valuesOf(withTarget(choice, schema), source, depth) ?? [])
    return choices.length === 0 ? null : fc.oneof(...choices)
  }
  const types = (Array.isArray(schema['type']) ? schema['type'] : [schema['type']]) as unknown[]
  const choices = types.flatMap(type => ofType(type, schema, source, depth) ?? [])
  return choices.length === 0 ? null : choices.length === 1 && choices[0] !== undefined ? choices[0] : fc.oneof(...choices)
}

const made = new WeakMap<ValueSource, Map<string, fc.Arbitrary<unknown> | null>>()

/** A component's values; made once for each depth, for components refer to each other in circles. */
function behindOf(name: string, source: ValueSource, depth: number): fc.Arbitrary<unknown> | null {
  const known = made.get(source) ?? new Map<string, fc.Arbitrary<unknown> | null>()
  made.set(source, known)
  const key = `${name} ${depth}`
  const found = known.get(key)
  if (found !== undefined) return found
  const schema = source.schemas[name]
  if (schema === undefined) throw new Error(`There is no component ${name}.`)
  const values = valuesOf(schema, source, depth)
  known.set(key, values)
  return values
}

/** A reference says beside its schema to what it leads. */
function withTarget(choice: Schema, around: Schema): Schema {
  return around['x-target'] === undefined ? choice : { 'x-target': around['x-target'], ...choice }
}

function ofType(type: unknown, schema: Schema, source: ValueSource, depth: number): fc.Arbitrary<unknown> | null {
  switch (type) {
    case 'null':
      return fc.constant(null)
    case 'boolean':
      return fc.boolean()
    case 'integer':
      return integers(schema)
    case 'number':
      return fc.constantFrom(0, 1.5, -3.25)
    case 'string':
      return texts(schema, source)
    case 'array':
      return lists(schema, source, depth)
    case 'object':
      return objects(schema, source, depth)
    default:
      return fc.constantFrom<unknown>('any', 1, true)
  }
}

function integers({ minimum, maximum }: Schema): fc.Arbitrary<number> {
  const min = typeof minimum === 'number' ? minimum : -1_000
  const max = typeof maximum === 'number' ? maximum : Math.max(min, 1_000)
  return fc.oneof(fc.integer({ min: clamp(min), max: clamp(max) }), fc.constantFrom(min, max))
}

const clamp = (number: number): number => Math.max(-2_147_483_648, Math.min(2_147_483_647, number))

function texts(schema: Schema, source: ValueSource): fc.Arbitrary<unknown> {
  const {
    format,
    pattern,
    allOf = [],
    minLength = 0,
    maxLength = 40,
    'x-scale': scale,
    'x-target': target,
  } = schema as {
    format?: string
    pattern?: string
    allOf?: readonly { pattern?: string }[]
    minLength?: number
    maxLength?: number
    'x-scale'?: number
    'x-target'?: string
  }
  if (format === 'uuid') return fc.constantFrom(...source.ids(target), OUT_OF_THE_AIR)
  if (format === 'date') return days(schema)
  if (format === 'date-time') return fc.constantFrom('2026-03-31T09:30:00.000Z', '2026-03-31T09:30:00+02:00', '1999-12-31T23:59:59Z')
  if (format === 'email') return fc.constantFrom('ann.bell@example.com', 'o.n.e@mail.example.org')
  if (typeof scale === 'number') return amounts(schema, scale)
  // What the type asks for, and what its author asks for besides.
  const patterns = [pattern, ...allOf.map(each => each.pattern)].filter(each => each !== undefined)
  const fits = (text: string): boolean => [...text].length >= minLength && [...text].length <= maxLength
  if (patterns.length > 0) return fitting(patterns, fits)
  return fc.string({ minLength, maxLength: Math.min(maxLength, minLength + 30), unit: 'grapheme-ascii' })
}

/** Texts that match and have the length; all of them are known, so that none is looked for in vain. */
function fitting(patterns: readonly string[], fits: (text: string) => boolean): fc.Arbitrary<string> {
  const expressions = patterns.map(pattern => new RegExp(pattern, 'u'))
  const texts = patterns.flatMap(matching).filter(text => fits(text) && expressions.every(expression => expression.test(text)))
  if (texts.length === 0) throw new Error(`Nothing is known that matches ${patterns.join(' and ')} in its length.`)
  return fc.constantFrom(...texts)
}

/** Bounds may be variables, which the engine reads: the days that are always within are years apart. */
function days({ 'x-minimum': low, 'x-maximum': high }: Schema): fc.Arbitrary<string> {
  const fixed = [low, high].filter((bound): bound is string => typeof bound === 'string' && /^[0-9]/.test(bound))
  return fc.constantFrom('2026-03-31', '2024-02-29', ...fixed)
}

function amounts({ pattern, 'x-minimum': low, 'x-maximum': high }: Schema, scale: number): fc.Arbitrary<string> {
  const [least, most] = [Number(low ?? '-99999'), Number(high ?? '99999')]
  const step = 10 ** scale
  return fc
    .integer({ min: clamp(Math.ceil(least * Math.min(step, 1_000))), max: clamp(Math.floor(most * Math.min(step, 1_000))) })
    .map(number => (number / Math.min(step, 1_000)).toFixed(Math.min(scale, 3)))
    .filter(text => text !== '-0' && !/^-0\.?0*$/.test(text) && (typeof pattern !== 'string' || new RegExp(pattern, 'u').test(text)))
}

const matchers = new Map<string, readonly string[]>()

/** Texts that match; made once, for making up texts to an expression takes its time. */
function matching(pattern: string): readonly string[] {
  const known = matchers.get(pattern) ?? matcherOf(pattern)
  matchers.set(pattern, known)
  return known
}

function matcherOf(pattern: string): readonly string[] {
  const expression = new RegExp(pattern, 'u')
  const known = WELL_KNOWN.filter(text => expression.test(text))
  // Some expressions are beyond what can be made up; of those a known text has to do.
  if (known.length > 0) return known
  const made = fc.sample(fc.stringMatching(expression, { maxLength: 60 }), { numRuns: 40, seed: 1 })
  const sound = [...new Set(made.map(text => text.normalize('NFC')))].filter(text => !text.includes('\0') && expression.test(text))
  if (sound.length === 0) throw new Error(`Nothing is known that matches ${pattern}.`)
  return sound
}

const WELL_KNOWN = [
  'Baltic Brewery',
  'Ωmega & Sons',
  'DE',
  'USD',
  'https://example.com/a?b=c',
  '+49 30 123456',
  'ann.bell@example.com',
  '01980000-0000-7000-8000-000000000001',
  'P3M',
  'name',
  '"1"',
  'Asked for by the customer',
]

function lists(
  { items, minItems = 0, maxItems = 3, uniqueItems }: Schema,
  source: ValueSource,
  depth: number,
): fc.Arbitrary<unknown> | null {
  const least = minItems as number
  const item = items === undefined || depth > DEPTH ? null : valuesOf(items as Schema, source, depth + 1)
  if (item === null) return least > 0 ? null : fc.constant([])
  const length = { minLength: least, maxLength: Math.max(least, Math.min(depth > 1 ? 2 : 3, maxItems as number)) }
  return uniqueItems === true ? fc.uniqueArray(item, { ...length, selector: value => JSON.stringify(value) }) : fc.array(item, length)
}

function objects(schema: Schema, source: ValueSource, depth: number): fc.Arbitrary<unknown> | null {
  const {
    properties = {},
    required = [],
    minProperties = 0,
    maxProperties,
  } = schema as {
    properties?: Members
    required?: readonly string[]
    minProperties?: number
    maxProperties?: number
  }
  const members: Record<string, fc.Arbitrary<unknown>> = {}
  for (const [name, property] of Object.entries(properties)) {
    if (depth > DEPTH && !required.includes(name)) continue
    const told = source.told?.[name]
    const values = told === undefined ? valuesOf(property, source, depth + 1) : fc.constantFrom(...told)
    if (values === null && required.includes(name)) return null
    if (values !== null) members[name] = values
  }
  const named = free(schema, source, depth)
  if (named !== null) return named
  const optional = Object.keys(members).filter(name => !required.includes(name))
  const minLength = Math.max(0, minProperties - required.length)
  if (minLength > optional.length) return null
  const most = Math.min(
    source.sparing === true ? 1 : (MEMBERS[depth] ?? 1),
    (maxProperties ?? Number.POSITIVE_INFINITY) - required.length,
    optional.length,
  )
  return fc
    .subarray(optional, { minLength, maxLength: Math.max(minLength, most) })
    .chain(names =>
      fc.record(Object.fromEntries([...required, ...names].flatMap(name => (members[name] === undefined ? [] : [[name, members[name]]])))),
    )
}

/** An object whose names are free, such as the measures of an aggregate. */
function free(
  { properties, propertyNames, additionalProperties, minProperties = 0 }: Schema,
  source: ValueSource,
  depth: number,
): fc.Arbitrary<unknown> | null {
  if (properties !== undefined || propertyNames === undefined || typeof additionalProperties !== 'object') return null
  const [names, values] = [
    valuesOf(propertyNames as Schema, source, depth + 1),
    valuesOf(additionalProperties as Schema, source, depth + 1),
  ]
  if (names === null || values === null) return null
  return fc.dictionary(names.map(String), values, { minKeys: minProperties as number, maxKeys: Math.max(1, minProperties as number) })
}
