/**
 * Does the work that publishes leave behind: some records at a time, in short transactions with pauses between them, so that the tenant's writers
 * hardly notice. Every process with background work may run one; a lease per job makes one of them do it, and another go on when that one dies.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { newId } from '../kernel/ids.ts'
import type { Log } from '../kernel/log.ts'
import { unspanned } from '../kernel/spans.ts'
import type { Step, Steps } from '../kernel/steps.ts'
import type { TenantConnection } from '../platform/index.ts'
import { fillRecords, nextIds, type RecordContext } from '../records/index.ts'
import type { CursorBox } from '../validate/index.ts'
import type { AuthoringParts } from './change-set.ts'
import { workOf } from './fill.ts'
import { jobContext, type TenantTrees } from './job-context.ts'
import { copiesMadeAnew, FILL_JOB, type FillPayload, type JobProgress, PURGE_JOB, type PurgePayload } from './storage-jobs.ts'

export interface FillerParts extends AuthoringParts {
  readonly trees: TenantTrees
  readonly cursors: CursorBox
  readonly log: Log
  readonly steps: Steps
}

export interface Filler {
  /** Looks for work now instead of in half a second. */
  wake(): void
  /** Stops after the records at hand; another process goes on from there. */
  stop(): Promise<void>
}

const LOOK_MS = 500
/** What another filler waits before it takes over from one that died. No transaction lives longer, and a step takes a tenth of a second. */
const LEASE_S = 6
/** Steps are made as large as fits into this: so long a writer may have to wait for a record. */
const STEP_MS = 100
const SMALLEST_STEP = 100
const LARGEST_STEP = 2_000
/** A step gives up on a locked record before Postgres looks for deadlocks, so that it is never a writer who is sacrificed. */
const ROW_LOCK_MS = 400
const RETRY_MS = [200, 500, 1_000, 2_000, 5_000]

/** Starts looking for work. */
export function startFiller(parts: FillerParts): Filler {
  const holder = newId()
  let stopped = false
  let round: Promise<void> = Promise.resolve()
  let waiting = false

  function wake(): void {
    if (stopped || waiting) return
    waiting = true
    round = round.then(async () => {
      waiting = false
      // The publish that has woken it does not wait for it.
      await unspanned(lookForWork)
    })
  }

  async function lookForWork(): Promise<void> {
    try {
      for (const { tenantId, id } of await openJobs(parts)) {
        if (stopped) return
        const job = await claim(parts, tenantId, id, holder)
        if (job !== null) await work(job)
      }
    } catch (cause) {
      parts.log.warn('Work on stored fields could not be looked for; trying again', {}, cause)
    }
  }

  async function work(job: Job): Promise<void> {
    let { progress } = job
    let size = SMALLEST_STEP
    for (let failures = 0; !stopped; ) {
      const started = performance.now()
      try {
        const { kind, tenantId, id: jobId, payload } = job
        const doNext = doSome.bind(null, parts, { ...job, progress }, holder, size)
        const next = await parts.steps.run({ job: kind, tenantId, jobId, causedBy: payload.traceparent }, doNext)
        if (next === null) return
        progress = next
        failures = 0
      } catch (cause) {
        parts.log.warn('A step of work on stored fields failed; trying again', { tenant_id: job.tenantId, route: `job ${job.kind}` }, cause)
        if (failures >= RETRY_MS.length) return
        size = Math.max(1, Math.min(SMALLEST_STEP, Math.floor(size / 4)))
        await sleep(RETRY_MS[failures++])
        continue
      }
      const took = performance.now() - started
      size = Math.round(Math.min(LARGEST_STEP, size * 2, Math.max(SMALLEST_STEP, (size * STEP_MS) / Math.max(took, 1))))
      // A pause after each step lets writers through that wait for a record or for the disk.
      await sleep(Math.min(took, STEP_MS) / 2)
    }
  }

  const timer = setInterval(wake, LOOK_MS)
  timer.unref()
  return {
    wake,
    async stop() {
      stopped = true
      clearInterval(timer)
      await round
    },
  }
}

interface Job {
  readonly tenantId: string
  readonly id: string
  readonly kind: string
  readonly payload: FillPayload | PurgePayload
  readonly progress: JobProgress
  readonly runAs: string | null
}

const BEGINNING: JobProgress = { pass: 0, after: null, done: 0, total: 0 }

async function openJobs({ database }: FillerParts): Promise<{ tenantId: string; id: string }[]> {
  const rows = await database.asRole('nexus_jobs', run =>
    run({
      name: 'fill_open',
      text: `select tenant_id, id from nexus.job where status in ('queued', 'running') and kind = any($1) and (leased_until is null or leased_until < now()) order by created_at limit 100`,
      values: [[FILL_JOB, PURGE_JOB]],
    }),
  )
  return rows.map(row => ({ tenantId: String(row['tenant_id']), id: String(row['id']) }))
}

async function claim({ database }: FillerParts, tenantId: string, id: string, holder: string): Promise<Job | null> {
  const [row] = await database.writeAs(tenantId, connection =>
    connection.run<{ kind: string; payload: Job['payload']; progress: Partial<JobProgress>; run_as: string | null }>({
      text: `update nexus.job set status = 'running', leased_by = $3, leased_until = now() + make_interval(secs => ${LEASE_S}), attempts = attempts + 1, updated_at = now()
        where tenant_id = $1 and id = $2 and status in ('queued', 'running') and (leased_until is null or leased_until < now()) returning kind, payload, progress, run_as`,
      values: [tenantId, id, holder],
    }),
  )
  return row === undefined
    ? null
    : { tenantId, id, kind: row.kind, payload: row.payload, progress: { ...BEGINNING, ...row.progress }, runAs: row.run_as }
}

/** Does the next records of a job; null when it is done, or another has taken it over. */
async function doSome(parts: FillerParts, job: Job, holder: string, size: number, step: Step): Promise<JobProgress | null> {
  const ctx = await jobContext(parts, job.tenantId, job.runAs)
  const done = await parts.database
    .writeAs(job.tenantId, async connection => {
      await connection.execute({ text: `set local lock_timeout = ${ROW_LOCK_MS}`, values: [] })
      // A publish waits for this step, and this step for a publish.
      await connection.execute({ text: 'select pg_advisory_xact_lock_shared(nexus.tenant_lock())', values: [] })
      const [tenant] = await connection.run<{ revision: number }>({
        text: 'select revision from nexus.tenant where id = $1',
        values: [job.tenantId],
      })
      if (tenant?.revision !== ctx.revision) return { progress: job.progress, rows: 0, ready: false, ended: false }
      const result = job.kind === FILL_JOB ? await fillStep(connection, ctx, job, size) : await purgeStep(connection, ctx, job, size)
      const kept = await connection.execute({
        text: `update nexus.job set progress = $4, updated_at = now(), status = case when $5 then 'done' else status end,
          leased_until = case when $5 then null else now() + make_interval(secs => ${LEASE_S}) end
        where tenant_id = $1 and id = $2 and leased_by = $3 and status = 'running'`,
        values: [job.tenantId, job.id, holder, JSON.stringify(result.progress), result.ended],
      })
      // Nothing of a step counts whose lease has run out.
      if (kept === 0) throw new LeaseLost()
      return result
    })
    .catch((error: unknown) => {
      if (error instanceof LeaseLost) return null
      throw error
    })
  if (done === null) return null
  if (done.rows > 0 || done.ready || done.ended) step.did({ 'nexus.rows': done.rows })
  if (done.ready) parts.models.forget(job.tenantId)
  return done.ended ? null : done.progress
}

class LeaseLost extends Error {}

interface Done {
  /** How many records were looked through. */
  readonly rows: number
  readonly progress: JobProgress
  /** Fields have become ready. */
  readonly ready: boolean
  readonly ended: boolean
}

async function fillStep(connection: TenantConnection, ctx: RecordContext, job: Job, size: number): Promise<Done> {
  const { passes } = job.payload as FillPayload
  const pass = passes[job.progress.pass]
  if (pass === undefined) return { rows: 0, progress: job.progress, ready: false, ended: true }
  // A field that a later publish fills anew is that publish's work.
  const states = await connection.run<{ field_no: number; total: string }>({
    text: `select field_no, total from nexus.field_state where tenant_id = $1 and job_id = $2 and entity_no = $3 and state = 'building'`,
    values: [job.tenantId, job.id, pass.entityNo],
  })
  const mine = new Set(states.map(state => state.field_no))
  const fields = pass.fields.filter(field => mine.has(field.no))
  const found = workOf(ctx.model, { entityNo: pass.entityNo, fields })
  const ids = found === null ? [] : await nextIds(connection, pass.entityNo, job.progress.after, size)
  if (found !== null) await fillRecords(connection, ctx, found.entity, ids, found.work)
  const isWhole = found === null || ids.length < size
  const done = job.progress.done + ids.length
  const total = Math.max(done, ...states.map(state => Number(state.total)))
  await connection.execute({
    // The records are locked: what their history tells up to now is what they held before.
    text: `update nexus.field_state set done = $4, total = $5, after_id = $6, state = $7, updated_at = clock_timestamp(),
        computed_at = case when field_no = any($9::int[]) then greatest(computed_at, (select max(h.at) from nexus.record_history h
          where h.tenant_id = $1 and h.entity_no = $3 and h.record_id = any($10::uuid[]))) else computed_at end
      where tenant_id = $1 and job_id = $2 and entity_no = $3 and field_no = any($8::int[])`,
    values: [
      job.tenantId,
      job.id,
      pass.entityNo,
      done,
      isWhole ? done : total,
      ids.at(-1) ?? null,
      isWhole ? 'ready' : 'building',
      pass.fields.map(field => field.no),
      copiesMadeAnew(ctx.model, { entityNo: pass.entityNo, fields }),
      ids,
    ],
  })
  const next = job.progress.pass + 1
  const progress = isWhole
    ? { pass: next, after: null, done: 0, total: 0 }
    : { pass: job.progress.pass, after: ids.at(-1) ?? null, done, total }
  return { rows: ids.length, progress, ready: isWhole, ended: isWhole && next >= passes.length }
}

/** Values under numbers that the model has again are left alone. */
async function purgeStep(connection: TenantConnection, ctx: RecordContext, job: Job, size: number): Promise<Done> {
  const { entityNo, fieldNos } = job.payload as PurgePayload
  const live = ctx.model.entitiesByNo.get(entityNo)?.fieldsByNo
  const gone = fieldNos.filter(no => live?.has(String(no)) !== true)
  const ids = gone.length === 0 ? [] : await nextIds(connection, entityNo, job.progress.after, size)
  if (ids.length > 0) {
    const names = gone.flatMap(no => [String(no), `${no}b`])
    await connection.execute({
      text: 'update nexus.record set data = data - $4::text[] where tenant_id = $1 and entity_no = $2 and id = any($3::uuid[]) and data ?| $4::text[]',
      values: [job.tenantId, entityNo, ids, names],
    })
    for (const table of ['record_value', 'record_search'])
      await connection.execute({
        text: `delete from nexus.${table} where tenant_id = $1 and entity_no = $2 and id = any($3::uuid[]) and field_no = any($4::int[])`,
        values: [job.tenantId, entityNo, ids, gone],
      })
  }
  const done = job.progress.done + ids.length
  return { rows: ids.length, progress: { pass: 0, after: ids.at(-1) ?? null, done, total: done }, ready: false, ended: ids.length < size }
}
