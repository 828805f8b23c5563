/**
 * The few things done to a Postgres server as a whole: is it there, make and drop a database, who else is connected.
 * For starting up and for tests; no request comes here.
 */
import pg from 'pg'

/** Why a server does not let a login in: in the words of the server or of the system, and whether it is there and answers just that. */
export interface NoConnection {
  readonly words: string
  readonly isAnswered: boolean
}

/** Whether the server behind the URL lets this login in. */
export async function canConnect(url: string): Promise<boolean> {
  return (await whyNoConnection(url)) === null
}

/** Why the server behind the URL does not let this login in; null where it does. */
export async function whyNoConnection(url: string): Promise<NoConnection | null> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    return null
  } catch (error) {
    // A name with several addresses fails of each of them.
    const first: unknown = error instanceof AggregateError ? error.errors[0] : error
    const { code } = first as { code?: unknown }
    return {
      words: first instanceof Error ? first.message : String(first),
      // A login or a database that the server does not know; anything else may be on its way.
      isAnswered: typeof code === 'string' && /^(28\w{3}|3D000|42501)$/.test(code),
    }
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Runs statements one after another over a connection of its own. */
export async function administer<T>(adminUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 5000 })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** Creates the database unless it is there; with a template it starts as a copy of that one. */
export async function ensureDatabase(adminUrl: string, name: string, template?: string): Promise<void> {
  await administer(adminUrl, async client => {
    const found = await client.query('select 1 from pg_database where datname = $1', [name])
    if (found.rowCount !== 0) return
    const copy = template === undefined ? '' : ` template ${client.escapeIdentifier(template)} strategy file_copy`
    await client.query(`create database ${client.escapeIdentifier(name)}${copy}`).catch((error: { code?: string }) => {
      if (!isAlreadyThere(error)) throw error
    })
  })
}

/** Whether something failed only because another process made the same thing first, a moment ago (23505) or before (42P04, 42710). */
export function isAlreadyThere(error: { code?: string }): boolean {
  return ['23505', '42P04', '42710'].includes(error.code ?? '')
}

/** Drops the database and whoever is still connected to it. */
export async function dropDatabase(adminUrl: string, name: string): Promise<void> {
  await administer(adminUrl, async client => {
    await client.query(`drop database if exists ${client.escapeIdentifier(name)} with (force)`)
  })
}

/** How many other clients are connected to the server; their own workers do not count. */
export async function countOtherClients(adminUrl: string): Promise<number> {
  return administer(adminUrl, async client => {
    const found = await client.query<{ n: number }>(
      `select count(*)::int as n from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
    )
    return found.rows[0]?.n ?? 0
  })
}

/** The same URL with another database in it. */
export function withDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${encodeURIComponent(name)}`
  return changed.href
}
