/** Looks at what is done in the background: events, seals, jobs, and the days of the ledgers that have to be made ahead. */
import type { Database, LongSession } from '../../platform/index.ts'
import { canReachRedis } from '../../platform/redis.ts'
import { createStoreQuestions, type StoreState } from '../../telemetry/index.ts'
import { count, duration, orOk, type Verdict, wordsOf } from './verdict.ts'

/** A worker gives events their place, and seals rows, within a second. */
const LATE_S = 60
const WAIT_MS = 30_000
const WORKER = 'Is a worker running (npx nexus start --role worker, or --role all)? Its log says what hinders it.'

/** How far background work is behind. */
export async function lookAtWork(database: Database, session: LongSession, redisUrl: string | undefined): Promise<Verdict[]> {
  const state = await createStoreQuestions(database, WAIT_MS).ask()
  if (state === null) return [wordsOf('work').skipped('The database did not tell how background work stands.')]
  return [...events(state), ...(await delivery(state, redisUrl)), ...seals(state), ...jobs(state), ...(await days(session))]
}

function events({ outbox: { waiting, oldestSeconds } }: StoreState): Verdict[] {
  const say = wordsOf('events')
  if (oldestSeconds > LATE_S)
    return [say.wrong(`${count(waiting, 'event')} without a place in the stream, the first for ${duration(oldestSeconds)}`, WORKER)]
  return [say.ok(`${count(waiting, 'event')} without a place yet`)]
}

async function delivery({ delivery: { tenants, events: open } }: StoreState, redisUrl: string | undefined): Promise<Verdict[]> {
  const say = wordsOf('redis')
  if (redisUrl === undefined) return [say.ok('not used; events are read from Postgres')]
  if (!(await canReachRedis(redisUrl)))
    return [
      say.wrong(
        `Redis does not answer; ${count(open, 'event')} of ${count(tenants, 'tenant')} not delivered yet`,
        'Start Redis, or correct REDIS_URL. Nothing is lost: the relay goes on where the stream ends.',
      ),
    ]
  return [say.ok(`answers; ${count(open, 'event')} on the way`)]
}

function seals({ audit: { waiting, oldestSeconds } }: StoreState): Verdict[] {
  const say = wordsOf('seals')
  if (oldestSeconds > LATE_S)
    return [say.wrong(`${count(waiting, 'row')} of the audit without a seal, the first for ${duration(oldestSeconds)}`, WORKER)]
  return [say.ok(`${count(waiting, 'row')} of the audit without a seal yet`)]
}

function jobs({ jobs: all, stalledJobs }: StoreState): Verdict[] {
  const say = wordsOf('jobs')
  const found: Verdict[] = []
  const withStatus = (status: string): number => all.filter(job => job.status === status).reduce((sum, job) => sum + job.count, 0)
  if (stalledJobs > 0)
    found.push(
      say.wrong(
        `${count(stalledJobs, 'job')} that nobody works on`,
        `${WORKER} An import goes on only where its file is (docs/operations/processes.md).`,
      ),
    )
  const failed = all.filter(job => job.status === 'failed')
  for (const { kind, count: many } of failed)
    found.push(
      say.warning(
        `${count(many, 'failed job')} of the kind ${kind} since yesterday`,
        `GET /api/admin/audit?action=${kind === 'import_undo' ? 'import.undo_failed' : 'import.failed'} tells the tenant's own people which, and GET /api/import/{id} why.`,
      ),
    )
  return orOk(found, say.ok(`${withStatus('running')} running, ${withStatus('queued')} waiting, ${withStatus('put_off')} put off`))
}

/** Days of the ledgers to come; without them rows go to a table that is never dropped. */
async function days(session: LongSession): Promise<Verdict[]> {
  const say = wordsOf('days')
  const [row] = await session.run<{ missing: string[] }>(
    `select coalesce(jsonb_agg(name), '[]') as missing from (
       select parent || '_' || to_char(current_date + 1, 'YYYYMMDD') as name from unnest(array['outbox', 'audit']) as parent) wanted
      where to_regclass('nexus.' || name) is null`,
  )
  const missing = row?.missing ?? []
  if (missing.length > 0) return [say.warning(`The day of tomorrow is not made (${missing.join(', ')})`, WORKER)]
  return [say.ok('the ledgers have their day of tomorrow')]
}
