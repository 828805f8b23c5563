import { expect, test } from 'vitest'
import { addDecimals, currencySymbol, editableDecimal, formatMoney, formatNumber, formatPercent, parseDecimal } from './number.ts'

const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ')

test('shows every digit of an amount that no float could hold', () => {
  expect(formatMoney('12345678901234567.89', 'EUR', 'en')).toBe('€12,345,678,901,234,567.89')
})

test('groups and signs numbers as the locale does', () => {
  expect(plain(formatMoney('1250.5', 'EUR', 'ru'))).toBe('1 250,50 €')
  expect(formatNumber('1250.5', 'es')).toBe('1250,5')
  expect(formatPercent('12.5', 'en')).toBe('12.5%')
  expect(plain(formatPercent('12.5', 'ru'))).toBe('12,5 %')
})

test('shows what is no number as it is', () => {
  expect(formatNumber('abc', 'en')).toBe('abc')
  expect(formatMoney('abc', 'EUR', 'en')).toBe('abc')
  expect(formatMoney('5', 'not a currency', 'en')).toBe('5.00')
})

test('names a currency by its symbol in the locale', () => {
  expect(currencySymbol('EUR', 'en')).toBe('€')
  expect(currencySymbol('XAF', 'en')).not.toBe('')
})

test.each([
  ['1250.5', 'en', '1250.5'],
  ['1,250.50', 'en', '1250.50'],
  ['1 250,50', 'ru', '1250.50'],
  ['1\u202f250,50', 'ru', '1250.50'],
  ['1.250,50', 'es', '1250.50'],
  ['12,5', 'en', '12.5'],
  ['12.5', 'ru', '12.5'],
  ['1,250', 'en', '1250'],
  ['1,250', 'ru', '1.250'],
  ['1,234,567', 'en', '1234567'],
  ['−7', 'en', '-7'],
  ['-0', 'en', '0'],
  ['+3', 'en', '3'],
  ['007', 'en', '7'],
  ['.5', 'en', '0.5'],
])('reads %s typed in %s as %s', (typed, locale, exact) => {
  expect(parseDecimal(typed, locale)).toBe(exact)
})

test.each(['', 'abc', '1.2.3', '1,2,3', '12e3', '--1', '1.000,00,1'])('does not take %s for a number', typed => {
  expect(parseDecimal(typed, 'en')).toBeNull()
})

test('what is shown for editing is read back as the same value', () => {
  for (const locale of ['en', 'ru', 'uk', 'es']) {
    for (const value of ['0', '1250.00', '-3.125', '99999999999999.99', '1.250', '250.125']) {
      expect(parseDecimal(editableDecimal(value, locale), locale)).toBe(value)
    }
  }
})

test('adds exactly', () => {
  expect(addDecimals(['0.1', '0.2'])).toBe('0.3')
  expect(addDecimals(['1.005', '-2', '', 'abc'])).toBe('-0.995')
  expect(addDecimals([])).toBe('0')
})
