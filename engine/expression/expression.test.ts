import { afterAll, expect, test } from 'vitest'
import { EngineError } from '../kernel/errors.ts'
import { Allowance, compileExpression, evaluateExpression, evaluateMany, stopExpressions } from './index.ts'

afterAll(stopExpressions)

const run = (text: string, input: Record<string, unknown> = {}, timeoutMs = 5_000) =>
  evaluateExpression(compileExpression(text), input, { tenantId: 'one', timeoutMs })

async function failure(text: string, input: Record<string, unknown> = {}, timeoutMs?: number): Promise<unknown> {
  try {
    return { value: await run(text, input, timeoutMs) }
  } catch (cause) {
    return cause instanceof EngineError ? cause.code : cause
  }
}

// Doubles its text n times: tiny to write, as long as one likes.
const doubling = (times: number, then = '$t') =>
  `($d := function($s, $n){ $n = 0 ? $s : $d($s & $s, $n - 1) }; $t := $d("aaaaaaaaaa", ${times}); ${then})`

test('computes texts, objects and nothing', async () => {
  expect(await run('first & " " & last', { first: 'Ada', last: 'Lovelace' })).toBe('Ada Lovelace')
  expect(await run('{"n": $uppercase(name), "list": [1..3]}', { name: 'x' })).toEqual({ n: 'X', list: [1, 2, 3] })
  expect(await run('missing')).toBeNull()
})

test('decimals arrive as the strings they are', async () => {
  expect(await run('amount & " EUR"', { amount: '92233720368547758.06' })).toBe('92233720368547758.06 EUR')
})

test('an expression sees the inputs it names and nothing else of the record', async () => {
  expect(await run('$string() & name', { name: 'x', margin: '5' })).toBe('{"name":"x"}x')
  expect(await run('$lookup("margin") & name', { name: 'x', margin: '5' })).toBe('x')
})

test('what can not be used is refused before it runs', () => {
  for (const text of [
    '$now()',
    '$eval("1")',
    '($f := $pad; $f("a", 9))',
    '$millis()',
    '$random()',
    '$shuffle([1])',
    '$$',
    '1 +',
    'x'.repeat(2001),
  ]) {
    expect(() => compileExpression(text), text).toThrow(expect.objectContaining({ code: 'EXPRESSION_INVALID' }))
  }
})

test('an error of the expression itself is told', async () => {
  expect(await failure('"a" * 2')).toBe('EXPRESSION_FAILED')
  expect(await failure('$error("no")')).toBe('EXPRESSION_FAILED')
  expect(await failure('$match(name, /(?=a)b/)', { name: 'ab' })).toBe('EXPRESSION_FAILED')
})

test('a loop, deep recursion and a growing sequence end', async () => {
  expect(await failure('($f := function($n){ $f($n + 1) }; $f(0))', {}, 300)).toBe('EXPRESSION_TIMEOUT')
  expect(await failure('($f := function($n){ 1 + $f($n + 1) }; $f(0))')).toBe('EXPRESSION_FAILED')
  expect(await failure('$count([1..9999999])')).toBe('EXPRESSION_FAILED')
  expect(await failure('($d := function($s, $n){ $n = 0 ? $s : $d($append($s, $s), $n - 1) }; $count($d([1,2,3], 40)))')).toBe(
    'EXPRESSION_FAILED',
  )
})

test('a built-in function that takes too long is ended from outside', async () => {
  expect(await failure('$count($distinct([1..99999]))', {}, 300)).toBe('EXPRESSION_TIMEOUT')
  expect(await run('1 + 1')).toBe(2)
})

test('what swells in memory ends its process, not this one', { timeout: 30_000 }, async () => {
  // A busy machine needs its time to fill the heap and to write down that it is full.
  expect(await failure(doubling(25, '$uppercase($t)'), {}, 10_000)).toBe('EXPRESSION_EXHAUSTED')
  expect(await failure(doubling(26))).toBe('EXPRESSION_FAILED')
  expect(await failure('$count([1..99999].[1..1000])', {}, 1_000)).toMatch(/EXPRESSION_(EXHAUSTED|TIMEOUT|FAILED)/)
  expect(await run('1 + 1')).toBe(2)
})

test('a small value that is endless as JSON is refused', async () => {
  expect(await failure('($d := function($s, $n){ $n = 0 ? $s : $d([$s, [$s]], $n - 1) }; $d(1, 40))')).toBe('EXPRESSION_TOO_LARGE')
  expect(await failure(doubling(15))).toBe('EXPRESSION_TOO_LARGE')
})

test('a pattern made to backtrack is answered in linear time', async () => {
  expect(await run('$contains(text, /^(a+)+$/)', { text: `${'a'.repeat(5000)}!` })).toBe(false)
  expect(await run('$replace(text, /(\\w+) (\\w+)/, "$2 $1")', { text: 'John Smith' })).toBe('Smith John')
  expect(await run('$split(text, /[,;]\\s*/)', { text: 'a, b;c' })).toEqual(['a', 'b', 'c'])
  expect(await run('$match(text, /B+/i).match', { text: 'abba' })).toBe('bb')
})

test('an input that is too large is refused', async () => {
  expect(await failure('$length(text)', { text: 'x'.repeat(1_000_001) })).toBe('EXPRESSION_TOO_LARGE')
})

test('a hostile expression does not change what the next one meets', async () => {
  await failure('$merge([{"__proto__": {"polluted": 1}}, {"constructor": {"prototype": {"polluted": 1}}}])')
  await failure('$sift({"a": 1}, function($v, $k, $o){ $o.__proto__.polluted := 1 })')
  expect(await run('{}.polluted')).toBeNull()
  expect(await failure('constructor.constructor("return 1")()', {})).not.toEqual({ value: 1 })
})

test('many inputs each get their own outcome, the bad one spoils no other', async () => {
  const expression = compileExpression('bad ? ($f := function($n){ $f($n + 1) }; $f(0)) : name & "!"')
  const inputs = Array.from({ length: 150 }, (_, at) => ({ name: `n${at}`, bad: at === 70 }))
  const outcomes = await evaluateMany(expression, inputs, { tenantId: 'one', timeoutMs: 300 })
  expect(outcomes.length).toBe(150)
  expect(outcomes.filter(outcome => 'error' in outcome).length).toBe(1)
  expect(outcomes[70]).toMatchObject({ error: { code: 'EXPRESSION_TIMEOUT' } })
  expect(outcomes[149]).toEqual({ value: 'n149!' })
})

test('many at once wait for their turn', async () => {
  const expression = compileExpression('a & a')
  const values = await Promise.all(
    Array.from({ length: 100 }, (_, at) => evaluateExpression(expression, { a: String(at) }, { tenantId: 'many' })),
  )
  expect(values).toEqual(Array.from({ length: 100 }, (_, at) => `${at}${at}`))
})

const ENDLESS = compileExpression('($f := function($n){ $f($n + 1) }; $f(0))')

test('an expression that never ends is not run again for every record of a list', async () => {
  const outcomes = await evaluateMany(
    ENDLESS,
    Array.from({ length: 500 }, () => ({})),
    { tenantId: 'endless', timeoutMs: 200 },
  )
  expect(outcomes.map(each => 'error' in each && each.error.code)).toEqual(Array.from({ length: 500 }, () => 'EXPRESSION_TIMEOUT'))
})

test('another tenant is answered before expressions that never end', { timeout: 30_000 }, async () => {
  const order: string[] = []
  const slow = Array.from({ length: 8 }, async () => {
    await evaluateExpression(ENDLESS, {}, { tenantId: 'slow', timeoutMs: 1_000 }).catch(() => undefined)
    order.push('slow')
  })
  await new Promise(setImmediate)
  expect(await evaluateExpression(compileExpression('a & a'), { a: 'x' }, { tenantId: 'quick' })).toBe('xx')
  order.push('quick')
  await Promise.all(slow)
  // A place is kept for it, and once the others have proved slow they have one between them.
  expect(order.indexOf('quick')).toBeLessThanOrEqual(4)
})

test('a tenant with too many waiting is refused, and nobody else', async () => {
  const waiting = Array.from({ length: 200 }, () =>
    evaluateExpression(ENDLESS, {}, { tenantId: 'crowd', timeoutMs: 10, patienceMs: 5_000 }),
  )
  const outcomes = Promise.allSettled(waiting)
  expect(await evaluateExpression(compileExpression('a & a'), { a: 'y' }, { tenantId: 'lonely' })).toBe('yy')
  const codes = (await outcomes).map(each => (each.status === 'rejected' ? (each.reason as EngineError).code : 'value'))
  expect(codes.filter(code => code === 'EXPRESSION_BUSY').length).toBeGreaterThanOrEqual(98)
  expect(codes).toContain('EXPRESSION_TIMEOUT')
})

test('what several calls may spend together is not exceeded by the next', async () => {
  const allowance = new Allowance(100)
  const options = { tenantId: 'spender', timeoutMs: 300, allowance }
  await evaluateMany(ENDLESS, [{}], options)
  const [outcome] = await evaluateMany(compileExpression('a & a'), [{ a: 'z' }], options)
  expect(outcome).toMatchObject({ error: { code: 'EXPRESSION_OVERSPENT' } })
})
