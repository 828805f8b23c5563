/** What the door remembers of one request from its first byte to its log line. Knows no route's meaning. */
import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'
import type { Caller, Locale, StationTimes } from '../kernel/context.ts'
import { type Trace, traceOf } from '../kernel/trace.ts'
import { readLanguage } from './headers.ts'
import type { Route } from './route.ts'

export interface Exchange {
  readonly trace: Trace
  readonly ip: string
  readonly now: Date
  /** On the process's own clock, in milliseconds. */
  readonly startedAt: number
  readonly stations: StationTimes
  readonly asked: Locale | null
  route: Pick<Route, 'method' | 'path'> | null
  caller: Caller | null
  /** Whose request it is: his who is signed in, or signs in. */
  tenantId: string | null
  /** An operator's request, or one in development that asks for it: told how long the stations took. */
  maySeeTimes: boolean
  /** The revision the answer was made with. */
  revision: number | null
  /** The code of the problem it was answered with. */
  refusal: string | null
  /** Whether its end has been told: to the log, the metrics, the trace. */
  isTold: boolean
  /** What went wrong on our side, for the log line. */
  failure: { readonly code: string; readonly cause: unknown } | null
}

declare module 'fastify' {
  interface FastifyRequest {
    /** What the door remembers of it; nothing until somebody asks, undefined where the router refused the address. Not in a weak map: its keys would outlive young collections. */
    exchange: Exchange | null | undefined
  }
}

/** The exchange of a request; the first to ask opens it, for a request may fail before any hook runs. */
export function exchangeOf(request: FastifyRequest, now: Date): Exchange {
  if (request.exchange !== null && request.exchange !== undefined) return request.exchange
  const { traceparent: parent, tracestate: state } = request.headers
  const exchange: Exchange = {
    trace: traceOf(typeof parent === 'string' ? parent : undefined, typeof state === 'string' ? state : undefined),
    ip: addressOf(request),
    now,
    startedAt: performance.now(),
    stations: { ms: {} },
    asked: readLanguage(request.headers['accept-language']),
    route: null,
    caller: null,
    tenantId: null,
    maySeeTimes: false,
    revision: null,
    refusal: null,
    isTold: false,
    failure: null,
  }
  request.exchange = exchange
  return exchange
}

/** Where a request comes from; a proxy that is trusted and says nonsense is the address itself. IPv4 in its own spelling. */
function addressOf({ ip, socket }: FastifyRequest): string {
  const peer = socket.remoteAddress ?? ''
  const address = ip === peer || isIP(ip) > 0 ? ip : peer
  return address.replace(/^::ffff:(?=\d+\.)/i, '')
}

/** The language of an answer: what the client asked for, else the caller's, else English. */
export function localeOf({ asked, caller }: Exchange): Locale {
  return asked ?? caller?.locale ?? 'en'
}

/** Times of all stations; what none of them took is the door's own. */
export function timesOf({ stations, startedAt }: Exchange): { total: number; stations: StationTimes['ms'] } {
  const total = performance.now() - startedAt
  const others = Object.values(stations.ms).reduce((sum, ms) => sum + ms, 0)
  return { total, stations: { ...stations.ms, http: Math.max(0, total - others) } }
}
