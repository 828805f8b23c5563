/** Real processes of the engine, as an operator starts them: signals, exit codes and what they print are the test's business. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll } from 'vitest'
import { findFreePort } from '../../start/postgres-process.ts'
import { root } from '../source-files.ts'
import { endLeftRedis } from './redis.ts'

export const PASSWORD = 'correct horse battery'
const OPERATOR_TOKEN = 'operator-token-of-the-test-harness'

export interface ProcessOptions {
  readonly databaseUrl: string
  readonly role?: 'all' | 'api' | 'worker'
  readonly env?: Readonly<Record<string, string>>
}

/** One process at an address that stays when it is started again. */
export interface EngineProcess {
  readonly url: string
  readonly port: number
  /** What it logged, one line each. */
  readonly lines: string[]
  /** Starts it, again after it has ended, and waits until it is ready. */
  start(): Promise<void>
  /** Sends a signal. */
  signal(signal: NodeJS.Signals): void
  /** Waits for its end. */
  ended(): Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  /** What it said on standard error. */
  said(): string
}

/** A process that is not started yet; killed when the test file is done, so a file makes it before its tests. */
export async function engineProcess({ databaseUrl, role = 'api', env = {} }: ProcessOptions): Promise<EngineProcess> {
  const port = await findFreePort()
  const folder = mkdtempSync(join(tmpdir(), 'nexus-process-'))
  const url = `http://127.0.0.1:${port}`
  const lines: string[] = []
  let said = ''
  let child: ChildProcess | null = null
  let end: Promise<{ code: number | null; signal: NodeJS.Signals | null }> | null = null
  afterAll(async () => {
    child?.kill('SIGKILL')
    await end
    await endLeftRedis(folder)
    rmSync(folder, { recursive: true, force: true })
  })
  const inherited = Object.entries(process.env).filter(([name]) => !/^(NEXUS_|DATABASE_URL|REDIS_URL|NODE_ENV|VITEST|OTEL_)/.test(name))

  return {
    url,
    port,
    lines,
    async start() {
      const started = spawn(process.execPath, [join(root, 'engine/start/cli.ts'), 'start', '--role', role], {
        cwd: root,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
          ...Object.fromEntries(inherited),
          NODE_ENV: 'production',
          HOST: '127.0.0.1',
          PORT: String(port),
          DATABASE_URL: databaseUrl,
          NEXUS_DATA_DIR: folder,
          NEXUS_PUBLIC_URL: 'https://nexus.example.com',
          NEXUS_SECRET: 'Zk8vQ2mB7xN4tR9wL1pF6sH3jD5gC0aY',
          NEXUS_OPERATOR_TOKEN: OPERATOR_TOKEN,
          NEXUS_ALLOW_OLD_POSTGRES: '1',
          NEXUS_DRAIN_SECONDS: '1',
          ...env,
        },
      })
      child = started
      let rest = ''
      started.stdout.on('data', (chunk: Buffer) => {
        const parts = (rest + chunk.toString('utf8')).split('\n')
        rest = parts.pop() ?? ''
        lines.push(...parts)
      })
      started.stderr.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')))
      end = once(started, 'close').then(([code, signal]: (number | NodeJS.Signals | null)[]) => ({
        code: typeof code === 'number' ? code : null,
        signal: typeof signal === 'string' ? signal : null,
      }))
      for (;;) {
        if (started.exitCode !== null) throw new Error(`The process ended with ${started.exitCode}: ${said}`)
        if (await isReady(url)) return
        await sleep(50)
      }
    },
    signal: signal => void child?.kill(signal),
    ended: async () => (await end) ?? { code: null, signal: null },
    said: () => said,
  }
}

/** Whether a process wants requests. */
export async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(1_000) })).status === 200
  } catch {
    return false
  }
}

/** Makes a tenant of the sales pack through a running process and signs its administrator in: the token counts at every process. */
export async function openTenant(url: string, key: string): Promise<{ readonly id: string; readonly token: string }> {
  const email = `admin@${key}.test`
  const made = await send<{ id: string }>(url, OPERATOR_TOKEN, '/api/platform/tenants', {
    key,
    name: key,
    packs: ['sales'],
    admin: { email, password: PASSWORD },
    locale: 'en',
    currency: 'EUR',
  })
  const { access_token: token } = await send<{ access_token: string }>(url, '', '/api/auth/login', {
    tenant: key,
    email,
    password: PASSWORD,
  })
  return { id: made.id, token }
}

async function send<T>(url: string, token: string, path: string, body: object): Promise<T> {
  const headers = { 'content-type': 'application/json', ...(token === '' ? {} : { authorization: `Bearer ${token}` }) }
  const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`POST ${path} answered ${answer.status}: ${await answer.text()}`)
  return ((await answer.json()) as { data: T }).data
}
