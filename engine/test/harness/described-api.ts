/** An OpenAPI document as a test holds answers against it: its operations, and whether an answer is one of those it promises. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import type { Schema } from './schema-values.ts'

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required?: boolean
  readonly schema?: Schema
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>
}

/** One operation, its references followed as far as parameters. */
export interface DescribedOperation {
  readonly id: string
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  readonly path: string
  readonly tag: string
  /** Whether it is asked without a token. */
  readonly open: boolean
  /** Whether it is asked with the cookie of a sign-in. */
  readonly cookie: boolean
  readonly parameters: readonly Parameter[]
  /** Media type → schema of the body. */
  readonly body: ReadonlyMap<string, Schema>
  readonly statuses: readonly number[]
}

/** An answer as it came. */
export interface GivenAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  readonly json: unknown
}

interface Response {
  readonly headers?: Readonly<Record<string, unknown>>
  readonly content?: Readonly<Record<string, unknown>>
}

interface Operation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly security?: readonly Readonly<Record<string, unknown>>[]
  readonly parameters?: readonly (Parameter | { readonly $ref: string })[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> }
  readonly responses: Readonly<Record<string, Response | { readonly $ref: string }>>
}

export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>>; readonly responses?: Readonly<Record<string, Response>> }
}

/** A document that answers are held against. */
export class DescribedApi {
  readonly schemas: Readonly<Record<string, Schema>>
  readonly operations: readonly DescribedOperation[]
  private readonly document: Document
  private readonly ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: true })
  private readonly checks = new Map<string, ValidateFunction>()

  constructor(document: Document) {
    this.document = document
    this.schemas = document.components.schemas
    addFormats.default(this.ajv)
    this.ajv.addSchema(document, 'api')
    this.operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => this.read(path, method, operation)),
    )
  }

  /** What of an answer is not as promised; null where it is. */
  complaint({ path, method }: DescribedOperation, answer: GivenAnswer): string | null {
    const at = ['paths', path, method.toLowerCase(), 'responses', String(answer.status)]
    const found = this.document.paths[path]?.[method.toLowerCase()]?.responses[answer.status]
    if (found === undefined) return `the status ${answer.status} is not described`
    const [response, place] = '$ref' in found ? [this.follow(found.$ref) as Response, found.$ref.split('/').slice(1)] : [found, at]
    const missing = Object.keys(response.headers ?? {}).filter(name => !OPTIONAL.has(name) && answer.headers[name] === undefined)
    if (missing.length > 0) return `the headers ${missing.join(', ')} are described and not there`
    const type = (answer.headers['content-type'] ?? '').split(';')[0] ?? ''
    if (response.content === undefined) return answer.text === '' ? null : 'a body came where none is described'
    if (response.content[type] === undefined) return `the media type ${type || 'none'} is not described`
    if (!type.endsWith('json')) return null
    const check = this.checkOf([...place, 'content', type, 'schema'])
    return check(answer.json) ? null : `the body is not as described: ${this.ajv.errorsText(check.errors)}`
  }

  /** Why a value does not fit a component; null where it does. */
  misfit(name: string, value: unknown): string | null {
    const check = this.checkOf(['components', 'schemas', name])
    return check(value) ? null : this.ajv.errorsText(check.errors)
  }

  private checkOf(place: readonly string[]): ValidateFunction {
    const pointer = place.map(part => `/${encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('')
    const known = this.checks.get(pointer) ?? this.ajv.compile({ $ref: `api#${pointer}` })
    this.checks.set(pointer, known)
    return known
  }

  private read(path: string, method: string, operation: Operation): DescribedOperation {
    return {
      id: operation.operationId,
      method: method.toUpperCase() as DescribedOperation['method'],
      path,
      tag: operation.tags[0] ?? '',
      open: operation.security?.every(scheme => 'bearer' in scheme) === false || operation.security?.length === 0,
      cookie: operation.security?.some(scheme => 'cookie' in scheme) === true,
      parameters: (operation.parameters ?? []).map(each => ('$ref' in each ? (this.follow(each.$ref) as Parameter) : each)),
      body: new Map(Object.entries(operation.requestBody?.content ?? {}).map(([type, { schema }]) => [type, schema])),
      statuses: Object.keys(operation.responses).map(Number),
    }
  }

  private follow(reference: string): unknown {
    return reference
      .split('/')
      .slice(1)
      .reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], this.document)
  }
}

/** There where it makes sense: when waiting helps, when a model was taken, when a cookie changes. */
const OPTIONAL: ReadonlySet<string> = new Set(['retry-after', 'model-revision', 'set-cookie'])
