import { expect, test } from 'vitest'
import { deal } from '../test-model.ts'
import { both, keysOf, nextSort, parseListAddress, permittedSort, sortOf } from './address.ts'

test('reads what fits and drops what does not', () => {
  expect(
    parseListAddress({
      q: 'acme',
      where: { stage: { eq: 'won' } },
      sort: '-amount,name',
      columns: 'name',
      view: 'v',
      month: '2025-03',
      other: 1,
    }),
  ).toEqual({
    q: 'acme',
    where: { stage: { eq: 'won' } },
    sort: '-amount,name',
    columns: 'name',
    view: 'v',
    month: '2025-03',
  })
  expect(parseListAddress({ q: '', where: [1], sort: 5, columns: null, month: '2025-13' })).toEqual({ sort: '5' })
  expect(parseListAddress({ q: 42 })).toEqual({ q: '42' })
})

test('a click on a head sorts up, then down, then not at all', () => {
  expect(nextSort([], 'name', false)).toEqual(['name'])
  expect(nextSort(['name'], 'name', false)).toEqual(['-name'])
  expect(nextSort(['-name'], 'name', false)).toEqual([])
  expect(nextSort(['-created_at', 'amount'], 'name', false)).toEqual(['name'])
})

test('with Shift the other keys stay, three at most', () => {
  expect(nextSort(['amount'], 'name', true)).toEqual(['amount', 'name'])
  expect(nextSort(['amount', 'name'], 'amount', true)).toEqual(['-amount', 'name'])
  expect(nextSort(['-amount', 'name'], 'amount', true)).toEqual(['name'])
  expect(nextSort(['a', 'b', 'c'], 'd', true)).toEqual(['b', 'c', 'd'])
})

test('tells how a column is sorted', () => {
  expect(sortOf(['-amount', 'name'], 'amount')).toEqual({ direction: 'descending', place: 1 })
  expect(sortOf(['-amount', 'name'], 'name')).toEqual({ direction: 'ascending', place: 2 })
  expect(sortOf(['-amount'], null)).toBeNull()
})

test('joins what the view and the person ask for', () => {
  expect(both({ a: { eq: 1 } }, { b: { eq: 2 } })).toEqual({ and: [{ a: { eq: 1 } }, { b: { eq: 2 } }] })
  expect(both({}, { b: { eq: 2 } })).toEqual({ b: { eq: 2 } })
  expect(both(null, undefined)).toBeUndefined()
})

test('an empty list of keys is none', () => {
  expect(keysOf(undefined)).toBeNull()
  expect(keysOf(',')).toBeNull()
  expect(keysOf('a,b')).toEqual(['a', 'b'])
})

test('an order keeps only the keys the caller may sort by', () => {
  expect(
    permittedSort(
      ['-amount', 'team', 'nothing', 'customer.name'],
      deal.fields.map(field => ({ ...field, sortable: field.key === 'amount' })),
    ),
  ).toEqual(['-amount', 'customer.name'])
})
