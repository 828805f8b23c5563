import { expect, test } from 'vitest'
import { isTimeZone } from './time-zone.ts'

test.each(['UTC', 'Europe/Berlin', 'Europe/Kyiv', 'Europe/Kiev', 'America/Argentina/Buenos_Aires', 'Asia/Ho_Chi_Minh', 'Etc/GMT+5'])(
  '%s is a time zone',
  name => {
    expect(isTimeZone(name)).toBe(true)
  },
)

test.each([
  '',
  'utc',
  'europe/berlin',
  '+03:00',
  'Europe/Atlantis',
  'Europe/Berlin; drop',
  "Europe/Berlin'",
  '../etc/passwd',
  'EST5EDT',
  '__proto__',
])('%j is none', name => {
  expect(isTimeZone(name)).toBe(false)
})
