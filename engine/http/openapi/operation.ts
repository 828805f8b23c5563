/** Puts one operation of the document together: what its route declares, what its words add, and the responses that many share. Knows no entity. */
import { createHash } from 'node:crypto'
import type { Locale } from '../../kernel/context.ts'
import type { JsonSchema } from '../../kernel/schema.ts'
import { typeOf } from '../problem.ts'
import type { Route } from '../route.ts'
import { codesOf, titleOf } from './codes.ts'
import { type AnswerHeader, type AnswerWords, component, ID, type OperationWords, type RequestHeader, TEXT } from './operation-words.ts'
import { inWordsOf, wordsIn } from './own-words.ts'
import { type Phrase, phraseIn } from './phrases.ts'

export const PROBLEM_MEDIA_TYPE = 'application/problem+json'

/** Headers of answers, each once, in a language. */
export function responseHeaders(locale: Locale): Readonly<Record<string, JsonSchema>> {
  const headerOf = (description: Phrase, schema: JsonSchema): JsonSchema => ({ description: phraseIn(description, locale), schema })
  return {
    'trace-id': headerOf('What this request is found by in logs, audit and events.', { type: 'string', pattern: '^[0-9a-f]{32}$' }),
    'model-revision': headerOf('The revision the answer was made with; sent back, no older one is used.', { type: 'integer', minimum: 1 }),
    etag: headerOf('The version of what was answered, as if-match and if-none-match take it.', { type: 'string', pattern: '^"[^"]+"$' }),
    location: headerOf('Where it is.', { type: 'string', format: 'uri-reference' }),
    'retry-after': headerOf('Seconds after which it is worth trying again.', { type: 'integer', minimum: 0 }),
    'set-cookie': headerOf('The cookie by which the token is renewed.', TEXT),
    'content-disposition': headerOf('The name of the file.', TEXT),
  }
}

/** Headers of requests, each once. */
const REQUEST_HEADERS: Readonly<Record<RequestHeader, JsonSchema & { readonly description: Phrase }>> = {
  'if-match': {
    name: 'if-match',
    in: 'header',
    required: true,
    description: 'The version you have seen, in quotes.',
    schema: { type: 'string', pattern: '^"[1-9][0-9]{0,9}"$' },
    example: '"3"',
  },
  'if-match-optional': {
    name: 'if-match',
    in: 'header',
    description: 'The version of the draft you have seen, in quotes; `"0"`: it was not in it.',
    schema: { type: 'string', pattern: '^"(?:0|[1-9][0-9]{0,9})"$' },
    example: '"0"',
  },
  'if-none-match': {
    name: 'if-none-match',
    in: 'header',
    description: 'The tag of what you hold.',
    schema: { type: 'string', maxLength: 1_000 },
  },
  'idempotency-key': {
    name: 'idempotency-key',
    in: 'header',
    description: 'A name of your own for this request: sent again under it, it happens once and is answered alike.',
    schema: { type: 'string', pattern: '^[!-~]{1,200}$' },
  },
  'nexus-client': {
    name: 'nexus-client',
    in: 'header',
    description: 'Any text: a program sent this, or a page of this origin. Without it the request needs an `origin` of this host.',
    schema: { type: 'string', pattern: '^[!-~]{1,200}$' },
    example: 'my-program',
  },
}

/** Parts of addresses by their name in the route. */
const PATH_PARTS: Readonly<Record<string, JsonSchema>> = {
  id: ID,
  revision: { type: 'integer', minimum: 1, maximum: 999_999_999 },
  other: { type: 'integer', minimum: 1, maximum: 999_999_999 },
  version: { type: 'integer', minimum: 1 },
}

/** Parts of the document that many operations share: equal ones are one. Made for one language. */
export class SharedParts {
  readonly locale: Locale
  private readonly made = new Map<string, JsonSchema>()
  private readonly parametersMade = new Map<string, JsonSchema>()

  constructor(locale: Locale) {
    this.locale = locale
  }

  /** A reference to the response of a status with these codes. */
  problem(status: number, codes: readonly string[]): JsonSchema {
    const digest = createHash('sha256').update(codes.join(',')).digest('hex').slice(0, 8)
    const name = `Problem_${status}_${digest}`
    if (!this.made.has(name)) this.made.set(name, problemResponse(status, codes, this.locale))
    return { $ref: `#/components/responses/${name}` }
  }

  /** A reference to a parameter under a name of its own. */
  parameter(name: string, parameter: JsonSchema): JsonSchema {
    this.parametersMade.set(name, parameter)
    return { $ref: `#/components/parameters/${name}` }
  }

  /** All that were asked for, by name. */
  all(): { readonly parameters: Readonly<Record<string, JsonSchema>>; readonly responses: Readonly<Record<string, JsonSchema>> } {
    const sorted = (made: ReadonlyMap<string, JsonSchema>) => Object.fromEntries([...made].sort(([a], [b]) => (a < b ? -1 : 1)))
    return { parameters: sorted(this.parametersMade), responses: sorted(this.made) }
  }
}

function problemResponse(status: number, codes: readonly string[], locale: Locale): JsonSchema {
  const waits = status === 429 || status === 503
  return {
    description: codes.map(code => `- \`${code}\`: ${titleOf(code, locale)}`).join('\n'),
    headers: headersOf(waits ? ['retry-after'] : []),
    content: {
      [PROBLEM_MEDIA_TYPE]: {
        schema: {
          allOf: [
            component('Problem'),
            { type: 'object', properties: { status: { type: 'integer', const: status }, code: { type: 'string', enum: codes } } },
          ],
        },
        example: exampleProblem(status, codes, locale),
      },
    },
  }
}

/** The problem of the first code: without an example of its own, every answer would show the one that stands for all. */
function exampleProblem(status: number, [code = 'INTERNAL']: readonly string[], locale: Locale): JsonSchema {
  const title = titleOf(code, locale)
  return { type: typeOf(code), title, status, code, detail: `${title}.`, trace_id: '4bf92f3577b34da6a3ce929d0e0e4736' }
}

function headersOf(names: readonly (AnswerHeader | 'model-revision')[]): JsonSchema {
  return Object.fromEntries(['trace-id', ...names].map(name => [name, { $ref: `#/components/headers/${name}` }]))
}

/** The operation of a route at an address, which may have its entity filled in. */
export function operationOf(route: Route, words: OperationWords, path: string, shared: SharedParts): JsonSchema {
  const parameters = [
    ...pathParameters(path, words, shared),
    ...queryParameters(route, words, shared.locale),
    ...headerParameters(words, shared),
  ]
  const body = bodyOf(route, words, shared.locale)
  const hasModel = route.access !== 'open'
  const summary = phraseIn(words.summary, shared.locale, words.fill)
  const answer = (of: AnswerWords): JsonSchema =>
    answerOf(
      of.schema === undefined ? of : { ...of, schema: inWordsOf(of.schema, shared.locale, words.fill) },
      phraseIn(of.description, shared.locale, words.fill),
      hasModel,
    )
  return {
    operationId: words.id,
    tags: [words.tag],
    summary,
    description: words.description === undefined ? `${summary}.` : phraseIn(words.description, shared.locale, words.fill),
    ...(route.access === 'open' ? { security: (words.security ?? []).map(scheme => ({ [scheme]: [] })) } : {}),
    ...(typeof route.access === 'object' ? { 'x-capability': route.access.capability } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: { required: true, content: body } }),
    responses: {
      ...Object.fromEntries(Object.entries(words.answers).map(([status, each]) => [status, answer(each)])),
      ...Object.fromEntries([...codesOf(route, words)].map(([status, codes]) => [status, shared.problem(status, codes)])),
    },
  }
}

function answerOf({ schema, types = ['application/json'], headers = [] }: AnswerWords, description: string, hasModel: boolean): JsonSchema {
  return {
    description,
    headers: headersOf([...headers, ...(hasModel ? (['model-revision'] as const) : [])]),
    ...(schema === undefined ? {} : { content: Object.fromEntries(types.map(type => [type, { schema }])) }),
  }
}

function pathParameters(path: string, { parameters = {} }: OperationWords, shared: SharedParts): JsonSchema[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => {
    const said = parameters[name]
    const schema = said ?? PATH_PARTS[name] ?? { type: 'string', minLength: 1, maxLength: 200 }
    const parameter = { name, in: 'path', required: true, schema }
    return said === undefined ? shared.parameter(`path.${name}`, parameter) : parameter
  })
}

/** What the declaration takes; words of an operation say more of a parameter, or leave it out. */
function queryParameters({ query }: Route, { parameters = {}, fill = {} }: OperationWords, locale: Locale): JsonSchema[] {
  const required = (query?.['required'] ?? []) as readonly string[]
  return Object.entries((query?.['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>).flatMap(([name, declared]) => {
    const said = parameters[name]
    if (said === null) return []
    const { title, description = title, ...schema } = said ?? declared
    const isJson = declared['contentMediaType'] === 'application/json'
    return [
      {
        name,
        in: 'query',
        ...(required.includes(name) ? { required: true } : {}),
        ...(typeof description === 'string' ? { description: wordsIn(description, locale, fill) } : {}),
        // Without an example, pages make one up of everything that could be said, and send it.
        ...(isJson ? { content: { 'application/json': { schema, example: {} } } } : { schema }),
      },
    ]
  })
}

function headerParameters({ reads = [] }: OperationWords, shared: SharedParts): JsonSchema[] {
  return reads.map(name => {
    const { description, ...header } = REQUEST_HEADERS[name]
    return shared.parameter(name, { ...header, description: phraseIn(description, shared.locale) })
  })
}

function bodyOf(route: Route, { body, example, fill }: OperationWords, locale: Locale): JsonSchema | undefined {
  const said = body ?? route.body
  const schema = said === undefined ? undefined : inWordsOf(said, locale, fill)
  if (route.upload !== undefined) return { 'multipart/form-data': { schema } }
  if (route.body === undefined || schema === undefined) return undefined
  const content = { schema, ...(example === undefined ? {} : { example }) }
  return route.method === 'PATCH'
    ? { 'application/merge-patch+json': content, 'application/json': content }
    : { 'application/json': content }
}
