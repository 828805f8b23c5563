/**
 * Brings the schema to this program's version: numbered .sql files, run once, in order, as the owner, never changed afterwards.
 * A file is one transaction; its statements stand between lines of `--;;` and go out one per message.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'

export interface MigrateOptions {
  readonly url: string
  readonly folder: string
  /** Takes this role before the first statement; left out, the login itself owns what it makes. */
  readonly role?: 'nexus_owner'
  /** The number of the last one to run: for the schema of an older version. All of them without it. */
  readonly upTo?: number | undefined
}

/** One migration file. */
export interface Migration {
  readonly number: number
  readonly name: string
  readonly checksum: string
  readonly statements: readonly string[]
}

/** Runs what has not run yet and gives the names of it; two processes at once run it once. */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const migrations = await readMigrations(options.folder)
  const { upTo = Number.POSITIVE_INFINITY } = options
  const client = new pg.Client({ connectionString: options.url, connectionTimeoutMillis: 5_000, application_name: 'nexus_migrate' })
  client.on('error', () => undefined)
  await client.connect()
  try {
    for (const limit of ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout']) await client.query(`set ${limit} = 0`)
    if (options.role !== undefined) await client.query(`set role ${options.role}`)
    await client.query(`select pg_advisory_lock(hashtext('nexus.migration'))`)
    const applied = await readApplied(client)
    refuseStrangeHistory(applied, migrations)
    const pending = migrations.filter(migration => !applied.has(migration.number) && migration.number <= upTo)
    for (const migration of pending) await run(client, migration)
    return pending.map(migration => migration.name)
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Reads the folder's files, sorted by number. */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter(name => name.endsWith('.sql')).sort()
  const migrations: Migration[] = []
  for (const name of names) {
    const number = Number(/^(\d{3,})-[a-z0-9-]+\.sql$/.exec(name)?.[1])
    if (!Number.isInteger(number)) throw new Error(`${name} is not a migration's name: it must be like 001-records.sql.`)
    if (migrations.some(other => other.number === number)) throw new Error(`Two migrations have the number ${number}.`)
    const text = (await readFile(join(folder, name), 'utf8')).replaceAll('\r\n', '\n')
    const checksum = createHash('sha256').update(text).digest('hex')
    migrations.push({ number, name, checksum, statements: splitStatements(text) })
  }
  return migrations
}

/** What all files together amount to; names the template database of the tests. */
export function hashMigrations(migrations: readonly Migration[]): string {
  const hash = createHash('sha256')
  for (const migration of migrations) hash.update(`${migration.name} ${migration.checksum}\n`)
  return hash.digest('hex').slice(0, 12)
}

function splitStatements(text: string): string[] {
  const parts = text.split(/^--;;[ \t]*$/m).map(part => part.trim())
  return parts.filter(part => part.replace(/^\s*--.*$/gm, '').trim() !== '')
}

async function readApplied(client: pg.Client): Promise<Map<number, { name: string; checksum: string }>> {
  await client.query('create schema if not exists nexus')
  await client.query(
    `create table if not exists nexus.migration (
       number int primary key, name text not null, checksum text not null, applied_at timestamptz not null default now())`,
  )
  const found = await client.query<{ number: number; name: string; checksum: string }>('select number, name, checksum from nexus.migration')
  return new Map(found.rows.map(row => [row.number, row]))
}

function refuseStrangeHistory(applied: Map<number, { name: string; checksum: string }>, migrations: readonly Migration[]): void {
  for (const [number, { name, checksum }] of applied) {
    const here = migrations.find(migration => migration.number === number)
    if (here === undefined)
      throw new Error(`The database is newer than this program: it has the migration ${name}. Start the newer version.`)
    if (here.checksum !== checksum)
      throw new Error(`${here.name} was changed after it ran on this database. Put it back and add a new migration.`)
  }
  const last = Math.max(0, ...applied.keys())
  const late = migrations.find(migration => migration.number < last && !applied.has(migration.number))
  if (late !== undefined) throw new Error(`${late.name} comes before migrations that have already run. Give it the next number.`)
}

async function run(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('begin')
  try {
    for (const [index, statement] of migration.statements.entries()) {
      await client.query(statement).catch((error: Error) => {
        throw new Error(`${migration.name}, statement ${index + 1}: ${error.message}`)
      })
    }
    await client.query('insert into nexus.migration (number, name, checksum) values ($1, $2, $3)', [
      migration.number,
      migration.name,
      migration.checksum,
    ])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  }
}
