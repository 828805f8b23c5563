/** Imports of one process: takes them in, shows them, has them run and undone. Reads as the table of contents of the room. */
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { requireCurrentEpochs } from '../identity/index.ts'
import { newId } from '../kernel/ids.ts'
import type { TenantConnection } from '../platform/index.ts'
import type { RecordContext } from '../records/index.ts'
import { beginImport, parseMap, payloadOf, receive, type Received } from './begin-import.ts'
import { transferErrors } from './errors.ts'
import { claimUndo, insertJob, readJob } from './job-store.ts'
import type { RunParts } from './run-parts.ts'
import { errorFile, requireImport, showImport, showRows, viewOf } from './show-import.ts'
import { forgetOldImports } from './forget-imports.ts'
import { type ImportView, NOTHING, type Progress, type RowView, type UndoPayload } from './types.ts'
import { type JobWorker, type WorkerOptions, workOnJobs } from './work-on-jobs.ts'

/** An envelope of the transaction that writes a job: what a door puts around it to make a repeated request happen once. */
export type JobEnvelope = (connection: TenantConnection, act: () => Promise<ImportView>) => Promise<ImportView>

/** What is asked of a file. */
export interface ImportRequest {
  /** The key of an import map, or one as a JSON document. */
  readonly map: string
  readonly dryRun: boolean
}

export interface Imports {
  /** Keeps a file until it is begun or thrown away. Throws TRANSFER_FILE_TOO_LARGE. */
  receive(content: AsyncIterable<Buffer>, filename: string | null): Promise<Received>
  throwAway(received: Received): Promise<void>
  /** Has a file imported; one that is refused is thrown away. `envelope` is what makes a repeated request happen once. Throws TRANSFER_*, ACCESS_*. */
  begin(ctx: RecordContext, received: Received, request: ImportRequest, envelope?: JobEnvelope): Promise<ImportView>
  /** Imports a file here and now, to its end. */
  runHere(ctx: RecordContext, received: Received, request: ImportRequest, told?: (progress: Progress) => void): Promise<ImportView>
  show(ctx: RecordContext, id: string): Promise<ImportView>
  rows(
    ctx: RecordContext,
    id: string,
    page: { readonly limit?: number; readonly after?: number },
  ): Promise<{ data: RowView[]; page: { next: number | null } }>
  errors(ctx: RecordContext, id: string): Promise<{ content: Readable; encoding: string; filename: string }>
  /** Has an import undone. Throws TRANSFER_NOT_UNDOABLE. */
  undo(ctx: RecordContext, id: string): Promise<ImportView>
  stop(): Promise<void>
}

// The one who writes a job down and runs it here holds it before anybody sees it.
const FIRST_LEASE_MS = 30_000
// The database was away, or another process has taken over.
const WAIT_MS = 1_000

/** Makes the imports of one process. */
export function createImports(parts: RunParts, options: WorkerOptions): Imports {
  const worker: JobWorker = workOnJobs(parts, options)
  const forgetting = options.background ? forgetOldImports(parts) : null

  async function write(
    ctx: RecordContext,
    received: Received,
    request: ImportRequest,
    holder: string | null,
    envelope?: JobEnvelope,
  ): Promise<ImportView> {
    let view: ImportView | null = null
    try {
      const payload = payloadOf(ctx, received, parseMap(ctx, request.map), request.dryRun)
      const lease = holder === null ? null : { holder, until: new Date(parts.now().getTime() + FIRST_LEASE_MS) }
      view = await ctx.db.writeAs(ctx.caller.tenant.id, async connection => {
        await requireCurrentEpochs(connection, ctx.caller)
        const act = async (): Promise<ImportView> => viewOf(await beginImport(connection, ctx, received.jobId, payload, lease), null)
        return envelope === undefined ? act() : envelope(connection, act)
      })
      return view
    } finally {
      // A repeated request gets the first import; what it sent is not needed.
      if (view?.id !== received.jobId) await parts.files.remove(received.file.name)
    }
  }

  return {
    receive: (content, filename) => receive(parts.files, content, filename, parts.now()),
    throwAway: received => parts.files.remove(received.file.name),
    async begin(ctx, received, request, envelope) {
      const view = await write(ctx, received, request, null, envelope)
      worker.wake()
      return view
    },
    async runHere(ctx, received, request, told) {
      const holder = newId()
      const view = await write(ctx, received, request, holder)
      const lease = { tenantId: ctx.caller.tenant.id, jobId: view.id, holder }
      for (;;) {
        const end = await worker.run(lease, told)
        const now = await showImport(ctx, view.id)
        if (end === 'done' || end === 'failed' || now.status === 'done' || now.status === 'failed') return now
        await sleep(WAIT_MS)
      }
    },
    show: showImport,
    rows: showRows,
    errors: errorFile,
    async undo(ctx, id) {
      const undoId = newId(ctx.now.getTime())
      const progress: Progress = { step: 0, phase: 'links', total: null, done: 0, row: 0, counts: NOTHING }
      const { traceId, traceparent, route, ip, caller } = ctx
      await ctx.db.writeAs(caller.tenant.id, async connection => {
        await requireCurrentEpochs(connection, caller)
        const job = await requireImport(connection, ctx, id)
        if (job.payload.dry_run) throw transferErrors.NOT_UNDOABLE({ reason: 'trial' })
        if (!(await claimUndo(connection, id, undoId)))
          throw transferErrors.NOT_UNDOABLE({ reason: (await isOpen(connection, id)) ? 'open' : 'undone' })
        const payload: UndoPayload = {
          import_id: id,
          map: job.payload.map,
          session_id: caller.sessionId,
          api_key_id: caller.apiKeyId,
          origin: { traceId, traceparent, route, ip },
        }
        await insertJob(connection, {
          id: undoId,
          kind: 'import_undo',
          userId: caller.userId,
          payload,
          progress,
          now: ctx.now,
          lease: null,
        })
      })
      worker.wake()
      return showImport(ctx, id)
    },
    stop: async () => {
      forgetting?.stop()
      await worker.stop()
    },
  }
}

async function isOpen(connection: TenantConnection, id: string): Promise<boolean> {
  const job = await readJob(connection, 'import', id)
  return job?.status === 'queued' || job?.status === 'running'
}
