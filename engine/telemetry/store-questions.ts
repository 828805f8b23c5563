/**
 * What only the database knows: how far background work is behind. Asked when somebody scrapes, at most every five seconds, one question
 * at a time and never waited for longer than a scrape can wait. Every question walks an index of what is open; none reads what is done.
 */
import type { Database, Row } from '../platform/index.ts'

/** How background work stands; null when the database did not say so in time. */
export interface StoreState {
  readonly outbox: { readonly waiting: number; readonly oldestSeconds: number }
  readonly delivery: { readonly tenants: number; readonly events: number }
  readonly audit: { readonly waiting: number; readonly oldestSeconds: number }
  readonly jobs: readonly { readonly kind: string; readonly status: string; readonly count: number; readonly oldestSeconds: number }[]
  readonly stalledJobs: number
  readonly tenants: readonly { readonly status: string; readonly count: number }[]
}

export const KNOWN_MS = 5_000
// Prometheus gives up after 10 s unless told otherwise; what the process knows itself must not be lost with it.
const WAIT_MS = 2_000

export interface StoreQuestions {
  ask(): Promise<StoreState | null>
}

/** Questions to a database; nothing is asked before the first `ask`. */
export function createStoreQuestions(database: Pick<Database, 'asRole'>, waitMs = WAIT_MS): StoreQuestions {
  let known: { readonly at: number; readonly state: StoreState | null } | null = null
  let running: Promise<StoreState | null> | null = null

  async function look(): Promise<StoreState | null> {
    const state = await read(database).catch(() => null)
    known = { at: performance.now(), state }
    running = null
    return state
  }

  return {
    async ask() {
      if (known !== null && performance.now() - known.at < KNOWN_MS) return known.state
      running ??= look()
      const late = Promise.withResolvers<null>()
      const timer = setTimeout(() => late.resolve(null), waitMs)
      try {
        return await Promise.race([running, late.promise])
      } finally {
        clearTimeout(timer)
      }
    },
  }
}

async function read(database: Pick<Database, 'asRole'>): Promise<StoreState> {
  const number = (row: Row | undefined, name: string): number => Number(row?.[name] ?? 0)
  const relay = await database.asRole('nexus_relay', async run => ({
    outbox: (await run({ text: OUTBOX, values: [] }))[0],
    delivery: (await run({ text: DELIVERY, values: [] }))[0],
  }))
  const jobs = await database.asRole('nexus_jobs', async run => ({
    audit: (await run({ text: AUDIT, values: [] }))[0],
    open: await run({ text: JOBS, values: [] }),
    stalled: (await run({ text: STALLED, values: [] }))[0],
    tenants: await run({ text: TENANTS, values: [] }),
  }))
  return {
    outbox: { waiting: number(relay.outbox, 'waiting'), oldestSeconds: number(relay.outbox, 'oldest') },
    delivery: { tenants: number(relay.delivery, 'tenants'), events: number(relay.delivery, 'events') },
    audit: { waiting: number(jobs.audit, 'waiting'), oldestSeconds: number(jobs.audit, 'oldest') },
    jobs: jobs.open.map(row => ({
      kind: String(row['kind']),
      status: String(row['status']),
      count: number(row, 'count'),
      oldestSeconds: number(row, 'oldest'),
    })),
    stalledJobs: number(jobs.stalled, 'stalled'),
    tenants: jobs.tenants.map(row => ({ status: String(row['status']), count: number(row, 'count') })),
  }
}

// Counted up to a bound that no healthy installation comes near. The oldest of each tenant is the first one written: one index step each.
const OUTBOX = `with recursive first as (
  (select tenant_id, at from nexus.outbox where sequence is null order by tenant_id, written limit 1)
  union all
  select o.tenant_id, o.at from first f cross join lateral (
    select tenant_id, at from nexus.outbox where sequence is null and tenant_id > f.tenant_id order by tenant_id, written limit 1) o)
select (select count(*) from (select 1 from nexus.outbox where sequence is null limit 100000) open) as waiting,
  coalesce(extract(epoch from now() - (select min(at) from first)), 0) as oldest`

const DELIVERY =
  'select count(*) as tenants, coalesce(sum(sequence - delivered), 0) as events from nexus.outbox_relay where delivered < sequence'

const AUDIT = `with recursive first as (
  (select tenant_id, at from nexus.audit_unsealed order by tenant_id, at, id limit 1)
  union all
  select u.tenant_id, u.at from first f cross join lateral (
    select tenant_id, at from nexus.audit_unsealed where tenant_id > f.tenant_id order by tenant_id, at, id limit 1) u)
select (select count(*) from (select 1 from nexus.audit_unsealed limit 100000) open) as waiting,
  coalesce(extract(epoch from now() - (select min(at) from first)), 0) as oldest`

// Work that is put off until a day to come has not begun to wait.
const JOBS = `with job as (
  select kind, case when status = 'queued' and leased_until > now() then 'put_off' else status end as status,
    case when status = 'queued' then greatest(created_at, leased_until) else created_at end as since
  from nexus.job where status in ('queued', 'running')
  union all
  select kind, status, created_at from nexus.job where status = 'failed' and created_at > now() - interval '1 day')
select kind, status, count(*) as count, greatest(extract(epoch from now() - min(since)), 0) as oldest from job group by kind, status`

// A job is held by who works on it; one whose time is over and that nobody has taken up stands still.
const STALLED = `select count(*) as stalled from nexus.job where status in ('queued', 'running') and coalesce(leased_until, created_at) < now() - interval '2 minutes'`

const TENANTS = 'select status, count(*) as count from nexus.tenant group by status'
