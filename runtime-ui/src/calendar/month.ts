/** The days of a month as a calendar shows them: whole weeks, from the first day of the week on. Pure; days are `YYYY-MM-DD`. */

/** One square of the calendar. */
export interface CalendarDay {
  readonly date: string
  readonly inMonth: boolean
}

/** The weeks that a month (`YYYY-MM`) touches; `weekStart` is 1 = Monday … 7 = Sunday. */
export function weeksOf(month: string, weekStart: number): CalendarDay[][] {
  const first = dayNumber(`${month}-01`)
  // 1 January 1970, day 0, was a Thursday.
  const weekday = (((first + 3) % 7) + 7) % 7
  const lead = (weekday - (weekStart - 1) + 7) % 7
  const length = dayNumber(`${shiftMonth(month, 1)}-01`) - first
  const weeks = Math.ceil((lead + length) / 7)
  return Array.from({ length: weeks }, (_, week) =>
    Array.from({ length: 7 }, (_day, day) => {
      const date = dateOf(first - lead + week * 7 + day)
      return { date, inMonth: date.startsWith(month) }
    }),
  )
}

/** The month that many months later, or earlier where negative. */
export function shiftMonth(month: string, by: number): string {
  const [year = 1970, number = 1] = month.split('-').map(Number)
  const count = year * 12 + (number - 1) + by
  return `${String(Math.floor(count / 12)).padStart(4, '0')}-${String((count % 12) + 1).padStart(2, '0')}`
}

const DAY_MS = 86_400_000

function dayNumber(date: string): number {
  return Math.round(Date.parse(`${date}T00:00:00Z`) / DAY_MS)
}

function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10)
}
