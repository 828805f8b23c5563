/**
 * Day and time formats of import maps: `dd.MM.yyyy HH:mm` and the like, in the letters of Unicode TR35.
 * Knows no locale and no field.
 */

/** A day and the time on its clocks, `HH:mm:ss.sss`; no time where the text has none. */
export interface WrittenTime {
  readonly date: string
  readonly time: string | null
}

const TOKEN = /yyyy|yy|MM?|dd?|HH?|hh?|mm|ss|SSS|a|'[^']*'|[^A-Za-z]/y
const DIGITS: Readonly<Record<string, string>> = {
  yyyy: '([0-9]{4})',
  yy: '([0-9]{2})',
  MM: '([0-9]{2})',
  M: '([0-9]{1,2})',
  dd: '([0-9]{2})',
  d: '([0-9]{1,2})',
  HH: '([0-9]{2})',
  H: '([0-9]{1,2})',
  hh: '([0-9]{2})',
  h: '([0-9]{1,2})',
  mm: '([0-9]{2})',
  ss: '([0-9]{2})',
  SSS: '([0-9]{3})',
  a: '([AaPp][Mm])',
}

/** True for a format that holds a whole day and only letters that have a meaning. */
export function isDateFormat(format: string): boolean {
  const tokens = tokensOf(format)
  return tokens !== null && ['y', 'M', 'd'].every(letter => tokens.some(token => token.startsWith(letter)))
}

/** Reads a text in a format; null if it is not written so. Whether the day exists is for the caller to see. */
export function parseByFormat(text: string, format: string): WrittenTime | null {
  const tokens = tokensOf(format)
  if (tokens === null) return null
  const found = new RegExp(`^${tokens.map(token => DIGITS[token] ?? escape(token)).join('')}$`).exec(text)
  if (found === null) return null
  const parts = Object.fromEntries(tokens.filter(token => token in DIGITS).map((token, at) => [token, found[at + 1] ?? '']))
  const of = (...names: string[]): string | undefined => names.map(name => parts[name]).find(part => part !== undefined)
  // Two digits: 1970 to 2069, as spreadsheets and POSIX read them.
  const year = parts['yyyy'] ?? (parts['yy'] === undefined ? '0000' : `${Number(parts['yy']) < 70 ? '20' : '19'}${parts['yy']}`)
  const date = `${year}-${two(of('MM', 'M'))}-${two(of('dd', 'd'))}`
  const hour = of('HH', 'H', 'hh', 'h')
  if (hour === undefined) return { date, time: null }
  const time = clockTime(hour, parts['mm'] ?? '00', parts['ss'] ?? '00', parts['SSS'] ?? '000', parts['a'])
  return time === null ? null : { date, time }
}

/** Writes a day and a time in a format that `isDateFormat` accepts; parts that the format lacks are lost. */
export function writeByFormat(date: string, time: string, format: string): string {
  const hour = Number(time.slice(0, 2))
  const twelve = String(hour % 12 || 12)
  const parts: Readonly<Record<string, string>> = {
    yyyy: date.slice(0, 4),
    yy: date.slice(2, 4),
    MM: date.slice(5, 7),
    M: String(Number(date.slice(5, 7))),
    dd: date.slice(8, 10),
    d: String(Number(date.slice(8, 10))),
    HH: time.slice(0, 2),
    H: String(hour),
    hh: two(twelve),
    h: twelve,
    mm: time.slice(3, 5),
    ss: time.slice(6, 8),
    SSS: time.slice(9, 12),
    a: hour < 12 ? 'AM' : 'PM',
  }
  return (tokensOf(format) ?? []).map(token => parts[token] ?? plain(token)).join('')
}

/** `HH:mm:ss.sss` from its parts, with the half of the day if there is one; null where no clock shows it. */
export function clockTime(hour: string, minute: string, second: string, fraction: string, half?: string): string | null {
  const given = Number(hour)
  if (half !== undefined && (given < 1 || given > 12)) return null
  const of24 = half === undefined ? given : (given % 12) + (half.toLowerCase() === 'pm' ? 12 : 0)
  if (of24 > 23 || Number(minute) > 59 || Number(second) > 59) return null
  return `${two(String(of24))}:${two(minute)}:${two(second)}.${fraction.padEnd(3, '0').slice(0, 3)}`
}

function tokensOf(format: string): string[] | null {
  const tokens: string[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < format.length) {
    const token = TOKEN.exec(format)?.[0]
    if (token === undefined) return null
    tokens.push(token)
  }
  // "MMM" is no number of a month, and a part that stands twice could say two things.
  const parts = tokens.filter(token => token in DIGITS).map(token => token.charAt(0).replace('h', 'H') + (token === 'SSS' ? 'SS' : ''))
  return new Set(parts).size === parts.length ? tokens : null
}

function escape(token: string): string {
  return plain(token).replaceAll(/[$()*+.?[\\\]^{|}/-]/g, '\\$&')
}

function plain(token: string): string {
  return token.length > 1 ? token.slice(1, -1) : token
}

function two(part: string | undefined): string {
  return (part ?? '').padStart(2, '0')
}
