/**
 * Takes back what an import wrote, as the caller and through his rights: records it made go to the trash, changed ones get their old values,
 * unless somebody has changed them since. From the last row to the first, so that what refers to others goes before them.
 */
import { accessErrors } from '../access/index.ts'
import type { Locale } from '../kernel/context.ts'
import { EngineError } from '../kernel/errors.ts'
import type { TenantConnection } from '../platform/index.ts'
import { type BulkOperation, bulkRecords, type BulkResult, type RecordContext, valuesBefore } from '../records/index.ts'
import { again } from './attempts.ts'
import { spoken } from './decide-rows.ts'
import { endUndo } from './end-job.ts'
import { failureOf } from './failure.ts'
import { saveProgress } from './job-store.ts'
import { type ImportPlan, planImport } from './plan-import.ts'
import { readRowsOf, updateUndoneRows } from './row-store.ts'
import { fromProblem, rowProblem, type RowProblem } from './row-words.ts'
import { doStep, type RunEnd, type RunHooks, type RunParts } from './run-parts.ts'
import type { Failure, Lease, Progress, StoredJob, StoredRow, UndoPayload } from './types.ts'

// A record to be taken back is looked at by itself: smaller chunks than those of writing.
const CHUNK_ROWS = 200
const BELOW_ALL = 2_147_483_647

/** Undoes an import from wherever the undoing stands to its end. */
export async function undoImport(parts: RunParts, job: StoredJob<UndoPayload>, lease: Lease, hooks: RunHooks): Promise<RunEnd> {
  const run = new UndoRun(parts, job, lease, hooks)
  try {
    return await run.toItsEnd()
  } catch (error) {
    const failure = failureOf(error, run.locale)
    if (failure === null) throw error
    await run.end('failed', failure)
    return 'failed'
  }
}

type Undone = { readonly row_no: number; readonly undo: StoredRow['undo']; readonly version: number | null }

class UndoRun {
  readonly #parts: RunParts
  readonly #job: StoredJob<UndoPayload>
  readonly #lease: Lease
  readonly #hooks: RunHooks
  #progress: Progress
  /** The language of whoever has it run. */
  locale: Locale = 'en'

  constructor(parts: RunParts, job: StoredJob<UndoPayload>, lease: Lease, hooks: RunHooks) {
    this.#parts = parts
    this.#job = job
    this.#lease = lease
    this.#hooks = hooks
    this.#progress = job.progress
  }

  async toItsEnd(): Promise<RunEnd> {
    if (this.#progress.phase === 'links' && !(await this.#unlinkAll())) return 'stopped'
    if (!(await this.#takeAllBack())) return 'stopped'
    await this.end('done', null)
    return 'done'
  }

  end(status: 'done' | 'failed', failure: Failure | null): Promise<void> {
    return doStep(this.#parts, this.#job, 0, () => endUndo(this.#parts, this.#job, this.#lease, status, failure))
  }

  #do(rows: number, work: () => Promise<void>): Promise<void> {
    return doStep(this.#parts, this.#job, rows, () => again(work))
  }

  /** Records of one file that refer to each other are loosened first: the trash would otherwise change one for the sake of the other. */
  async #unlinkAll(): Promise<boolean> {
    for (;;) {
      if (this.#hooks.mustStop()) return false
      const rows = await this.#rows('written and linked', this.#progress.row, false)
      const last = rows.at(-1)
      await this.#do(rows.length, async () => {
        const { ctx, plan } = await this.#admitted()
        const fields = plan.columns.flatMap(({ field, lookup }) => (lookup?.self === true ? [[field.key, null] as const] : []))
        const operations = plan.grant.operations.has('update')
          ? rows.map(
              (row): BulkOperation => ({
                op: 'update',
                id: row.record_id ?? '',
                version: row.version ?? 0,
                values: Object.fromEntries(fields),
              }),
            )
          : []
        await this.#write(ctx, plan, operations, { phase: last === undefined ? 'rows' : 'links', row: last?.row_no ?? 0 }, results =>
          rows.flatMap(row =>
            results
              .filter(result => result.id === row.record_id && result.error === null)
              .map(result => ({ row_no: row.row_no, undo: null, version: result.version })),
          ),
        )
      })
      if (last === undefined) return true
    }
  }

  async #takeAllBack(): Promise<boolean> {
    for (;;) {
      if (this.#hooks.mustStop()) return false
      const rows = await this.#rows('written', BELOW_ALL, true)
      if (rows.length === 0) return true
      await this.#do(rows.length, async () => {
        const { ctx, plan } = await this.#admitted()
        const { operations, refused } = await operationsOf(ctx, plan, rows)
        await this.#write(ctx, plan, operations, { phase: 'rows', row: rows.at(-1)?.row_no ?? 0 }, results =>
          rows.map(row => undoneOf(ctx, row, results, refused)),
        )
      })
    }
  }

  async #write(
    ctx: RecordContext,
    plan: ImportPlan,
    operations: readonly BulkOperation[],
    place: Pick<Progress, 'phase' | 'row'>,
    outcome: (results: readonly BulkResult[]) => readonly Undone[],
  ): Promise<void> {
    let next = this.#progress
    const keep = async (connection: TenantConnection, undone: readonly Undone[]): Promise<void> => {
      next = {
        ...this.#progress,
        ...place,
        step: this.#progress.step + 1,
        done: this.#progress.done + undone.filter(each => each.undo !== null).length,
      }
      await updateUndoneRows(connection, this.#job.payload.import_id, undone)
      await saveProgress(connection, this.#lease, this.#progress, next, this.#parts.now())
    }
    await bulkRecords(ctx, plan.entity.key, operations, false, {
      around: async (connection, act) => {
        const results = await act()
        await keep(connection, outcome(results))
        return results
      },
    })
    this.#progress = next
    this.#hooks.told?.(next)
  }

  #rows(sort: 'written' | 'written and linked', from: number, backwards: boolean): Promise<StoredRow[]> {
    return this.#parts.database.readAs(this.#job.tenantId, connection =>
      readRowsOf(connection, this.#job.payload.import_id, sort, from, CHUNK_ROWS, backwards),
    )
  }

  async #admitted(): Promise<{ ctx: RecordContext; plan: ImportPlan }> {
    const { tenantId, userId, payload } = this.#job
    const ctx = await this.#parts.admit({ tenantId, userId, sessionId: payload.session_id, apiKeyId: payload.api_key_id }, payload.origin)
    this.locale = ctx.caller.locale
    return { ctx, plan: planImport(ctx, payload.map) }
  }
}

async function operationsOf(
  ctx: RecordContext,
  plan: ImportPlan,
  rows: readonly StoredRow[],
): Promise<{ operations: BulkOperation[]; refused: ReadonlyMap<number, RowProblem> }> {
  const updated = rows.filter(row => row.op === 'update')
  const before = await valuesBefore(
    ctx,
    plan.entity.key,
    updated.map(row => ({ id: row.record_id ?? '', after: row.before_version ?? 0, upTo: row.version ?? 0 })),
  )
  const filled = new Set(plan.columns.map(column => column.field.key))
  const refused = new Map<number, RowProblem>()
  const operations = rows.flatMap((row): BulkOperation[] => {
    const op = row.op === 'create' ? 'delete' : 'update'
    if (row.record_id === null || row.version === null) return []
    if (!plan.grant.operations.has(op)) {
      refused.set(row.row_no, spoken(accessErrors.OPERATION_FORBIDDEN({ operation: op, entity: plan.entity }), ctx))
      return []
    }
    if (op === 'delete') return [{ op, id: row.record_id, version: row.version }]
    const values = Object.entries(before.get(row.record_id) ?? {}).filter(([key]) => filled.has(key))
    return [{ op, id: row.record_id, version: row.version, values: Object.fromEntries(values) }]
  })
  return { operations, refused }
}

function undoneOf(ctx: RecordContext, row: StoredRow, results: readonly BulkResult[], refused: ReadonlyMap<number, RowProblem>): Undone {
  const error = results.find(result => result.id === row.record_id)?.error ?? null
  const problem = refused.get(row.row_no) ?? (error === null ? null : problemOf(ctx, error))
  return { row_no: row.row_no, undo: problem === null ? { done: true } : { problem }, version: null }
}

function problemOf(ctx: RecordContext, error: Error): RowProblem {
  if (!(error instanceof EngineError)) throw error
  if (error.code === 'RECORDS_VERSION_STALE') return rowProblem('CHANGED_SINCE', ctx.caller.locale, null, {})
  const [first] = error.errors
  return first === undefined ? spoken(error, ctx) : fromProblem(first, null, ctx.caller.locale)
}
