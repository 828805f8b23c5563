/**
 * A whole engine that listens, with the built apps: what a browser can visit. With one small tenant of the sales pack, or with the two
 * seeded tenants of the proofs of isolation, in which every entity has records and every role somebody who has it.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer as createSocket } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { UNLIMITED } from '../../guard/index.ts'
import { createServer } from '../../http/server.ts'
import { readConfig } from '../../kernel/config.ts'
import { createLog } from '../../kernel/log.ts'
import { buildApps } from '../../start/build-app.ts'
import { buildEngine } from '../../start/wiring.ts'
import { ensureWorldTemplate, requireTestServer } from '../isolation/world-template.ts'
import { freshDatabase } from './database.ts'
import { SHARED_LOOP } from './shared-loop.ts'

export const PASSWORD = 'correct horse battery'

/** A caller's hands on the API. */
export interface ApiUser {
  /** Sends a request that has to succeed; answers `data`. */
  call<T = Record<string, unknown>>(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<T>
}

export interface LiveEngine {
  readonly origin: string
  readonly tenant: string
  readonly admin: ApiUser
  signIn(email: string): Promise<ApiUser>
}

const SECRETS = { secret: 'secret-of-the-test-harness-0123456789', operator_token: 'operator-token-of-the-test-harness' }

/** The world's tenant that browsers visit. */
const WORLD_TENANT = 'north'

/** Starts it with a small tenant for a test file, with further settings; everything ends with the file. */
export async function startLiveEngine(env: Readonly<Record<string, string>> = {}): Promise<LiveEngine> {
  const { url } = await freshDatabase()
  const door = await listen(url, env)
  const tenant = 'demo'
  await door.send(SECRETS.operator_token, 'POST', '/api/platform/tenants', {
    key: tenant,
    name: 'Lindwerk',
    packs: ['sales'],
    admin: { email: 'admin@demo.test', password: PASSWORD, name: 'Anna Weiss' },
    locale: 'en',
    currency: 'EUR',
  })
  return signedIn(door, tenant)
}

/** Starts it over a copy of the seeded world, in today's time; people are `admin@north.test`, `rep@north.test` and so on. */
export async function startLiveWorld(): Promise<LiveEngine> {
  const server = await requireTestServer()
  const { url } = await freshDatabase(await ensureWorldTemplate(server))
  return signedIn(await listen(url), WORLD_TENANT)
}

interface Door {
  readonly origin: string
  send<T>(token: string | null, method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<T>
}

async function signedIn({ origin, send }: Door, tenant: string): Promise<LiveEngine> {
  const signIn = async (email: string): Promise<ApiUser> => {
    const answer = await send<{ access_token: string }>(null, 'POST', '/api/auth/login', { tenant, email, password: PASSWORD })
    return { call: (method, path, body, headers) => send(answer.access_token, method, path, body, headers) }
  }
  return { origin, tenant, admin: await signIn(`admin@${tenant}.test`), signIn }
}

async function listen(url: string, env: Readonly<Record<string, string>> = {}): Promise<Door> {
  const folder = await mkdtemp(join(tmpdir(), 'nexus-live-'))
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const settings = { NEXUS_DATA_DIR: folder, NODE_ENV: 'test', PORT: String(port), NEXUS_PUBLIC_URL: origin, ...env }
  const { config } = readConfig(settings, () => SECRETS)
  if (config === undefined) throw new Error('The settings of the test are wrong.')
  const log = createLog({ write: () => undefined })
  const wired = await buildEngine({ config, databaseUrl: url, redisUrl: undefined, background: true, log, rates: UNLIMITED })
  const apps = (await buildApps(() => undefined)).map((root, index) => ({ prefix: index === 0 ? '/' : '/studio/', root }))
  const app = await createServer(wired.engine, { ...SHARED_LOOP, apps })
  await app.listen({ host: '127.0.0.1', port })
  afterAll(async () => {
    await app.close()
    await wired.close()
    await rm(folder, { recursive: true })
  })
  return {
    origin,
    async send<T>(
      token: string | null,
      method: string,
      path: string,
      body?: unknown,
      headers: Readonly<Record<string, string>> = {},
    ): Promise<T> {
      const answer = await fetch(origin + path, {
        method,
        headers: {
          ...headers,
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`)
      return (text === '' ? undefined : (JSON.parse(text) as { data: T }).data) as T
    },
  }
}

async function freePort(): Promise<number> {
  const socket = createSocket().listen(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address() as AddressInfo
  socket.close()
  return port
}
