/**
 * What can go wrong when the engine is asked: it answered with a problem document, or it could not be reached.
 * Knows the shape of problems, not what screens do with them.
 */
import type { ProblemDocument, ProblemError } from '../../../metadata/generated/types.ts'

/** The engine said no; `document` is its whole answer. */
export class Problem extends Error {
  readonly document: ProblemDocument
  readonly retryAfter: number | null

  constructor(document: ProblemDocument, retryAfter: number | null = null) {
    super(document.detail ?? document.title)
    this.name = 'Problem'
    this.document = document
    this.retryAfter = retryAfter
  }

  get status(): number {
    return this.document.status
  }

  get errors(): readonly ProblemError[] {
    return this.document.errors ?? []
  }
}

/** No answer came: offline, the engine is down, or something between broke the connection. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super('The server can not be reached.', { cause })
    this.name = 'Unreachable'
  }
}

/** True for what asking again may cure. */
export function isPassing(error: unknown): boolean {
  return error instanceof Unreachable || (error instanceof Problem && (error.status === 503 || error.status === 429))
}

/** Reads a problem out of any failed answer; one that is not a problem document becomes a bare one of its status. */
export function parseProblem(status: number, body: unknown): ProblemDocument {
  if (typeof body === 'object' && body !== null && 'title' in body && 'code' in body) return { ...(body as ProblemDocument), status }
  return { type: 'about:blank', title: `HTTP ${status}`, status, code: `HTTP_${status}` }
}

/** What an entity that does not exist for the caller looks like: the same as a missing record. */
export const notFound = new Problem({ type: '/problems/not-found', title: 'Not found', status: 404, code: 'NOT_FOUND' })
