/** Answers for: which texts are read as JSON and what is said of those that are not. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { processorMs } from '../test/harness/processor-time.ts'
import { parseJson } from './json.ts'

function problemOf(text: string, depth?: number) {
  const parsed = parseJson(text, depth)
  return parsed.ok ? null : { code: parsed.problem.code, pointer: parsed.problem.pointer, position: parsed.problem.params?.['position'] }
}

test('reads whatever JSON.parse reads when nothing is ambiguous', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), text => {
      fc.pre(!text.includes('__proto__') && !text.includes('\\u'))
      expect(parseJson(text)).toEqual({ ok: true, value: JSON.parse(text) })
    }),
  )
})

test('refuses a name that stands twice in one object, however it is spelled', () => {
  expect(problemOf('{"a":1,"a":2}')).toEqual({ code: 'JSON_DUPLICATE_KEY', pointer: '/a', position: 7 })
  expect(problemOf(String.raw`{"x":[0,{"a":1,"\u0061":2}]}`)).toEqual({ code: 'JSON_DUPLICATE_KEY', pointer: '/x/1/a', position: 15 })
})

test('lets one name stand in different objects', () => {
  expect(parseJson('[{"a":{"a":1}},{"a":"a, \\"a\\": {["}]')).toEqual({ ok: true, value: [{ a: { a: 1 } }, { a: 'a, "a": {[' }] })
})

test('refuses __proto__ as a name and keeps it as a value', () => {
  expect(problemOf('{"__proto__":{"admin":true}}')?.code).toBe('JSON_FORBIDDEN_KEY')
  expect(problemOf(String.raw`{"a":{"\u005f_proto__":1}}`)?.pointer).toBe('/a/__proto__')
  expect(parseJson('"__proto__"')).toEqual({ ok: true, value: '__proto__' })
})

test('refuses nesting beyond the depth and takes nesting up to it', () => {
  expect(problemOf('['.repeat(32) + ']'.repeat(32))).toBeNull()
  expect(problemOf('['.repeat(33) + ']'.repeat(33))).toEqual({ code: 'JSON_TOO_DEEP', pointer: '/0'.repeat(32), position: 32 })
  expect(problemOf('['.repeat(100_000) + ']'.repeat(100_000))?.code).toBe('JSON_TOO_DEEP')
})

test('refuses characters that no store can hold', () => {
  expect(problemOf(String.raw`{"a":"\u0000"}`)?.code).toBe('JSON_INVALID_TEXT')
  expect(problemOf(String.raw`["\ud800"]`)?.pointer).toBe('/0')
  expect(problemOf(String.raw`["\ud83d\ude00"]`)).toBeNull()
})

test('refuses numbers that would become infinite', () => {
  expect(problemOf('{"a":[1,-1e999]}')).toEqual({ code: 'JSON_NUMBER_RANGE', pointer: '/a/1', position: 8 })
})

test('says where the syntax breaks', () => {
  const parsed = parseJson('{\n  "a": 1,\n  b: 2\n}')
  expect(parsed).toMatchObject({
    ok: false,
    problem: { code: 'JSON_SYNTAX', message: 'This is not JSON: unexpected character in line 3, column 3.' },
  })
  expect(parseJson('{"a":')).toMatchObject({ ok: false, problem: { message: 'The JSON ends too early.' } })
  expect(parseJson('  ')).toMatchObject({ ok: false, problem: { message: 'There is no JSON here.' } })
})

test('reads a body of a megabyte in some tens of milliseconds', () => {
  const text = JSON.stringify({
    operations: Array.from({ length: 6000 }, (_, n) => ({
      op: 'create',
      values: { name: `Deal ${n} "x"`, amount: '10.50', tags: ['a', 'b'] },
    })),
  })
  expect(processorMs(() => expect(parseJson(text).ok).toBe(true))).toBeLessThan(400)
})
