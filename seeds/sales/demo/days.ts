/**
 * Calendar days as `YYYY-MM-DD` texts: counting, weekdays, working hours.
 * Knows no today: every day is reckoned from one that is handed in.
 */

const DAY_MS = 86_400_000

/** How far back the demo goes: eighteen months of deals, the customers brought in just before. */
export const DEMO_DAYS = 548

/** The day so many days later; negative counts go back. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
}

/** How many days lie between; negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS)
}

/** 1 = Monday … 7 = Sunday. */
export function weekdayOf(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay() || 7
}

/** The day itself, or the Friday before a weekend. */
export function workday(day: string): string {
  return addDays(day, -Math.max(0, weekdayOf(day) - 5))
}

/** The first days of the months that begin between both days, the month of `from` included. */
export function monthsBetween(from: string, to: string): string[] {
  const months: string[] = []
  for (let month = `${from.slice(0, 8)}01`; month <= to; month = `${addDays(month, 32).slice(0, 8)}01`) months.push(month)
  return months
}

/** A moment of that day in UTC, minutes counted from midnight. */
export function momentOf(day: string, minute: number): string {
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${day}T${two(Math.floor(minute / 60))}:${two(minute % 60)}:00.000Z`
}
