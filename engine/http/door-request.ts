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
  const ctx = contextOf(origin, exchange)
  let model: Promise<ModelContext> | null = null

  const door: DoorRequest = {
    engine,
    origin,
    get ctx() {
      if (ctx === null) throw new Error(`${origin.route} has no caller.`)
      return ctx
    },
    params: request.params as Readonly<Record<string, string>>,
    query,
    body,
    headers,
    path,
    model: () => {
      model ??= at(exchange.stations, 'model', 'getModel', atLeast ?? null, () => engine.models.take(door.ctx, atLeast))
      return model.then(taken => {
        exchange.revision = taken.revision
        return taken
      })
    },
    ifMatch: () => readIfMatch(headers['if-match']),
    idempotencyKey: readIdempotencyKey(headers['idempotency-key']),
    parts: () => partsOf(request, route),
  }
  return door
}

function requireBody(route: Route, body: unknown, locale: Origin['locale']): unknown {
  if (route.body === undefined) return undefined
  if (body === undefined)
    throw httpErrors.BODY_MALFORMED({}, { errors: [said({ pointer: '', code: 'JSON_SYNTAX' }, words('There is no JSON here.'))] })
  const problems = validatorOf(route.body)(body, { locale })
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
