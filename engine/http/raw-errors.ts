/**
 * Answers what never becomes a request: broken heads, unknown versions, tunnels, requests that do not arrive.
 * Writes to the socket itself, in the same shape as every other error. No input ends the process (security R25).
 */
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { EngineError } from '../kernel/errors.ts'
import { traceOf } from '../kernel/trace.ts'
import { httpErrors } from './errors.ts'
import { PROBLEM_TYPE, renderProblem } from './problem.ts'

/** The largest head of a request, Node's own limit. */
export const HEAD_BYTES = 16 * 1024

/** Hears of each refusal. */
export type TellUnread = (told: { readonly traceId: string; readonly status: number; readonly code: string }) => void

/** Takes over the events of the server that fastify leaves alone. */
export function answerRawErrors(server: Server, tell: TellUnread): void {
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    socket.on('error', () => undefined)
    refuse(socket, httpErrors.METHOD_NOT_ALLOWED({ allowed: 'GET, HEAD, POST, PUT, PATCH, DELETE' }), tell)
  })
  server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
    const { traceId } = traceOf()
    const error = httpErrors.EXPECTATION_FAILED({})
    const { status, body } = renderProblem(error, traceId, 'en')
    tell({ traceId, status, code: error.code })
    response.writeHead(status, { ...headersOf(body, traceId), connection: 'close' }).end(body)
  })
}

/** For fastify's `clientErrorHandler`: the parser gave up, or the request did not arrive in time. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Duplex, tell: TellUnread): void {
  const { _httpMessage: answering } = socket as Duplex & { _httpMessage?: { headersSent: boolean } | null }
  // A second head inside of an answer that has begun would be read as part of it.
  if (error.code === 'ECONNRESET' || !socket.writable || answering?.headersSent === true) {
    socket.destroy()
    return
  }
  refuse(socket, errorOf(error), tell)
}

function errorOf({ code = '', message }: NodeJS.ErrnoException): EngineError {
  if (code === 'HPE_HEADER_OVERFLOW') return httpErrors.HEADERS_TOO_LARGE({ limit: `${HEAD_BYTES / 1024} kB` })
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return httpErrors.REQUEST_TIMEOUT({})
  if (code === 'HPE_INVALID_VERSION' || /HTTP\/[02-9]/.test(message)) return httpErrors.VERSION_NOT_SUPPORTED({})
  if (code === 'HPE_INVALID_URL') return httpErrors.MALFORMED_URL({})
  return httpErrors.MALFORMED_REQUEST({})
}

function refuse(socket: Duplex, error: EngineError, tell: TellUnread): void {
  const { traceId } = traceOf()
  const { status, body } = renderProblem(error, traceId, 'en')
  tell({ traceId, status, code: error.code })
  const head = Object.entries({ ...headersOf(body, traceId), date: new Date().toUTCString(), connection: 'close' })
  const lines = head.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines}\r\n${body}`)
}

function headersOf(body: string, traceId: string): Record<string, string> {
  return {
    'content-type': PROBLEM_TYPE,
    'content-length': String(Buffer.byteLength(body)),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'trace-id': traceId,
  }
}
