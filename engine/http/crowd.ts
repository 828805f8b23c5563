/**
 * Refuses who would wait too long, before anything is done for him. A request waits from its head to the first byte of its answer, but not
 * while its own body is on its way: slow senders and slow readers are no crowd. Knows how to count and not how many are too many.
 */
import type { FastifyInstance } from 'fastify'
import type { CrowdGuard } from '../guard/index.ts'
import type { EngineError } from '../kernel/errors.ts'
import { systemClock } from '../kernel/clock.ts'
import { httpErrors } from './errors.ts'
import { type Exchange, exchangeOf } from './exchange.ts'
import { hasBody } from './headers.ts'

/** An overloaded process that stops answering these would be restarted, and be overloaded again. */
export const ALWAYS_ANSWERED: ReadonlySet<string> = new Set(['/health', '/health/ready', '/content/health'])

// By then whoever waited is answered.
const RETRY_AFTER_SECONDS = 5

/** What is said where a process has too much to do. */
export function overloaded(): EngineError {
  return httpErrors.OVERLOADED({}, { headers: { 'retry-after': String(RETRY_AFTER_SECONDS) } })
}

/** Has the guard asked about each request that comes, and told when it is answered. */
export function refuseCrowds(app: FastifyInstance, guard: CrowdGuard): void {
  const begin = (exchange: Exchange): void => {
    exchange.isWaiting = true
    guard.enter()
  }
  const end = (exchange: Exchange, isAnswered: boolean): void => {
    if (!exchange.isWaiting) return
    exchange.isWaiting = false
    guard.leave(isAnswered)
  }
  app.addHook('onRequest', async (request, reply) => {
    if (ALWAYS_ANSWERED.has(request.url)) return
    if (guard.isCrowded()) throw overloaded()
    const exchange = exchangeOf(request, systemClock.now())
    begin(exchange)
    reply.raw.once('close', () => end(exchange, false))
  })
  app.addHook('preParsing', async request => {
    if (hasBody(request.raw)) end(exchangeOf(request, systemClock.now()), false)
  })
  app.addHook('preValidation', async request => {
    const exchange = exchangeOf(request, systemClock.now())
    // The body of an upload is read later, as it comes.
    if (!ALWAYS_ANSWERED.has(request.url) && hasBody(request.raw) && exchange.route?.upload === undefined) begin(exchange)
  })
  // What fails for want of something says nothing of how fast others are answered.
  app.addHook('onSend', async (request, reply) => end(exchangeOf(request, systemClock.now()), reply.statusCode < 500))
}
