/** What is told of a request once it is answered: its one log line, and its share in the metrics. */
import type { Log } from '../kernel/log.ts'
import type { Metrics } from '../telemetry/index.ts'
import { type Exchange, timesOf } from './exchange.ts'
import { nameOf } from './route.ts'

/** Tells how a request went; what went wrong on our side, with its places in our source. */
export function logRequest(log: Log, exchange: Exchange, status: number): void {
  const { total, stations } = timesOf(exchange)
  const line = {
    trace_id: exchange.trace.traceId,
    tenant_id: exchange.caller?.tenant.id,
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
export function countRequest(metrics: Metrics, exchange: Exchange, status: number): void {
  const { total, stations } = timesOf(exchange)
  metrics.end({
    route: exchange.route?.path ?? 'unknown',
    method: exchange.route?.method ?? 'unknown',
    status,
    ms: total,
    stations,
    tenantId: exchange.caller?.tenant.id ?? null,
    refusal: exchange.refusal,
  })
}
