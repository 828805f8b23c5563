/** A whole engine over one database, its clock in the test's hand: what a world runs on. Nothing in the background. */
import type { FastifyInstance } from 'fastify'
import { UNLIMITED } from '../../guard/index.ts'
import { createServer } from '../../http/server.ts'
import { readConfig } from '../../kernel/config.ts'
import { createLog } from '../../kernel/log.ts'
import { buildEngine, type Wired } from '../../start/wiring.ts'
import { SHARED_LOOP } from '../harness/shared-loop.ts'

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'

/** An engine that answers. */
export interface BootedWorld {
  readonly app: FastifyInstance
  readonly wired: Wired
  readonly operatorToken: string
  /** Everything the engine has logged. */
  readonly lines: string[]
  /** Moves the clock on. */
  tick(ms: number): void
  /** Sets the clock to so long after the beginning. */
  wind(ms: number): void
  /** What a request that has to succeed answers as `data`. */
  must<T>(method: Method, path: string, token: string | null, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<T>
  close(): Promise<void>
}

const SECRETS = { secret: 'secret-of-the-test-harness-0123456789', operator_token: 'operator-token-of-the-test-harness' }
const TICK_MS = 2

/** Starts an engine whose clock stands at `began` and moves a little with every request. */
export async function bootWorld(databaseUrl: string, dataDir: string, began: Date): Promise<BootedWorld> {
  const { config } = readConfig({ NEXUS_DATA_DIR: dataDir, NODE_ENV: 'test' }, () => SECRETS)
  if (config === undefined) throw new Error('The settings of the test are wrong.')
  const lines: string[] = []
  const log = createLog({ write: line => void lines.push(line) })
  const wired = await buildEngine({ config, databaseUrl, redisUrl: undefined, background: false, log, rates: UNLIMITED })
  let now = began.getTime()
  const app = await createServer({ ...wired.engine, clock: { now: () => new Date(now) } }, SHARED_LOOP)
  await app.ready()
  let closed: Promise<void> | null = null
  const world: BootedWorld = {
    app,
    wired,
    operatorToken: config.operatorToken,
    lines,
    tick: ms => void (now += ms),
    wind: ms => void (now = began.getTime() + ms),
    async must<T>(method: Method, path: string, token: string | null, body?: unknown, headers: Readonly<Record<string, string>> = {}) {
      world.tick(TICK_MS)
      const authorization = token === null ? {} : { authorization: `Bearer ${token}` }
      const payload = body === undefined ? {} : { payload: body as object }
      const answer = await app.inject({ method, url: path, headers: { ...headers, ...authorization }, ...payload })
      if (answer.statusCode >= 300)
        throw new Error(
          `${method} ${path} answered ${answer.statusCode}: ${answer.body}\n${lines.filter(line => line.includes('"error"')).join('\n')}`,
        )
      return (answer.body === '' ? undefined : answer.json<{ data: T }>().data) as T
    },
    close: () => {
      closed ??= app.close().then(() => wired.close())
      return closed
    },
  }
  return world
}
