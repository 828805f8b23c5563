/** Answers for: exact numbers on the wire, in slots and in cells. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareDecimals } from '../../metadata/decimal.ts'
import type { DecimalField, MoneyField } from '../../metadata/generated/types.ts'
import { decimal } from './decimal.ts'
import { parseDecimalCell } from './decimal-cell.ts'
import { MOMENT } from '../test/harness/field-samples.ts'
import { integer } from './integer.ts'
import { money } from './money.ts'
import { percent } from './percent.ts'

const amount: MoneyField = { key: 'amount', type: 'money', minimum: '0', maximum: '1000000' }
const factor: DecimalField = { key: 'factor', type: 'decimal' }

const outcome = (read: ReturnType<typeof money.canonical>): unknown => (read.ok ? read.value : read.code)
const cell = (text: string, locale: string, decimalSeparator?: '.' | ','): unknown => {
  const read = parseDecimalCell(text, { locale, timeZone: 'UTC', ...(decimalSeparator === undefined ? {} : { decimalSeparator }) })
  return read.ok ? read.value : read.code
}

test('money keeps the zeros of its scale, decimals drop them', () => {
  expect(['1250', '1250.5', '0', '0.1'].map(value => outcome(money.canonical(value, amount, MOMENT)))).toEqual([
    '1250.00',
    '1250.50',
    '0.00',
    '0.10',
  ])
  expect(['1250', '1250.50', '-0', '-0.100000', '0.0'].map(value => outcome(decimal.canonical(value, factor, MOMENT)))).toEqual([
    '1250',
    '1250.5',
    '0',
    '-0.1',
    '0',
  ])
})

test('takes no number for a text, no exponent, no plus sign, no leading zero', () => {
  expect(
    [10, '+1', '1e3', '01', '.5', '5.', '', ' 1', '1 ', '1,5', 'NaN', '١'].map(value => outcome(money.canonical(value, amount, MOMENT))),
  ).toEqual(['VALIDATE_TYPE', ...Array<string>(11).fill('VALIDATE_DECIMAL')])
  expect(
    ['10', 1.5, Number.NaN, 2 ** 53, -(2 ** 53), true].map(value =>
      outcome(integer.canonical(value, { key: 'n', type: 'integer' }, MOMENT)),
    ),
  ).toEqual(['VALIDATE_TYPE', 'VALIDATE_INTEGER', 'VALIDATE_INTEGER', 'VALIDATE_MAXIMUM', 'VALIDATE_MINIMUM', 'VALIDATE_TYPE'])
  expect(Object.is(integer.canonical(-0, { key: 'n', type: 'integer' }, MOMENT), -0)).toBe(false)
})

test('refuses more digits than the field has and values beyond its bounds, with the bound', () => {
  expect(money.canonical('1.005', amount, MOMENT)).toMatchObject({
    code: 'VALIDATE_SCALE',
    params: { scale: 2 },
    message: 'Must have at most 2 digits after the point.',
  })
  expect(money.canonical('-0.01', amount, MOMENT)).toMatchObject({ code: 'VALIDATE_MINIMUM', params: { minimum: '0' } })
  expect(money.canonical('1000000.01', amount, MOMENT)).toMatchObject({ code: 'VALIDATE_MAXIMUM', params: { maximum: '1000000' } })
  expect(money.canonical('12345678901234567', { key: 'amount', type: 'money' }, MOMENT)).toMatchObject({
    code: 'VALIDATE_DIGITS',
    params: { digits: 16 },
  })
  expect(money.canonical('9999999999999999.99', { key: 'amount', type: 'money' }, MOMENT)).toEqual({
    ok: true,
    value: '9999999999999999.99',
  })
})

test('compares slots with operands that have more digits than the field, or more than a slot holds', () => {
  expect(money.slotOperand('10.005', amount)).toBeNull()
  expect(money.slotOperand('10.005', amount, 'floor')).toBe('1000')
  expect(money.slotOperand('10.005', amount, 'ceil')).toBe('1001')
  const anyDecimal = fc.tuple(fc.bigInt({ min: -(10n ** 26n), max: 10n ** 26n }), fc.nat(8)).map(([digits, scale]) => {
    const text = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0')
    return `${digits < 0n ? '-' : ''}${scale === 0 ? text : `${text.slice(0, -scale)}.${text.slice(-scale)}`}`
  })
  const value = fc.bigInt({ min: -(10n ** 18n) + 1n, max: 10n ** 18n - 1n })
  fc.assert(
    fc.property(value, anyDecimal, (slot, operand) => {
      const exact = compareDecimals(`${slot}`, scaleUp(operand))
      const floor = BigInt(money.slotOperand(operand, amount, 'floor') ?? 0)
      const ceil = BigInt(money.slotOperand(operand, amount, 'ceil') ?? 0)
      const equal = money.slotOperand(operand, amount)
      expect([slot < ceil, slot <= floor, slot > floor, slot >= ceil]).toEqual([exact < 0, exact <= 0, exact > 0, exact >= 0])
      expect(equal !== null && BigInt(equal) === slot).toBe(exact === 0)
    }),
  )
})

test('reads the thousands and decimals of each language', () => {
  expect([cell('1,234.50', 'en'), cell('1234.5', 'en'), cell('-0.50', 'en'), cell('.5', 'en'), cell('1 234.5', 'en')]).toEqual([
    '1234.5',
    '1234.5',
    '-0.5',
    '0.5',
    '1234.5',
  ])
  expect([cell('1 234,50', 'ru'), cell('1\u00a0234\u202f567,5', 'uk'), cell('1.234.567,5', 'ru'), cell('−3,5', 'ru')]).toEqual([
    '1234.5',
    '1234567.5',
    '1234567.5',
    '-3.5',
  ])
  expect([cell('1.234,50', 'es'), cell('1.234', 'es'), cell('1234,5', 'es')]).toEqual(['1234.5', '1234', '1234.5'])
  expect(cell('007', 'en')).toBe('7')
})

test('understands a foreign decimal sign only where it can be nothing else', () => {
  expect([cell('1250.50', 'ru'), cell('1250.5', 'uk'), cell('12.3456', 'ru')]).toEqual(['1250.5', '1250.5', '12.3456'])
  expect(cell('1.250', 'ru')).toBe('VALIDATE_CELL_NUMBER_AMBIGUOUS')
  expect([cell('12,50', 'en'), cell('12.50', 'es')]).toEqual(['VALIDATE_CELL_NUMBER', 'VALIDATE_CELL_NUMBER'])
  expect([cell('1.250', 'ru', '.'), cell('1.250', 'en', ','), cell('1,250', 'ru', ',')]).toEqual(['1.25', '1250', '1.25'])
})

test('refuses what is no number', () => {
  for (const text of ['', ' ', '-', '.', '1-2', '1.2.3', '1,23,456', '12 34', '1e5', '0x10', '$5', '5 €', '(5)', '--5', '1'.repeat(100)]) {
    expect([text, cell(text, 'en')]).toEqual([text, 'VALIDATE_CELL_NUMBER'])
  }
})

test('reads percent signs and whole numbers with a zero fraction', () => {
  const scope = { locale: 'en', timeZone: 'UTC' }
  expect(percent.parseCell('12.5 %', { key: 'p', type: 'percent' }, scope)).toEqual({ ok: true, value: '12.5' })
  expect(integer.parseCell('1,000.00', { key: 'n', type: 'integer' }, scope)).toEqual({ ok: true, value: 1000 })
  expect(integer.parseCell('1.5', { key: 'n', type: 'integer' }, scope)).toMatchObject({ code: 'VALIDATE_INTEGER' })
  expect(money.parseCell('9,999.999', { key: 'amount', type: 'money' }, scope)).toMatchObject({ code: 'VALIDATE_SCALE' })
})

function scaleUp(operand: string): string {
  const [whole = '', fraction = ''] = operand.split('.')
  const digits = `${whole}${fraction.padEnd(2, '0').slice(0, 2)}`.replace(/^(-?)0+(?=\d)/, '$1')
  return fraction.length > 2 ? `${digits}.${fraction.slice(2)}` : digits
}
