/**
 * Opens the door alone, without the rooms behind it: routes of the test's own, callers by name, everything that is logged kept for reading.
 * For tests of HTTP itself; tests of behaviour start the whole engine.
 */
import { connect } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Denial, DenialLedger } from '../../audit/index.ts'
import { RateGuard, type RateLimits, UNLIMITED } from '../../guard/index.ts'
import type { Engine } from '../../http/engine.ts'
import type { Route } from '../../http/route.ts'
import { createServer, type ServerOptions } from '../../http/server.ts'
import { unauthenticated } from '../../identity/errors.ts'
import { type Caller, CAPABILITIES, type Capability, type Locale } from '../../kernel/context.ts'
import { createLog } from '../../kernel/log.ts'
import type { SecurityEvent, SecurityLog } from '../../kernel/security-log.ts'
import type { CompiledModel } from '../../model/types.ts'
import { SqlFailure } from '../../platform/sql-failure.ts'
import type { Database } from '../../platform/types.ts'
import { createCursorBox } from '../../validate/index.ts'
import { SHARED_LOOP } from './shared-loop.ts'

export const OPERATOR_TOKEN = 'operator-token-of-the-test-harness'
export const TENANT_ID = '01980000-0000-7000-8000-000000000001'
export const USER_ID = '01980000-0000-7000-8000-000000000002'

/** A caller with every capability unless told otherwise. */
export function callerOf(changes: { capabilities?: readonly Capability[]; locale?: Locale; userId?: string } = {}): Caller {
  return {
    tenant: { id: TENANT_ID, key: 'demo', name: 'Demo', locale: 'en', currency: 'EUR', timeZone: 'Europe/Berlin', weekStart: 1 },
    userId: changes.userId ?? USER_ID,
    sessionId: null,
    apiKeyId: null,
    actor: 'employee',
    email: 'rep@demo.test',
    name: 'Rep',
    roles: ['rep'],
    profiles: ['rep'],
    capabilities: new Set(changes.capabilities ?? CAPABILITIES),
    locale: changes.locale ?? 'en',
    timeZone: 'Europe/Berlin',
    orgUnitId: null,
    userData: {},
    epochs: { revision: 17, tenant: 1, user: 1 },
  }
}

export interface OpenDoor {
  readonly app: FastifyInstance
  readonly engine: Engine
  readonly url: string
  /** Everything the engine has logged, one text per line. */
  readonly lines: string[]
  readonly events: SecurityEvent[]
  readonly denials: Denial[]
  /** How often each token was looked at, afresh or not. */
  readonly looks: { afresh: boolean }[]
  /** Sends bytes over a socket of their own and gives all that comes back; ends its side when `end` is set. */
  raw(bytes: string | Buffer, options?: { end?: boolean; waitMs?: number }): Promise<string>
  close(): Promise<void>
}

export interface DoorParts extends ServerOptions {
  readonly routes?: readonly Route[]
  readonly rate?: RateLimits
  readonly database?: Database
  readonly callers?: Readonly<Record<string, Caller>>
  readonly production?: boolean
  readonly ready?: boolean
  readonly leaving?: () => boolean
  /** Refuses what comes while the loop is held up, as the product does; other tests share theirs with the door. */
  readonly refusesWhenBusy?: boolean
  readonly trustedProxies?: readonly string[]
  readonly securityLog?: SecurityLog
  readonly denials?: DenialLedger
}

const awayDatabase: Database = {
  readAs: () => Promise.reject(new SqlFailure('unavailable')),
  writeAs: () => Promise.reject(new SqlFailure('unavailable')),
  writeAsEach: () => Promise.reject(new SqlFailure('unavailable')),
  asRole: () => Promise.reject(new SqlFailure('unavailable')),
  pools: () => [],
  close: async () => undefined,
}

/** Listens on a free loopback port. `Authorization: Bearer <name>` is the caller of that name; `rep` is there by default. */
export async function openDoor(parts: DoorParts = {}): Promise<OpenDoor> {
  const lines: string[] = []
  const events: SecurityEvent[] = []
  const denials: Denial[] = []
  const looks: { afresh: boolean }[] = []
  const callers: Readonly<Record<string, Caller>> = parts.callers ?? { rep: callerOf(), plain: callerOf({ capabilities: [] }) }
  const engine: Engine = {
    config: {
      production: parts.production ?? false,
      port: 0,
      host: '127.0.0.1',
      databaseUrl: undefined,
      redisUrl: undefined,
      dataDir: '.nexus',
      secret: 'secret-of-the-test-harness-0123456789',
      publicUrl: 'http://localhost:8080',
      operatorToken: OPERATOR_TOKEN,
      trustedProxies: parts.trustedProxies ?? [],
      allowOldPostgres: false,
      metricsPort: undefined,
      metricsToken: undefined,
      drainSeconds: 0,
      otlpEndpoint: undefined,
      traceRatio: 1,
    },
    build: { name: 'nexus', version: '0.0.0', commit: 'test' },
    clock: { now: () => new Date() },
    log: createLog({ write: line => void lines.push(line) }),
    securityLog: parts.securityLog ?? { append: event => void events.push(event), close: () => undefined },
    database: parts.database ?? awayDatabase,
    identity: {
      authenticate: async ({ authorization, afresh }) => {
        looks.push({ afresh: afresh ?? false })
        const caller = callers[/^Bearer (\w+)$/.exec(authorization ?? '')?.[1] ?? '']
        if (caller === undefined) throw unauthenticated()
        return caller
      },
    } as Partial<Engine['identity']> as Engine['identity'],
    models: {
      take: async ctx => ({ ...ctx, model: {} as CompiledModel, revision: 17, building: new Set(), within: () => [] }),
    },
    authoring: {} as Engine['authoring'],
    imports: {} as Engine['imports'],
    rate: new RateGuard(parts.rate ?? UNLIMITED),
    denials: parts.denials ?? { record: async denial => void denials.push(denial) },
    cursors: createCursorBox('secret'),
    metrics: null,
    tracing: null,
    health: { isReady: async () => parts.ready ?? true, isLeaving: () => parts.leaving?.() ?? false },
  }
  const app = await createServer(engine, parts.refusesWhenBusy === true ? parts : { ...SHARED_LOOP, ...parts })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  const port = Number(new URL(url).port)
  return {
    app,
    engine,
    url,
    lines,
    events,
    denials,
    looks,
    close: () => app.close(),
    raw: (bytes, options) => sendRaw(port, bytes, options),
  }
}

/** Gives what came back once the server closed, or after `waitMs` of silence. */
function sendRaw(
  port: number,
  bytes: string | Buffer,
  { end = false, waitMs = 300 }: { end?: boolean; waitMs?: number } = {},
): Promise<string> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    const chunks: Buffer[] = []
    const done = (): void => {
      socket.destroy()
      resolve(Buffer.concat(chunks).toString('latin1'))
    }
    socket.setTimeout(waitMs, done)
    socket.on('data', chunk => chunks.push(chunk))
    socket.on('close', done)
    socket.on('error', done)
    socket.on('connect', () => (end ? socket.end(bytes) : socket.write(bytes)))
  })
}
