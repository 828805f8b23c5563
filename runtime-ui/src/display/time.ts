/**
 * Days and instants between the wire and a person: `YYYY-MM-DD` and RFC 3339 in UTC, shown in a time zone and a locale.
 * Knows no field and no screen.
 */

/** A day, such as `12 Mar 2025`; what is no day is shown as it is. */
export function formatDate(day: unknown, locale: string): string {
  const match = typeof day === 'string' ? /^(\d{4})-(\d{2})-(\d{2})/.exec(day) : null
  if (!match) return String(day ?? '')
  // Noon in UTC shown in UTC: a day has no zone, and no zone may move it.
  return formatter(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(`${match[0]}T12:00:00Z`))
}

/** An instant as date and time of a zone. */
export function formatDateTime(instant: unknown, locale: string, timeZone: string): string {
  const time = typeof instant === 'string' ? Date.parse(instant) : Number.NaN
  if (Number.isNaN(time)) return String(instant ?? '')
  return formatter(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: knownZone(timeZone) }).format(time)
}

/** How long ago, such as `3 hours ago`; after a month, the day. */
export function formatAgo(instant: unknown, locale: string, timeZone: string, now: number): string {
  const time = typeof instant === 'string' ? Date.parse(instant) : Number.NaN
  if (Number.isNaN(time)) return String(instant ?? '')
  const seconds = Math.round((time - now) / 1000)
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const distance = Math.abs(seconds)
  if (distance < 45) return relative.format(0, 'second')
  if (distance < 45 * 60) return relative.format(Math.round(seconds / 60), 'minute')
  if (distance < 22 * 3600) return relative.format(Math.round(seconds / 3600), 'hour')
  if (distance < 26 * 86400) return relative.format(Math.round(seconds / 86400), 'day')
  return formatter(locale, { dateStyle: 'medium', timeZone: knownZone(timeZone) }).format(time)
}

/** The wall clock of an instant in a zone, as `YYYY-MM-DD HH:mm:ss`. */
export function wallClock(instant: string, timeZone: string): string | null {
  const time = Date.parse(instant)
  return Number.isNaN(time) ? null : wallParts(time, timeZone)
}

/** The instant at which a zone's clocks show `YYYY-MM-DD HH:mm[:ss]`; in the hour a zone skips, the one right after it. */
export function instantOf(wall: string, timeZone: string): string | null {
  const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})(:\d{2})?$/.exec(wall)
  if (!match) return null
  const asUtc = Date.parse(`${match[1]}T${match[2]}${match[3] ?? ':00'}Z`)
  if (Number.isNaN(asUtc)) return null
  // Twice: the first guess may lie on the other side of a change of the clocks.
  const first = asUtc - offsetAt(asUtc, timeZone)
  return new Date(asUtc - offsetAt(first, timeZone)).toISOString()
}

function offsetAt(time: number, timeZone: string): number {
  return Date.parse(`${wallParts(time, timeZone).replace(' ', 'T')}Z`) - Math.floor(time / 1000) * 1000
}

function wallParts(time: number, timeZone: string): string {
  const parts = formatter('en-GB', {
    timeZone: knownZone(timeZone),
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(time)
  const of = (type: Intl.DateTimeFormatPartTypes): string => parts.find(part => part.type === type)?.value ?? '00'
  return `${of('year').padStart(4, '0')}-${of('month')}-${of('day')} ${of('hour')}:${of('minute')}:${of('second')}`
}

const zones = new Map<string, string>()

/** The zone itself, or UTC where this browser does not know it. */
function knownZone(timeZone: string): string {
  let known = zones.get(timeZone)
  if (known === undefined) {
    try {
      new Intl.DateTimeFormat('en', { timeZone })
      known = timeZone
    } catch {
      known = 'UTC'
    }
    zones.set(timeZone, known)
  }
  return known
}

const formatters = new Map<string, Intl.DateTimeFormat>()

function formatter(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale}|${JSON.stringify(options)}`
  let found = formatters.get(key)
  if (!found) {
    found = new Intl.DateTimeFormat(locale, options)
    formatters.set(key, found)
  }
  return found
}
