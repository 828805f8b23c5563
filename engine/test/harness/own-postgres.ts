/**
 * A Postgres server of one test file's own, that may be killed, stopped and started again at the same address: the one that all tests share
 * is not for that. Durable, as an installation's is.
 */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll } from 'vitest'
import { migrate } from '../../platform/migrate.ts'
import { prepareRoles } from '../../platform/roles.sql.ts'
import { ensureDatabase, withDatabase } from '../../platform/server-admin.ts'
import { choosePostgresHome } from '../../start/postgres-home.ts'
import { initialise, launch, stopServer } from '../../start/postgres-process.ts'
import { root } from '../source-files.ts'
import type { TestDatabase } from './database.ts'
import { servingUrl } from './server.ts'

export interface OwnPostgres {
  readonly database: TestDatabase
  /** The folder of its data. */
  readonly data: string
  /** As by kill -9 of the whole server. */
  kill(): Promise<void>
  /** Starts it again at the same address; recovers by itself what a kill left. */
  start(): Promise<void>
  /** Halts every process of it, as a machine that hangs, until it is let go on. */
  halt(): void
  resume(): void
}

/** Starts a server with one migrated database; it ends with the test file, so a file starts it before its tests. `disk` is where its data shall lie. */
export async function startOwnPostgres(disk?: string): Promise<OwnPostgres> {
  const folder = disk ?? mkdtempSync(join(tmpdir(), 'nexus-own-'))
  // Started by root, the server runs as another user, who must get through.
  chmodSync(folder, 0o755)
  const place = join(folder, 'postgres')
  mkdirSync(place, { recursive: true })
  const home = choosePostgresHome(place, () => undefined)
  await initialise(home, { superuser: 'nexus', password: 'nexus', durable: true })
  let server = await launch(home, { durable: true, maxConnections: 100 })
  const { port } = server
  let halted: number[] = []

  const resume = (): void => {
    for (const pid of halted) trySignal(pid, 'SIGCONT')
    halted = []
  }
  afterAll(async () => {
    resume()
    await stopServer(server.pid)
    if (disk === undefined) rmSync(folder, { recursive: true, force: true })
  })

  const url = `postgres://nexus:nexus@127.0.0.1:${port}/postgres`
  await ensureDatabase(url, 'nexus')
  const adminUrl = withDatabase(url, 'nexus')
  await prepareRoles(adminUrl)
  await migrate({ url: adminUrl, folder: join(root, 'engine/platform/migrations'), role: 'nexus_owner' })
  return {
    database: { name: 'nexus', url: await servingUrl(adminUrl), adminUrl, drop: async () => undefined },
    data: home.data,
    async kill() {
      const family = [server.pid, ...childrenOf(server.pid)]
      for (const pid of family) trySignal(pid, 'SIGKILL')
      while (family.some(isAlive)) await sleep(10)
    },
    async start() {
      server = await launch(home, { durable: true, maxConnections: 100, port })
    },
    halt() {
      halted = [server.pid, ...childrenOf(server.pid)]
      for (const pid of halted) trySignal(pid, 'SIGSTOP')
    },
    resume,
  }
}

function childrenOf(parent: number): number[] {
  return readdirSync('/proc').flatMap(name => (/^\d+$/.test(name) && statOf(Number(name))?.parent === parent ? [Number(name)] : []))
}

function isAlive(pid: number): boolean {
  const stat = statOf(pid)
  return stat !== undefined && stat.state !== 'Z'
}

function statOf(pid: number): { state: string; parent: number } | undefined {
  const file = `/proc/${pid}/stat`
  try {
    // The name in brackets may hold anything.
    const [state = '', parent] = existsSync(file) ? (readFileSync(file, 'utf8').split(') ').at(-1)?.split(' ') ?? []) : []
    return state === '' ? undefined : { state, parent: Number(parent) }
  } catch {
    return undefined
  }
}

function trySignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
