/**
 * Writes exported records as a file: a table with one column per selected path, or JSON. Cells hold values as they travel, so that an import
 * in any language reads them back; what a spreadsheet would run is made inert (security R15).
 */
import type { RecordExport } from '../records/index.ts'
import { columnValue, type ExportColumn } from '../shape/index.ts'
import { inertCell } from './inert-cell.ts'

/** Spreadsheets take a file without this mark for one in the alphabet of their country. */
const BYTE_ORDER_MARK = '\uFEFF'

/** The lines of a table, RFC 4180: commas, CRLF, a first line of names. */
export async function* csvOf({ columns, pages }: RecordExport): AsyncGenerator<string> {
  yield `${BYTE_ORDER_MARK}${lineOf(columns.map(column => column.name))}`
  for await (const page of pages) {
    const rows = JSON.parse(page) as unknown[]
    if (rows.length > 0) yield rows.map(row => lineOf(columns.map(column => cellOf(column, columnValue(row, column.path))))).join('')
  }
}

/** `{"data":[…]}` in pieces. */
export async function* jsonOf({ pages }: RecordExport): AsyncGenerator<string> {
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
