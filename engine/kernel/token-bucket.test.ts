import { expect, test } from 'vitest'
import { TokenBuckets } from './token-bucket.ts'

test('a burst passes, then the pace rules, and the wait is told', () => {
  const buckets = new TokenBuckets({ perSecond: 10, burst: 3 })
  expect([0, 0, 0].map(() => buckets.take('a', 1, 0))).toEqual([0, 0, 0])
  expect(buckets.take('a', 1, 0)).toBe(100)
  expect(buckets.take('a', 1, 99)).toBe(1)
  expect(buckets.take('a', 1, 100)).toBe(0)
})

test('keys do not share tokens', () => {
  const buckets = new TokenBuckets({ perSecond: 1, burst: 1 })
  expect(buckets.take('a', 1, 0)).toBe(0)
  expect(buckets.take('b', 1, 0)).toBe(0)
  expect(buckets.take('a', 1, 0)).toBe(1000)
})

test('a clock that goes back neither takes nor gives', () => {
  const buckets = new TokenBuckets({ perSecond: 1, burst: 1 })
  buckets.take('a', 1, 5000)
  expect(buckets.take('a', 1, 0)).toBe(1000)
  expect(buckets.take('a', 1, 1000)).toBe(0)
})

test('a flood of keys forgets the oldest instead of growing', () => {
  const buckets = new TokenBuckets({ perSecond: 1, burst: 1 }, 100)
  for (let n = 0; n < 1000; n++) buckets.take(`key ${n}`, 1, 0)
  expect(buckets.size).toBe(100)
  expect(buckets.take('key 999', 1, 0)).toBe(1000)
})
