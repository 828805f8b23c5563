/**
 * Brings up the Postgres 18 that comes with the packages, for trying Nexus out and for tests: one server per data folder.
 * Answers for its password, for taking over a live server and for who stops it; knows nothing of schemas or tenants.
 */
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { canConnect, countOtherClients, ensureDatabase, withDatabase } from '../platform/server-admin.ts'
import { choosePostgresHome, type PostgresHome } from './postgres-home.ts'
import { findRunning, initialise, launch, POSTGRES_MAJOR, stopServer, type RunningPostgres } from './postgres-process.ts'

/** What to start: the folder that keeps everything, and where lines for the person at the terminal go. */
export interface EmbeddedPostgresOptions {
  readonly dataDir: string
  readonly log: (line: string) => void
  /** False only for tests: gives up durability for speed. */
  readonly durable?: boolean
  readonly maxConnections?: number
}

/** A running server; `adminUrl` logs in as its superuser to the database `nexus`. */
export interface EmbeddedPostgres {
  readonly adminUrl: string
  readonly pid: number
  /** True when a server of an earlier start was found alive and taken over. */
  readonly reused: boolean
  /** The last one out stops the server: with other clients connected it keeps running for them. */
  stop(): Promise<void>
}

const SUPERUSER = 'nexus'
const DATABASE = 'nexus'

/** Starts the server of this data folder, or takes over the one that already runs there. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const folder = join(resolve(options.dataDir), 'postgres')
  mkdirSync(folder, { recursive: true })
  const home = choosePostgresHome(folder, options.log)
  refuseOtherMajor(home)
  const password = keepPassword(folder)
  const urlAt = (port: number): string => `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/postgres`

  const running = await findRunning(home)
  if (running === undefined && !existsSync(join(home.data, 'PG_VERSION'))) {
    options.log('Creating the embedded database …')
    await initialise(home, { superuser: SUPERUSER, password, durable: options.durable ?? true })
  }
  const server = running ?? (await launchOrJoin(home, { durable: options.durable ?? true, maxConnections: options.maxConnections ?? 100 }))
  if (running !== undefined && !(await canConnect(urlAt(running.port)))) {
    throw new Error(
      `A Postgres (process ${running.pid}) holds ${home.data} but refuses the password in ${folder}/password. Stop it and start again.`,
    )
  }
  await ensureDatabase(urlAt(server.port), DATABASE)
  const adminUrl = withDatabase(urlAt(server.port), DATABASE)
  return { adminUrl, pid: server.pid, reused: running !== undefined, stop: () => stopUnlessInUse(adminUrl, server.pid) }
}

/** Of two starts at the same moment one gets the data folder; the other one joins it. */
async function launchOrJoin(home: PostgresHome, settings: { durable: boolean; maxConnections: number }): Promise<RunningPostgres> {
  try {
    return await launch(home, settings)
  } catch (error) {
    const other = await findRunning(home)
    if (other === undefined) throw error
    return other
  }
}

async function stopUnlessInUse(adminUrl: string, pid: number): Promise<void> {
  const others = await countOtherClients(adminUrl).catch(() => 0)
  if (others === 0) await stopServer(pid)
}

function refuseOtherMajor(home: PostgresHome): void {
  const file = join(home.data, 'PG_VERSION')
  if (!existsSync(file)) return
  const major = readFileSync(file, 'utf8').trim()
  if (major === POSTGRES_MAJOR) return
  throw new Error(
    `The data in ${home.data} was written by Postgres ${major}, and this is Postgres ${POSTGRES_MAJOR}. ` +
      `Dump it with a Postgres ${major} and load it into a new folder (NEXUS_DATA_DIR), or point DATABASE_URL to a server that runs it.`,
  )
}

/** The superuser's password: random, made once, readable by the engine's own user alone. */
function keepPassword(folder: string): string {
  const file = join(folder, 'password')
  try {
    const password = randomBytes(24).toString('base64url')
    writeFileSync(file, `${password}\n`, { mode: 0o600, flag: 'wx' })
    return password
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, 0o600)
  return readFileSync(file, 'utf8').trim()
}
