/** Reads the headers the door itself understands. Pure; knows no route. */
import type { IncomingMessage } from 'node:http'
import { LOCALES, type Locale } from '../kernel/context.ts'
import { httpErrors } from './errors.ts'

/** The longest address; a query that needs more goes into a body. */
export const URL_LENGTH = 8192

// Twice one of these means two readers may believe two things (security R12); Node would silently keep the first or the last.
const ONCE = new Set([
  'authorization',
  'content-encoding',
  'content-length',
  'content-type',
  'cookie',
  'host',
  'idempotency-key',
  'if-match',
  'model-revision',
  'origin',
  'traceparent',
  'transfer-encoding',
])

/** Refuses a head that could be read in two ways. */
export function requireSoundHead(request: IncomingMessage): void {
  const url = request.url ?? ''
  if (url.length > URL_LENGTH) throw httpErrors.URI_TOO_LONG({ limit: String(URL_LENGTH) })
  // Neither is an address of HTTP; the router would cut the one and take the other for a name.
  if (url.includes('#') || url.includes('\\')) throw httpErrors.MALFORMED_URL({})
  const seen = new Set<string>()
  for (let n = 0; n < request.rawHeaders.length; n += 2) {
    const name = (request.rawHeaders[n] ?? '').toLowerCase()
    if (!ONCE.has(name)) continue
    if (seen.has(name)) throw httpErrors.HEADER_DUPLICATE({ name })
    seen.add(name)
  }
  // Node takes any coding before `chunked`, and leaves the body coded; a proxy in front may take it off.
  if ((request.headers['transfer-encoding'] ?? 'chunked').toLowerCase() !== 'chunked')
    throw httpErrors.HEADER_INVALID({ name: 'transfer-encoding' })
  if (request.httpVersionMajor !== 1) throw httpErrors.VERSION_NOT_SUPPORTED({})
  if (request.httpVersionMinor === 1 && !isHost(request.headers.host)) throw httpErrors.HEADER_INVALID({ name: 'host' })
}

function isHost(host: string | undefined): boolean {
  return host !== undefined && /^[A-Za-z0-9._:[\]-]{1,255}$/.test(host)
}

/** Whether a body follows the head. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] !== undefined && headers['content-length'] !== '0')
}

const JSON_TYPE = /^application\/json(?:\s*;\s*charset="?utf-8"?)?$/i
const MERGE_PATCH_TYPE = /^application\/merge-patch\+json(?:\s*;\s*charset="?utf-8"?)?$/i
const MULTIPART_TYPE = /^multipart\/form-data\s*;\s*boundary="?[A-Za-z0-9'()+_,./:=? -]{1,70}"?$/i

export type BodyKind = 'json' | 'merge-patch' | 'multipart'

/** Refuses any other media type than the one a route takes; a PATCH may also name its own, RFC 7396. */
export function requireMediaType({ headers }: IncomingMessage, kind: BodyKind): void {
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity')
    throw httpErrors.CONTENT_ENCODING({}, { headers: { 'accept-encoding': 'identity' } })
  const type = headers['content-type']?.trim() ?? ''
  const isTaken =
    kind === 'multipart' ? MULTIPART_TYPE.test(type) : JSON_TYPE.test(type) || (kind === 'merge-patch' && MERGE_PATCH_TYPE.test(type))
  if (isTaken) return
  const allowed =
    kind === 'multipart'
      ? 'multipart/form-data'
      : kind === 'merge-patch'
        ? 'application/json, application/merge-patch+json'
        : 'application/json'
  throw httpErrors.MEDIA_TYPE({ allowed }, { headers: { accept: allowed } })
}

/** The version a client has seen. Throws 428 without the header, 400 for anything else than one strong tag with a number. */
export function readIfMatch(header: string | undefined): number {
  if (header === undefined) throw httpErrors.IF_MATCH_REQUIRED({})
  const version = Number(/^"([1-9][0-9]{0,9})"$/.exec(header)?.[1])
  if (!Number.isInteger(version) || version > 2_147_483_647) throw httpErrors.HEADER_INVALID({ name: 'if-match' })
  return version
}

/** Whether the client already holds what carries this tag; weak tags compare as RFC 9110 says for if-none-match. */
export function isKnownTag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  const plain = (tag: string): string => tag.trim().replace(/^W\//, '')
  return header.trim() === '*' || header.split(',').some(tag => plain(tag) === plain(etag))
}

/** The client's idempotency key, null without one. */
export function readIdempotencyKey(header: string | string[] | undefined): string | null {
  if (header === undefined) return null
  if (typeof header !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(header)) throw httpErrors.HEADER_INVALID({ name: 'idempotency-key' })
  return header
}

/** The revision a client has seen, undefined without one. */
export function readModelRevision(header: string | string[] | undefined): number | undefined {
  if (header === undefined) return undefined
  if (typeof header !== 'string' || !/^[0-9]{1,9}$/.test(header)) throw httpErrors.HEADER_INVALID({ name: 'model-revision' })
  return Number(header)
}

/** The best of our languages that a client asks for; null when it asks for none of them. */
export function readLanguage(header: string | undefined): Locale | null {
  if (header === undefined || header.length > 500) return null
  let best: { locale: Locale; quality: number } | null = null
  for (const range of header.split(',')) {
    const [, tag = '', weight] = /^\s*([A-Za-z]{2,3})(?:-[A-Za-z0-9-]+)?\s*(?:;\s*q\s*=\s*([01](?:\.[0-9]{0,3})?))?\s*$/.exec(range) ?? []
    const locale = LOCALES.find(known => known === tag.toLowerCase())
    const quality = weight === undefined ? 1 : Number(weight)
    if (locale !== undefined && quality > 0 && quality > (best?.quality ?? 0)) best = { locale, quality }
  }
  return best?.locale ?? null
}
