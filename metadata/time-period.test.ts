import { expect, test } from 'vitest'
import { dateIn, durationRange, parseDate, parseDuration, parseInstant, periodRange, startOfDay } from './time-period.ts'

const kyiv = { now: '2025-06-18T09:30:00.000Z', timeZone: 'Europe/Kyiv', weekStart: 1 }

test('days that do not exist are no days', () => {
  for (const good of ['2024-02-29', '0001-01-01', '9999-12-31']) expect(parseDate(good)).toBe(good)
  for (const bad of ['2025-02-29', '2025-13-01', '2025-00-10', '2025-1-1', '0000-01-01', '2025-06-18T00:00:00Z', '', 20250618, null]) {
    expect(parseDate(bad), String(bad)).toBeNull()
  }
})

test('instants are read with their offset and spelled in UTC with milliseconds', () => {
  expect(parseInstant('2025-06-18T12:30:00+03:00')).toBe('2025-06-18T09:30:00.000Z')
  expect(parseInstant('2025-06-18T09:30:00.123456z')).toBe('2025-06-18T09:30:00.123Z')
  expect(parseInstant('2025-06-18T09:30:00.5Z')).toBe('2025-06-18T09:30:00.500Z')
  for (const bad of [
    '2025-06-18',
    '2025-06-18T09:30Z',
    '2025-06-18T09:30:00',
    '2025-06-18 09:30:00Z',
    '2025-02-30T00:00:00Z',
    '2025-06-18T24:00:00Z',
    '2025-06-18T23:59:60Z',
    '0001-01-01T00:00:00+01:00',
    '9999-12-31T23:59:59-01:00',
    1750239000000,
  ]) {
    expect(parseInstant(bad), String(bad)).toBeNull()
  }
})

test('durations are ISO 8601 in whole parts', () => {
  expect(parseDuration('P1Y2M3W4DT5H6M7S')).toEqual({ months: 14, days: 25, milliseconds: 18367000 })
  expect(parseDuration('PT0S')).toEqual({ months: 0, days: 0, milliseconds: 0 })
  for (const bad of ['P', 'PT', 'P1', '1D', 'P1.5D', 'P-1D', '-P1D', 'P1DT', 'P1S', 'p1d', 'P99999999D', '', 7]) {
    expect(parseDuration(bad), String(bad)).toBeNull()
  }
})

test('a day begins when its clocks first show it', () => {
  expect(startOfDay('2025-06-18', 'Europe/Kyiv')).toBe('2025-06-17T21:00:00.000Z')
  expect(startOfDay('2025-01-18', 'Europe/Kyiv')).toBe('2025-01-17T22:00:00.000Z')
  // No midnight: clocks jump from 0:00 to 1:00.
  expect(startOfDay('2018-11-04', 'America/Sao_Paulo')).toBe('2018-11-04T03:00:00.000Z')
  expect(startOfDay('2025-04-25', 'Africa/Cairo')).toBe('2025-04-24T22:00:00.000Z')
  // Two midnights: clocks go back from 1:00 to 0:00.
  expect(startOfDay('2024-11-03', 'America/Havana')).toBe('2024-11-03T04:00:00.000Z')
  // The day that Samoa left out.
  expect(startOfDay('2011-12-30', 'Pacific/Apia')).toBe('2011-12-30T10:00:00.000Z')
  expect(startOfDay('2011-12-31', 'Pacific/Apia')).toBe('2011-12-30T10:00:00.000Z')
})

test('every day of a year ends where the next begins, in zones of all kinds', () => {
  for (const zone of ['Europe/Kyiv', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Africa/Cairo', 'Pacific/Chatham']) {
    for (let day = Date.UTC(2025, 0, 1); day < Date.UTC(2026, 0, 1); day += 86_400_000) {
      const date = new Date(day).toISOString().slice(0, 10)
      const start = startOfDay(date, zone)
      expect(dateIn(start, zone)).toBe(date)
      expect(dateIn(new Date(Date.parse(start) - 1).toISOString(), zone)).toBe(new Date(day - 86_400_000).toISOString().slice(0, 10))
    }
  }
})

test('dates long ago are those of the calendar of today', () => {
  expect(dateIn('1500-03-01T12:00:00.000Z', 'Europe/Kyiv')).toBe('1500-03-01')
  expect(dateIn('0001-01-01T12:00:00.000Z', 'UTC')).toBe('0001-01-01')
})

test('a period is its days and the instants they begin at', () => {
  expect(periodRange('this_quarter', kyiv)).toEqual({
    fromDate: '2025-04-01',
    toDate: '2025-07-01',
    from: '2025-03-31T21:00:00.000Z',
    to: '2025-06-30T21:00:00.000Z',
  })
  expect(periodRange('last_week', { ...kyiv, weekStart: 7 })).toMatchObject({ fromDate: '2025-06-08', toDate: '2025-06-15' })
  expect(periodRange('next_year', kyiv)).toMatchObject({ fromDate: '2026-01-01', toDate: '2027-01-01' })
})

test('a duration counts calendar days by the calendar and hours by the clock', () => {
  const afterJump = { ...kyiv, now: '2025-03-30T10:00:00.000Z' }
  const day = { months: 0, days: 1, milliseconds: 0 }
  expect(durationRange('last', day, afterJump).from).toBe('2025-03-29T11:00:00.000Z')
  expect(durationRange('last', { months: 0, days: 0, milliseconds: 86_400_000 }, afterJump).from).toBe('2025-03-29T10:00:00.000Z')
  expect(durationRange('last', { months: 1, days: 0, milliseconds: 0 }, { ...kyiv, now: '2024-03-31T10:00:00.000Z' })).toMatchObject({
    fromDate: '2024-03-01',
    toDate: '2024-04-01',
  })
  expect(durationRange('next', day, kyiv)).toEqual({
    fromDate: '2025-06-18',
    toDate: '2025-06-19',
    from: '2025-06-18T09:30:00.000Z',
    to: '2025-06-19T09:30:00.000Z',
  })
})

test('ranges stay inside the years that can be stored', () => {
  const long = { months: 9999 * 12, days: 0, milliseconds: 0 }
  expect(durationRange('last', long, kyiv).from).toMatch(/^0001-01-01T/)
  expect(durationRange('next', long, kyiv).to).toMatch(/^9999-12-31T/)
})
