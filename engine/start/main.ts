/**
 * Opens what every role of the program stands on: settings, Postgres with its roles and schema, Redis where there is one.
 * Knows no room above the platform; server, worker and command line take it from here.
 */
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Config, readConfig } from '../kernel/config.ts'
import { migrate } from '../platform/migrate.ts'
import { refuseOldPostgres } from '../platform/postgres-version.ts'
import { prepareRoles, prepareServingLogin } from '../platform/roles.sql.ts'
import { administer, whyNoConnection } from '../platform/server-admin.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { findRedis } from './embedded-redis.ts'
import { keepSecrets } from './kept-secrets.ts'

export interface Ground {
  readonly config: Config
  /** For the engine: becomes the serving roles. */
  readonly databaseUrl: string
  /** For migrations and for an operator's own work: the login that may become the owner. */
  readonly adminUrl: string
  /** Migrations that were run just now. */
  readonly applied: readonly string[]
  readonly redisUrl: string | undefined
  /** Stops the servers that were started here, unless another process still uses them. */
  stop(): Promise<void>
}

/** A start that can't be, in words for the operator; the process ends with exit code 2. */
export class StartRefused extends Error {}

/** The schema this program works with. */
export const MIGRATIONS = join(import.meta.dirname, '../platform/migrations')

/** Who types a command waits for a database that is just being started, and not for one that is away. */
export const COMMAND_PATIENCE_MS = 10_000
/** A database that is started at the same moment gets this long to accept connections; one that is there and refuses the login, less. */
const DATABASE_WITHIN_MS = 60_000
const LOGIN_WITHIN_MS = 5_000
const TELL_EVERY_MS = 10_000

/** Reads the settings from the environment or refuses with every mistake in them. */
export function requireConfig(env: NodeJS.ProcessEnv, log: (line: string) => void): Config {
  const result = readConfig(env, keepSecrets)
  for (const warning of result.warnings) log(`Warning: ${warning}`)
  if (result.config !== undefined) return result.config
  throw new StartRefused(`These settings can't be used:\n${result.problems.map(({ name, message }) => `  ${name} ${message}`).join('\n')}`)
}

/**
 * Starts or finds the servers and brings roles and schema up to date, unless what is there is to be looked at as it is; up to the migration of
 * a number, where the schema is to be that of an older version.
 */
export async function openGround(
  config: Config,
  log: (line: string) => void,
  {
    asItIs = false,
    upTo,
    migrations = MIGRATIONS,
    patienceMs = asItIs ? 0 : DATABASE_WITHIN_MS,
    serves = false,
  }: {
    readonly asItIs?: boolean
    readonly upTo?: number
    readonly migrations?: string
    readonly patienceMs?: number
    /** Whether events are to be handed on from here. */
    readonly serves?: boolean
  } = {},
): Promise<Ground> {
  const [startedPostgres, startedRedis] = await Promise.allSettled([
    config.databaseUrl === undefined ? startEmbeddedPostgres({ dataDir: config.dataDir, log }) : undefined,
    findRedis({ redisUrl: config.redisUrl, dataDir: config.dataDir, log, launches: serves }),
  ])
  const postgres = startedPostgres.status === 'fulfilled' ? startedPostgres.value : undefined
  const redis = startedRedis.status === 'fulfilled' ? startedRedis.value : undefined
  const stop = async (): Promise<void> => {
    await Promise.all([postgres?.stop(), redis?.stop()])
  }
  try {
    for (const started of [startedPostgres, startedRedis]) if (started.status === 'rejected') throw started.reason
    const adminUrl = postgres?.adminUrl ?? config.databaseUrl ?? ''
    await waitForDatabase(adminUrl, log, patienceMs)
    if (asItIs) return { config, databaseUrl: adminUrl, adminUrl, applied: [], redisUrl: redis?.url, stop }
    await requirePostgres(adminUrl, config, log)
    await prepareRoles(adminUrl)
    const applied = await migrate({ url: adminUrl, folder: migrations, role: 'nexus_owner', upTo })
    if (applied.length > 0) log(`Schema brought up to date: ${applied.join(', ')}`)
    // Only our own server gets a login made for it; elsewhere logins are the administrator's matter.
    const databaseUrl =
      postgres === undefined
        ? adminUrl
        : await prepareServingLogin(adminUrl, { name: 'nexus_login', password: keepSecrets(config.dataDir).database_password })
    return { config, databaseUrl, adminUrl, applied, redisUrl: redis?.url, stop }
  } catch (error) {
    await stop().catch(() => undefined)
    throw error
  }
}

async function waitForDatabase(url: string, log: (line: string) => void, patienceMs: number): Promise<void> {
  const { hostname, port, pathname } = new URL(url)
  const place = `${hostname}:${port === '' ? '5432' : port}${pathname}`
  const started = performance.now()
  for (let toldAt = Number.NEGATIVE_INFINITY; ; await sleep(1_000)) {
    const reason = await whyNoConnection(url)
    if (reason === null) return
    const waited = performance.now() - started
    if (waited >= (reason.isAnswered ? Math.min(LOGIN_WITHIN_MS, patienceMs) : patienceMs))
      throw new StartRefused(
        `The database at ${place} does not let Nexus in: ${reason.words}. Is ${reason.isAnswered ? 'the login of DATABASE_URL right' : 'it up, and is DATABASE_URL right'}?`,
      )
    if (waited - toldAt < TELL_EVERY_MS) continue
    toldAt = waited
    log(`Waiting for the database at ${place} (${reason.words}) …`)
  }
}

async function requirePostgres(url: string, config: Config, log: (line: string) => void): Promise<void> {
  const server = await administer(url, async client => {
    const found = await client.query<{ version: number; superuser: boolean }>(
      `select current_setting('server_version_num')::int as version, rolsuper as superuser from pg_roles where rolname = session_user`,
    )
    return found.rows[0]
  })
  const problem = refuseOldPostgres(server?.version ?? 0)
  if (problem !== undefined) {
    if (config.production && !config.allowOldPostgres)
      throw new StartRefused(`${problem} (NEXUS_ALLOW_OLD_POSTGRES=1 starts all the same.)`)
    if (config.databaseUrl !== undefined) log(`WARNING: ${problem}`)
  }
  if (config.production && server?.superuser === true) {
    log('WARNING: the login of DATABASE_URL is a superuser. Give Nexus a login that is a member of the nexus_ roles and no more.')
  }
}
