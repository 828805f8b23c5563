/** Makes of a fastify request what a handler sees, with its body and parameters checked. */
import { Readable } from 'node:stream'
import type { FastifyRequest } from 'fastify'
import { said, words } from '../../metadata/said.ts'
import { at, type Caller, type Locale, type RequestContext } from '../kernel/context.ts'
import { validatorOf } from '../kernel/schema.ts'
import type { ModelContext } from '../model/types.ts'
import type { Engine } from './engine.ts'
import { httpErrors } from './errors.ts'
import { type Exchange, localeOf } from './exchange.ts'
import { readIdempotencyKey, readIfMatch, readModelRevision } from './headers.ts'
import { readQuery } from './query-string.ts'
import { type DoorRequest, nameOf, type Origin, type Route, type UploadPart } from './route.ts'
import { titleIn } from './titles.ts'

/** What was read of a request before its handler sees it. */
interface Read {
  readonly origin: Origin
  readonly query: Readonly<Record<string, unknown>>
  readonly body: unknown
  readonly path: string
  readonly atLeast: number | undefined
}

/** Checks a request against its route. Throws HTTP_* 400 and 422. */
export function openDoor(engine: Engine, route: Route, request: FastifyRequest, exchange: Exchange): DoorRequest {
  const { headers } = request
  const locale = localeOf(exchange)
  const [path = '', ...rest] = (request.raw.url ?? '').split('?')
  const query = readQuery(rest.join('?'), route.query, locale)
  const body = requireBody(route, request.body, locale)
  const atLeast = readModelRevision(headers['model-revision'])
  const origin: Origin = {
    traceId: exchange.trace.traceId,
    traceparent: exchange.trace.traceparent,
    route: nameOf(route),
    ip: exchange.ip,
    now: exchange.now,
    locale,
    userAgent: headers['user-agent']?.slice(0, 300) ?? null,
    stations: exchange.stations,
  }
  return new Door(engine, route, request, exchange, { origin, query, body, path, atLeast })
}

/** A class, for V8 gives each literal with an accessor a shape of its own: it held what belongs to a request until a full collection. */
class Door implements DoorRequest {
  readonly engine: Engine
  readonly origin: Origin
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, unknown>>
  readonly body: unknown
  readonly headers: FastifyRequest['headers']
  readonly path: string
  readonly idempotencyKey: string | null
  readonly #route: Route
  readonly #request: FastifyRequest
  readonly #exchange: Exchange
  readonly #ctx: RequestContext | null
  readonly #atLeast: number | undefined
  #model: Promise<ModelContext> | null = null

  constructor(engine: Engine, route: Route, request: FastifyRequest, exchange: Exchange, read: Read) {
    this.engine = engine
    this.origin = read.origin
    this.params = request.params as Readonly<Record<string, string>>
    this.query = read.query
    this.body = read.body
    this.headers = request.headers
    this.path = read.path
    this.idempotencyKey = readIdempotencyKey(request.headers['idempotency-key'])
    this.#route = route
    this.#request = request
    this.#exchange = exchange
    this.#ctx = contextOf(read.origin, exchange)
    this.#atLeast = read.atLeast
  }

  get ctx(): RequestContext {
    if (this.#ctx === null) throw new Error(`${this.origin.route} has no caller.`)
    return this.#ctx
  }

  // Handlers take these out of the request and call them by themselves.
  readonly model = async (): Promise<ModelContext> => {
    const atLeast = this.#atLeast
    this.#model ??= at(this.#exchange.stations, 'model', 'getModel', atLeast ?? null, () => this.engine.models.take(this.ctx, atLeast))
    const taken = await this.#model
    this.#exchange.revision = taken.revision
    return taken
  }

  readonly ifMatch = (): number => readIfMatch(this.headers['if-match'])

  readonly parts = (): AsyncIterable<UploadPart> => partsOf(this.#request, this.#route)

  concerns(tenantId: string): void {
    this.#exchange.tenantId = tenantId
  }
}

function requireBody(route: Route, body: unknown, locale: Origin['locale']): unknown {
  if (route.body === undefined) return undefined
  if (body === undefined)
    throw httpErrors.BODY_MALFORMED({}, { errors: [said({ pointer: '', code: 'JSON_SYNTAX' }, words('There is no JSON here.'))] })
  const problems = validatorOf(route.body)(body, { locale, titleIn })
  if (problems.length > 0) throw httpErrors.BODY_INVALID({ count: problems.length }, { errors: problems })
  return body
}

function contextOf(origin: Origin, { caller, asked }: Exchange): RequestContext | null {
  if (caller === null) return null
  const { traceId, traceparent, route, ip, now, stations } = origin
  const speaking = asked === null || asked === caller.locale ? caller : speakingOf(caller, asked)
  return { traceId, traceparent, route, ip, now, caller: speaking, causationId: null, stations }
}

const speakers = new WeakMap<Caller, Map<Locale, Caller>>()

/** A caller who asked for another language than his own: one object per language, as he is one object himself. */
function speakingOf(caller: Caller, locale: Locale): Caller {
  const known = speakers.get(caller) ?? new Map<Locale, Caller>()
  speakers.set(caller, known)
  const speaking = known.get(locale) ?? { ...caller, locale }
  known.set(locale, speaking)
  return speaking
}

async function* partsOf(request: FastifyRequest, route: Route): AsyncIterable<UploadPart> {
  if (route.upload === undefined) throw new Error(`${nameOf(route)} takes no upload.`)
  const limits = { fileSize: route.upload.maxBytes, files: 1, fields: 10, fieldSize: 64 * 1024, parts: 11, headerPairs: 20 }
  try {
    for await (const part of request.parts({ limits })) {
      if (part.type === 'field') yield { kind: 'field', name: part.fieldname, value: String(part.value) }
      else
        yield {
          kind: 'file',
          name: part.fieldname,
          filename: part.filename,
          mediaType: part.mimetype,
          content: Readable.from(chunksOf(part.file)),
        }
    }
  } catch (error) {
    throw toUploadError(error)
  }
}

async function* chunksOf(file: Readable & { truncated: boolean }): AsyncIterable<Buffer> {
  try {
    for await (const chunk of file) yield chunk as Buffer
  } catch (error) {
    throw toUploadError(error)
  }
  if (file.truncated) throw httpErrors.UPLOAD_TOO_LARGE({})
}

/** The parser's own errors carry no code where the bytes themselves are at fault. */
function toUploadError(thrown: unknown): unknown {
  return thrown instanceof Error && thrown.name === 'Error' && !('code' in thrown)
    ? httpErrors.BODY_MALFORMED({}, { cause: thrown })
    : thrown
}
