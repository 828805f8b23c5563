/**
 * Makes the OpenAPI 3.1 document of one caller: the operations that he may use, with his entities' schemas, what each may refuse, headers and
 * caps. A name that does not exist for him is not in it. Pure; what may be done is told by his grants and capabilities.
 */
import type { Grant } from '../../access/types.ts'
import { REFRESH_COOKIE } from '../../identity/index.ts'
import type { Capability, Locale } from '../../kernel/context.ts'
import type { JsonSchema } from '../../kernel/schema.ts'
import { type CallerNames, type ComponentSchemas, exampleOf, speak } from '../../shape/index.ts'
import { nameOf, type Route } from '../route.ts'
import { CALLER_OPERATIONS } from './caller-operations.ts'
import { entityOperations, type EntityWords } from './entity-operations.ts'
import { FIXED_SCHEMAS } from './fixed-schemas.ts'
import { ADMINISTRATION_OPERATIONS } from './administration-operations.ts'
import { operationOf, responseHeaders, SharedParts } from './operation.ts'
import type { OperationWords } from './operation-words.ts'
import { inWordsOf } from './own-words.ts'
import { type Phrase, phraseIn } from './phrases.ts'

/** Whom a document is for, and over what. */
export interface DocumentSource {
  readonly names: CallerNames
  readonly locale: Locale
  readonly schemas: ComponentSchemas
  readonly capabilities: ReadonlySet<Capability>
  readonly tenant: string
  readonly revision: number
  readonly version: string
  readonly routes: readonly Route[]
}

/** Routes that no document describes, and why. */
export const NOT_DESCRIBED: Readonly<Record<string, string>> = {
  'GET /content/health': 'is asked by the gateway of the content role',
  'GET /content/version': 'is asked by the gateway of the content role',
  'GET /api/client.js': 'is a program, made from this description',
  'GET /api/client.d.ts': 'belongs to the program',
  'GET /api/docs': 'is a page for people',
  'GET /api/docs/:file': 'belongs to the page',
  'GET /api/platform/tenants': 'is the operator’s, who is no caller',
  'POST /api/platform/tenants': 'is the operator’s, who is no caller',
  'PATCH /api/platform/tenants/:key': 'is the operator’s, who is no caller',
}

/** Words of every route that is the same for all entities. */
export const FIXED_OPERATIONS: Readonly<Record<string, OperationWords>> = { ...CALLER_OPERATIONS, ...ADMINISTRATION_OPERATIONS }

const TAGS: Readonly<Record<string, Phrase>> = {
  auth: 'Sign in and out',
  me: 'Who you are',
  model: 'What exists for you',
  import: 'Records out of files',
  admin: 'People, keys, sessions, the audit',
  studio: 'The model and its draft',
  house: 'The program itself',
}

const INTRODUCTION: readonly [Phrase, ...Phrase[]] = [
  'What you may do in this tenant, and nothing else: made from the model, your profiles and your language.',
  'Answers are `{"data": …}`; whatever goes wrong is a problem document with a stable `code`.',
  'Every answer carries `trace-id`; those made from the model carry `model-revision`.',
  'A change names the version it was made from in `if-match`; a create may be repeated under one `idempotency-key`.',
  'Values of options have their labels in `x-enum-labels`.',
]

function introductionIn(locale: Locale): string {
  const [first, ...points] = INTRODUCTION
  return `${phraseIn(first, locale)}\n\n${points.map(point => `- ${phraseIn(point, locale)}`).join('\n')}`
}

/** The document, ready to be sent as JSON. */
export function openApiDocument(source: DocumentSource): Record<string, unknown> {
  const { names, schemas, locale } = source
  const shared = new SharedParts(locale)
  const paths: Record<string, Record<string, unknown>> = {}
  const tags = new Map<string, string>()
  const tagIn = (tag: string): string => {
    const phrase = TAGS[tag]
    return phrase === undefined ? tag : phraseIn(phrase, locale)
  }
  const add = (route: Route, words: OperationWords, path: string, tagWords: string): void => {
    const address = path.replaceAll(/:(\w+)/g, '{$1}')
    paths[address] = { ...paths[address], [route.method.toLowerCase()]: operationOf(route, words, path, shared) }
    tags.set(words.tag, tagWords)
  }
  for (const grant of [...names.model.entities.keys()].flatMap(key => names.grant(key) ?? [])) {
    const words = entityOperations(entityWords(source, grant))
    for (const route of source.routes.filter(isOfEntity)) {
      const found = words[nameOf(route)]
      if (found !== undefined) add(route, found, route.path.replace(':entity', grant.entity.key), labelsOf(names, grant).plural)
    }
  }
  for (const route of source.routes) {
    const found = FIXED_OPERATIONS[nameOf(route)]
    if (found !== undefined && mayCall(route, source.capabilities)) add(route, forCaller(found, source), route.path, tagIn(found.tag))
  }
  return {
    openapi: '3.1.0',
    info: {
      title: `Nexus: ${source.tenant}`,
      version: `${source.version}+r${source.revision}`,
      description: introductionIn(locale),
      contact: { name: source.tenant },
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }],
    tags: [...tags].map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: phraseIn('The access token of a sign-in, or an API key.', locale) },
        cookie: {
          type: 'apiKey',
          in: 'cookie',
          name: REFRESH_COOKIE,
          description: phraseIn('The cookie by which the token is renewed.', locale),
        },
      },
      headers: usedHeaders(responseHeaders(locale), [paths, shared.all()]),
      ...shared.all(),
      schemas: usedSchemas({ ...withExamples(schemas), ...fixedSchemasIn(locale) }, [paths, shared.all()]),
    },
  }
}

/** Whether a route belongs to the records of an entity. */
export function isOfEntity(route: Route): boolean {
  return route.path.startsWith('/api/records/:entity')
}

function mayCall({ access }: Route, capabilities: ReadonlySet<Capability>): boolean {
  return typeof access === 'object' ? capabilities.has(access.capability) : access !== 'operator'
}

/** Parameters that name entities take those of the caller. */
function forCaller(words: OperationWords, { names }: DocumentSource): OperationWords {
  if (words.id !== 'model_form') return words
  const entities = [...names.model.entities.keys()].filter(key => names.grant(key) !== null)
  return { ...words, parameters: { entity: { type: 'string', enum: entities } } }
}

function labelsOf(names: CallerNames, { entity }: Grant): { readonly label: string; readonly plural: string } {
  return { label: speak(entity.labels, names.locale, entity.key), plural: speak(entity.pluralLabels, names.locale, entity.key) }
}

function entityWords({ names, schemas, capabilities }: DocumentSource, grant: Grant): EntityWords {
  return {
    grant,
    ...labelsOf(names, grant),
    searchable: [...grant.fields.values()].some(({ field }) => names.isSearchable(grant, field)),
    has: name => name in schemas,
    mayExport: capabilities.has('data.export'),
  }
}

/** What of an entity is read and sent most has an example. */
const EXEMPLARY = /^[a-z0-9_]+(?:\.(?:create|patch|query|aggregate|export|bulk|convert|reveal))?$/
/** Names in the selection of an example. */
const SHOWN_NAMES = 5

function withExamples(schemas: ComponentSchemas): ComponentSchemas {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => {
      const example = EXEMPLARY.test(name) ? (usualQuery(name, schemas) ?? exampleOf(schema, schemas)) : undefined
      return [name, example === undefined ? schema : { ...schema, examples: [example] }]
    }),
  )
}

/** Queries in which everything is said at once are nobody's: an example asks for what can be answered. */
function usualQuery(name: string, schemas: ComponentSchemas): unknown {
  const [entity = '', part] = name.split('.')
  if (part === 'aggregate') return { measures: { records: { count: '*' } } }
  if (part !== 'query' && part !== 'export') return undefined
  return { select: Object.keys(schemas[entity]?.['properties'] ?? {}).slice(0, SHOWN_NAMES), limit: 10 }
}

function fixedSchemasIn(locale: Locale): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(FIXED_SCHEMAS).map(([name, schema]) => [name, inWordsOf(schema, locale)]))
}

/** Of the headers of answers those that one of them has. */
function usedHeaders(headers: Readonly<Record<string, JsonSchema>>, answers: readonly unknown[]): Record<string, JsonSchema> {
  const text = JSON.stringify(answers)
  return Object.fromEntries(Object.entries(headers).filter(([name]) => text.includes(`"#/components/headers/${name}"`)))
}

/** Of the schemas those that somebody refers to, at any remove. */
function usedSchemas(schemas: Readonly<Record<string, JsonSchema>>, roots: readonly unknown[]): Record<string, JsonSchema> {
  const used = new Set<string>()
  const visit = (value: unknown): void => {
    for (const [, name = ''] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      const schema = schemas[name]
      if (used.has(name) || schema === undefined) continue
      used.add(name)
      visit(schema)
    }
  }
  for (const root of roots) visit(root)
  return Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name)))
}
