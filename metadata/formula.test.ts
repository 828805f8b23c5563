import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDecimals, formatDecimal, multiplyDecimals } from './decimal.ts'
import { analyseFormula, compileExact, type ExactResult, pickInputs } from './formula.ts'
import type { ComparisonKind } from './operators.ts'

const KINDS = new Map<string, ComparisonKind>([
  ['amount', 'decimal'],
  ['probability', 'decimal'],
  ['quantity', 'integer'],
  ['rating', 'float'],
  ['active', 'boolean'],
  ['due', 'date'],
  ['signed', 'date'],
  ['seen_at', 'datetime'],
  ['stage', 'choice'],
  ['name', 'text'],
  ['labels', 'list'],
])

function compute(expression: string, record: Record<string, unknown> = {}, result: ExactResult = 'decimal', scale = 2): unknown {
  const compiled = compileExact(expression, { result, scale, kindOf: path => (path.length === 1 ? KINDS.get(path[0] ?? '') : undefined) })
  return compiled.ok ? compiled.formula.evaluate(record) : compiled.problems.map(problem => problem.code)
}

test('0.1 + 0.2 is 0.3', () => {
  expect(compute('0.1 + 0.2 = 0.3', {}, 'boolean')).toBe(true)
  expect(compute('amount + 0.2', { amount: '0.1' })).toBe('0.30')
})

test('the weighted amount of a deal', () => {
  expect(compute('amount * probability / 100', { amount: '1250.00', probability: '33.3' }, 'money')).toBe('416.25')
})

test('results have exactly the digits of the field, half to even', () => {
  expect(compute('amount', { amount: '0.125' })).toBe('0.12')
  expect(compute('amount', { amount: '0.135' })).toBe('0.14')
  expect(compute('amount', { amount: '5' })).toBe('5.00')
  expect(compute('-amount', { amount: '0' })).toBe('0.00')
  expect(compute('quantity * 1.5', { quantity: 3 }, 'integer')).toBe(4)
  expect(compute('amount / 3 * 3', { amount: '1' }, 'decimal', 2)).toBe('1.00')
})

test('literals keep the digits they are written with', () => {
  expect(compute('12345678901234567890.12 + 0')).toBe('12345678901234567890.12')
  expect(compute('-12345678901234567890.12 + 0')).toBe('-12345678901234567890.12')
  expect(compute('1e3 + 1')).toBe('1001.00')
})

test('$sum skips what has no value, $round is half to even', () => {
  expect(compute('$sum([amount, probability, quantity])', { amount: '1.10', quantity: 2 })).toBe('3.10')
  expect(compute('$sum([amount, [probability]])')).toBe('0.00')
  expect(compute('$round(amount)', { amount: '2.5' })).toBe('2.00')
  expect(compute('$round(amount, 1)', { amount: '0.25' })).toBe('0.20')
})

test('what has no value gives no value', () => {
  for (const expression of ['amount + 1', '1 - amount', 'amount * 0', 'amount / 2', '-amount', '$round(amount)', '(amount + 1) * 2']) {
    expect(compute(expression), expression).toBeNull()
  }
  expect(compute('amount ?? 7')).toBe('7.00')
  expect(compute('amount ?: 7', { amount: '0.00' })).toBe('7.00')
})

test('a comparison with nothing is false, its complement true', () => {
  for (const operator of ['=', '<', '<=', '>', '>=']) expect(compute(`amount ${operator} 1`, {}, 'boolean'), operator).toBe(false)
  expect(compute('amount != 1', {}, 'boolean')).toBe(true)
  expect(compute('amount = null', {}, 'boolean')).toBe(true)
  expect(compute('amount != null', { amount: '0' }, 'boolean')).toBe(true)
  expect(compute('$exists(amount)', {}, 'boolean')).toBe(false)
  expect(compute('$not(amount > 1) and $not(active)', {}, 'boolean')).toBe(true)
  expect(compute('active', {}, 'boolean')).toBeNull()
})

test('division by zero has no result', () => {
  expect(compute('amount / quantity', { amount: '1', quantity: 0 })).toBeNull()
  expect(compute('quantity = 0 ? 0 : amount / quantity', { amount: '1', quantity: 0 })).toBe('0.00')
})

test('choices, texts, days and instants can be compared', () => {
  expect(compute('stage = "won" ? amount : 0', { stage: 'won', amount: '5' })).toBe('5.00')
  expect(compute('stage != "won"', {}, 'boolean')).toBe(true)
  expect(compute('due < "2025-06-18" or due = signed', { due: '2025-06-18', signed: '2025-06-18' }, 'boolean')).toBe(true)
  expect(compute('seen_at >= "2025-06-18T12:00:00+03:00"', { seen_at: '2025-06-18T09:00:00.000Z' }, 'boolean')).toBe(true)
  expect(compute('due > signed ? due : signed', { due: '2025-01-02', signed: '2025-01-01' }, 'date')).toBe('2025-01-02')
  expect(compute('active ? "2025-12-31" : due', { active: true }, 'date')).toBe('2025-12-31')
})

test('kinds that do not belong together are problems', () => {
  expect(compute('amount + due')).toEqual(['FORMULA_TYPE'])
  expect(compute('stage < "won"', {}, 'boolean')).toEqual(['FORMULA_TYPE'])
  expect(compute('active ? amount : due')).toEqual(['FORMULA_TYPE'])
  expect(compute('due', {}, 'decimal')).toEqual(['FORMULA_TYPE'])
  expect(compute('due > "tomorrow"', {}, 'boolean')).toEqual(['FORMULA_TYPE'])
  expect(compute('labels = 1', {}, 'boolean')).toEqual(['FORMULA_INPUT'])
  expect(compute('missing + 1')).toEqual(['FORMULA_INPUT'])
  expect(compute('$round(amount, 99)')).toEqual(['FORMULA_ARGUMENTS'])
  expect(compute('$round(amount, quantity)')).toEqual(['FORMULA_ARGUMENTS'])
  expect(compute('$sum()')).toEqual(['FORMULA_ARGUMENTS'])
  expect(compute('$round([amount])')).toEqual(['FORMULA_TYPE'])
})

test('numbers that grow beyond everything have no value', () => {
  expect(compute(Array.from({ length: 50 }, () => 'amount').join(' * '), { amount: '999999999999999999' })).toBeNull()
})

test('agrees with sums and products of decimals', () => {
  const decimal = fc
    .tuple(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), fc.integer({ min: 0, max: 999 }))
    .map(([a, b]) => `${a}.${b}`)
  fc.assert(
    fc.property(decimal, decimal, (a, b) => {
      const record = { amount: a, probability: b }
      expect(compute('amount + probability', record)).toBe(formatDecimal(addDecimals(a, b), 2))
      expect(compute('amount * probability', record)).toBe(formatDecimal(multiplyDecimals(a, b), 2))
    }),
  )
})

test('tells exact formulas from fenced ones', () => {
  for (const exact of [
    'a + b',
    'a > 1 ? b : -c',
    '$sum([a, b]) / 2',
    '$round(a, 2)',
    'a and $not(b)',
    '(a)',
    'a ?? 0',
    'customer.discount * a',
  ]) {
    expect(analyseFormula(exact).kind, exact).toBe('exact')
  }
  for (const fenced of [
    'a & b',
    '$uppercase(a)',
    'a % 2',
    'a[0]',
    '$sum(items.(a * b))',
    '(a; b)',
    '[a, b]',
    'a in b',
    '{"a": a}',
    'a.*',
  ]) {
    expect(analyseFormula(fenced).kind, fenced).toBe('fenced')
  }
  expect(analyseFormula('a ? "x" : "y"', 'text').kind).toBe('fenced')
})

test('names every input, also inside filters, functions and groups', () => {
  const inputs = (text: string) => analyseFormula(text).inputs.map(path => path.join('.'))
  expect(inputs('a + b * a')).toEqual(['a', 'b'])
  expect(inputs('customer.name & $$.title')).toEqual(['customer.name', 'title'])
  expect(inputs('items[price > 2].(price * quantity)')).toEqual(['items.price', 'items.quantity', 'items'])
  expect(inputs('$map(items, function($v){ $v.price & suffix })')).toEqual(['items', 'suffix'])
  expect(inputs('($x := a; $x.b & c)')).toEqual(['a', 'c'])
  expect(pickInputs([['a'], ['customer', 'name']], { a: 1, b: 2, customer: { name: 'x' } })).toEqual({ a: 1, customer: { name: 'x' } })
})

test('says what is wrong before anything runs', () => {
  const codes = (text: string, result?: 'decimal' | 'text') => analyseFormula(text, result).problems.map(problem => problem.code)
  expect(codes('a +')).toEqual(['FORMULA_SYNTAX'])
  expect(codes('')).toEqual(['FORMULA_SYNTAX'])
  expect(codes('$now() & $random()')).toEqual(['FORMULA_FORBIDDEN', 'FORMULA_FORBIDDEN'])
  expect(codes('($f := $eval; $f("1"))')).toEqual(['FORMULA_FORBIDDEN'])
  for (const whole of ['$', '$$', '*', '**', '$keys($$)']) expect(codes(whole), whole).toEqual(['FORMULA_UNNAMED_INPUT'])
  expect(codes('$count(labels) * amount', 'decimal')).toEqual(['FORMULA_MIXED'])
  expect(codes('$count(labels)', 'decimal')).toEqual([])
  expect(codes('$string(amount + 1)', 'text')).toEqual([])
  expect(codes('('.repeat(1000))).toEqual(['FORMULA_SYNTAX'])
  expect(codes(`${'('.repeat(900)}1${')'.repeat(900)}`)).toEqual(['FORMULA_TOO_LARGE'])
  expect(codes(`1${'+1'.repeat(900)}`)).toEqual(['FORMULA_TOO_LARGE'])
  expect(codes('x'.repeat(2001))).toEqual(['FORMULA_TOO_LARGE'])
})
