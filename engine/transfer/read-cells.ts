/**
 * The cells of one row become values in the wire's spelling, names to be looked up, or problems. Pure; finds no record.
 */
import type { CellScope, Moment } from '../field-types/index.ts'
import type { CompiledField, ModelContext } from '../model/types.ts'
import { momentOf, type RecordContext } from '../records/index.ts'
import { fieldProblem } from '../validate/index.ts'
import type { ColumnPlan, ImportPlan } from './plan-import.ts'
import type { RawRow, Script } from './read-rows.ts'
import { columnAt } from './csv-dialect.ts'
import { fromProblem, labelOf, rowProblem, type RowProblem } from './row-words.ts'

/** Names in a cell that lead to other records. */
export interface Names {
  readonly column: ColumnPlan
  readonly texts: readonly string[]
}

/** What a row says. */
export interface RowReading {
  readonly row: number
  readonly cells: readonly string[]
  /** By field; null where the cell is empty and clears the field. */
  readonly values: Map<string, unknown>
  /** Parts of addresses and names, by field; a part is null where its cell is empty and clears it. */
  readonly parts: ReadonlyMap<string, Readonly<Record<string, unknown>>>
  readonly names: readonly Names[]
  readonly problems: RowProblem[]
}

/** Reads rows of one file under one plan. */
export interface RowReader {
  read(raw: RawRow): RowReading
  /** The value of one cell, undefined where it is empty or can not be read: for names that rows give themselves. */
  valueOf(raw: RawRow, column: ColumnPlan): unknown
}

// What exports of databases and spreadsheets write where nothing is, or where something went wrong.
const WORDS_FOR_NOTHING: ReadonlySet<string> = new Set([
  'null',
  '(null)',
  '\\n',
  '#n/a',
  '#ref!',
  '#value!',
  '#name?',
  '#div/0!',
  '#null!',
  '#num!',
])

/** Makes the reader of a file's rows. */
export function rowReader(ctx: RecordContext, plan: ImportPlan, script: Script): RowReader {
  const { locale } = ctx.caller
  const at = momentOf(ctx)
  const places = new Map(plan.columns.map(column => [column, columnAt(script.header, column.name) ?? -1]))
  const textOf = (raw: RawRow, column: ColumnPlan): string => raw.cells[places.get(column) ?? -1] ?? ''

  const readOne = (raw: RawRow, column: ColumnPlan): Reading => {
    const text = textOf(raw, column)
    if (text.includes('\ufffd')) return { problem: rowProblem('ENCODING', locale, column.name, { encoding: script.encoding }) }
    const written = text.trim().normalize('NFC')
    const { values } = column.definition
    const meant = values !== undefined && Object.hasOwn(values, written) ? values[written] : undefined
    if (meant === null || (meant === undefined && written === '')) return { empty: true }
    if (meant === undefined && WORDS_FOR_NOTHING.has(written.toLowerCase()))
      return { problem: rowProblem('NULL_TEXT', locale, column.name, { text: written }) }
    if (column.lookup !== null) return { texts: textsOf(column, meant === undefined ? written : String(meant)) }
    if (typeof meant === 'number' || typeof meant === 'boolean') return canonical(column, meant)
    if (column.part !== null) return { value: meant ?? written }
    const cell = column.field.type.parseCell(meant ?? text, column.field.definition, scopeOf(ctx, plan, column))
    if (cell.ok) return canonical(column, cell.value)
    if (cell.code === 'VALIDATE_TEXT' && /[\r\n]/.test(text))
      return { problem: rowProblem('LINE_BREAK', locale, column.name, { label: labelOf(ctx, column.field) }) }
    return { problem: fromProblem(fieldProblem(column.field, cell, '', locale), column.name, locale) }
  }

  const canonical = (column: ColumnPlan, value: unknown): Reading => {
    const read = canonicalValue(column.field, value, at)
    return read.ok ? { value: read.value } : { problem: fromProblem(fieldProblem(column.field, read, '', locale), column.name, locale) }
  }

  const read = (raw: RawRow): RowReading => {
    const values = new Map<string, unknown>()
    const parts = new Map<string, Record<string, unknown>>()
    const names: Names[] = []
    const problems: RowProblem[] = lengthProblems(raw, script, locale)
    for (const column of problems.length > 0 ? [] : plan.columns) {
      const found = readOne(raw, column)
      if ('problem' in found) problems.push(found.problem)
      else if ('texts' in found) names.push({ column, texts: found.texts })
      else if ('empty' in found && !column.clears) continue
      else if (column.part === null) values.set(column.field.key, 'empty' in found ? null : found.value)
      else parts.set(column.field.key, { ...parts.get(column.field.key), [column.part]: 'empty' in found ? null : found.value })
    }
    return { row: raw.row, cells: raw.cells, values, parts, names, problems }
  }

  return {
    read,
    valueOf: (raw, column) => {
      const found = readOne(raw, column)
      return 'value' in found ? found.value : undefined
    },
  }
}

type Reading =
  | { readonly value: unknown }
  | { readonly texts: readonly string[] }
  | { readonly empty: true }
  | { readonly problem: RowProblem }

/** A value in its one spelling; ids of records have theirs, though nobody writes them. */
export function canonicalValue(field: CompiledField, value: unknown, at: Moment): ReturnType<CompiledField['type']['canonical']> {
  return field.type.canonical(value, field.definition, at)
}

/** How the cells of a column are written. */
export function scopeOf(ctx: ModelContext, { map }: Pick<ImportPlan, 'map'>, { definition }: Pick<ColumnPlan, 'definition'>): CellScope {
  return {
    locale: ctx.caller.locale,
    timeZone: ctx.caller.tenant.timeZone,
    ...(map.decimal_separator === undefined ? {} : { decimalSeparator: map.decimal_separator }),
    ...(definition.format === undefined ? {} : { dateFormat: definition.format }),
    ...(definition.separator === undefined ? {} : { separator: definition.separator }),
  }
}

function textsOf(column: ColumnPlan, written: string): string[] {
  if (column.field.kind !== 'list') return [written]
  return written
    .split(column.definition.separator ?? ';')
    .map(text => text.trim())
    .filter(text => text !== '')
}

function lengthProblems({ cells }: RawRow, { header }: Script, locale: ModelContext['caller']['locale']): RowProblem[] {
  // Spreadsheets end rows in separators that nothing follows, and leave out those of columns without a name.
  const named = header.findLastIndex(name => name !== '') + 1
  const isLonger = cells.slice(header.length).some(cell => cell.trim() !== '')
  if (cells.length >= named && !isLonger) return []
  return [rowProblem('ROW_LENGTH', locale, null, { found: String(cells.length), expected: String(header.length) })]
}
