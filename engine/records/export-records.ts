/**
 * Takes records out, page by page through the stations of a list. How many rows leave is known and written down before the first of them
 * does; an export over the cap is refused, never cut short.
 */
import { decideAccess, decideExport } from '../access/index.ts'
import { append } from '../audit/index.ts'
import { requireCurrentEpochs } from '../identity/index.ts'
import { at } from '../kernel/context.ts'
import { bindingOf, planExport } from '../plan/index.ts'
import type { ReadPlan } from '../plan/types.ts'
import { type ExportColumn, exportColumns } from '../shape/index.ts'
import { exportTooLarge, nameProblem, parseExport, queryFailed, sheetTooLarge } from '../validate/index.ts'
import { runPage } from './run-page.ts'
import type { RecordContext } from './types.ts'
import { writeTransaction } from './write-transaction.ts'

/** An export under way: what columns a table of it has, and its rows as JSON text, a page at a time. */
export interface RecordExport {
  readonly columns: readonly ExportColumn[]
  /** Each a JSON array of records. */
  readonly pages: AsyncIterable<string>
}

export interface ExportRequest {
  readonly query: unknown
  readonly format: 'csv' | 'json' | 'xlsx'
  /** How many rows have been read, of how many that leave. */
  readonly progress?: (done: number, total: number) => void
}

/** Begins an export: refusals come from here, rows afterwards. Errors: NOT_FOUND, ACCESS_*, VALIDATE_*, PLAN_*, SQL_*. */
export async function exportRecords(ctx: RecordContext, entityKey: string, request: ExportRequest): Promise<RecordExport> {
  const { query: input, format, progress } = request
  const exporting = at(ctx.stations, 'access', 'decideExport', { entity: entityKey }, () => decideExport(ctx, entityKey))
  const reading = decideAccess(ctx, entityKey, 'read')
  const { query, rows } = at(ctx.stations, 'validate', 'parseExport', input, () => parseExport(ctx, reading, exporting, input))
  const { columns, many } = exportColumns(query.select)
  if (format !== 'json' && many.length > 0)
    throw queryFailed(
      many.map(name =>
        nameProblem(name, '/query/select', 'VALIDATE_NOT_INCLUDABLE', '"{name}" holds several records and has no place in a table.'),
      ),
    )
  const plan = at(ctx.stations, 'plan', 'planExport', query, () => planExport(ctx.model, reading, exporting, query, bindingOf(ctx)))
  const cap = exporting.caps.exportRows
  const first = await readPage(ctx, { ...plan, limit: Math.min(plan.limit, rows ?? plan.limit), count: { kind: 'capped', cap } })
  if (rows === null && first.atLeast) throw queryFailed([exportTooLarge(cap)])
  const leaving = Math.min(first.count, rows ?? first.count)
  const tooLarge = format === 'xlsx' ? sheetTooLarge(leaving, columns.length) : null
  if (tooLarge !== null) throw queryFailed([tooLarge])
  await writeTransaction(ctx, {}, connection =>
    append(connection, ctx, {
      action: 'record.exported',
      entity: entityKey,
      details: { format, rows: leaving, fields: columns.map(column => column.name) },
    }),
  )
  return { columns, pages: pagesOf(ctx, plan, first, leaving, progress) }
}

interface ExportPage {
  readonly text: string
  readonly size: number
  readonly count: number
  readonly atLeast: boolean
  /** Where the next page begins; null where there is none. */
  readonly next: ReadPlan['after']
}

async function* pagesOf(
  ctx: RecordContext,
  plan: ReadPlan,
  first: ExportPage,
  rows: number,
  progress: ExportRequest['progress'],
): AsyncGenerator<string> {
  yield first.text
  let left = rows - first.size
  progress?.(first.size, rows)
  for (let after = first.next; after !== null && left > 0; ) {
    // Whoever lost his rights meanwhile gets no further page.
    await ctx.db.readAs(ctx.caller.tenant.id, connection => requireCurrentEpochs(connection, ctx.caller))
    const page = await readPage(ctx, { ...plan, after, limit: Math.min(plan.limit, left) })
    yield page.text
    left -= page.size
    progress?.(rows - left, rows)
    after = page.next
  }
}

async function readPage(ctx: RecordContext, plan: ReadPlan): Promise<ExportPage> {
  let next: ReadPlan['after'] = null
  const { dataText, page } = await runPage(ctx, plan, last => {
    next = { keys: last.keys, id: last.id }
    return ''
  })
  const size = (JSON.parse(dataText) as unknown[]).length
  return { text: dataText, size, count: page.count ?? 0, atLeast: page.count_kind === 'at_least', next }
}
