/**
 * Requests to a described operation, made by chance: sound ones, and ones that are broken in one known way. What a request says of versions is
 * filled in when it is sent, as far as the sender has seen any. Knows no server.
 */
import fc from 'fast-check'
import type { DescribedOperation, Parameter } from './described-api.ts'
import { valuesOf, type ValueSource } from './schema-values.ts'

/** What is wrong with a request. `member` and `shape` may turn out sound where a schema is open; all others have to be refused. */
const BREAKS = [
  'shape',
  'member',
  'unknown-member',
  'no-json',
  'no-object',
  'nul',
  'media-type',
  'unknown-parameter',
  'parameter',
  'no-id',
  'no-token',
  'no-version',
  'odd-version',
] as const
export type Break = (typeof BREAKS)[number]

/** One request before it is sent. */
export interface Asked {
  readonly operation: DescribedOperation
  /** What stands for the names in its address. */
  readonly parts: Readonly<Record<string, unknown>>
  readonly query: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: { readonly type: string; readonly text: string } | null
  /** The body before it was written down, where it is sound. */
  readonly value: unknown
  readonly version: 'seen' | 'other' | 'odd' | 'none'
  readonly token: boolean
  readonly broken: Break | null
}

/** Whether a request in which this is wrong may still be answered. */
export function isForgivable(broken: Break): boolean {
  return broken === 'member' || broken === 'shape'
}

/** The address of an operation with its names filled in. */
export function addressOf({ path }: DescribedOperation, parts: Readonly<Record<string, unknown>>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(parts[name])))
}

/** Requests to an operation; about a third of them are broken, if they may be. */
export function requestsTo(operation: DescribedOperation, source: ValueSource, mayBreak = true): fc.Arbitrary<Asked> {
  return fc
    .record({
      parts: namedOf(operation, 'path', source),
      query: namedOf(operation, 'query', source),
      headers: namedOf(operation, 'header', source),
      body: bodyOf(operation, source),
      version: fc.constantFrom<Asked['version']>('seen', 'seen', 'seen', 'other'),
      broken: mayBreak
        ? fc.option(fc.constantFrom(...BREAKS.filter(each => applies(each, operation))), { freq: 2, nil: null })
        : fc.constant(null),
      chance: fc.nat(1_000),
    })
    .map(made => requestOf(operation, made))
}

interface Made {
  readonly parts: Readonly<Record<string, unknown>>
  readonly query: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: { readonly type: string; readonly value: unknown } | null
  readonly version: Asked['version']
  readonly broken: Break | null
  readonly chance: number
}

function applies(broken: Break, { method, body, parameters, open, path }: DescribedOperation): boolean {
  const isJson = [...body.keys()].some(type => type.endsWith('json'))
  const names = (place: Parameter['in']) => parameters.filter(each => each.in === place)
  switch (broken) {
    case 'unknown-parameter':
      return true
    case 'parameter':
      return names('query').some(each => each.schema?.['type'] === 'integer')
    case 'no-id':
      return path.includes('{id}')
    case 'no-token':
      return !open
    case 'no-version':
    case 'odd-version':
      return names('header').some(each => each.name === 'if-match' && each.required === true)
    case 'media-type':
      return isJson
    case 'unknown-member':
      // A document of the model may hold anything when it is put into the draft; what it means is found out there.
      return isJson && method !== 'PUT'
    default:
      return isJson
  }
}

/** The parameters of one place: needed ones always, others sometimes; `if-match` has its own way. */
function namedOf(
  { parameters, tag }: DescribedOperation,
  place: Parameter['in'],
  source: ValueSource,
): fc.Arbitrary<Record<string, unknown>> {
  const members: Record<string, fc.Arbitrary<unknown>> = {}
  for (const parameter of parameters.filter(each => each.in === place && each.name !== 'if-match')) {
    const schema = parameter.schema ?? Object.values(parameter.content ?? {})[0]?.schema ?? {}
    // An address names a record of what it is about: any other id would be as good as none.
    const known = place === 'query' ? source.addressed?.[parameter.name] : undefined
    const values = known === undefined ? valuesOf(place === 'path' ? { 'x-target': tag, ...schema } : schema, source) : oneOf(known)
    if (values === null || (source.sparing === true && parameter.required !== true)) continue
    const written = parameter.content === undefined ? values : values.map(value => JSON.stringify(value))
    members[parameter.name] = parameter.required === true ? written : fc.option(written, { freq: SOMETIMES, nil: undefined })
  }
  return fc.record(members)
}

const oneOf = (values: readonly unknown[]): fc.Arbitrary<unknown> | null => (values.length === 0 ? null : fc.constantFrom(...values))

function bodyOf({ body }: DescribedOperation, source: ValueSource): fc.Arbitrary<Made['body']> {
  const choices = [...body].flatMap(([type, schema]) => {
    const values = valuesOf(schema, source)
    return values === null ? [] : [values.map(value => ({ type, value }))]
  })
  return choices.length === 0 ? fc.constant(null) : fc.oneof(...choices)
}

function requestOf(operation: DescribedOperation, made: Made): Asked {
  const { parts, query, headers, body, broken, chance } = made
  const asked = {
    ...query,
    ...(broken === 'unknown-parameter' ? { zz_unknown: '1' } : {}),
    ...(broken === 'parameter' ? { limit: 'many' } : {}),
  }
  const pairs = Object.entries(asked).flatMap(([name, value]) =>
    value === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`],
  )
  const needsVersion = operation.parameters.some(each => each.name === 'if-match' && each.required === true)
  return {
    operation,
    parts: broken === 'no-id' ? { ...parts, id: 'no-id' } : parts,
    query: pairs.join('&'),
    headers: Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]))),
    body: body === null ? null : written(body, broken, chance),
    value: body?.value,
    version: !needsVersion || broken === 'no-version' ? 'none' : broken === 'odd-version' ? 'odd' : made.version,
    token: broken !== 'no-token' && !operation.open,
    broken,
  }
}

/** One in so many times what nobody has to say is left out; for fast-check 1 would be always. */
const SOMETIMES = 2

const BOUNDARY = 'parts-of-the-conformance-loop'

function written({ type, value }: NonNullable<Made['body']>, broken: Break | null, chance: number): NonNullable<Asked['body']> {
  if (type === 'multipart/form-data') return { type: `${type}; boundary=${BOUNDARY}`, text: partsOf(value as Record<string, string>) }
  switch (broken) {
    case 'no-json':
      return { type, text: `${JSON.stringify(value)}}` }
    case 'no-object':
      return { type, text: '[1]' }
    case 'nul':
      return { type, text: '{"name":"\\u0000"}' }
    case 'media-type':
      return { type: 'text/plain', text: JSON.stringify(value) }
    case 'unknown-member':
      return { type, text: JSON.stringify({ ...(value as object), zz_unknown: 1 }) }
    case 'member':
    case 'shape':
      return { type, text: JSON.stringify(bent(value, broken, chance)) }
    default:
      return { type, text: JSON.stringify(value) }
  }
}

const WRONG: readonly unknown[] = [
  null,
  0,
  -1,
  1e300,
  '',
  'x',
  '\ud83d\ude00'.repeat(300),
  [],
  [[]],
  {},
  { a: { b: {} } },
  true,
  '$user.id',
  '2026-02-30',
]

/** One member of another kind, or without one. */
function bent(value: unknown, how: 'member' | 'shape', chance: number): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return WRONG[chance % WRONG.length]
  const names = Object.keys(value)
  const name = names[chance % Math.max(1, names.length)]
  if (name === undefined) return value
  const { [name]: member, ...rest } = value as Record<string, unknown>
  if (how === 'shape') return rest
  const inner = typeof member === 'object' && member !== null && chance % 3 === 0
  return { ...rest, [name]: inner ? bent(member, how, chance >> 2) : WRONG[chance % WRONG.length] }
}

function partsOf(fields: Readonly<Record<string, string>>): string {
  const part = (name: string, text: string): string => {
    const file = name === 'file' ? '; filename="rows.csv"\r\ncontent-type: text/csv' : ''
    return `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"${file}\r\n\r\n${text}\r\n`
  }
  return `${Object.entries(fields)
    .map(([name, text]) => part(name, text))
    .join('')}--${BOUNDARY}--\r\n`
}
