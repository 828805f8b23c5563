import { expect, test } from 'vitest'
import { formatAgo, formatDate, formatDateTime, instantOf, wallClock } from './time.ts'

test('shows a day as that day, whatever the zone of the machine', () => {
  expect(formatDate('2025-03-01', 'en')).toBe('Mar 1, 2025')
  expect(formatDate('nonsense', 'en')).toBe('nonsense')
})

test('shows an instant on the clock of the zone', () => {
  expect(formatDateTime('2025-07-01T22:30:00.000Z', 'en', 'Europe/Berlin')).toContain('Jul 2, 2025')
  expect(formatDateTime('2025-07-01T22:30:00.000Z', 'en', 'Nowhere/Never')).toContain('10:30')
})

test('says how long ago, and the day after a month', () => {
  const now = Date.parse('2025-07-01T12:00:00Z')
  expect(formatAgo('2025-07-01T11:59:50Z', 'en', 'UTC', now)).toBe('now')
  expect(formatAgo('2025-07-01T09:00:00Z', 'en', 'UTC', now)).toBe('3 hours ago')
  expect(formatAgo('2025-06-30T12:00:00Z', 'en', 'UTC', now)).toBe('yesterday')
  expect(formatAgo('2025-01-01T12:00:00Z', 'en', 'UTC', now)).toBe('Jan 1, 2025')
})

test('a time on the clock and its instant are each other’s opposite', () => {
  for (const zone of ['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'UTC']) {
    for (const wall of ['2025-01-15 09:30:00', '2025-07-15 23:59:00', '2025-03-30 12:00:00']) {
      expect(wallClock(instantOf(wall, zone) ?? '', zone)).toBe(wall)
    }
  }
})

test('a time in the hour that a zone skips becomes the one after it', () => {
  expect(instantOf('2025-03-30 02:30', 'Europe/Berlin')).toBe('2025-03-30T01:30:00.000Z')
})

test('a text that is no time has no instant', () => {
  expect(instantOf('tomorrow', 'UTC')).toBeNull()
  expect(wallClock('tomorrow', 'UTC')).toBeNull()
})
