/** Ends jobs: the verdict, the audit of it, and what is not needed any more. */
import { append as appendAudit } from '../audit/index.ts'
import { finishJob } from './job-store.ts'
import { countUndone, forgetClaims } from './row-store.ts'
import type { RunParts } from './run-parts.ts'
import type { Failure, JobOrigin, Lease, StoredJob, UndoPayload } from './types.ts'

type Verdict = 'done' | 'failed'

/** Ends an import; what its rows claimed is forgotten, and the file goes. */
export async function endImport(parts: RunParts, job: StoredJob, lease: Lease, status: Verdict, failure: Failure | null): Promise<void> {
  const { payload, progress } = job
  const details = { import_id: job.id, map: payload.map.key, dry_run: payload.dry_run, ...progress.counts, ...codeOf(failure) }
  await parts.database.writeAs(job.tenantId, async connection => {
    await finishJob(connection, lease, status, resultOf(failure), parts.now())
    await forgetClaims(connection, job.id)
    await appendAudit(connection, originOf(parts, job), {
      action: status === 'done' ? 'import.finished' : 'import.failed',
      entity: payload.map.entity,
      details,
    })
  })
  await parts.files.remove(payload.file)
}

/** Ends the undoing of an import. */
export async function endUndo(
  parts: RunParts,
  job: StoredJob<UndoPayload>,
  lease: Lease,
  status: Verdict,
  failure: Failure | null,
): Promise<void> {
  const { payload } = job
  await parts.database.writeAs(job.tenantId, async connection => {
    await finishJob(connection, lease, status, resultOf(failure), parts.now())
    const details = { import_id: payload.import_id, ...(await countUndone(connection, payload.import_id)), ...codeOf(failure) }
    await appendAudit(connection, originOf(parts, job), {
      action: status === 'done' ? 'import.undone' : 'import.undo_failed',
      entity: payload.map.entity,
      details,
    })
  })
}

function originOf(parts: RunParts, job: StoredJob<{ readonly origin: JobOrigin }>): Parameters<typeof appendAudit>[1] {
  const { traceId, ip } = job.payload.origin
  return { now: parts.now(), traceId, ip, caller: { userId: job.userId } }
}

function resultOf(failure: Failure | null): { readonly failure: Failure } | null {
  return failure === null ? null : { failure }
}

function codeOf(failure: Failure | null): { readonly code?: string } {
  return failure === null ? {} : { code: failure.code }
}
