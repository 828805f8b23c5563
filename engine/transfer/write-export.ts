/**
 * Writes exported records as a file: a table with one column per selected path, JSON, or a workbook for people. Cells of a table hold values as
 * they travel, so that an import in any language reads them back; what a spreadsheet would run is made inert (security R15).
 */
import type { CellScope } from '../field-types/index.ts'
import type { ExportRequest, RecordExport } from '../records/index.ts'
import { columnValue, type ExportColumn } from '../shape/index.ts'
import { inertCell } from './inert-cell.ts'
import { workbookOf } from './workbook.ts'

/** What a file of each format is called on the wire. */
export const EXPORT_TYPES: Readonly<Record<ExportRequest['format'], string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  json: 'application/json; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

/** The pieces of the file; a workbook is one piece, and whole before this resolves. `caller` is who reads it. */
export async function fileOf(
  begin: () => Promise<RecordExport>,
  format: ExportRequest['format'],
  caller: CellScope & { readonly tenant: { readonly id: string } },
): Promise<AsyncIterable<string> | Iterable<Uint8Array>> {
  if (format === 'xlsx') return [await workbookOf(caller.tenant.id, begin, caller)]
  const exported = await begin()
  return format === 'csv' ? csvOf(exported) : jsonOf(exported)
}

/** Spreadsheets take a file without this mark for one in the alphabet of their country. */
const BYTE_ORDER_MARK = '\uFEFF'

/** The lines of a table, RFC 4180: commas, CRLF, a first line of names. */
async function* csvOf({ columns, pages }: RecordExport): AsyncGenerator<string> {
  yield `${BYTE_ORDER_MARK}${lineOf(columns.map(column => column.name))}`
  for await (const page of pages) {
    const rows = JSON.parse(page) as unknown[]
    if (rows.length > 0) yield rows.map(row => lineOf(columns.map(column => cellOf(column, columnValue(row, column.path))))).join('')
  }
}

/** `{"data":[…]}` in pieces. */
async function* jsonOf({ pages }: RecordExport): AsyncGenerator<string> {
  yield '{"data":['
  let begun = false
  for await (const page of pages) {
    const rows = page.slice(1, -1)
    if (rows === '') continue
    yield begun ? `,${rows}` : rows
    begun = true
  }
  yield ']}'
}

const SCOPE = { locale: 'en', timeZone: 'UTC' } as const

function cellOf({ field }: ExportColumn, value: unknown): string {
  if (value === undefined || value === null) return ''
  // Texts, numbers and masked values are themselves; lists and values with parts have a spelling of their own.
  return typeof value === 'object' ? field.type.formatCell(value, field.definition, SCOPE) : String(value)
}

function lineOf(cells: readonly string[]): string {
  return `${cells.map(cell => quoted(inertCell(cell))).join(',')}\r\n`
}

/** Anything that some program might take for the end of a cell stands in quotation marks. */
function quoted(cell: string): string {
  return /[",;\t|\r\n]|^ | $/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
