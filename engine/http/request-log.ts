/** What is told of a request once it is answered: its one log line, its share in the metrics, the end of its trace. */
import type { Log } from '../kernel/log.ts'
import type { Metrics } from '../telemetry/index.ts'
import type { ServerResponse } from 'node:http'
import type { Engine } from './engine.ts'
import { type Exchange, timesOf } from './exchange.ts'
import { nameOf } from './route.ts'

/** What stands in logs and metrics where a client went away before it was answered; no answer ever says so. */
export const CLIENT_GONE = 499

type Listeners = Pick<Engine, 'log' | 'metrics' | 'tracing'>

/** Begins what is told of a request: whatever becomes of it, its end is told once. */
export function beginTelling(listeners: Listeners, exchange: Exchange, response: ServerResponse): void {
  const { metrics, tracing } = listeners
  metrics?.begin()
  const span = tracing?.begin(exchange.trace) ?? null
  if (span !== null) Object.assign(exchange.stations, { span })
  response.once('close', () => endTelling(listeners, exchange, response.writableFinished ? response.statusCode : CLIENT_GONE))
}

/** Tells the end of a request, unless it has been told. */
export function endTelling({ log, metrics }: Listeners, exchange: Exchange, status: number): void {
  if (exchange.isTold) return
  exchange.isTold = true
  logRequest(log, exchange, status)
  if (metrics !== null) countRequest(metrics, exchange, status)
  endTrace(exchange, status)
}

/** Tells how a request went; what went wrong on our side, with its places in our source. */
export function logRequest(log: Log, exchange: Exchange, status: number): void {
  const { total, stations } = timesOf(exchange)
  const line = {
    trace_id: exchange.trace.traceId,
    tenant_id: exchange.tenantId ?? undefined,
    user_id: exchange.caller?.userId,
    route: exchange.route === null ? 'unknown' : nameOf(exchange.route),
    status,
    duration_ms: total,
    stations,
  }
  if (exchange.failure === null) log.info('request', line)
  else log.error(`request failed as ${exchange.failure.code}`, line, exchange.failure.cause)
}

/** Counts it; by its declared route, whatever address was sent. */
function countRequest(metrics: Metrics, exchange: Exchange, status: number): void {
  const { total, stations } = timesOf(exchange)
  metrics.end({
    route: exchange.route?.path ?? 'unknown',
    method: exchange.route?.method ?? 'unknown',
    status,
    ms: total,
    stations,
    tenantId: exchange.tenantId,
    refusal: exchange.refusal,
  })
}

/** Ends the first span of a request whose trace is collected: its declared route, its tenant, what it was answered with. */
function endTrace({ stations, route, tenantId, refusal, revision }: Exchange, status: number): void {
  const { span } = stations
  if (span === undefined) return
  const method = route?.method ?? 'unknown'
  span.rename(route === null ? 'unknown' : nameOf(route))
  span.set({
    'http.request.method': method,
    'http.route': route?.path ?? 'unknown',
    'http.response.status_code': status,
    ...(tenantId === null ? {} : { 'nexus.tenant_id': tenantId }),
    ...(revision === null ? {} : { 'nexus.model_revision': revision }),
    ...(refusal === null ? {} : { 'nexus.problem': refusal }),
  })
  span.end(status >= 500 ? (refusal ?? String(status)) : undefined)
}
