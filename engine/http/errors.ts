/**
 * What the door refuses before any room is asked: requests that are no HTTP, no JSON, or not what the route takes.
 * English here; the other languages stand in error-words.ts.
 */
import { defineErrors } from '../kernel/errors.ts'
import { words } from './error-words.ts'

interface Named {
  readonly name: string
}
interface Limit {
  readonly limit: string
}
interface Allowed {
  readonly allowed: string
}
interface Count {
  readonly count: number
}

export const httpErrors = defineErrors('HTTP', {
  MALFORMED_REQUEST: {
    status: 400,
    title: 'This is not an HTTP request',
    message: () => 'The request could not be read.',
    translations: words.MALFORMED_REQUEST,
  },
  MALFORMED_URL: {
    status: 400,
    title: 'The address is malformed',
    message: () => 'The address holds characters or escapes that can not stand there.',
    translations: words.MALFORMED_URL,
  },
  URI_TOO_LONG: {
    status: 414,
    title: 'The address is too long',
    message: (p: Limit) => `An address may have up to ${p.limit} characters.`,
    hint: () => 'Send long queries in a body: POST …/query.',
    translations: words.URI_TOO_LONG,
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    title: 'The headers are too large',
    message: (p: Limit) => `The head of a request may have up to ${p.limit}.`,
    translations: words.HEADERS_TOO_LARGE,
  },
  HEADER_DUPLICATE: {
    status: 400,
    title: 'A header stands twice',
    message: (p: Named) => `The header ${p.name} may be sent once.`,
    translations: words.HEADER_DUPLICATE,
  },
  HEADER_INVALID: {
    status: 400,
    title: 'A header is malformed',
    message: (p: Named) => `The header ${p.name} can not be read.`,
    translations: words.HEADER_INVALID,
  },
  REQUEST_TIMEOUT: {
    status: 408,
    title: 'The request took too long to arrive',
    message: () => 'The request was not complete in time.',
    translations: words.REQUEST_TIMEOUT,
  },
  EXPECTATION_FAILED: {
    status: 417,
    title: 'This expectation is not supported',
    message: () => 'The only expectation known is 100-continue.',
    translations: words.EXPECTATION_FAILED,
  },
  VERSION_NOT_SUPPORTED: {
    status: 505,
    title: 'This version of HTTP is not supported',
    message: () => 'Speak HTTP/1.1 here.',
    translations: words.VERSION_NOT_SUPPORTED,
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: 'This method is not possible here',
    message: (p: Allowed) => `Possible here: ${p.allowed}.`,
    translations: words.METHOD_NOT_ALLOWED,
  },
  MEDIA_TYPE: {
    status: 415,
    title: 'This media type is not supported here',
    message: (p: Allowed) => `The body has to be ${p.allowed}.`,
    translations: words.MEDIA_TYPE,
  },
  CONTENT_ENCODING: {
    status: 415,
    title: 'Compressed bodies are not supported',
    message: () => 'Send the body as it is, without content-encoding.',
    translations: words.CONTENT_ENCODING,
  },
  BODY_TOO_LARGE: {
    status: 413,
    title: 'The body is too large',
    message: (p: Limit) => `A body may have up to ${p.limit}.`,
    translations: words.BODY_TOO_LARGE,
  },
  UPLOAD_TOO_LARGE: {
    status: 413,
    title: 'The upload is too large',
    message: () => 'The upload has more bytes or more parts than are taken here.',
    translations: words.UPLOAD_TOO_LARGE,
  },
  BODY_UNEXPECTED: {
    status: 400,
    title: 'No body is expected here',
    message: () => 'This request takes no body.',
    translations: words.BODY_UNEXPECTED,
  },
  BODY_MALFORMED: {
    status: 400,
    title: 'The body is malformed',
    message: () => 'The body can not be read.',
    translations: words.BODY_MALFORMED,
  },
  BODY_INVALID: {
    status: 422,
    title: 'The body is not valid',
    message: (p: Count) => (p.count === 1 ? 'One thing needs attention.' : `${p.count} things need attention.`),
    translations: words.BODY_INVALID,
  },
  QUERY_MALFORMED: {
    status: 400,
    title: 'The query parameters are malformed',
    message: (p: Named) => `The parameter “${p.name}” stands twice or can not be read.`,
    translations: words.QUERY_MALFORMED,
  },
  QUERY_INVALID: {
    status: 422,
    title: 'The query parameters are not valid',
    message: (p: Count) => (p.count === 1 ? 'One parameter needs attention.' : `${p.count} parameters need attention.`),
    translations: words.QUERY_INVALID,
  },
  IF_MATCH_REQUIRED: {
    status: 428,
    title: 'Say which version you mean',
    message: () => 'Send the version you have seen in if-match, e.g. if-match: "3".',
    translations: words.IF_MATCH_REQUIRED,
  },
  OPERATOR_REFUSED: {
    status: 401,
    title: 'Operators only',
    message: () => 'This needs the operator token of the installation.',
    translations: words.OPERATOR_REFUSED,
  },
  METRICS_REFUSED: {
    status: 401,
    title: 'Monitoring only',
    message: () => 'This needs the metrics token of the installation.',
    translations: words.METRICS_REFUSED,
  },
  OVERLOADED: {
    status: 503,
    title: 'Busy at the moment',
    message: () => 'Too much is going on. Nothing was changed; try again in a moment.',
    translations: words.OVERLOADED,
  },
  NO_ROOM: {
    status: 503,
    title: 'There is no room for files',
    message: () => 'The installation has no room left to keep this. Its operator has to make some; try again later.',
    translations: words.NO_ROOM,
  },
  NOT_READY: {
    status: 503,
    title: 'Not ready',
    message: () => 'A store this needs can not be reached, or the process is about to end.',
    translations: words.NOT_READY,
  },
})

/** What a statement that did not succeed is told as; the database's own words never get this far. */
export const sqlErrors = defineErrors('SQL', {
  UNAVAILABLE: {
    status: 503,
    title: 'The database can not be reached',
    message: () => 'Nothing was changed; try again in a moment.',
    translations: words.UNAVAILABLE,
  },
  OUTCOME_UNKNOWN: {
    status: 503,
    title: 'The connection broke while saving',
    message: () => 'The change is saved wholly or not at all.',
    hint: () => 'Look before you try again, or repeat with the same Idempotency-Key.',
    translations: words.OUTCOME_UNKNOWN,
  },
  TIMEOUT: {
    status: 503,
    title: 'This took too long',
    message: () => 'The work was stopped. Nothing was changed.',
    hint: () => 'Ask for less at once, or try again.',
    translations: words.TIMEOUT,
  },
  CONFLICT: {
    status: 409,
    title: 'Not possible at the moment',
    message: () => 'It conflicts with something that exists or happens at the same time. Nothing was changed.',
    translations: words.CONFLICT,
  },
})
