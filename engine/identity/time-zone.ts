/** Knows which names are time zones: those of the IANA database, old and new spellings; no offsets. Pure. */
import type { Locale } from '../kernel/context.ts'
import { atPlace, identityErrors } from './errors.ts'

/** Throws TIME_ZONE_UNKNOWN at `/time_zone` for anything else than the name of a zone. */
export function requireTimeZone(name: string, locale: Locale): void {
  if (!isTimeZone(name)) throw atPlace(identityErrors.TIME_ZONE_UNKNOWN, { name }, '/time_zone', locale)
}

/** Whether a text names a time zone, in the database's own letter case. */
export function isTimeZone(name: string): boolean {
  if (!/^(UTC|[A-Z][A-Za-z_]{1,20}(\/[A-Z][A-Za-z0-9_+-]{1,30}){1,2})$/.test(name)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
