import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  addDecimals,
  compareDecimals,
  decimalToBound,
  decimalToScaled,
  divideDecimals,
  formatDecimal,
  isDecimal,
  multiplyDecimals,
  parseDecimal,
  roundDecimal,
  scaledToDecimal,
  subtractDecimals,
} from './decimal.ts'

// Any integer × 10^-scale, as text and as the integer itself.
const scaled = fc.tuple(fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }), fc.integer({ min: 0, max: 6 }))

test('a decimal is digits, a point, a sign, and nothing else', () => {
  for (const good of ['0', '-0', '1', '10.50', '-0.001', '9'.repeat(60)]) expect(isDecimal(good), good).toBe(true)
  for (const bad of [
    '',
    '+1',
    '1.',
    '.5',
    '01',
    '1e3',
    '1,5',
    ' 1',
    '1 ',
    '٣',
    'NaN',
    'Infinity',
    '0x1',
    '9'.repeat(63),
    1,
    null,
    undefined,
  ]) {
    expect(isDecimal(bad), String(bad)).toBe(false)
  }
})

test('0.1 + 0.2 is 0.3', () => {
  expect(addDecimals('0.1', '0.2')).toBe('0.3')
  expect(subtractDecimals('0.3', '0.1')).toBe('0.2')
  expect(multiplyDecimals('1.1', '1.1')).toBe('1.21')
})

test('one value has one normal spelling', () => {
  expect(['1.50', '-0', '-0.00', '100', '100.00', '0.10'].map(parseDecimal)).toEqual(['1.5', '0', '0', '100', '100', '0.1'])
  expect(parseDecimal('1e3')).toBeNull()
})

test('comparison is by value', () => {
  expect(compareDecimals('1.0', '1')).toBe(0)
  expect(compareDecimals('9', '10')).toBe(-1)
  expect(compareDecimals('-9', '-10')).toBe(1)
  expect(compareDecimals('99999999999999999999.000001', '99999999999999999999.000002')).toBe(-1)
})

test('sums, products and order are those of whole numbers, to the last digit', () => {
  fc.assert(
    fc.property(scaled, scaled, ([a, s], [b, t]) => {
      const [x, y] = [scaledToDecimal(a, s), scaledToDecimal(b, t)]
      const [wideA, wideB] = [a * 10n ** BigInt(t), b * 10n ** BigInt(s)]
      expect(compareDecimals(x, y)).toBe(wideA < wideB ? -1 : wideA > wideB ? 1 : 0)
      expect(compareDecimals(addDecimals(x, y), scaledToDecimal(wideA + wideB, s + t))).toBe(0)
      expect(compareDecimals(multiplyDecimals(x, y), scaledToDecimal(a * b, s + t))).toBe(0)
    }),
  )
})

test('division keeps six digits more than the scale, half to even', () => {
  expect(divideDecimals('1', '3', 2)).toBe('0.33333333')
  expect(divideDecimals('2', '3', 2)).toBe('0.66666667')
  expect(divideDecimals('1', '0', 2)).toBeNull()
  expect(divideDecimals('0', '7', 2)).toBe('0')
})

test('rounding is half to even, also for negative numbers', () => {
  expect(['0.125', '0.135', '-0.125', '2.5', '3.5'].map(text => roundDecimal(text, text.length > 3 ? 2 : 0))).toEqual([
    '0.12',
    '0.14',
    '-0.12',
    '2',
    '4',
  ])
  expect(formatDecimal('1250', 2)).toBe('1250.00')
  expect(formatDecimal('-0.001', 2)).toBe('0.00')
  expect(formatDecimal('12.999', 0)).toBe('13')
})

test('a stored integer is value times ten to the scale, or nothing', () => {
  expect(decimalToScaled('1250.5', 2)).toBe(125050n)
  expect(decimalToScaled('-0.05', 2)).toBe(-5n)
  expect(decimalToScaled('0.001', 2)).toBeNull()
  expect(decimalToScaled('0.010', 2)).toBe(1n)
  expect(decimalToScaled('92233720368547758.06', 2)).toBe(9223372036854775806n)
  expect(decimalToScaled('92233720368547758.07', 2)).toBeNull()
  expect(decimalToScaled('-92233720368547758.08', 2)).toBeNull()
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 2n }), fc.integer({ min: 0, max: 6 }), (value, scale) => {
      expect(decimalToScaled(scaledToDecimal(value, scale), scale)).toBe(value)
    }),
  )
})

test('a bound with more digits than the field is moved to the next value the field can have', () => {
  expect(decimalToBound('10.005', 2, 'ceil')).toBe(1001n)
  expect(decimalToBound('10.005', 2, 'floor')).toBe(1000n)
  expect(decimalToBound('-10.005', 2, 'ceil')).toBe(-1000n)
  expect(decimalToBound('-10.005', 2, 'floor')).toBe(-1001n)
  expect(decimalToBound('-0.001', 2, 'floor')).toBe(-1n)
  expect(decimalToBound('10.00', 2, 'floor')).toBe(1000n)
  expect(decimalToBound('9'.repeat(40), 2, 'floor')).toBe(2n ** 63n - 1n)
  expect(decimalToBound(`-${'9'.repeat(40)}`, 2, 'ceil')).toBe(-(2n ** 63n))
})
