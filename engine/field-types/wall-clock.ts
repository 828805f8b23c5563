/**
 * From the time clocks show in a zone to the instant it is, and back; across daylight saving it says when a time happens
 * twice or never. Knows no cell and no field.
 */
import { offsetAt } from '../../metadata/time-period.ts'

const DAY = 86_400_000

/** The instants (RFC 3339 in UTC) at which clocks of the zone show `local`, a time as if it were UTC: one, two when clocks go back, none when they skip it. */
export function instantsOf(local: string, timeZone: string): string[] {
  const shown = Date.parse(`${local}Z`)
  const offsets = new Set([offsetAt(shown - DAY, timeZone), offsetAt(shown + DAY, timeZone)])
  return [...offsets]
    .map(offset => shown - offset)
    .filter(time => time + offsetAt(time, timeZone) === shown)
    .map(time => new Date(time).toISOString())
}

/** What clocks of the zone show at an instant: `YYYY-MM-DDTHH:mm:ss.sss`, without an offset. */
export function localTimeOf(instant: string, timeZone: string): string {
  const time = Date.parse(instant)
  return new Date(time + offsetAt(time, timeZone)).toISOString().slice(0, -1)
}
