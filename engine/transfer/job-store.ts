/**
 * Jobs of imports in Postgres: who may go on with one, how far it is, how it ended. A lease says who works; the step, compared in the
 * transaction of the work itself, says what is done, so that nothing is done twice whoever believes to hold the lease.
 */
import type { Database, Row, TenantConnection } from '../platform/index.ts'
import type { Failure, Lease, Progress, StoredJob } from './types.ts'

/** Somebody else goes on with the job. */
export class LeaseLost extends Error {
  constructor() {
    super('Another process goes on with this job.')
  }
}

/** Whoever wants to work on open jobs sees these few columns of all tenants. */
export interface OpenJob {
  readonly tenantId: string
  readonly id: string
  readonly kind: string
  readonly createdAt: string
}

const COLUMNS = 'tenant_id, id, kind, status, payload, progress, result, run_as, attempts, created_at, updated_at'

interface JobRow extends Row {
  readonly tenant_id: string
  readonly id: string
  readonly kind: StoredJob['kind']
  readonly status: StoredJob['status']
  readonly payload: unknown
  readonly progress: Progress
  readonly result: StoredJob['result']
  readonly run_as: string
  readonly attempts: number
  readonly created_at: string
  readonly updated_at: string
}

/** A new job; with a lease it belongs to its maker from the start. */
export interface NewJob {
  readonly id: string
  readonly kind: StoredJob['kind']
  readonly userId: string
  readonly payload: unknown
  readonly progress: Progress
  readonly now: Date
  readonly lease: { readonly holder: string; readonly until: Date } | null
}

/** Writes a job in the transaction of whoever asks for it. */
export async function insertJob(connection: TenantConnection, job: NewJob): Promise<void> {
  await connection.execute({
    text: `insert into nexus.job (tenant_id, id, kind, status, payload, progress, run_as, attempts, leased_by, leased_until, created_at, updated_at)
      values ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9, $10, $10)`,
    values: [
      connection.tenantId,
      job.id,
      job.kind,
      job.lease === null ? 'queued' : 'running',
      JSON.stringify(job.payload),
      JSON.stringify(job.progress),
      job.userId,
      job.lease?.holder ?? null,
      job.lease?.until ?? null,
      job.now,
    ],
  })
}

/** A job of a kind by its id. */
export async function readJob<P>(connection: TenantConnection, kind: StoredJob['kind'], id: string): Promise<StoredJob<P> | null> {
  const [row] = await connection.run<JobRow>({
    text: `select ${COLUMNS} from nexus.job where tenant_id = $1 and id = $2 and kind = $3`,
    values: [connection.tenantId, id, kind],
  })
  return row === undefined ? null : jobOf<P>(row)
}

/** Jobs nobody works on, oldest first. */
export async function findOpenJobs(database: Database, now: Date): Promise<OpenJob[]> {
  const rows = await database.asRole('nexus_jobs', run =>
    run({
      name: 'import_open',
      text: `select tenant_id, id, kind, created_at from nexus.job where status in ('queued', 'running') and kind in ('import', 'import_undo') and (leased_until is null or leased_until < $1) order by created_at limit 50`,
      values: [now],
    }),
  )
  return rows.map(row => ({
    tenantId: String(row['tenant_id']),
    id: String(row['id']),
    kind: String(row['kind']),
    createdAt: String(row['created_at']),
  }))
}

/** Takes an open job; null when another was faster. */
export async function claimJob(
  database: Database,
  { tenantId, jobId, holder }: Lease,
  now: Date,
  until: Date,
): Promise<StoredJob<unknown> | null> {
  const [row] = await database.writeAs(tenantId, connection =>
    connection.run<JobRow>({
      text: `update nexus.job set status = 'running', leased_by = $3, leased_until = $5, attempts = attempts + 1, updated_at = $4
        where tenant_id = $1 and id = $2 and status in ('queued', 'running') and (leased_until is null or leased_until < $4 or leased_by = $3) returning ${COLUMNS}`,
      values: [tenantId, jobId, holder, now, until],
    }),
  )
  return row === undefined ? null : jobOf(row)
}

/** Holds on to a job while a long step runs; false when it is lost. */
export async function renewLease(database: Database, { tenantId, jobId, holder }: Lease, until: Date): Promise<boolean> {
  const renewed = await database.writeAs(tenantId, connection =>
    connection.execute({
      text: `update nexus.job set leased_until = $4 where tenant_id = $1 and id = $2 and leased_by = $3 and status = 'running'`,
      values: [tenantId, jobId, holder, until],
    }),
  )
  return renewed === 1
}

/** Lets a job go, so that another process may take it at once. */
export async function releaseJob(database: Database, { tenantId, jobId, holder }: Lease, until: Date | null): Promise<void> {
  await database.writeAs(tenantId, connection =>
    connection.execute({
      text: `update nexus.job set leased_by = null, leased_until = $4 where tenant_id = $1 and id = $2 and leased_by = $3 and status = 'running'`,
      values: [tenantId, jobId, holder, until],
    }),
  )
}

/** Notes a step in the transaction of its work. Throws LeaseLost when the step before it is not the one that was believed. */
export async function saveProgress(
  connection: TenantConnection,
  { jobId, holder }: Lease,
  before: Progress,
  after: Progress,
  now: Date,
): Promise<void> {
  const saved = await connection.execute({
    text: `update nexus.job set progress = $4, attempts = 0, updated_at = $6 where tenant_id = $1 and id = $2 and leased_by = $3 and status = 'running' and (progress->>'step')::int = $5`,
    values: [connection.tenantId, jobId, holder, JSON.stringify(after), before.step, now],
  })
  if (saved !== 1) throw new LeaseLost()
}

/** Ends a job. */
export async function finishJob(
  connection: TenantConnection,
  { jobId, holder }: Lease,
  status: 'done' | 'failed',
  result: { readonly failure?: Failure } | null,
  now: Date,
): Promise<void> {
  const ended = await connection.execute({
    text: `update nexus.job set status = $4, result = $5, leased_by = null, leased_until = null, updated_at = $6 where tenant_id = $1 and id = $2 and leased_by = $3 and status = 'running'`,
    values: [connection.tenantId, jobId, holder, status, result === null ? null : JSON.stringify(result), now],
  })
  if (ended !== 1) throw new LeaseLost()
}

/** Marks an import as being undone; false when it is already, or is still open. */
export async function claimUndo(connection: TenantConnection, jobId: string, undoneBy: string): Promise<boolean> {
  const claimed = await connection.execute({
    text: `update nexus.job set result = coalesce(result, '{}') || $3::jsonb where tenant_id = $1 and id = $2 and kind = 'import' and status in ('done', 'failed') and not coalesce(result, '{}') ? 'undone_by'`,
    values: [connection.tenantId, jobId, JSON.stringify({ undone_by: undoneBy })],
  })
  return claimed === 1
}

function jobOf<P>(row: JobRow): StoredJob<P> {
  return {
    id: row.id,
    tenantId: row.tenant_id,
    userId: row.run_as,
    kind: row.kind,
    status: row.status,
    payload: row.payload as P,
    progress: row.progress,
    result: row.result,
    attempts: row.attempts,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
