/**
 * Times as people and spreadsheets write them: without an offset they are times of the reader's zone. What clocks show twice
 * or never is refused. Knows no field.
 */
import { parseInstant } from '../../metadata/time-period.ts'
import { formatDayCell, parseDayCell } from './date-cell.ts'
import { clockTime, parseByFormat, writeByFormat } from './date-format.ts'
import type { CellScope } from './field-type.ts'
import { type Refusal, refuse } from './refusal.ts'
import { instantsOf, localTimeOf } from './wall-clock.ts'

const DAY_AND_TIME = /^(\S+?)(?:[T ]+([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?(?: ?([AaPp][Mm]))?)?$/

/** The instant in a cell, in UTC with milliseconds. A day alone is its first moment. */
export function parseMomentCell(cell: string, scope: CellScope): { readonly ok: true; readonly value: string } | Refusal {
  const written = cell.trim()
  const instant = parseInstant(written.replace(/^(\d{4}-\d{2}-\d{2}) /, '$1T'))
  if (instant !== null) return { ok: true, value: instant }
  const formatted = scope.dateFormat === undefined ? null : parseByFormat(written, scope.dateFormat)
  const parts = formatted ?? split(written)
  if (parts === null) return refuse('VALIDATE_CELL_TIME', { text: cell })
  const day = parseDayCell(parts.date, { locale: scope.locale, timeZone: scope.timeZone })
  if (!day.ok) return day
  const [found, second] = instantsOf(`${day.value}T${parts.time ?? '00:00:00.000'}`, scope.timeZone)
  if (found === undefined) return refuse('VALIDATE_CELL_TIME_SKIPPED', { text: cell })
  if (second !== undefined) return refuse('VALIDATE_CELL_TIME_AMBIGUOUS', { text: cell })
  return { ok: true, value: found }
}

/** An instant as clocks of the zone show it, to the minute where that is all there is; in UTC with its Z where clocks show it twice. */
export function formatMomentCell(instant: string, scope: CellScope): string {
  const local = localTimeOf(instant, scope.timeZone)
  const time = local.slice(11).replace(/(?::00)?\.000$/, '')
  const date = local.slice(0, 10)
  const written =
    scope.dateFormat === undefined ? `${formatDayCell(date, scope)} ${time}` : writeByFormat(date, local.slice(11), scope.dateFormat)
  const read = parseMomentCell(written, scope)
  return read.ok && read.value === instant ? written : instant
}

function split(written: string): { date: string; time: string | null } | null {
  const [whole, date, hour, minute, second, fraction, half] = DAY_AND_TIME.exec(written) ?? []
  if (whole === undefined || date === undefined) return null
  if (hour === undefined || minute === undefined) return { date, time: null }
  const time = clockTime(hour, minute, second ?? '00', fraction ?? '000', half)
  return time === null ? null : { date, time }
}
