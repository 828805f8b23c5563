/**
 * The benchmark's own Postgres: a server in its own folder, one filled template per population and schema that is kept between runs, and a
 * copy of it for each run. Served processes log in as in production, by a login that is a member of the engine's roles and no superuser.
 */
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { readConfig } from '../kernel/config.ts'
import { createLog } from '../kernel/log.ts'
import { hashMigrations, migrate, readMigrations } from '../platform/migrate.ts'
import { ENGINE_ROLES, prepareRoles } from '../platform/roles.sql.ts'
import { administer, dropDatabase, ensureDatabase, withDatabase } from '../platform/server-admin.ts'
import { startEmbeddedPostgres } from '../start/embedded-postgres.ts'
import { buildEngine } from '../start/wiring.ts'
import { loadFloor } from './floor-tables.ts'
import { load } from './load.ts'
import { type Population, tenantsOf } from './population.ts'

export type Tell = (line: string) => void

const root = resolve(import.meta.dirname, '../..')
const migrations = join(root, 'engine/platform/migrations')
/** What decides what a filled database looks like. */
const SOURCES = ['load.ts', 'floor-tables.ts', 'population.ts', 'record-values.ts']
const LOGIN = 'nexus_bench'

/** A running server with a filled database of its own for this run. */
export interface BenchDatabase {
  readonly pid: number
  /** The superuser's, for looking at sizes. */
  readonly adminUrl: string
  /** As a served process would be given it. */
  readonly url: string
  readonly secret: string
  readonly folder: string
  /** Seconds it took to fill the template; null where it was there. */
  readonly filledIn: number | null
  /** Drops the run's copy and stops the server. */
  close(): Promise<void>
}

/** Opens the server under `dataDir`, fills the template if there is none, and copies it. */
export async function openBenchDatabase(dataDir: string, population: Population, tell: Tell): Promise<BenchDatabase> {
  const folder = resolve(dataDir, 'bench')
  mkdirSync(folder, { recursive: true })
  const { secret, password } = keptSecrets(folder)
  const server = await startEmbeddedPostgres({ dataDir: folder, log: tell, maxConnections: 200 })
  const template = `nexus_bench_${await fingerprint(population)}`
  const filledIn = await ensureTemplate(server.adminUrl, template, population, folder, secret, tell)
  const name = `nexus_bench_run_${process.pid}`
  await dropAbandoned(server.adminUrl)
  await ensureDatabase(server.adminUrl, name, template)
  const adminUrl = withDatabase(server.adminUrl, name)
  await grantLogin(adminUrl, name, password)
  const url = new URL(adminUrl)
  url.username = LOGIN
  url.password = password
  return {
    pid: server.pid,
    adminUrl,
    url: url.href,
    secret,
    folder,
    filledIn,
    close: async () => {
      await dropDatabase(server.adminUrl, name)
      await server.stop()
    },
  }
}

/** Templates of an older schema or population stay until they are dropped by hand; a run that was killed leaves its copy. */
async function dropAbandoned(adminUrl: string): Promise<void> {
  const { rows } = await administer(adminUrl, client =>
    client.query<{ name: string }>(`select datname as name from pg_database where datname ~ '^nexus_bench_run_[0-9]+$'`),
  )
  for (const { name } of rows) if (!existsSync(`/proc/${name.split('_').at(-1) ?? ''}`)) await dropDatabase(adminUrl, name)
}

async function fingerprint(population: Population): Promise<string> {
  const hash = createHash('sha256')
    .update(hashMigrations(await readMigrations(migrations)))
    .update(JSON.stringify(population))
  for (const source of SOURCES) hash.update(readFileSync(join(import.meta.dirname, source)))
  for (const pack of ['core', 'sales']) hash.update(readFileSync(join(root, 'seeds', pack, 'pack.lock.json')))
  return hash.digest('hex').slice(0, 12)
}

async function ensureTemplate(
  adminUrl: string,
  name: string,
  population: Population,
  folder: string,
  secret: string,
  tell: Tell,
): Promise<number | null> {
  const { rowCount } = await administer(adminUrl, client => client.query('select 1 from pg_database where datname = $1', [name]))
  if (rowCount === 1) return null
  const begun = performance.now()
  tell(`Filling a database with ${population.deals} deals in the large tenant …`)
  const building = `${name}_${process.pid}`
  await dropDatabase(adminUrl, building)
  await ensureDatabase(adminUrl, building)
  const url = withDatabase(adminUrl, building)
  await prepareRoles(url)
  await migrate({ url, folder: migrations, role: 'nexus_owner' })
  const { config } = readConfig({ NEXUS_DATA_DIR: folder, NODE_ENV: 'test' }, () => ({ secret, operator_token: secret }))
  if (config === undefined) throw new Error('The settings of the benchmark are wrong.')
  const wired = await buildEngine({ config, databaseUrl: url, redisUrl: undefined, background: false, log: createLog(undefined, 'warn') })
  try {
    const prototype = await wired.identity.tenants.create(
      {
        key: 'prototype',
        name: 'Prototype',
        packs: ['sales'],
        admin: { email: 'admin@bench.example', password: randomBytes(12).toString('base64url') },
        locale: 'en',
        currency: 'EUR',
      },
      {
        now: new Date(),
        traceId: '0'.repeat(32),
        traceparent: '',
        route: 'bench',
        ip: '127.0.0.1',
        caller: null,
        userAgent: null,
        locale: 'en',
      },
    )
    const { model } = await wired.models.current(prototype.id)
    await load(url, { id: prototype.id, model }, tenantsOf(population), tell)
    await loadFloor(url, model)
  } finally {
    await wired.close()
  }
  await administer(adminUrl, client => client.query(`alter database ${building} rename to ${name}`))
  const seconds = (performance.now() - begun) / 1000
  tell(`Filled in ${seconds.toFixed(0)} s`)
  return seconds
}

async function grantLogin(adminUrl: string, database: string, password: string): Promise<void> {
  await administer(adminUrl, async client => {
    const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [LOGIN])
    if (rowCount === 0) await client.query(`create role ${LOGIN} login noinherit`)
    await client.query(`alter role ${LOGIN} inherit password ${client.escapeLiteral(password)}`)
    for (const role of ENGINE_ROLES) await client.query(`grant ${role} to ${LOGIN}`)
    await client.query(`grant connect, create on database ${client.escapeIdentifier(database)} to nexus_owner`)
    // The floor is another application in the same database; it owns nothing and passes no row security, for its tables have none.
    await client.query(`grant usage on schema floor to ${LOGIN}`)
    await client.query(`grant select, insert, update on all tables in schema floor to ${LOGIN}`)
    await client.query(`grant usage on all sequences in schema floor to ${LOGIN}`)
  })
}

function keptSecrets(folder: string): { secret: string; password: string } {
  const file = join(folder, 'bench-secrets.json')
  if (!existsSync(file)) {
    const fresh = { secret: randomBytes(48).toString('base64url'), password: randomBytes(24).toString('base64url') }
    writeFileSync(file, JSON.stringify(fresh), { mode: 0o600 })
  }
  return JSON.parse(readFileSync(file, 'utf8')) as { secret: string; password: string }
}
