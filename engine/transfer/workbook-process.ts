/** The program that makes one workbook of the cells it is sent and ends. Knows no record and no field. */
import writeWorkbook, { type Row } from 'write-excel-file/node'
import type { SheetCell, SheetColumn } from './sheet-cell.ts'
import type { WorkbookPart } from './workbook.ts'

const NARROWEST = 10
const WIDEST = 60

let columns: readonly SheetColumn[] = []
const widths: number[] = []
const sheet: Row[] = []

process.on('message', (part: WorkbookPart) => {
  if (part === 'end') void finish()
  else if ('columns' in part) begin(part.columns)
  else for (const row of part.rows) sheet.push(row.map(typed))
})

function begin(heads: readonly SheetColumn[]): void {
  columns = heads
  widths.push(...heads.map(({ label }) => label.length))
  sheet.push(heads.map(({ label }) => ({ value: label, type: String, fontWeight: 'bold' })))
}

/** A text is written as one whatever it begins with; only what came as a formula would be run, and none does. */
function typed(cell: SheetCell, column: number): Row[number] {
  const format = columns[column]?.format
  if (typeof cell === 'string') {
    widths[column] = Math.max(widths[column] ?? 0, cell.length)
    return { value: cell, type: String }
  }
  if (typeof cell === 'boolean') return { value: cell, type: Boolean }
  const shown = format === undefined ? {} : { format }
  if (cell instanceof Date) return { value: cell, type: Date, ...shown }
  return cell === null ? null : { value: cell, type: Number, ...shown }
}

async function finish(): Promise<void> {
  const book = writeWorkbook(sheet, {
    stickyRowsCount: 1,
    columns: widths.map(width => ({ width: Math.min(WIDEST, Math.max(NARROWEST, width + 2)) })),
  })
  const bytes = await book.toBuffer()
  process.send?.(bytes)
}
