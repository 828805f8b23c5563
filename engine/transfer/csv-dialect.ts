/**
 * How a file with separated values is written: its delimiter and the row that names its columns, which need not be the first.
 * Pure; knows the names a map asks for and no field.
 */
import { parse } from 'csv-parse/sync'
import { foldText } from '../../metadata/fold.ts'
import type { ImportMap } from '../../metadata/generated/types.ts'

export type Delimiter = NonNullable<ImportMap['delimiter']>

/** How to read a file: what stands between cells, and the row of names. */
export interface Dialect {
  readonly delimiter: Delimiter
  /** Counted from 1, as spreadsheets count rows. */
  readonly headerRow: number
  /** Names of all columns as the file has them, trimmed. */
  readonly header: readonly string[]
}

/** Why the columns of a map can not be found. */
export interface NoDialect {
  /** Columns of the map that the best row does not name. */
  readonly missing: readonly string[]
  /** What that row holds instead. */
  readonly found: readonly string[]
  /** Columns of the map that the row names twice. */
  readonly twice: readonly string[]
}

const DELIMITERS: readonly Delimiter[] = [',', ';', '\t', '|']
/** Titles and notes above a table end somewhere; below this row nobody looks for names. */
const ROWS_SEARCHED = 60

/** Finds the row that names the wanted columns; the delimiter is the one that makes it, unless it is given. */
export function dialectOf(head: string, wanted: readonly string[], given?: Delimiter): Dialect | NoDialect {
  let best: NoDialect & { readonly hits: number } = { missing: wanted, found: [], twice: [], hits: -1 }
  for (const delimiter of given === undefined ? DELIMITERS : [given]) {
    for (const [index, cells] of firstRows(head, delimiter).entries()) {
      const header = cells.map(nameOf)
      const missing = wanted.filter(name => columnAt(header, name) === null)
      const twice = wanted.filter(name => header.filter(cell => cell === name).length > 1)
      if (missing.length === 0 && twice.length === 0) return { delimiter, headerRow: index + 1, header }
      const hits = wanted.length - missing.length
      if (hits > best.hits || (hits === best.hits && hits === 0 && header.length > best.found.length)) {
        best = { missing, found: header.filter(cell => cell !== ''), twice, hits }
      }
    }
  }
  return { missing: best.missing, found: best.found, twice: best.twice }
}

/** Where a column stands: by its name as written, else by a name that differs in case and accents alone; null if nowhere or not clear. */
export function columnAt(header: readonly string[], name: string): number | null {
  const exact = header.indexOf(name.trim())
  if (exact >= 0) return exact
  const folded = foldText(nameOf(name))
  const places = header.flatMap((cell, at) => (foldText(cell) === folded ? [at] : []))
  return places.length === 1 ? (places[0] ?? null) : null
}

function nameOf(cell: string): string {
  return cell.trim().normalize('NFC')
}

function firstRows(head: string, delimiter: Delimiter): string[][] {
  try {
    return parse(head, {
      delimiter,
      relax_column_count: true,
      relax_quotes: true,
      ltrim: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      to: ROWS_SEARCHED,
    })
  } catch {
    // A quotation mark that closes beyond the head: the rows before it are enough.
    const lines = head.split(/\r\n|\n|\r/).slice(0, ROWS_SEARCHED)
    return lines.map(line => line.split(delimiter).map(cell => cell.replace(/^"(.*)"$/, '$1').replaceAll('""', '"')))
  }
}
