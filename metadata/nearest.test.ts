import { expect, test } from 'vitest'
import { nearestHint, nearestName } from './nearest.ts'

test('finds the name that was meant behind a slip of the finger', () => {
  expect(nearestName('stge', ['amount', 'stage', 'state'])).toBe('stage')
  expect(nearestName('custmoer', ['contact', 'customer'])).toBe('customer')
  expect(nearestName('maximun', ['minimum', 'maximum'])).toBe('maximum')
})

test('overlooks case, spaces and dashes', () => {
  expect(nearestName('Line Items', ['line_items'])).toBe('line_items')
})

test('finds the one name that goes on with what was written, or begins it', () => {
  expect(nearestName('owner', ['amount', 'owner_id'])).toBe('owner_id')
  expect(nearestName('equals', ['eq', 'ne', 'contains'])).toBe('eq')
  expect(nearestName('date', ['date_from', 'date_to'])).toBeUndefined()
})

test('stays silent when nothing is near', () => {
  expect(nearestName('region', ['reason', 'amount'])).toBeUndefined()
  expect(nearestName('x', [])).toBeUndefined()
  expect(nearestHint('zzz', ['amount'])).toEqual({})
})

test('ends quickly on a name of ten thousand letters', () => {
  expect(nearestName('a'.repeat(10_000), ['amount', 'stage'])).toBeUndefined()
})
