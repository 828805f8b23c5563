/**
 * Days as people and spreadsheets write them. ISO 8601 is always understood; the order of day and month follows the format,
 * then the locale; what can be read as two different days is refused. Knows no field.
 */
import { parseDate } from '../../metadata/time-period.ts'
import { parseByFormat, writeByFormat } from './date-format.ts'
import type { CellScope } from './field-type.ts'
import { type Refusal, refuse } from './refusal.ts'

const YEAR_FIRST = /^([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})$/
const YEAR_LAST = /^([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})$/
const MIDNIGHT = /[T ]00?:00(?::00(?:\.0+)?)?(?:Z|\+00:00)?$/

/** The day in a cell. A time beside it is accepted only if it is midnight, as spreadsheets write it. */
export function parseDayCell(cell: string, scope: CellScope): { readonly ok: true; readonly value: string } | Refusal {
  const written = cell.trim()
  const formatted = scope.dateFormat === undefined ? null : parseByFormat(written, scope.dateFormat)
  if (formatted !== null && (formatted.time === null || formatted.time === '00:00:00.000')) return existing([formatted.date], cell)
  return existing(readingsOf(written.replace(MIDNIGHT, ''), scope), cell)
}

/** A day in the format of the file, else in the usual figures of the locale: 01.05.2026 in Russian and Ukrainian, 01/05/2026 in Spanish, else ISO 8601. */
export function formatDayCell(day: string, scope: CellScope): string {
  if (scope.dateFormat !== undefined) {
    const written = writeByFormat(day, '00:00:00.000', scope.dateFormat)
    const read = parseDayCell(written, scope)
    return read.ok && read.value === day ? written : day
  }
  const [year, month, date] = day.split('-')
  const language = scope.locale.slice(0, 2)
  if (language === 'ru' || language === 'uk') return `${date}.${month}.${year}`
  return language === 'es' ? `${date}/${month}/${year}` : day
}

function readingsOf(written: string, scope: CellScope): string[] {
  const [, year, month, day] = YEAR_FIRST.exec(written) ?? []
  if (year !== undefined && month !== undefined && day !== undefined) return [dayOf(year, month, day)]
  const [, first, separator, second, last] = YEAR_LAST.exec(written) ?? []
  if (first === undefined || second === undefined || last === undefined) return []
  const dayFirst = dayOf(last, second, first)
  // 05/04/2026 is April in London and May in New York; points are never American.
  return separator === '.' || !scope.locale.startsWith('en') ? [dayFirst] : [dayFirst, dayOf(last, first, second)]
}

function existing(readings: readonly string[], cell: string): { readonly ok: true; readonly value: string } | Refusal {
  const [day, other] = new Set(readings.filter(reading => parseDate(reading) !== null))
  if (day === undefined) return refuse('VALIDATE_CELL_DATE', { text: cell })
  return other === undefined ? { ok: true, value: day } : refuse('VALIDATE_CELL_DATE_AMBIGUOUS', { text: cell })
}

function dayOf(year: string, month: string, day: string): string {
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
}
