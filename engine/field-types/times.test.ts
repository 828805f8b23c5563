/** Answers for: days and instants on the wire and as people write them. */
import { expect, test } from 'vitest'
import type { DatetimeField, DateField } from '../../metadata/generated/types.ts'
import { isDateFormat } from './date-format.ts'
import { date } from './date.ts'
import { datetime } from './datetime.ts'
import { MOMENT } from '../test/harness/field-samples.ts'
import type { Canonical, CellScope } from './field-type.ts'

const day: DateField = { key: 'day', type: 'date' }
const moment: DatetimeField = { key: 'moment', type: 'datetime' }
const outcome = (read: Canonical): unknown => (read.ok ? read.value : read.code)
const dayIn = (text: string, locale: string, more: Partial<CellScope> = {}): unknown =>
  outcome(date.parseCell(text, day, { locale, timeZone: 'UTC', ...more }))
const momentIn = (text: string, timeZone: string, more: Partial<CellScope> = {}): unknown =>
  outcome(datetime.parseCell(text, moment, { locale: 'en', timeZone, ...more }))

test('a date is a day that exists', () => {
  expect(
    ['2024-02-29', '2023-02-29', '0000-01-01', '2024-1-1', '2024-01-01T00:00:00Z', 20240101].map(value =>
      outcome(date.canonical(value, day, MOMENT)),
    ),
  ).toEqual(['2024-02-29', 'VALIDATE_DATE', 'VALIDATE_DATE', 'VALIDATE_DATE', 'VALIDATE_DATE', 'VALIDATE_TYPE'])
})

test('bounds may be the day or the moment of writing', () => {
  expect(date.canonical('2026-04-30', { ...day, minimum: '$today' }, MOMENT)).toMatchObject({
    code: 'VALIDATE_MINIMUM',
    params: { minimum: '2026-05-01' },
  })
  expect(date.canonical('2026-05-01', { ...day, minimum: '$today', maximum: '2026-05-01' }, MOMENT)).toMatchObject({ ok: true })
  expect(datetime.canonical('2026-05-01T12:00:00.001Z', { ...moment, maximum: '$now' }, MOMENT)).toMatchObject({ code: 'VALIDATE_MAXIMUM' })
  expect(datetime.canonical('2026-05-01T12:00:00.5Z', { ...moment, minimum: '2026-05-01T12:00:00Z' }, MOMENT)).toMatchObject({ ok: true })
})

test('an instant is kept in UTC with milliseconds, whatever offset it came with', () => {
  const read = [
    '2026-05-01T14:30:00+02:00',
    '2026-05-01T12:30:00Z',
    '2026-05-01T12:30:00.1239Z',
    '2026-05-01T12:30:60Z',
    '2026-05-01 12:30:00Z',
    '2026-05-01T12:30:00',
    '0001-01-01T00:00:00+02:00',
  ]
  expect(read.map(value => outcome(datetime.canonical(value, moment, MOMENT)))).toEqual([
    '2026-05-01T12:30:00.000Z',
    '2026-05-01T12:30:00.000Z',
    '2026-05-01T12:30:00.123Z',
    'VALIDATE_DATETIME',
    'VALIDATE_DATETIME',
    'VALIDATE_DATETIME',
    'VALIDATE_DATETIME',
  ])
})

test('reads days as each language writes them, and ISO days everywhere', () => {
  for (const locale of ['en', 'ru', 'uk', 'es'])
    expect([dayIn('2026-05-04', locale), dayIn('2026/5/4', locale), dayIn('4.5.2026', locale)]).toEqual([
      '2026-05-04',
      '2026-05-04',
      '2026-05-04',
    ])
  expect([dayIn('04/05/2026', 'es'), dayIn('04/05/2026', 'ru'), dayIn('4-5-2026', 'uk')]).toEqual([
    '2026-05-04',
    '2026-05-04',
    '2026-05-04',
  ])
  expect([dayIn('2026-05-04 00:00:00', 'en'), dayIn('2026-05-04T00:00:00.000Z', 'en'), dayIn('2026-05-04 10:00', 'en')]).toEqual([
    '2026-05-04',
    '2026-05-04',
    'VALIDATE_CELL_DATE',
  ])
})

test('in English refuses days that a Londoner and a New Yorker read differently', () => {
  expect([
    dayIn('04/05/2026', 'en'),
    dayIn('05/05/2026', 'en'),
    dayIn('25/12/2026', 'en'),
    dayIn('12/25/2026', 'en'),
    dayIn('13/13/2026', 'en'),
  ]).toEqual(['VALIDATE_CELL_DATE_AMBIGUOUS', '2026-05-05', '2026-12-25', '2026-12-25', 'VALIDATE_CELL_DATE'])
  expect([
    dayIn('04/05/2026', 'en', { dateFormat: 'MM/dd/yyyy' }),
    dayIn('04/05/26', 'en', { dateFormat: 'dd/MM/yy' }),
    dayIn('31.12.69', 'en', { dateFormat: 'dd.MM.yy' }),
  ]).toEqual(['2026-04-05', '2026-05-04', '2069-12-31'])
})

test('refuses what is no day', () => {
  for (const text of ['', '31.04.2026', '1.1.26', 'tomorrow', '2026', '20260504', '2026-13-01', '1/2.2026', '45000'])
    expect([text, dayIn(text, 'ru')]).toEqual([text, 'VALIDATE_CELL_DATE'])
})

test('reads times without an offset on the clocks of the zone', () => {
  expect(momentIn('2026-05-01 14:30', 'Europe/Berlin')).toBe('2026-05-01T12:30:00.000Z')
  expect(momentIn('2026-05-01T14:30:05.25', 'Europe/Berlin')).toBe('2026-05-01T12:30:05.250Z')
  expect(momentIn('2026-05-01 14:30:00+02:00', 'Asia/Tokyo')).toBe('2026-05-01T12:30:00.000Z')
  expect(momentIn('01.05.2026 9:05', 'Europe/Kyiv', { locale: 'uk' })).toBe('2026-05-01T06:05:00.000Z')
  expect(momentIn('2026-05-01', 'America/New_York')).toBe('2026-05-01T04:00:00.000Z')
  expect([momentIn('2026-05-01 2:30 PM', 'UTC'), momentIn('2026-05-01 12:00 am', 'UTC'), momentIn('2026-05-01 13:00 PM', 'UTC')]).toEqual([
    '2026-05-01T14:30:00.000Z',
    '2026-05-01T00:00:00.000Z',
    'VALIDATE_CELL_TIME',
  ])
  expect(momentIn('05/01/2026 02:30:00 PM', 'UTC', { dateFormat: 'MM/dd/yyyy hh:mm:ss a' })).toBe('2026-05-01T14:30:00.000Z')
})

test('refuses times that clocks show twice or never', () => {
  expect(momentIn('2026-10-25 02:30', 'Europe/Berlin')).toBe('VALIDATE_CELL_TIME_AMBIGUOUS')
  expect(momentIn('2026-03-29 02:30', 'Europe/Berlin')).toBe('VALIDATE_CELL_TIME_SKIPPED')
  expect(momentIn('2026-10-25 02:30:00+01:00', 'Europe/Berlin')).toBe('2026-10-25T01:30:00.000Z')
  expect([momentIn('2026-05-01 25:00', 'UTC'), momentIn('soon', 'UTC')]).toEqual(['VALIDATE_CELL_TIME', 'VALIDATE_CELL_DATE'])
})

test('writes days and times as the language does, and in UTC where clocks show a time twice', () => {
  expect(['en', 'ru', 'uk', 'es'].map(locale => date.formatCell('2026-05-04', day, { locale, timeZone: 'UTC' }))).toEqual([
    '2026-05-04',
    '04.05.2026',
    '04.05.2026',
    '04/05/2026',
  ])
  expect(datetime.formatCell('2026-05-01T12:30:00.000Z', moment, { locale: 'ru', timeZone: 'Europe/Moscow' })).toBe('01.05.2026 15:30')
  expect(datetime.formatCell('2026-10-25T01:30:00.000Z', moment, { locale: 'en', timeZone: 'Europe/Berlin' })).toBe(
    '2026-10-25T01:30:00.000Z',
  )
  expect(datetime.formatCell('2026-05-01T12:30:00.000Z', moment, { locale: 'en', timeZone: 'UTC', dateFormat: 'd.M.yyyy H:mm' })).toBe(
    '1.5.2026 12:30',
  )
})

test('knows formats that hold a whole day', () => {
  expect(['dd.MM.yyyy', "d 'de' MM yyyy", 'M/d/yy h:mm a', 'yyyyMMdd'].map(isDateFormat)).toEqual([true, true, true, true])
  expect(['dd.MM', 'yyyy-QQ-dd', 'MMM d, yyyy', ''].map(isDateFormat)).toEqual([false, false, false, false])
})
