/**
 * Makes pools of connections that are one role and nothing else, with the engine's limits set from their first moment.
 * A connection that turns out to be another role, a superuser or past row security is never handed out.
 */
import pg from 'pg'
import type { DatabaseLimits } from './limits.ts'
import { RowClient } from './row-client.ts'
import { cutWhenLate } from './sent-query.ts'

/** The roles a connection of the engine can have. */
export type EngineRole = 'nexus_engine' | 'nexus_relay' | 'nexus_jobs' | 'nexus_search' | 'nexus_owner'

export interface PoolOptions {
  readonly url: string
  readonly role: EngineRole
  readonly size: number
  readonly limits: DatabaseLimits
  readonly readOnly?: boolean
  /** Told that an idle connection was lost; the pool replaces it by itself. */
  readonly onLost?: () => void
}

/** A pool whose connections are checked before their first use. */
export function createPool(options: PoolOptions): pg.Pool {
  const { limits } = options
  const pool = new pg.Pool({
    Client: RowClient,
    connectionString: withoutOptions(options.url),
    options: startupOptions(options),
    application_name: options.role,
    max: options.size,
    connectionTimeoutMillis: limits.connectMs,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    // Statements go out without waiting for the answer to the one before: a transaction's first three take one round trip.
    pipeline: true,
    types: { getTypeParser },
    onConnect: (client: pg.ClientBase) => requireRole(client, options),
  })
  pool.on('connect', client => client.on('error', () => undefined))
  // The server's own timeout speaks first; this one is for a server that does not answer at all.
  pool.on('connect', client => cutWhenLate(client, limits.statementMs + 1_000))
  pool.on('error', () => options.onLost?.())
  return pool
}

/** Settings in the URL would come after ours and could undo the role. */
function withoutOptions(url: string): string {
  const cleaned = new URL(url)
  cleaned.searchParams.delete('options')
  return cleaned.href
}

function startupOptions({ role, limits, readOnly }: PoolOptions): string {
  const settings: Record<string, string | number> = {
    role,
    search_path: 'nexus',
    statement_timeout: limits.statementMs,
    lock_timeout: limits.lockMs,
    idle_in_transaction_session_timeout: limits.idleInTransactionMs,
    // A statement whose client is gone ends within a second instead of running on.
    client_connection_check_interval: 1_000,
    // Named statements are those whose plan can not depend on values; for any other one the planner is told so.
    plan_cache_mode: 'force_generic_plan',
    // Requests are many at a time: a worker that helps one statement takes its core from another request, and costs more to start than it saves.
    max_parallel_workers_per_gather: 0,
    TimeZone: 'UTC',
    DateStyle: 'ISO',
    ...(readOnly === true ? { default_transaction_read_only: 'on' } : {}),
  }
  return Object.entries(settings)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ')
}

async function requireRole(client: pg.ClientBase, { role, limits }: PoolOptions): Promise<void> {
  const query_timeout = limits.statementMs + 1_000
  const found = await client.query<{ role: string; unsafe: boolean; version: number }>({
    text: `select current_user::text as role, rolsuper or rolbypassrls as unsafe, current_setting('server_version_num')::int as version
       from pg_roles where rolname = current_user`,
    query_timeout,
  } as pg.QueryConfig)
  const is = found.rows[0]
  if (is === undefined || is.role !== role || is.unsafe) {
    throw new Error(
      `The connection is ${is?.role ?? 'nobody'}${is?.unsafe ? ', which row security does not bind' : ''}; it must be ${role}.`,
    )
  }
  if (is.version < 170_000 || role === 'nexus_owner') return
  // A second line behind the engine's own clock, where the server has it (17 and later).
  await client.query({ text: `set transaction_timeout = ${limits.transactionMs + 1_000}`, query_timeout } as pg.QueryConfig)
}

const DATE = 1082
const TIMESTAMPTZ = 1184

/** Dates and instants stay text in their wire form; the driver's own reading puts dates into the machine's time zone. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): (text: string) => unknown {
  if (format !== 'binary' && oid === DATE) return text => text
  if (format !== 'binary' && oid === TIMESTAMPTZ) return wireTime
  return pg.types.getTypeParser(oid, format) as (text: string) => unknown
}

/** `2026-05-01 10:20:30.1234+00` → `2026-05-01T10:20:30.123Z`; the session runs in UTC. Cut, not matched: there are as many as rows. */
export function wireTime(text: string): string {
  if (text.charCodeAt(10) !== SPACE || !text.endsWith('+00')) return text
  const fraction = text.length === SECONDS_LENGTH ? '000' : text.slice(20, -3).slice(0, 3).padEnd(3, '0')
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction}Z`
}

const SPACE = 32
const SECONDS_LENGTH = '2026-05-01 10:20:30+00'.length
