/**
 * What a cell of a workbook holds: numbers, days, moments and yes or no as such, so that a spreadsheet reckons with them; everything else as
 * text, which no program runs whatever it begins with. Pure; knows no file format but the limits of its cells.
 */
import { type CellScope, localTimeOf } from '../field-types/index.ts'
import { columnValue, type ExportColumn, speak } from '../shape/index.ts'

/** A typed cell; null is an empty one. */
export type SheetCell = string | number | boolean | Date | null

/** The head of a column and how its numbers, days or moments are shown. */
export interface SheetColumn {
  readonly label: string
  readonly format?: string
}

// A longer text makes the whole file unreadable for Excel.
const TEXT_LENGTH = 32_767
const CUT = ' … (cut; the format csv holds all of it)'
/** What numbers of a spreadsheet keep: more digits would change when the file is opened. */
const EXACT_DIGITS = 15
// Excel counts a 29th of February 1900 that never was: days before it would shift.
const FIRST_DAY = '1900-03-01'
// What XML can't hold.
const UNWRITABLE = /[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu
/** The file format spells characters like this, so a text that looks like one has to be spelled itself. */
const SPELLED = /_(x[0-9a-f]{4}_)/gi

/** The column's head in the reader's language: the labels on the way to its field. */
export function sheetColumn({ through, field }: ExportColumn, scope: CellScope): SheetColumn {
  const label = [...through, field].map(each => speak(each.declared.label, scope.locale, each.key)).join(' › ')
  const format = formatOf(field)
  return { label: writable(label), ...(format === undefined ? {} : { format }) }
}

/** The cell of a column in a row of an answer. */
export function sheetCell({ path, field }: ExportColumn, row: unknown, scope: CellScope): SheetCell {
  const value = columnValue(row, path)
  if (value === undefined || value === null) return null
  return (CELLS[field.kind] ?? none)(value, scope) ?? writable(textOf(field, value, scope))
}

type Typed = (value: unknown, scope: CellScope) => SheetCell

/** Null where the value, masked for example, is none of the kind. */
const none: Typed = () => null
const numberCell: Typed = value => {
  const text = String(value)
  const isExact = /^-?[0-9]+(?:\.[0-9]+)?$/.test(text) && text.replace(/^-?0*\.?0*|\./g, '').length <= EXACT_DIGITS
  return isExact ? Number(text) : null
}

const CELLS: Partial<Record<ExportColumn['field']['kind'], Typed>> = {
  integer: numberCell,
  decimal: numberCell,
  float: numberCell,
  boolean: value => (typeof value === 'boolean' ? value : null),
  date: value => (typeof value === 'string' ? dateOf(value, value) : null),
  // Cells know no zone: they show what the reader's clock did.
  datetime: (value, scope) => (typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? clockOf(value, scope.timeZone) : null),
}

function clockOf(instant: string, timeZone: string): Date | null {
  const local = localTimeOf(instant, timeZone)
  return dateOf(local, `${local}Z`)
}

function dateOf(day: string, moment: string): Date | null {
  const time = Date.parse(moment)
  return Number.isNaN(time) || day < FIRST_DAY ? null : new Date(time)
}

function textOf(field: ExportColumn['field'], value: unknown, scope: CellScope): string {
  return typeof value === 'object' || field.kind === 'choice' ? field.type.formatCell(value, field.definition, scope) : String(value)
}

function formatOf({ kind, type, definition }: ExportColumn['field']): string | undefined {
  if (kind === 'date') return 'yyyy-mm-dd'
  if (kind === 'datetime') return 'yyyy-mm-dd hh:mm:ss'
  // Numbers that keep their zeros spell nothing as 0.00; the others show the digits they have.
  const zero = kind === 'decimal' ? type.wireOf?.('0', definition) : undefined
  return typeof zero === 'string' && zero.includes('.') ? `#,##${zero}` : undefined
}

function writable(text: string): string {
  const clean = text.toWellFormed().replaceAll(UNWRITABLE, '\ufffd').replaceAll(SPELLED, '_x005F_$1')
  return clean.length > TEXT_LENGTH ? `${clean.slice(0, TEXT_LENGTH - CUT.length)}${CUT}` : clean
}
