/**
 * The Postgres server the tests run on: the one named by NEXUS_TEST_DATABASE_URL, else one kept running
 * (`npm run test:postgres`), else one of this run's own. Makes the migrated template that test databases are copied from.
 */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hashMigrations, migrate, readMigrations } from '../../platform/migrate.ts'
import { prepareRoles, prepareServingLogin } from '../../platform/roles.sql.ts'
import { administer, canConnect, dropDatabase, ensureDatabase, isAlreadyThere, withDatabase } from '../../platform/server-admin.ts'
import { startEmbeddedPostgres } from '../../start/embedded-postgres.ts'
import { stopServer } from '../../start/postgres-process.ts'

/** Names the server for test files; set by the run's setup, or by hand to use a server of one's own. */
export const SERVER_VARIABLE = 'NEXUS_TEST_DATABASE_URL'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')
const FOLDER_PREFIX = 'nexus-test-'
const keptFile = join(root, '.nexus/test-postgres.json')
const migrations = join(root, 'engine/platform/migrations')

/** The login test databases are used through; no secret, the server holds nothing and listens on loopback. */
const SERVING_LOGIN = { name: 'nexus_test', password: 'nexus_test' }

/** Finds a server that is already there; undefined when a run has to start its own. */
export async function findTestServer(): Promise<string | undefined> {
  const named = process.env[SERVER_VARIABLE]
  if (named !== undefined && named !== '') return named
  if (process.env['CI'] !== undefined) return undefined
  try {
    const kept = JSON.parse(readFileSync(keptFile, 'utf8')) as { admin_url: string }
    return (await canConnect(kept.admin_url)) ? kept.admin_url : undefined
  } catch {
    return undefined
  }
}

/** Starts a server for one run in a folder that goes away with it. */
export async function startTestServer(log: (line: string) => void): Promise<{ adminUrl: string; stop: () => Promise<void> }> {
  await stopAbandonedServers()
  const folder = mkdtempSync(join(tmpdir(), FOLDER_PREFIX))
  // Started by root, the server runs as another user, who must get through; what is secret inside is closed by itself.
  chmodSync(folder, 0o755)
  writeFileSync(join(folder, 'started-by'), String(process.pid))
  const server = await startEmbeddedPostgres({ dataDir: folder, log, durable: false, maxConnections: 400 })
  return {
    adminUrl: server.adminUrl,
    stop: async () => {
      await stopServer(server.pid)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A run that was killed could not stop its server; the next one does. */
async function stopAbandonedServers(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter(each => each.startsWith(FOLDER_PREFIX))) {
    const folder = join(tmpdir(), name)
    const startedBy = readNumber(join(folder, 'started-by'))
    if (startedBy === undefined || isAlive(startedBy)) continue
    const data = join(folder, 'postgres/data')
    const pid = readNumber(join(data, 'postmaster.pid'))
    if (pid !== undefined && runsIn(pid, data)) await stopServer(pid)
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The number in the first line of a file. */
function readNumber(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8').split('\n')[0])
  } catch {
    return undefined
  }
}

function runsIn(pid: number, folder: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === realpathSync(folder)
  } catch {
    return false
  }
}

/** Lets other runs find a server that is kept running. */
export function announceTestServer(adminUrl: string): () => void {
  mkdirSync(dirname(keptFile), { recursive: true })
  writeFileSync(keptFile, `${JSON.stringify({ admin_url: adminUrl })}\n`, { mode: 0o600 })
  return () => rmSync(keptFile, { force: true })
}

/** Makes the template of today's migrations unless it is there; of several runs at once one wins. */
export async function ensureTemplate(adminUrl: string): Promise<string> {
  const name = `nexus_template_${hashMigrations(await readMigrations(migrations))}`
  const there = await administer(
    adminUrl,
    async client => (await client.query('select 1 from pg_database where datname = $1', [name])).rowCount,
  )
  if (there === 1) return name
  const building = `${name}_${process.pid}`
  await dropDatabase(adminUrl, building)
  await ensureDatabase(adminUrl, building)
  await prepareRoles(withDatabase(adminUrl, building))
  await migrate({ url: withDatabase(adminUrl, building), folder: migrations, role: 'nexus_owner' })
  try {
    await administer(adminUrl, client => client.query(`alter database ${building} rename to ${name}`))
  } catch (error) {
    await dropDatabase(adminUrl, building)
    // Another run was faster with the same template.
    if (!isAlreadyThere(error as { code?: string })) throw error
  }
  return name
}

/** Removes the test databases of runs that were killed. */
export async function dropLeftovers(adminUrl: string): Promise<void> {
  const found = await administer(adminUrl, client =>
    client.query<{ name: string }>(`select datname as name from pg_database where datname ~ '^nexus_(test|template_[0-9a-f]+)_[0-9]+'`),
  )
  for (const { name } of found.rows) {
    const pid = Number(/^nexus_(?:test|template_[0-9a-f]+)_(\d+)/.exec(name)?.[1])
    if (!isAlive(pid)) await dropDatabase(adminUrl, name)
  }
}

/** The URL a process that serves requests would use. */
export function servingUrl(adminUrl: string): Promise<string> {
  return prepareServingLogin(adminUrl, SERVING_LOGIN)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
