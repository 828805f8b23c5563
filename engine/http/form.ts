/** The outer form of a body: whether one is expected, of which media type and size, and that it is JSON. Knows no schema. */
import type { FastifyRequest } from 'fastify'
import { said, words } from '../../metadata/said.ts'
import { type ParsedJson, parseJson } from '../kernel/json.ts'
import { httpErrors } from './errors.ts'
import { hasBody, requireMediaType } from './headers.ts'
import type { Route } from './route.ts'

/** The largest JSON body. */
export const BODY_BYTES = 1024 * 1024

/** The largest request of a route, in bytes of body. */
export function bodyLimitOf({ upload }: Route): number {
  // Boundaries and fields come on top of the file.
  return upload === undefined ? BODY_BYTES : upload.maxBytes + BODY_BYTES
}

/** Refuses a body that a route does not take, before a byte of it is read. */
export function requireForm(route: Route, { raw }: FastifyRequest): void {
  const isThere = hasBody(raw)
  if (route.body === undefined && route.upload === undefined) {
    if (isThere) throw httpErrors.BODY_UNEXPECTED({})
    return
  }
  if (isThere || raw.headers['content-type'] !== undefined) {
    requireMediaType(raw, route.upload !== undefined ? 'multipart' : route.method === 'PATCH' ? 'merge-patch' : 'json')
  }
  const limit = bodyLimitOf(route)
  if (Number(raw.headers['content-length'] ?? 0) > limit)
    throw httpErrors.BODY_TOO_LARGE({ limit: `${Math.floor(limit / 1024 / 1024)} MB` })
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Reads a body as JSON; bytes that are no UTF-8 are refused, not replaced. */
export function parseBody(bytes: Buffer): ParsedJson {
  let text: string
  try {
    text = utf8.decode(bytes)
  } catch {
    return { ok: false, problem: said({ pointer: '', code: 'JSON_ENCODING' }, words('The body is not UTF-8.')) }
  }
  return parseJson(text)
}
