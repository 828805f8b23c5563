/**
 * Calendar words, durations and days in a time zone, right across daylight saving. Filters in SQL and conditions in the
 * browser get their bounds here. Knows no field; instants are RFC 3339 in UTC with milliseconds, days are YYYY-MM-DD.
 */
import type { PeriodWord } from './predicate-types.ts'

/** A stretch of days: `fromDate` up to, not including, `toDate`; `from` and `to` are the instants these days begin at. */
export interface PeriodRange {
  readonly fromDate: string
  readonly toDate: string
  readonly from: string
  readonly to: string
}

/** Where and how days and weeks are counted. */
export interface Calendar {
  readonly now: string
  readonly timeZone: string
  /** 1 = Monday … 7 = Sunday. */
  readonly weekStart: number
}

/** A duration in its parts; years to days move on the calendar, the rest on the clock. */
export interface Duration {
  readonly months: number
  readonly days: number
  readonly milliseconds: number
}

const DAY = 86_400_000
const WORDS = /^(yesterday|today|tomorrow|(last|this|next)_(week|month|quarter|year))$/
const DURATION =
  /^P(?=.)(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?=.)(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?$/
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/
const INSTANT = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,9})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/i

/** The words of `in_period`. */
export const PERIOD_WORDS: readonly PeriodWord[] = [
  ...(['yesterday', 'today', 'tomorrow'] as const),
  ...(['week', 'month', 'quarter', 'year'] as const).flatMap(unit =>
    (['last', 'this', 'next'] as const).map(which => `${which}_${unit}` as const),
  ),
]

/** True for the words of `in_period`. */
export function isPeriodWord(word: unknown): word is PeriodWord {
  return typeof word === 'string' && WORDS.test(word)
}

/** Reads an ISO 8601 duration of whole parts ("P1Y6M", "P7D", "PT36H"); null if it is none. */
export function parseDuration(text: unknown): Duration | null {
  const parts = typeof text === 'string' ? DURATION.exec(text) : null
  if (parts === null) return null
  const [years, months, weeks, days, hours, minutes, seconds] = parts.slice(1).map(part => Number(part ?? 0)) as Seven
  return {
    months: years * 12 + months,
    days: weeks * 7 + days,
    milliseconds: ((hours * 60 + minutes) * 60 + seconds) * 1000,
  }
}
type Seven = [number, number, number, number, number, number, number]

/** The text itself if it is a day that exists, else null. */
export function parseDate(text: unknown): string | null {
  const parts = typeof text === 'string' ? DATE.exec(text) : null
  if (parts === null || parts[1] === '0000') return null
  const day = new Date(`${parts[0]}T00:00:00.000Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(parts[0]) ? parts[0] : null
}

/** The instant in UTC with milliseconds, finer digits cut off, or null if the text is no RFC 3339 time. */
export function parseInstant(text: unknown): string | null {
  const parts = typeof text === 'string' ? INSTANT.exec(text) : null
  if (parts === null || parseDate(parts[1]) === null) return null
  const fraction = parts[3] ?? ''
  const instant = new Date((text as string).toUpperCase().replace(fraction, fraction.slice(0, 4)))
  const spelled = instant.toISOString()
  return /^\d{4}-/.test(spelled) && !spelled.startsWith('0000') ? spelled : null
}

/** The day it is at an instant in a zone. */
export function dateIn(instant: string, timeZone: string): string {
  const time = Date.parse(instant)
  return new Date(time + offsetAt(time, timeZone)).toISOString().slice(0, 10)
}

/** The first instant of a day in a zone, also where clocks jump over midnight. */
export function startOfDay(date: string, timeZone: string): string {
  return clampInstant(toInstant(Date.parse(`${date}T00:00:00.000Z`), timeZone))
}

/** The day a number of days later. */
export function addDays(date: string, days: number): string {
  return clampDate(Date.parse(`${date}T00:00:00.000Z`) + days * DAY)
}

/** The days and instants a calendar word means just now. */
export function periodRange(word: PeriodWord, calendar: Calendar): PeriodRange {
  const today = dateIn(calendar.now, calendar.timeZone)
  const [fromDate, toDate] = periodDates(word, today, calendar.weekStart)
  return { fromDate, toDate, from: startOfDay(fromDate, calendar.timeZone), to: startOfDay(toDate, calendar.timeZone) }
}

/**
 * The stretch of a duration that ends (`last`) or begins (`next`) now. In days: as many days as it says, today among them.
 * In instants: from now − duration to now, now included; from now up to now + duration.
 */
export function durationRange(direction: 'last' | 'next', duration: Duration, calendar: Calendar): PeriodRange {
  const { now, timeZone } = calendar
  const today = dateIn(now, timeZone)
  const sign = direction === 'last' ? -1 : 1
  const farDay = addDays(addMonths(today, sign * duration.months), sign * duration.days)
  const far = addTo(now, sign, duration, timeZone)
  return direction === 'last'
    ? { fromDate: addDays(farDay, 1), toDate: addDays(today, 1), from: far, to: new Date(Date.parse(now) + 1).toISOString() }
    : { fromDate: today, toDate: farDay, from: now, to: far }
}

function periodDates(word: PeriodWord, today: string, weekStart: number): [string, string] {
  if (word === 'yesterday') return [addDays(today, -1), today]
  if (word === 'today') return [today, addDays(today, 1)]
  if (word === 'tomorrow') return [addDays(today, 1), addDays(today, 2)]
  const [which, unit] = word.split('_') as ['last' | 'this' | 'next', 'week' | 'month' | 'quarter' | 'year']
  const shift = { last: -1, this: 0, next: 1 }[which]
  if (unit === 'week') {
    const weekday = new Date(`${today}T00:00:00.000Z`).getUTCDay() || 7
    const first = addDays(today, shift * 7 - ((weekday - weekStart + 7) % 7))
    return [first, addDays(first, 7)]
  }
  const length = { month: 1, quarter: 3, year: 12 }[unit]
  const month = Number(today.slice(5, 7)) - 1
  const first = addMonths(`${today.slice(0, 8)}01`, shift * length - (month % length))
  return [first, addMonths(first, length)]
}

// A month later is the same day, or the last one where the month is shorter.
function addMonths(date: string, months: number): string {
  const from = new Date(`${date}T00:00:00.000Z`)
  const first = new Date(from)
  first.setUTCDate(1)
  first.setUTCMonth(first.getUTCMonth() + months)
  const last = new Date(first)
  last.setUTCMonth(last.getUTCMonth() + 1, 0)
  first.setUTCDate(Math.min(from.getUTCDate(), last.getUTCDate()))
  return clampDate(first.getTime())
}

function addTo(now: string, sign: number, duration: Duration, timeZone: string): string {
  const time = Date.parse(now)
  let moved = time
  if (duration.months !== 0 || duration.days !== 0) {
    const local = time + offsetAt(time, timeZone)
    const day = new Date(local).toISOString().slice(0, 10)
    const far = addDays(addMonths(day, sign * duration.months), sign * duration.days)
    moved = toInstant(Date.parse(`${far}T00:00:00.000Z`) + (((local % DAY) + DAY) % DAY), timeZone)
  }
  return clampInstant(moved + sign * duration.milliseconds)
}

const FIRST = Date.parse('0001-01-01T00:00:00.000Z')
const LAST = Date.parse('9999-12-31T23:59:59.999Z')

function clampInstant(time: number): string {
  return new Date(Math.min(Math.max(time, FIRST), LAST)).toISOString()
}

function clampDate(time: number): string {
  return clampInstant(time).slice(0, 10)
}

// The instant at which clocks of the zone show `local` (milliseconds as if it were UTC): the earlier one where they show it
// twice, the moment of the jump where they never do.
function toInstant(local: number, timeZone: string): number {
  const before = offsetAt(local - DAY, timeZone)
  const after = offsetAt(local + DAY, timeZone)
  const candidates = [local - before, local - after].filter(time => time + offsetAt(time, timeZone) === local)
  if (candidates.length > 0) return Math.min(...candidates)
  let low = local - Math.max(before, after) - DAY
  let high = local - Math.min(before, after) + DAY
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (middle + offsetAt(middle, timeZone) < local) low = middle
    else high = middle
  }
  return high
}

// Formatters are dear to make (30 µs) and a tenant has one zone: they are kept, up to a bound that no tenant can exceed at will.
const formatters = new Map<string, Intl.DateTimeFormat>()

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const kept = formatters.get(timeZone)
  if (kept !== undefined) return kept
  if (formatters.size >= 500) formatters.clear()
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  formatters.set(timeZone, made)
  return made
}

/** How far the zone’s clocks are ahead of UTC at an instant, in milliseconds. */
export function offsetAt(time: number, timeZone: string): number {
  if (timeZone === 'UTC') return 0
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {}
  for (const { type, value } of formatterOf(timeZone).formatToParts(time)) parts[type] = value
  const year = parts.era === 'BC' ? 1 - Number(parts.year) : Number(parts.year)
  const shown = new Date(0)
  shown.setUTCFullYear(year, Number(parts.month) - 1, Number(parts.day))
  shown.setUTCHours(Number(parts.hour), Number(parts.minute), Number(parts.second))
  return shown.getTime() - Math.floor(time / 1000) * 1000
}
