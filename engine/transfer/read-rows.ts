/**
 * The rows of a file below its names, one after the other, never the file as a whole. Knows no map and no field.
 */
import type { Readable } from 'node:stream'
import { setImmediate as others } from 'node:timers/promises'
import { CsvError, type Options, parse } from 'csv-parse'
import type { Dialect } from './csv-dialect.ts'
import { plainCell } from './inert-cell.ts'
import { decoded, type Encoding } from './text-encoding.ts'

/** A row as it stands in the file, counted as spreadsheets count: from 1, the row of names included. */
export interface RawRow {
  readonly row: number
  readonly cells: readonly string[]
}

/** How a file is written. */
export interface Script extends Dialect {
  readonly encoding: Encoding
}

/** A file that can not be divided into rows: from `row` on a quotation mark stays open, or a row grows without end. */
export class UnreadableFile extends Error {
  readonly kind: 'quote' | 'size'
  readonly row: number

  constructor(kind: 'quote' | 'size', row: number) {
    super('The file can not be divided into rows.')
    this.kind = kind
    this.row = row
  }
}

// A cell of a long text has some thousand characters; a row of a megabyte is a quotation mark that was left open.
const ROW_BYTES = 1024 * 1024
// A stream hands on what it holds without letting anything else run: some milliseconds of rows, then it is the turn of others.
const ROWS_AT_ONCE = 250

/** Reads the rows that have anything in them. Throws UnreadableFile. */
export async function* readRows(content: Readable, script: Script): AsyncGenerator<RawRow> {
  const options: Options<RawRow, string[]> = {
    delimiter: script.delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    // White space before a cell is nobody's, and often stands before a quotation mark.
    ltrim: true,
    max_record_size: ROW_BYTES,
    // Dropped where they are found: a file may be all empty lines, and handing them on costs thirty times as much.
    skip_empty_lines: true,
    on_record: (record, { records, empty_lines }) => {
      const row = records + empty_lines
      const cells = row > script.headerRow ? record.map(plainCell) : []
      return cells.some(cell => cell.trim() !== '') ? { row, cells } : null
    },
  }
  const parser = parse(options as unknown as Options)
  const characters = decoded(content, script.encoding)
  characters.on('error', error => parser.destroy(error))
  characters.pipe(parser)
  let rows = 0
  try {
    for await (const row of parser as AsyncIterable<RawRow>) {
      yield row
      rows += 1
      if (rows % ROWS_AT_ONCE === 0) await others()
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw new UnreadableFile(
      error.code === 'CSV_QUOTE_NOT_CLOSED' ? 'quote' : 'size',
      Number(error['records']) + Number(error['empty_lines']) + 1,
    )
  } finally {
    content.destroy()
    parser.destroy()
  }
}

/** Gathers rows to lists of at most `size`; `size` is asked anew for each. */
export async function* inChunks(rows: AsyncIterable<RawRow>, size: () => number): AsyncGenerator<RawRow[]> {
  let chunk: RawRow[] = []
  for await (const row of rows) {
    chunk.push(row)
    if (chunk.length < size()) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}
