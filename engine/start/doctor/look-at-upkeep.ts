/**
 * Looks at what a Postgres server does for itself, and what fills its disk or slows everybody when it does not: vacuum, the age of transaction
 * ids, statistics, what is kept for standbys and archives, blocks that were read as something else than was written.
 */
import type { LongSession } from '../../platform/long-session.ts'
import { few, orOk, type Verdict, wordsOf } from './verdict.ts'

/** From where on something is worth a word. */
export interface UpkeepLimits {
  /** Transactions since the oldest row that vacuum has not frozen; at two thousand millions the server takes no more writes. */
  readonly age: number
  readonly wrongAge: number
  /** What is kept for a standby or a subscriber that does not fetch it. */
  readonly keptBytes: number
  /** Pages of a table that the planner should know something of. */
  readonly pages: number
}

export const UPKEEP: UpkeepLimits = { age: 500e6, wrongAge: 1_200e6, keptBytes: 1e9, pages: 1_000 }

const GIGABYTE = 1e9

/** All of it. */
export async function lookAtUpkeep(session: LongSession, limits: UpkeepLimits = UPKEEP): Promise<Verdict[]> {
  const say = wordsOf('upkeep')
  const found = [
    ...(await vacuum(session, limits)),
    ...(await statistics(session, limits)),
    ...(await keptJournal(session, limits)),
    ...(await damage(session)),
  ]
  return orOk(found, say.ok('vacuum runs, nothing is kept for who does not come, no block was damaged'))
}

async function vacuum(session: LongSession, { age, wrongAge }: UpkeepLimits): Promise<Verdict[]> {
  const say = wordsOf('upkeep')
  const found: Verdict[] = []
  const [row] = await session.run<{ on: boolean; age: string }>(
    `select current_setting('autovacuum')::bool and current_setting('track_counts')::bool as on, age(datfrozenxid)::text as age
       from pg_database where datname = current_database()`,
  )
  if (row?.on !== true)
    found.push(
      say.wrong(
        'autovacuum is off: tables grow without end, and in the end nothing can be written',
        'alter system reset autovacuum; alter system reset track_counts; select pg_reload_conf(); and look at the server’s command line.',
      ),
    )
  const oldest = Number(row?.age ?? 0)
  if (oldest < age) return found
  const words = `${Math.round(oldest / 1e6)} million transactions since everything was frozen; at 2000 million the server takes no more writes`
  const mend = 'End what holds it up (open transactions, replication slots, see above and below), then: vacuum (freeze, verbose);'
  return [...found, oldest < wrongAge ? say.warning(words, mend) : say.wrong(words, mend)]
}

/** After a restore by Postgres's own means, or an update of it, plans are made without knowing anything. */
async function statistics(session: LongSession, { pages }: UpkeepLimits): Promise<Verdict[]> {
  const tables = await session.run<{ name: string }>(
    `select 'nexus.' || c.relname as name from pg_class c join pg_namespace s on s.oid = c.relnamespace
      where s.nspname = 'nexus' and c.relkind = 'r' and c.reltuples < 0 and pg_relation_size(c.oid) >= $1::bigint * current_setting('block_size')::int
      order by 1`,
    [pages],
  )
  if (tables.length === 0) return []
  const names = tables.map(row => row.name)
  const mend = names.map(name => `analyze ${name};`).join(' ')
  return [wordsOf('upkeep').warning(`The planner knows nothing of ${few(names)}: reads may be slow`, mend)]
}

async function keptJournal(session: LongSession, { keptBytes }: UpkeepLimits): Promise<Verdict[]> {
  const say = wordsOf('upkeep')
  const slots = await session.run<{ name: string; bytes: string }>(
    `select slot_name::text as name, pg_wal_lsn_diff(case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end, restart_lsn)::text as bytes
       from pg_replication_slots where not active and restart_lsn is not null`,
  )
  const found = slots
    .filter(({ bytes }) => Number(bytes) >= keptBytes)
    .map(({ name, bytes }) =>
      say.wrong(
        `${(Number(bytes) / GIGABYTE).toFixed(1)} GB of journal are kept for the replication slot ${name}, from which nobody reads: the disk of Postgres fills up`,
        `Start its standby or subscriber; where it is gone for good: select pg_drop_replication_slot('${name.replaceAll("'", "''")}');`,
      ),
    )
  const [archive] = await session.run<{ failing: boolean | null; file: string | null }>(
    `select current_setting('archive_mode') <> 'off' and last_failed_time > coalesce(last_archived_time, '-infinity') as failing, last_failed_wal as file
       from pg_stat_archiver`,
  )
  if (archive?.failing === true)
    found.push(
      say.wrong(
        `The journal can not be archived since ${archive.file}: there is no going back to a moment after it, and the disk of Postgres fills up`,
        'The log of Postgres says what archive_command answered: the room, rights and address of the archive. It goes on by itself.',
      ),
    )
  return found
}

async function damage(session: LongSession): Promise<Verdict[]> {
  const rows = await session.run<{ name: string }>(
    `select coalesce(datname::text, 'the whole server') || ' (' || checksum_failures || ')' as name from pg_stat_database where checksum_failures > 0`,
  )
  if (rows.length === 0) return []
  return [
    wordsOf('upkeep').wrong(
      `Blocks of ${few(rows.map(row => row.name))} were read as something else than was written: the disk or the memory is failing`,
      'npx nexus backup now, into a new file; do not overwrite older ones. Then move to another machine and restore there.',
    ),
  ]
}
