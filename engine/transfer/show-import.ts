/** Shows an import to the user who had it run, and to nobody else: how far it is, what became of its rows, its file of errors. */
import { Readable } from 'node:stream'
import { stringify } from 'csv-stringify/sync'
import { grantOver } from '../access/index.ts'
import { commonErrors } from '../kernel/errors.ts'
import { isId } from '../kernel/ids.ts'
import type { TenantConnection } from '../platform/index.ts'
import type { RecordContext } from '../records/index.ts'
import { ignoredColumns } from './begin-import.ts'
import { inertCell } from './inert-cell.ts'
import { readJob } from './job-store.ts'
import { countUndone, readRowsOf } from './row-store.ts'
import { encoded, markOf } from './text-encoding.ts'
import type { ImportView, RowView, StoredJob, StoredRow, UndoPayload, UndoView } from './types.ts'

/** Rows an answer holds at most. */
export const ROWS_PAGE = { usual: 100, most: 500 } as const

const ERRORS_AT_ONCE = 1_000
/** Columns that the error file adds; a file that is sent again may have them already. */
const ADDED = ['row', 'problem']

/** An import of the caller's. Throws NOT_FOUND for those of others as for what is not there. */
export async function requireImport(connection: TenantConnection, ctx: RecordContext, id: string): Promise<StoredJob> {
  const job = isId(id) ? await readJob<StoredJob['payload']>(connection, 'import', id) : null
  if (job === null || job.userId !== ctx.caller.userId || grantOver(ctx.model, ctx.caller.profiles, job.payload.map.entity) === null)
    throw commonErrors.NOT_FOUND({})
  return job
}

/** How an import stands. */
export async function showImport(ctx: RecordContext, id: string): Promise<ImportView> {
  return ctx.db.readAs(ctx.caller.tenant.id, async connection => {
    const job = await requireImport(connection, ctx, id)
    return viewOf(job, await undoOf(connection, job))
  })
}

/** An import as its owner sees it. */
export function viewOf(job: StoredJob, undo: UndoView | null): ImportView {
  const { payload, progress, status, result } = job
  const { script, map } = payload
  const percent =
    status === 'done' ? 100 : progress.total === null || progress.total === 0 ? 0 : Math.floor((100 * progress.done) / progress.total)
  return {
    id: job.id,
    status,
    dry_run: payload.dry_run,
    map: map.key,
    entity: map.entity,
    filename: payload.filename,
    created_at: job.createdAt,
    updated_at: job.updatedAt,
    progress: { total: progress.total, done: progress.done, percent },
    counts: progress.counts,
    file: {
      bytes: payload.bytes,
      encoding: script.encoding,
      delimiter: script.delimiter,
      header_row: script.headerRow,
      ignored_columns: ignoredColumns(payload),
    },
    failure: result?.failure ?? null,
    undo,
  }
}

/** Rows with something to tell of them, in the order of the file; of changes only fields the caller may read now. */
export async function showRows(
  ctx: RecordContext,
  id: string,
  { limit = ROWS_PAGE.usual, after = 0 }: { readonly limit?: number; readonly after?: number },
): Promise<{ data: RowView[]; page: { next: number | null } }> {
  return ctx.db.readAs(ctx.caller.tenant.id, async connection => {
    const job = await requireImport(connection, ctx, id)
    const found = await readRowsOf(connection, id, 'told', after, limit + 1)
    const rows = found.slice(0, limit)
    return { data: rows.map(row => rowViewOf(ctx, job, row)), page: { next: found.length > limit ? (rows.at(-1)?.row_no ?? null) : null } }
  })
}

/** The refused rows as a file of the same kind, each with what is wrong with it: to be mended and sent again. */
export async function errorFile(ctx: RecordContext, id: string): Promise<{ content: Readable; encoding: string; filename: string }> {
  const job = await ctx.db.readAs(ctx.caller.tenant.id, connection => requireImport(connection, ctx, id))
  const { script, filename } = job.payload
  return {
    content: Readable.from(errorLines(ctx, job)),
    encoding: script.encoding,
    filename: `${(filename ?? 'import').replace(/\.[A-Za-z0-9]{1,8}$/, '')}-errors.csv`,
  }
}

async function* errorLines(ctx: RecordContext, { id, payload: { script } }: StoredJob): AsyncGenerator<Buffer> {
  const kept = script.header.flatMap((name, at) => (ADDED.includes(name) ? [] : [at]))
  const line = (cells: readonly string[]): Buffer =>
    encoded(stringify([cells.map(inertCell)], { delimiter: script.delimiter, record_delimiter: '\r\n' }), script.encoding)
  yield markOf(script.encoding)
  yield line([...kept.map(at => script.header[at] ?? ''), ...ADDED])
  let from = 0
  for (;;) {
    const after = from
    const rows = await ctx.db.readAs(ctx.caller.tenant.id, connection => readRowsOf(connection, id, 'failed', after, ERRORS_AT_ONCE))
    const lines = rows.map(row => line([...kept.map(at => row.cells?.[at] ?? ''), String(row.row_no), problemText(row)]))
    if (lines.length > 0) yield Buffer.concat(lines)
    from = rows.at(-1)?.row_no ?? from
    if (rows.length < ERRORS_AT_ONCE) return
  }
}

function problemText({ problems }: StoredRow): string {
  return (problems ?? []).map(({ column, message }) => (column === null ? message : `${column}: ${message}`)).join(' · ')
}

function rowViewOf(ctx: RecordContext, { payload: { map, script } }: StoredJob, row: StoredRow): RowView {
  const readable = grantOver(ctx.model, ctx.caller.profiles, map.entity)?.fields
  const changes = (row.changes ?? []).filter(({ field }) => readable?.get(field)?.read != null)
  const cells =
    row.cells === null
      ? {}
      : { cells: Object.fromEntries(script.header.flatMap((name, at) => (name === '' ? [] : [[name, row.cells?.[at] ?? '']]))) }
  return {
    row: row.row_no,
    op: row.op,
    id: row.record_id,
    ...cells,
    ...(row.problems === null ? {} : { problems: row.problems }),
    ...(changes.length === 0 ? {} : { changes }),
  }
}

async function undoOf(connection: TenantConnection, job: StoredJob): Promise<UndoView | null> {
  const undoneBy = job.result?.undone_by
  const undo = undoneBy === undefined ? null : await readJob<UndoPayload>(connection, 'import_undo', undoneBy)
  if (undo === null) return null
  return { status: undo.status, ...(await countUndone(connection, job.id)), failure: undo.result?.failure ?? null }
}
