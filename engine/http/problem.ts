/**
 * Turns whatever was thrown into the one shape of errors (RFC 9457, contracts §3). Nothing of the database, a stack or another caller's
 * names can get in: only the words of a catalogue and the problems a room has written. Knows no fastify.
 */
import type { Locale } from '../kernel/context.ts'
import { commonErrors, EngineError } from '../kernel/errors.ts'
import type { Problem } from '../../metadata/problem.ts'
import { spoken } from '../../metadata/said.ts'
import { SqlFailure, type SqlFailureKind } from '../platform/index.ts'
import { translate } from '../../metadata/translate.ts'
import { httpErrors, sqlErrors } from './errors.ts'

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8'

/** A problem, ready to be sent. */
export interface RenderedProblem {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

// What schemas promise to readers of problems.
const TEXT_LENGTH = 2000
// A body with thousands of mistakes is not answered with thousands of sentences.
const MOST_ERRORS = 100

/** A problem as a document: for an answer of its own, or for one item of many. */
export function problemDocument(error: EngineError, traceId: string, locale: Locale): Readonly<Record<string, unknown>> {
  const { title, detail, hint } = error.speak(locale)
  return {
    type: typeOf(error.code),
    title,
    status: error.status,
    code: error.code,
    detail: clip(detail),
    trace_id: traceId,
    ...(hint === undefined ? {} : { hint: clip(hint) }),
    ...(error.errors.length === 0
      ? {}
      : { errors: error.errors.slice(0, MOST_ERRORS).map(problem => clipProblem(spoken(problem, locale, translate))) }),
    ...error.members,
  }
}

/** The answer to a request that failed; all trace ids have one length, so that two refusals differ in nothing but it. */
export function renderProblem(error: EngineError, traceId: string, locale: Locale): RenderedProblem {
  return { status: error.status, headers: error.headers, body: JSON.stringify(problemDocument(error, traceId, locale)) }
}

function clip<Text extends string>(text: Text): Text {
  return text.length > TEXT_LENGTH ? (`${text.slice(0, TEXT_LENGTH - 1)}…` as Text) : text
}

function clipProblem(problem: Problem): Problem {
  return {
    ...problem,
    pointer: clip(problem.pointer),
    message: clip(problem.message),
    ...(problem.hint === undefined ? {} : { hint: clip(problem.hint) }),
  }
}

/** The engine's error for anything that was thrown; what nobody foresaw is INTERNAL, with the cause kept for the log. */
export function toEngineError(thrown: unknown): EngineError {
  if (thrown instanceof EngineError) return thrown
  if (thrown instanceof SqlFailure) return SQL[thrown.kind](thrown)
  return fromFramework(thrown) ?? commonErrors.INTERNAL({}, { cause: thrown })
}

const soon = (cause: unknown): { cause: unknown; headers: Record<string, string> } => ({ cause, headers: { 'retry-after': '2' } })

const SQL: Readonly<Record<SqlFailureKind, (failure: SqlFailure) => EngineError>> = {
  unique: cause => sqlErrors.CONFLICT({}, { cause }),
  foreign: cause => sqlErrors.CONFLICT({}, { cause }),
  serialization: cause => sqlErrors.CONFLICT({}, soon(cause)),
  lock_timeout: cause => sqlErrors.TIMEOUT({}, soon(cause)),
  statement_timeout: cause => sqlErrors.TIMEOUT({}, soon(cause)),
  transaction_timeout: cause => sqlErrors.TIMEOUT({}, soon(cause)),
  crowded: cause => httpErrors.OVERLOADED({}, { cause, headers: { 'retry-after': '5' } }),
  unavailable: cause => sqlErrors.UNAVAILABLE({}, soon(cause)),
  outcome_unknown: cause => sqlErrors.OUTCOME_UNKNOWN({}, { cause }),
  check: cause => commonErrors.INTERNAL({}, { cause }),
  other: cause => commonErrors.INTERNAL({}, { cause }),
}

/** The few refusals that fastify, its plugins and the disk make themselves. */
function fromFramework(thrown: unknown): EngineError | undefined {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
  switch (code) {
    case 'FST_ERR_BAD_URL':
      return httpErrors.MALFORMED_URL({})
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return commonErrors.NOT_FOUND({})
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return httpErrors.BODY_TOO_LARGE({ limit: '1 MB' })
    case 'FST_REQ_FILE_TOO_LARGE':
    case 'FST_FILES_LIMIT':
    case 'FST_PARTS_LIMIT':
    case 'FST_FIELDS_LIMIT':
      return httpErrors.UPLOAD_TOO_LARGE({})
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'FST_PROTO_VIOLATION':
    case 'ECONNRESET':
    case 'ERR_STREAM_PREMATURE_CLOSE':
      return httpErrors.BODY_MALFORMED({}, { cause: thrown })
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
    case 'FST_INVALID_MULTIPART_CONTENT_TYPE':
      return httpErrors.MEDIA_TYPE({ allowed: 'application/json' })
    case 'ENOSPC':
    case 'EDQUOT':
      return httpErrors.NO_ROOM({}, { cause: thrown, headers: { 'retry-after': '60' } })
    default:
      return undefined
  }
}

/** Where a code is explained: the type of its problems. */
export function typeOf(code: string): string {
  return `/problems/${code.toLowerCase().replaceAll('_', '-')}`
}
