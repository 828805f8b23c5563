/**
 * Runs an import from wherever it stands to its end: the file is looked through, its rows are written chunk by chunk, rows that refer to each
 * other are linked. Each chunk is decided for the caller as he stands at that moment and commits together with the progress it makes.
 */
import { isStale } from '../identity/index.ts'
import type { Locale } from '../kernel/context.ts'
import { EngineError } from '../kernel/errors.ts'
import type { RecordContext } from '../records/index.ts'
import { again, isTimeout } from './attempts.ts'
import { decideRows, type FileKnowledge, spoken } from './decide-rows.ts'
import { endImport } from './end-job.ts'
import { failureOf } from './failure.ts'
import { saveProgress } from './job-store.ts'
import { linkRows } from './link-rows.ts'
import { createNameBook } from './look-up-names.ts'
import { type ImportPlan, planImport } from './plan-import.ts'
import { rowReader } from './read-cells.ts'
import { inChunks, type RawRow, readRows } from './read-rows.ts'
import { digestOf, findClaims, readRowsOf, updateLinkedRows } from './row-store.ts'
import { type Survey, surveyFile } from './survey-file.ts'
import { doStep, type RunEnd, type RunHooks, type RunParts } from './run-parts.ts'
import type { Counts, Failure, Lease, Progress, StoredJob } from './types.ts'
import { keepOutcome, writeRows } from './write-rows.ts'

// Half a second of writing: short enough for other writers of the tenant, long enough that the commit does not count.
const CHUNK_ROWS = 500
const SMALLEST_CHUNK = 25
const DEFAULT_MOST_ROWS = 100_000

/** Runs an import. Throws LeaseLost, and failures of the database that outlast some attempts: then the job stays open. */
export async function runImport(parts: RunParts, job: StoredJob, lease: Lease, hooks: RunHooks): Promise<RunEnd> {
  const run = new ImportRun(parts, job, lease, hooks)
  try {
    return await run.toItsEnd()
  } catch (error) {
    const failure = failureOf(error, run.locale)
    if (failure === null) throw error
    await run.end('failed', failure)
    return 'failed'
  }
}

class ImportRun {
  readonly #parts: RunParts
  readonly #job: StoredJob
  readonly #lease: Lease
  readonly #hooks: RunHooks
  readonly #names = createNameBook()
  #progress: Progress
  #chunk = CHUNK_ROWS
  /** The language of whoever has it run. */
  locale: Locale = 'en'

  constructor(parts: RunParts, job: StoredJob, lease: Lease, hooks: RunHooks) {
    this.#parts = parts
    this.#job = job
    this.#lease = lease
    this.#hooks = hooks
    this.#progress = job.progress
  }

  async toItsEnd(): Promise<RunEnd> {
    if (this.#progress.phase === 'rows' && !(await this.#writeAll())) return 'stopped'
    if (this.#progress.phase === 'links' && !(await this.#linkAll())) return 'stopped'
    await this.end('done', null)
    return 'done'
  }

  end(status: 'done' | 'failed', failure: Failure | null): Promise<void> {
    const job = { ...this.#job, progress: this.#progress }
    return doStep(this.#parts, job, 0, () => endImport(this.#parts, job, this.#lease, status, failure))
  }

  async #writeAll(): Promise<boolean> {
    const { payload } = this.#job
    const { ctx, plan } = await this.#admitted()
    const reader = rowReader(ctx, plan, payload.script)
    const survey = await surveyFile(this.#parts.files.open(payload.file), payload.script, plan, reader, mostRows(ctx))
    const done = this.#progress.row
    const rows = after(readRows(this.#parts.files.open(payload.file), payload.script), done)
    for await (const chunk of inChunks(rows, () => this.#chunk)) {
      if (this.#hooks.mustStop()) return false
      await this.#writeChunk(chunk, survey)
    }
    await this.#step({ ...this.#progress, step: this.#progress.step + 1, phase: 'links', total: survey.rows, row: 0 })
    return true
  }

  async #linkAll(): Promise<boolean> {
    const { id, tenantId, payload } = this.#job
    for (;;) {
      if (this.#hooks.mustStop()) return false
      const rows = await this.#parts.database.readAs(tenantId, connection =>
        readRowsOf(connection, id, 'linked', this.#progress.row, this.#chunk),
      )
      const last = rows.at(-1)
      if (last === undefined) return true
      const link = async (): Promise<void> => {
        const { ctx, plan } = await this.#admitted()
        let next = this.#progress
        await linkRows(ctx, plan, id, rows, payload.dry_run, async (connection, outcome) => {
          next = { ...this.#progress, step: this.#progress.step + 1, row: last.row_no, counts: sum(this.#progress.counts, outcome.counts) }
          await updateLinkedRows(connection, id, outcome.rows)
          await saveProgress(connection, this.#lease, this.#progress, next, this.#parts.now())
        })
        this.#take(next)
      }
      await doStep(this.#parts, this.#job, rows.length, () => again(link))
    }
  }

  async #writeChunk(rows: readonly RawRow[], survey: Survey): Promise<void> {
    const started = performance.now()
    try {
      await doStep(this.#parts, this.#job, rows.length, () => again(() => this.#decideAndWrite(rows, survey)))
    } catch (error) {
      // Too much for one transaction, or a refusal that names no row: smaller chunks find out.
      if (rows.length === 1 || !(isTimeout(error) || error instanceof ChunkRefused)) throw error
      if (isTimeout(error)) this.#chunk = Math.max(SMALLEST_CHUNK, Math.floor(this.#chunk / 2))
      const middle = Math.ceil(rows.length / 2)
      await this.#writeChunk(rows.slice(0, middle), survey)
      await this.#writeChunk(rows.slice(middle), survey)
      return
    }
    const { origin } = this.#job.payload
    this.#parts.log.info('import step', {
      trace_id: origin.traceId,
      tenant_id: this.#job.tenantId,
      user_id: this.#job.userId,
      route: 'job import',
      duration_ms: performance.now() - started,
    })
  }

  async #decideAndWrite(rows: readonly RawRow[], survey: Survey): Promise<void> {
    const { id, payload } = this.#job
    const { ctx, plan } = await this.#admitted()
    const decisions = await decideRows(ctx, plan, rowReader(ctx, plan, payload.script), this.#names, this.#knowledge(ctx, survey), rows)
    let next = this.#progress
    const keep: Parameters<typeof writeRows>[5] = async (connection, outcome) => {
      const before = this.#progress
      next = {
        step: before.step + 1,
        phase: 'rows',
        total: survey.rows,
        done: before.done + rows.length,
        row: rows.at(-1)?.row ?? before.row,
        counts: sum(before.counts, outcome.counts),
      }
      await keepOutcome(connection, id, outcome)
      await saveProgress(connection, this.#lease, before, next, this.#parts.now())
    }
    try {
      await writeRows(ctx, plan, id, decisions, payload.dry_run, keep)
    } catch (error) {
      if (!(error instanceof EngineError) || isStale(error) || error.status === 401 || error.status === 503) throw error
      if (rows.length > 1) throw new ChunkRefused(error)
      const refused = decisions.map(decision => ({ ...decision, operation: null, links: [], problems: [spoken(error, ctx)] }))
      await writeRows(ctx, plan, id, refused, payload.dry_run, keep)
    }
    this.#take(next)
  }

  #knowledge(ctx: RecordContext, survey: Survey): FileKnowledge {
    return {
      bears: survey.bears,
      earlier: async keys => {
        const digests = new Map(keys.map(key => [digestOf(key), key]))
        const claims = await ctx.db.readAs(ctx.caller.tenant.id, connection =>
          findClaims(connection, this.#job.id, 'match', [...digests.keys()]),
        )
        return new Map([...claims].map(([digest, rows]) => [digests.get(digest) ?? '', rows[0] ?? 0]))
      },
    }
  }

  async #admitted(): Promise<{ ctx: RecordContext; plan: ImportPlan }> {
    const { tenantId, userId, payload } = this.#job
    const ctx = await this.#parts.admit({ tenantId, userId, sessionId: payload.session_id, apiKeyId: payload.api_key_id }, payload.origin)
    this.locale = ctx.caller.locale
    return { ctx, plan: planImport(ctx, payload.map) }
  }

  async #step(next: Progress): Promise<void> {
    await this.#parts.database.writeAs(this.#job.tenantId, connection =>
      saveProgress(connection, this.#lease, this.#progress, next, this.#parts.now()),
    )
    this.#take(next)
  }

  #take(next: Progress): void {
    this.#progress = next
    this.#hooks.told?.(next)
  }
}

/** A refusal of a chunk as a whole. */
class ChunkRefused extends Error {
  constructor(cause: EngineError) {
    super('A chunk was refused as a whole.', { cause })
  }
}

async function* after(rows: AsyncIterable<RawRow>, done: number): AsyncGenerator<RawRow> {
  for await (const row of rows) if (row.row > done) yield row
}

/** How many rows the caller's profiles let him import at once; of several the widest counts. */
function mostRows(ctx: RecordContext): number {
  const limits = ctx.caller.profiles.flatMap(key => {
    const limit = ctx.model.profiles.get(key)?.definition.limits?.import_rows
    return limit === undefined ? [] : [limit]
  })
  return limits.length === 0 ? DEFAULT_MOST_ROWS : Math.max(...limits)
}

function sum(a: Counts, b: Counts): Counts {
  return {
    created: a.created + b.created,
    updated: a.updated + b.updated,
    unchanged: a.unchanged + b.unchanged,
    failed: a.failed + b.failed,
    incomplete: a.incomplete + b.incomplete,
  }
}
