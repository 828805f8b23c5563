/**
 * Decides who may pass the door: open routes anybody, operator routes the operator's token, all others an authenticated caller at a fair pace
 * with the capability the route asks for. And writes down who was refused. Knows no records and no model.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { accessErrors } from '../access/index.ts'
import { at, type Caller } from '../kernel/context.ts'
import { EngineError } from '../kernel/errors.ts'
import { isId } from '../kernel/ids.ts'
import type { Engine } from './engine.ts'
import { httpErrors } from './errors.ts'
import type { Exchange } from './exchange.ts'
import { nameOf, type Route } from './route.ts'

/** Lets a request pass or throws; `afresh` asks again who the caller is now, after a decision turned out to be out of date. */
export async function admit(engine: Engine, route: Route, request: FastifyRequest, exchange: Exchange, afresh = false): Promise<void> {
  exchange.maySeeTimes = !engine.config.production && request.headers['nexus-timing'] === 'on'
  if (route.access === 'open') return
  if (route.access === 'operator') {
    requireOperator(engine.config.operatorToken, request.headers.authorization)
    exchange.maySeeTimes = true
    return
  }
  if (route.access === 'metrics') {
    requireMetricsToken(engine.config.metricsToken, request.headers.authorization)
    return
  }
  const caller = await authenticate(engine, request, exchange, afresh)
  exchange.caller = caller
  exchange.tenantId = caller.tenant.id
  engine.rate.requirePrincipal(caller.apiKeyId ?? caller.userId)
  const capability = typeof route.access === 'object' ? route.access.capability : undefined
  if (capability !== undefined && !caller.capabilities.has(capability)) throw accessErrors.CAPABILITY_MISSING({ capability })
}

async function authenticate(engine: Engine, request: FastifyRequest, { stations, ip, now }: Exchange, afresh: boolean): Promise<Caller> {
  const { authorization } = request.headers
  try {
    return await at(stations, 'identity', 'authenticate', null, () => engine.identity.authenticate({ authorization, ip, now, afresh }))
  } catch (error) {
    if (error instanceof EngineError && error.status === 401 && authorization !== undefined) engine.rate.countRefused(ip)
    throw error
  }
}

/** In time that does not tell how much of the token fits. */
function bears(token: string, authorization: string | undefined): boolean {
  const given = /^Bearer (\S{1,1000})$/i.exec(authorization ?? '')?.[1] ?? ''
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return token !== '' && timingSafeEqual(digest(given), digest(token))
}

/** A port of their own without a token is open to whoever reaches it. */
function requireMetricsToken(token: string | undefined, authorization: string | undefined): void {
  if (token === undefined || bears(token, authorization)) return
  throw httpErrors.METRICS_REFUSED({}, { headers: { 'www-authenticate': 'Bearer realm="nexus metrics"' } })
}

function requireOperator(token: string, authorization: string | undefined): void {
  if (bears(token, authorization)) return
  throw httpErrors.OPERATOR_REFUSED({}, { headers: { 'www-authenticate': 'Bearer realm="nexus operator"' } })
}

/** Writes a refusal to the ledgers before it is told, so that none is told and forgotten. */
export async function noteRefusal(engine: Engine, error: EngineError, request: FastifyRequest, exchange: Exchange): Promise<void> {
  const { caller, trace, ip, now } = exchange
  const route = exchange.route === null ? undefined : nameOf(exchange.route)
  const event = { ip, trace_id: trace.traceId, route, code: error.code, tenant_id: caller?.tenant.id, user_id: caller?.userId }
  if (error.code === 'GUARD_RATE_LIMITED') engine.securityLog.append({ ...event, event: 'rate_limited' })
  else if (error.code === 'HTTP_OPERATOR_REFUSED' || error.code === 'HTTP_METRICS_REFUSED')
    engine.securityLog.append({ ...event, event: 'operator_refused' })
  else if (error.code === 'IDENTITY_UNAUTHENTICATED' && request.headers.authorization !== undefined)
    engine.securityLog.append({ ...event, event: 'token_refused' })
  // What is hidden and what is not there are refused alike, and written down alike.
  if (caller === null || route === undefined || !(error.status === 403 || error.code === 'NOT_FOUND')) return
  const { entity, id } = (request.params ?? {}) as Readonly<Record<string, string | undefined>>
  await engine.denials.record({
    now,
    traceId: trace.traceId,
    ip,
    route,
    caller,
    code: error.code,
    entity: entity !== undefined && /^[a-z][a-z0-9_]{0,47}$/.test(entity) ? entity : null,
    record_id: isId(id) ? id : null,
  })
}
