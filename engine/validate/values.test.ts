import { expect, test } from 'vitest'
import { isEmpty, mergePatch, same } from './values.ts'

test('null, absent and an empty list are no value; nought, false and an empty text are', () => {
  expect([null, undefined, []].map(isEmpty)).toEqual([true, true, true])
  expect([0, false, '', {}, [null]].map(isEmpty)).toEqual([false, false, false, false, false])
})

test('values are the same whatever order the store keeps their members in', () => {
  expect(same({ city: 'Kyiv', line1: 'A' }, { line1: 'A', city: 'Kyiv' })).toBe(true)
  expect(same([{ id: 'a', role: 'x' }], [{ role: 'x', id: 'a' }])).toBe(true)
  expect(same(null, undefined)).toBe(true)
})

test.each([
  ['10', 10],
  [0, null],
  [false, null],
  [
    ['a', 'b'],
    ['b', 'a'],
  ],
  [['a'], { 0: 'a' }],
  [{ a: 1 }, { a: 1, b: null }],
  [{ toString: 1 }, {}],
])('%j and %j differ', (a, b) => {
  expect(same(a, b)).toBe(false)
  expect(same(b, a)).toBe(false)
})

// The examples of RFC 7396, appendix A, that have an object on the patch's side.
test.each([
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [[1, 2], { a: 'b', c: null }, { a: 'b' }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
])('%j patched with %j is %j', (stored, patch, result) => {
  expect(mergePatch(stored, patch)).toEqual(result)
})

test('a member named __proto__ stays data', () => {
  const merged = mergePatch({}, JSON.parse('{"__proto__":{"polluted":true}}')) as object
  expect(Object.keys(merged)).toEqual(['__proto__'])
  expect('polluted' in merged).toBe(false)
})
