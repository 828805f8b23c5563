/** Looks at the Postgres server: its version, clock, connections and settings, and at what keeps it from tidying up. */
import { refuseOldPostgres } from '../../platform/postgres-version.ts'
import type { LongSession } from '../../platform/long-session.ts'
import { duration, few, orOk, type Verdict, wordsOf } from './verdict.ts'

/** Versions of what runs. */
export async function lookAtVersions(
  session: LongSession,
  engine: { version: string; commit: string },
  { production, bundled }: { production: boolean; bundled: boolean },
): Promise<Verdict[]> {
  const say = wordsOf('versions')
  const [row] = await session.run<{ number: number; name: string }>(
    `select current_setting('server_version_num')::int as number, current_setting('server_version') as name`,
  )
  const words = `Nexus ${engine.version} (${engine.commit}), Node ${process.versions.node}, Postgres ${row?.name}`
  const old = refuseOldPostgres(row?.number ?? 0)
  if (old === undefined) return [say.ok(words)]
  const mend = bundled
    ? 'It came with the packages and is for trying out: let DATABASE_URL name a server of that version for what must stay apart.'
    : 'Update Postgres to the minor version named.'
  return [production ? say.wrong(`${words}: ${old}`, mend) : say.warning(`${words}: ${old}`, mend)]
}

const SKEW_WARNING_MS = 500
const SKEW_WRONG_MS = 5_000

/** How far the clocks of this process and of Postgres are apart; `now` is the process's. */
export async function lookAtClock(session: LongSession, now: () => number = Date.now): Promise<Verdict[]> {
  const say = wordsOf('clock')
  let best = { skew: Number.POSITIVE_INFINITY, trip: Number.POSITIVE_INFINITY }
  for (let n = 0; n < 5; n++) {
    const sent = now()
    const [row] = await session.run<{ ms: string }>('select (extract(epoch from clock_timestamp()) * 1000)::text as ms')
    const trip = now() - sent
    if (trip < best.trip) best = { trip, skew: Math.abs(Number(row?.ms) - (sent + trip / 2)) }
  }
  // What the way there and back may have taken is no skew.
  const skew = Math.max(0, best.skew - best.trip / 2)
  const words = `The clocks of this machine and of Postgres are ${Math.round(skew)} ms apart`
  const mend = 'Let both machines follow one time server (chronyd, systemd-timesyncd).'
  if (skew > SKEW_WRONG_MS) return [say.wrong(words, mend)]
  return [skew > SKEW_WARNING_MS ? say.warning(words, mend) : say.ok(words)]
}

/** Settings of the server by which committed changes can be lost or rows be damaged. */
const DURABLE = ['fsync', 'full_page_writes', 'synchronous_commit']
/** What the processes of one small installation need: see docs/operations/database.md. */
const FEWEST_CONNECTIONS = 50
const PATIENCE = { longSeconds: 600, idleSeconds: 60, blockedSeconds: 10 }

/** Settings, connections, and what holds others up. */
export async function lookAtServer(session: LongSession, { longSeconds, idleSeconds, blockedSeconds } = PATIENCE): Promise<Verdict[]> {
  const say = wordsOf('server')
  const found = await writable(session)
  const off = await session.run<{ name: string }>(`select name from pg_settings where name = any($1) and setting = 'off'`, [DURABLE])
  if (off.length > 0)
    found.push(
      say.wrong(
        `${few(off.map(row => row.name))} off: a crash loses changes that were acknowledged, or the database`,
        `alter system reset ${off[0]?.name}; select pg_reload_conf(); and look at the server's command line.`,
      ),
    )
  const [used] = await session.run<{ most: number; used: number }>(
    `select current_setting('max_connections')::int as most,
            (select sum(numbackends)::int from pg_stat_database) as used`,
  )
  const [most, now] = [used?.most ?? 0, used?.used ?? 0]
  if (now >= 0.8 * most)
    found.push(
      say.wrong(
        `${now} of ${most} connections are used`,
        'Raise max_connections, or run fewer processes; a pooler must work in session mode.',
      ),
    )
  else if (most < FEWEST_CONNECTIONS)
    found.push(
      say.warning(
        `Only ${most} connections are allowed; a process may want 27`,
        `alter system set max_connections = 100; and start Postgres anew.`,
      ),
    )
  const idle = await session.run<{ pid: number; name: string; seconds: string }>(
    `select pid, coalesce(nullif(application_name, ''), usename::text) as name, extract(epoch from now() - state_change) as seconds
       from pg_stat_activity where datname = current_database() and state like 'idle in transaction%' and now() - state_change > make_interval(secs => $1)`,
    [idleSeconds],
  )
  for (const { pid, name, seconds } of idle)
    found.push(
      say.wrong(
        `${name} (process ${pid}) sits in an open transaction for ${duration(Number(seconds))} and holds its locks`,
        `select pg_terminate_backend(${pid});`,
      ),
    )
  found.push(...(await unseen(session)), ...(await blocked(session, blockedSeconds)))
  const long = await session.run<{ pid: number; name: string; seconds: string }>(
    `select pid, coalesce(nullif(application_name, ''), usename::text) as name, extract(epoch from now() - xact_start) as seconds
       from pg_stat_activity where datname = current_database() and state = 'active' and now() - xact_start > make_interval(secs => $1)`,
    [longSeconds],
  )
  for (const { pid, name, seconds } of long)
    found.push(
      say.warning(
        `${name} (process ${pid}) works in one transaction for ${duration(Number(seconds))}: vacuum waits for it`,
        'A backup does that; otherwise end it.',
      ),
    )
  return orOk(found, say.ok(`${now} of ${most} connections used; changes are durable`))
}

/** Whether it takes writes at all. */
async function writable(session: LongSession): Promise<Verdict[]> {
  const say = wordsOf('server')
  const [row] = await session.run<{ standby: boolean; read_only: boolean; database: string }>(
    `select pg_is_in_recovery() as standby, current_setting('default_transaction_read_only')::bool as read_only, quote_ident(current_database()) as database`,
  )
  if (row?.standby === true)
    return [
      say.wrong(
        'This server is a standby: it takes no writes',
        'Let DATABASE_URL name the primary; or promote this one: select pg_promote();',
      ),
    ]
  if (row?.read_only !== true) return []
  const mend = `alter database ${row.database} reset default_transaction_read_only; where that is not enough, the same of the login (alter role) and the server (alter system).`
  return [say.wrong('Transactions are read-only unless they ask: nothing can be written', mend)]
}

/** Who waits for whom; of a queue the one at its head is named once. */
async function blocked(session: LongSession, seconds: number): Promise<Verdict[]> {
  const rows = await session.run<{ pid: number; name: string; waiting: number; seconds: string }>(
    `select b.pid, coalesce(nullif(b.application_name, ''), b.usename::text, b.backend_type) as name, count(*)::int as waiting,
            max(extract(epoch from now() - w.query_start)) as seconds
       from pg_stat_activity w cross join lateral unnest(pg_blocking_pids(w.pid)) as blocker(pid) join pg_stat_activity b on b.pid = blocker.pid
      where w.datname = current_database() and w.wait_event_type = 'Lock' and now() - w.query_start > make_interval(secs => $1)
        and cardinality(pg_blocking_pids(b.pid)) = 0
      group by 1, 2 order by 3 desc, 1 limit 5`,
    [seconds],
  )
  return rows.map(({ pid, name, waiting, seconds: longest }) =>
    wordsOf('server').wrong(
      `${waiting === 1 ? '1 session waits' : `${waiting} sessions wait`} for what ${name} (process ${pid}) holds, the first for ${duration(Number(longest))}`,
      `select pg_terminate_backend(${pid});`,
    ),
  )
}

/** Of sessions of other logins Postgres tells a plain login nothing: neither what they do nor for whom they wait. */
async function unseen(session: LongSession): Promise<Verdict[]> {
  const [row] = await session.run<{ sessions: number; logins: string[]; login: string }>(
    `select count(*)::int as sessions, coalesce(jsonb_agg(distinct usename::text), '[]') as logins, quote_ident(session_user) as login
       from pg_stat_activity where datname = current_database() and usename is not null and backend_type is null`,
  )
  if (row === undefined || row.sessions === 0) return []
  const words = `What ${row.sessions === 1 ? '1 session' : `${row.sessions} sessions`} of ${few(row.logins)} do and hold can not be seen by ${row.login}`
  return [wordsOf('server').warning(words, `grant pg_read_all_stats to ${row.login};`)]
}
