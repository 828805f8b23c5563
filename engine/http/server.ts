/**
 * The door: one fastify server through which every request goes the same way — sound head, right form, known caller, fair pace — before a
 * handler sees it. Knows how routes are served and nothing of what they do.
 */
import compress from '@fastify/compress'
import multipart from '@fastify/multipart'
import underPressure from '@fastify/under-pressure'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { constants } from 'node:zlib'
import type { StationTimes } from '../kernel/context.ts'
import { commonErrors, EngineError } from '../kernel/errors.ts'
import { addExchangeHeaders, sendAnswer } from './answer.ts'
import { APP_ROUTE, type AppFiles, serveApps } from './app-files.ts'
import { admit, noteRefusal } from './admit.ts'
import { openDoor } from './door-request.ts'
import type { Engine } from './engine.ts'
import { httpErrors } from './errors.ts'
import { type Exchange, exchangeOf, localeOf } from './exchange.ts'
import { BODY_BYTES, bodyLimitOf, parseBody, requireForm } from './form.ts'
import { hasBody, requireSoundHead } from './headers.ts'
import { methodsOf, metricsRoutes, routes as allRoutes } from './inventory.ts'
import { PROBLEM_TYPE, renderProblem, toEngineError } from './problem.ts'
import { answerClientError, answerRawErrors, HEAD_BYTES, type TellUnread } from './raw-errors.ts'
import type { Answer, Route } from './route.ts'
import { beginTelling, endTelling, logRequest } from './request-log.ts'
import { securityHeaders } from './security-headers.ts'

export interface ServerOptions {
  /** Built apps to serve. */
  readonly apps?: readonly AppFiles[]
  /** The routes, all of them unless a test says otherwise. */
  readonly routes?: readonly Route[]
  /** Takes what went into each station and came out, of every request. */
  readonly trace?: NonNullable<StationTimes['trace']>
  /** How long the event loop may stand still before what comes is refused; a test whose own work stands in the same loop says how long. */
  readonly mostDelayMs?: number
}

// Longer values in a path are no id and no key.
const PARAMETER_LENGTH = 200
// Milliseconds that a turn of the event loop takes, on average over a second: who comes then would wait several turns. Not less: a process
// that puts its first model together on a crowded machine is slow for a moment and not too busy.
const MOST_DELAY_MS = 1000
// An overloaded process that stops answering these would be restarted, and be overloaded again.
const ALWAYS_ANSWERED: ReadonlySet<string> = new Set(['/health', '/health/ready', '/content/health'])
// What no route has is refused before fastify asks it for what its own method would need.
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])
// An answer of some hundred bytes grows by compression.
const COMPRESS_BYTES = 2048

/** Makes the server; it listens when told to. */
export async function createServer(engine: Engine, options: ServerOptions = {}): Promise<FastifyInstance> {
  const { log, clock, config, metrics } = engine
  const isMetricsHere = config.metricsPort === undefined && config.metricsToken !== undefined
  const routes = [...(options.routes ?? allRoutes), ...(isMetricsHere ? metricsRoutes : [])]
  const tellUnread: TellUnread = ({ traceId, status, code }) => {
    log.info('request', { trace_id: traceId, route: 'unread', status })
    metrics?.refuse(code)
  }
  const headers = securityHeaders(config.publicUrl)
  const app = Fastify({
    logger: false,
    bodyLimit: BODY_BYTES,
    trustProxy: config.trustedProxies.length === 0 ? false : [...config.trustedProxies],
    // A head has 10 s, a whole request 5 minutes: slow senders hold sockets no longer than slow uploads need.
    http: { maxHeaderSize: HEAD_BYTES, requireHostHeader: false, headersTimeout: 10_000 },
    requestTimeout: 300_000,
    keepAliveTimeout: 75_000,
    forceCloseConnections: 'idle',
    // A request that has come over a connection that was open is answered, closing or not.
    return503OnClosing: false,
    routerOptions: { maxParamLength: PARAMETER_LENGTH, querystringParser: () => ({}) },
    frameworkErrors: (error, request, reply) => void failUnrouted(error, request, reply),
    clientErrorHandler: (error, socket) => answerClientError(error, socket, tellUnread),
  })
  app.decorateRequest('exchange', null)
  answerRawErrors(app.server, tellUnread)

  // Before any other hook: what one of them refuses has come in all the same.
  app.addHook('onRequest', async (request, reply) => beginTelling(engine, exchangeOf(request, clock.now()), reply.raw))

  app.removeAllContentTypeParsers()
  await app.register(multipart, { throwFileSizeLimit: true })
  app.addContentTypeParser('*', { parseAs: 'buffer' }, ({ raw }, body, done) => {
    // Many programs name a type with every request: of a body that is not there it says nothing.
    if (!hasBody(raw)) return done(null, undefined)
    const parsed = parseBody(body as Buffer)
    if (parsed.ok) done(null, parsed.value)
    else done(httpErrors.BODY_MALFORMED({}, { errors: [parsed.problem] }), undefined)
  })
  await app.register(compress, {
    threshold: COMPRESS_BYTES,
    globalDecompression: false,
    encodings: ['br', 'gzip'],
    // The quality that costs no more time than gzip.
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
    zlibOptions: { level: 5 },
  })
  await app.register(underPressure, {
    maxEventLoopDelay: options.mostDelayMs ?? MOST_DELAY_MS,
    pressureHandler: request => {
      if (!ALWAYS_ANSWERED.has(request.url)) throw httpErrors.OVERLOADED({}, { headers: { 'retry-after': '5' } })
    },
  })
  const serveApp = await serveApps(app, options.apps ?? [], headers.page)

  app.addHook('onRequest', async (request, reply) => {
    const exchange = exchangeOf(request, clock.now())
    if (options.trace !== undefined) Object.assign(exchange.stations, { trace: options.trace })
    reply.headers(headers.data).header('trace-id', exchange.trace.traceId)
    // The next request of this connection goes to a process that stays.
    if (engine.health.isLeaving()) reply.header('connection', 'close')
    requireSoundHead(request.raw)
    engine.rate.requireAddress(exchange.ip)
    if (!METHODS.has(request.method)) throw notServed(request)
  })
  app.addHook('onResponse', async (request, reply) => endTelling(engine, exchangeOf(request, clock.now()), reply.statusCode))
  app.setErrorHandler(fail)
  app.setNotFoundHandler(async (request, reply) => {
    if (serveApp(request, reply)) {
      exchangeOf(request, clock.now()).route = APP_ROUTE
      return reply
    }
    throw notServed(request)
  })
  for (const route of routes) serve(route)
  return app

  /** Either there is nothing at this address, or not by this method. */
  function notServed({ raw }: FastifyRequest): EngineError {
    const allowed = methodsOf(routes, (raw.url ?? '').split('?')[0] ?? '').join(', ')
    return allowed === '' ? commonErrors.NOT_FOUND({}) : httpErrors.METHOD_NOT_ALLOWED({ allowed }, { headers: { allow: allowed } })
  }

  function serve(route: Route): void {
    app.route({
      method: route.method,
      url: route.path,
      bodyLimit: bodyLimitOf(route),
      ...(route.path.startsWith('/api/auth/') ? { compress: false } : {}),
      onRequest: async request => {
        const exchange = exchangeOf(request, clock.now())
        exchange.route = route
        requireForm(route, request)
        await admit(engine, route, request, exchange)
      },
      handler: async (request, reply) => {
        const exchange = exchangeOf(request, clock.now())
        return sendAnswer(reply, await handle(route, request, exchange), exchange, headers.page)
      },
    })
  }

  /** A decision that was overtaken by a publish or a change of rights is taken once more, by the caller as he is now. */
  async function handle(route: Route, request: FastifyRequest, exchange: Exchange): Promise<Answer> {
    try {
      return await route.handler(openDoor(engine, route, request, exchange))
    } catch (error) {
      const isStale = error instanceof EngineError && error.code === 'IDENTITY_STALE'
      if (!isStale || route.upload !== undefined || exchange.caller === null) throw error
      await admit(engine, route, request, exchange, true)
      return route.handler(openDoor(engine, route, request, exchange))
    }
  }

  /** Addresses that the router refuses pass no hook: neither the one that counts requests nor the one that logs them. */
  async function failUnrouted(thrown: unknown, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    await fail(thrown, request, reply)
    metrics?.begin()
    endTelling(engine, exchangeOf(request, clock.now()), reply.statusCode)
  }

  async function fail(thrown: unknown, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const exchange: Exchange = exchangeOf(request, clock.now())
    const error = toEngineError(thrown)
    exchange.refusal = error.code
    await noteRefusal(engine, error, request, exchange)
    if (error.status >= 500) exchange.failure = { code: error.code, cause: error.cause ?? thrown }
    // A client that went away does not take with him what went wrong afterwards.
    if (exchange.isTold && exchange.failure !== null) logRequest(log, exchange, error.status)
    const { status, headers: own, body } = renderProblem(error, exchange.trace.traceId, localeOf(exchange))
    // What was not read of a body would otherwise be read to its end, however long it is.
    if (hasBody(request.raw) && !request.raw.complete) reply.header('connection', 'close')
    reply.headers(headers.data).headers({ 'trace-id': exchange.trace.traceId, 'cache-control': 'no-store', ...own })
    addExchangeHeaders(reply, exchange)
    return reply.code(status).type(PROBLEM_TYPE).send(body)
  }
}
