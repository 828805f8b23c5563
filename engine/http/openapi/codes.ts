/**
 * Which problems an operation may answer with: what follows from how its route is declared, and what its room adds. The conformance loop holds
 * the document to it: a status or code that is not listed here for an operation may not come from it.
 */
import type { Locale } from '../../kernel/context.ts'
import { listErrorCodes } from '../../kernel/errors.ts'
import type { Route } from '../route.ts'
import type { OperationWords } from './operation-words.ts'

/** What any request may meet before anybody looks at what it asks. */
const ALWAYS = [
  'GUARD_RATE_LIMITED',
  'HTTP_HEADERS_TOO_LARGE',
  'HTTP_HEADER_DUPLICATE',
  'HTTP_HEADER_INVALID',
  'HTTP_MALFORMED_REQUEST',
  'HTTP_MALFORMED_URL',
  'HTTP_OVERLOADED',
  'HTTP_QUERY_INVALID',
  'HTTP_QUERY_MALFORMED',
  'HTTP_REQUEST_TIMEOUT',
  'HTTP_URI_TOO_LONG',
  'INTERNAL',
] as const

/** What a store that is away or slow makes of a request. */
const STORED = ['SQL_CONFLICT', 'SQL_TIMEOUT', 'SQL_UNAVAILABLE'] as const
const SIGNED_IN = ['IDENTITY_UNAUTHENTICATED', 'IDENTITY_STALE', 'MODEL_UNAVAILABLE'] as const
const BODY = ['HTTP_BODY_INVALID', 'HTTP_BODY_MALFORMED', 'HTTP_BODY_TOO_LARGE', 'HTTP_CONTENT_ENCODING', 'HTTP_MEDIA_TYPE'] as const

/** What reading a query, or the part of a record that a write answers with, may refuse. */
export const QUERY_CODES = ['VALIDATE_QUERY_FAILED', 'PLAN_TOO_EXPENSIVE'] as const
/** What a use case of an entity refuses whoever may not use it so. */
export const ENTITY_CODES = ['NOT_FOUND', 'ACCESS_OPERATION_FORBIDDEN'] as const
/** What may stand against a change of records. */
export const WRITE_CODES = [
  'ACCESS_RESULT_FORBIDDEN',
  'ACCESS_ROW_FORBIDDEN',
  'ACCESS_VALUES_FORBIDDEN',
  'EXPRESSION_BUSY',
  'EXPRESSION_EXHAUSTED',
  'EXPRESSION_FAILED',
  'EXPRESSION_INVALID',
  'EXPRESSION_TIMEOUT',
  'EXPRESSION_TOO_LARGE',
  'EXPRESSION_UNAVAILABLE',
  'IDENTITY_ADDRESS_OF_ACCOUNT',
  'IDENTITY_LAST_ADMIN',
  'IDENTITY_MORE_THAN_HELD',
  'IDENTITY_SELF_EDIT',
  'RECORDS_CASCADE_TOO_DEEP',
  'RECORDS_CHANGED_MEANWHILE',
  'RECORDS_NOT_POSSIBLE',
  'RECORDS_NOT_UNIQUE',
  'RECORDS_VERSION_STALE',
  'SQL_OUTCOME_UNKNOWN',
  'VALIDATE_FAILED',
] as const

/** Every code that an operation may answer with, by status. Throws for a code that nobody has declared. */
export function codesOf(route: Route, words: OperationWords): ReadonlyMap<number, readonly string[]> {
  const reads = words.reads ?? []
  const codes = new Set<string>([
    ...ALWAYS,
    ...(route.access === 'open' ? [] : [...SIGNED_IN, ...STORED]),
    ...(typeof route.access === 'object' ? ['ACCESS_CAPABILITY_MISSING'] : []),
    ...(route.body === undefined && route.upload === undefined ? ['HTTP_BODY_UNEXPECTED'] : BODY),
    ...(route.upload === undefined ? [] : ['HTTP_UPLOAD_TOO_LARGE']),
    ...(route.path.includes(':') ? ['NOT_FOUND'] : []),
    ...(reads.includes('if-match') ? ['HTTP_IF_MATCH_REQUIRED'] : []),
    ...(reads.includes('idempotency-key') ? ['GUARD_IDEMPOTENCY_KEY_REUSED', 'SQL_OUTCOME_UNKNOWN'] : []),
    ...words.refuses,
  ])
  const byStatus = new Map<number, string[]>()
  for (const code of [...codes].sort()) {
    const known = catalogue().get(code)
    if (known === undefined) throw new Error(`${words.id} names ${code}, which no room declares.`)
    byStatus.set(known.status, [...(byStatus.get(known.status) ?? []), code])
  }
  return new Map([...byStatus].sort(([a], [b]) => a - b))
}

/** The title of a code. */
export function titleOf(code: string, locale: Locale): string {
  return catalogue().get(code)?.titles[locale] ?? code
}

let known: ReadonlyMap<string, { readonly status: number; readonly titles: Readonly<Record<Locale, string>> }> | null = null

// Rooms declare their errors as they are loaded; by the first document all of them are.
function catalogue(): NonNullable<typeof known> {
  known ??= new Map(listErrorCodes().map(({ code, status, titles }) => [code, { status, titles }]))
  return known
}
