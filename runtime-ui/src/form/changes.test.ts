import { expect, test } from 'vitest'
import { ROW_KEY } from '../inputs/row-key.ts'
import { changedRecord, newRecord, same, sameValues } from './changes.ts'

test('a new record is sent whole, without what does not show and without marks of the screen', () => {
  const values = { name: 'A', reason: 'x', empty: undefined, lines: [{ [ROW_KEY]: 'k', quantity: '1', note: undefined }] }
  expect(newRecord(values, ['lines'], ['reason']).body).toEqual({ name: 'A', lines: [{ quantity: '1' }] })
})

test('an edited record is sent as what differs, null where a value was taken away', () => {
  const { body } = changedRecord({ name: 'A', amount: '1.00', tags: ['x'], stage: 'won' }, { name: 'B', tags: [], stage: 'won' }, [], [])
  expect(body).toEqual({ name: 'B', amount: null, tags: [] })
})

test('a field that does not show is left as it was', () => {
  expect(changedRecord({ reason: 'x' }, { reason: 'y' }, [], ['reason']).body).toEqual({})
})

test('line items are sent as operations', () => {
  const before = {
    lines: [
      { id: 'a', version: 1, quantity: '1' },
      { id: 'b', version: 4, quantity: '2', note: 'n' },
      { id: 'c', version: 1 },
    ],
  }
  const after = {
    lines: [
      { [ROW_KEY]: 'k', quantity: '9' },
      { id: 'b', version: 4, quantity: '3' },
      { id: 'a', version: 1, quantity: '1' },
    ],
  }
  const { body, rows } = changedRecord(before, after, ['lines'], [])
  expect(body).toEqual({
    lines: { create: [{ quantity: '9' }], update: [{ id: 'b', version: 4, quantity: '3', note: null }], delete: ['c'], order: ['b', 'a'] },
  })
  expect([...rows]).toEqual([
    ['/lines/create/0', '/lines/0'],
    ['/lines/update/0', '/lines/1'],
  ])
})

test('absent, null and the empty list are the same to a form', () => {
  expect(sameValues({ a: null, b: [] }, {})).toBe(true)
  expect(same({ x: 1, y: undefined }, { x: 1 })).toBe(true)
  expect(same({ x: 1, y: 2 }, { y: 2, x: 1 })).toBe(true)
  expect(same(['a', 'b'], ['b', 'a'])).toBe(false)
  expect(same('', undefined)).toBe(false)
})
