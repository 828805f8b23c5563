/** A whole engine over a database of the test's own, with a tenant and its administrator, called as clients call it but without a socket. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { afterAll } from 'vitest'
import { type RateLimits, UNLIMITED } from '../../guard/index.ts'
import { createServer } from '../../http/index.ts'
import { readConfig } from '../../kernel/config.ts'
import { createLog } from '../../kernel/log.ts'
import { buildEngine, type Wired } from '../../start/wiring.ts'
import { freshDatabase, type TestDatabase } from './database.ts'
import { SHARED_LOOP } from './shared-loop.ts'

export const PASSWORD = 'correct horse battery'

/** What came back: the body parsed, `data` out of its envelope. */
export interface Reply<T = unknown> {
  readonly status: number
  readonly headers: Readonly<Record<string, unknown>>
  readonly data: T
  readonly problem: {
    readonly code: string
    readonly errors?: readonly { readonly code: string; readonly pointer: string; readonly message: string }[]
    readonly [member: string]: unknown
  }
}

/** One signed-in caller. */
export interface Client {
  <T = unknown>(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Reply<T>>
}

/** A running process of the engine. */
export interface Workspace {
  readonly wired: Wired
  readonly app: FastifyInstance
  readonly database: TestDatabase
  /** Everything that was logged as a warning or worse. */
  readonly warnings: string[]
  /** Ends the process; done after the file's tests, whether or not a test does it. */
  stop(): Promise<void>
  client(token: string): Client
  /** Lets clients in that need a socket; answers the address. */
  listen(): Promise<string>
  signIn(tenant: string, email: string): Promise<Client>
  /** Makes a tenant of the sales pack; its administrator is `admin@<key>.test`. */
  createTenant(
    key: string,
    packs?: readonly string[],
  ): Promise<{ readonly id: string; readonly admin_id: string; readonly org_unit_id: string }>
}

/** Starts a process; over an existing database it is a second process beside the first. */
export async function startWorkspace(
  options: {
    database?: TestDatabase
    background?: boolean
    env?: Readonly<Record<string, string>>
    redisUrl?: string
    rates?: RateLimits
  } = {},
): Promise<Workspace> {
  const folder = await mkdtemp(join(tmpdir(), 'nexus-workspace-'))
  const database = options.database ?? (await freshDatabase())
  const kept = { secret: 'secret-of-the-test-harness-0123456789', operator_token: 'operator-token-of-the-test-harness' }
  const { config } = readConfig({ NEXUS_DATA_DIR: folder, NODE_ENV: 'test', ...options.env }, () => kept)
  if (config === undefined) throw new Error('The settings of the test are wrong.')
  const warnings: string[] = []
  const log = createLog({ write: line => void (/"level":"(warn|error)"/.test(line) && warnings.push(line)) })
  const wired = await buildEngine({
    config,
    databaseUrl: database.url,
    redisUrl: options.redisUrl,
    background: options.background ?? false,
    log,
    rates: options.rates ?? UNLIMITED,
  })
  const app = await createServer(wired.engine, SHARED_LOOP)
  let stopping: Promise<void> | null = null
  const stop = (): Promise<void> => {
    stopping ??= (async () => {
      await app.close()
      await wired.close()
      await rm(folder, { recursive: true })
    })()
    return stopping
  }
  afterAll(stop)

  const client =
    (token: string): Client =>
    async <T>(method: Parameters<Client>[0], path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) => {
      const payload = body === undefined ? {} : { payload: JSON.stringify(body) }
      const type = body === undefined ? {} : { 'content-type': 'application/json' }
      const answer = await app.inject({ method, url: path, headers: { authorization: `Bearer ${token}`, ...type, ...headers }, ...payload })
      const parsed = (answer.body === '' ? {} : JSON.parse(answer.body)) as { data?: T }
      return { status: answer.statusCode, headers: answer.headers, data: parsed.data as T, problem: parsed as never }
    }
  return {
    wired,
    app,
    database,
    warnings,
    stop,
    client,
    listen: () => app.listen({ host: '127.0.0.1', port: 0 }),
    signIn: async (tenant, email) => {
      const { data } = await client('')<{ access_token: string }>('POST', '/api/auth/login', { tenant, email, password: PASSWORD })
      return client(data.access_token)
    },
    createTenant: async (key, packs = ['sales']) => {
      const admin = { email: `admin@${key}.test`, password: PASSWORD }
      const made = await client(config.operatorToken)<{ id: string; admin_id: string; org_unit_id: string }>(
        'POST',
        '/api/platform/tenants',
        { key, name: key, packs, admin, locale: 'en', currency: 'EUR' },
      )
      if (made.status !== 201) throw new Error(JSON.stringify(made.problem))
      return made.data
    },
  }
}
