/**
 * Works on open imports of all tenants: takes those nobody works on, holds on to them, lets them go. Any number of processes may do it;
 * one that dies is followed by another when its lease ends.
 */
import { newId } from '../kernel/ids.ts'
import { unspanned } from '../kernel/spans.ts'
import { claimJob, findOpenJobs, LeaseLost, releaseJob, renewLease } from './job-store.ts'
import { endImport, endUndo } from './end-job.ts'
import { failureOf } from './failure.ts'
import { runImport } from './run-import.ts'
import type { RunEnd, RunHooks, RunParts } from './run-parts.ts'
import { transferErrors } from './errors.ts'
import type { Lease, StoredJob, UndoPayload } from './types.ts'
import { undoImport } from './undo-import.ts'

export interface JobWorker {
  /** Looks for work now instead of a little later. */
  wake(): void
  /** Runs one job to its end in the foreground, unless another process has it. */
  run(lease: Lease, told?: RunHooks['told']): Promise<RunEnd | 'elsewhere'>
  /** Ends after the chunks that are running; their jobs are taken up by others. */
  stop(): Promise<void>
}

export interface WorkerOptions {
  /** Whether open jobs are looked for; without it only `run` works. */
  readonly background: boolean
  /** How long a silent process keeps its jobs. */
  readonly leaseMs?: number
}

const LOOK_MS = 500
const LEASE_MS = 10_000
const JOBS_AT_ONCE = 3
// A job that was begun this often without a step forward ends its process, or finds no database.
const MOST_ATTEMPTS = 6
const RETRY_MS = 2_000
// A file that no process has at hand for so long is nowhere.
const FORSAKEN_MS = 3_600_000

/** Starts working. */
export function workOnJobs(parts: RunParts, { background, leaseMs = LEASE_MS }: WorkerOptions): JobWorker {
  const holder = newId()
  const running = new Map<string, Promise<unknown>>()
  let stopped = false
  let looking: Promise<void> = Promise.resolve()

  const until = (ms: number): Date => new Date(parts.now().getTime() + ms)

  async function run(lease: Lease, told?: RunHooks['told']): Promise<RunEnd | 'elsewhere'> {
    const job = await claimJob(parts.database, lease, parts.now(), until(leaseMs))
    if (job === null) return 'elsewhere'
    let lost = false
    const timer = setInterval(() => {
      renewLease(parts.database, lease, until(leaseMs)).then(
        held => void (lost ||= !held),
        cause => parts.log.warn('The lease of an import could not be renewed', { tenant_id: lease.tenantId }, cause),
      )
    }, leaseMs / 3)
    const hooks: RunHooks = { mustStop: () => stopped || lost, ...(told === undefined ? {} : { told }) }
    try {
      if (job.attempts > MOST_ATTEMPTS) return await giveUp(job, lease)
      const end = await (job.kind === 'import'
        ? runImport(parts, job as StoredJob, lease, hooks)
        : undoImport(parts, job as StoredJob<UndoPayload>, lease, hooks))
      if (end === 'stopped') await releaseJob(parts.database, lease, null)
      return end
    } catch (error) {
      if (error instanceof LeaseLost) return 'elsewhere'
      parts.log.warn('An import could not go on; trying again', { tenant_id: lease.tenantId, user_id: job.userId }, error)
      await releaseJob(parts.database, lease, until(RETRY_MS)).catch((cause: unknown) =>
        parts.log.warn('An import could not be let go', { tenant_id: lease.tenantId }, cause),
      )
      return 'stopped'
    } finally {
      clearInterval(timer)
    }
  }

  async function giveUp(job: StoredJob<unknown>, lease: Lease): Promise<RunEnd> {
    const failure = failureOf(transferErrors.GAVE_UP({}), 'en')
    await (job.kind === 'import'
      ? endImport(parts, job as StoredJob, lease, 'failed', failure)
      : endUndo(parts, job as StoredJob<UndoPayload>, lease, 'failed', failure))
    return 'failed'
  }

  async function look(): Promise<void> {
    if (stopped || running.size >= JOBS_AT_ONCE) return
    try {
      const open = await findOpenJobs(parts.database, parts.now())
      const here = open.some(job => job.kind === 'import') ? await parts.files.jobs() : new Set<string>()
      for (const job of open) {
        if (stopped || running.size >= JOBS_AT_ONCE) return
        // One import of a tenant at a time; a file that another machine keeps is another machine's work.
        if (running.has(job.tenantId) || (job.kind === 'import' && !here.has(job.id) && !isForsaken(job.createdAt))) continue
        const work = run({ tenantId: job.tenantId, jobId: job.id, holder: `${holder}/${newId()}` })
          .catch((cause: unknown) => parts.log.warn('An import could not be run', { tenant_id: job.tenantId }, cause))
          .finally(() => {
            running.delete(job.tenantId)
            wake()
          })
        running.set(job.tenantId, work)
      }
    } catch (cause) {
      parts.log.warn('Open imports could not be looked for', {}, cause)
    }
  }

  function isForsaken(createdAt: string): boolean {
    return Date.parse(createdAt) < parts.now().getTime() - FORSAKEN_MS
  }

  function wake(): void {
    if (background && !stopped) looking = looking.then(() => unspanned(look))
  }

  const timer = background ? setInterval(wake, LOOK_MS) : undefined
  timer?.unref()
  return {
    wake,
    run,
    stop: async () => {
      stopped = true
      clearInterval(timer)
      await looking
      await Promise.all(running.values())
    },
  }
}
