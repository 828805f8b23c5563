/** Answers for: what the variables of a conversion become, and what becomes of those that stand for nothing. */
import { expect, test } from 'vitest'
import { type ConversionScope, fillCreate, fillUpdate, fillValue } from './conversion-values.ts'

const scope: ConversionScope = {
  record: field => ({ company: 'Lindwerk', labels: ['a', 'b'], nothing: null })[field],
  step: as => (as === 'customer' ? 'c1' : null),
  user: field => (field === 'id' ? 'u1' : undefined),
  now: '2026-05-01T12:00:00.000Z',
  today: '2026-05-01',
}

test.each([
  ['$record.company', 'Lindwerk'],
  ['$record.labels', ['a', 'b']],
  ['$record.unknown', null],
  ['$steps.customer.id', 'c1'],
  ['$steps.contact.id', null],
  ['$steps.customer.name', null],
  ['$user.id', 'u1'],
  ['$now', '2026-05-01T12:00:00.000Z'],
  ['$today', '2026-05-01'],
  ['$$record.company', '$record.company'],
  ['$other', null],
  ['plain', 'plain'],
  [7, 7],
  [false, false],
  [null, null],
])('%j is %j', (value, expected) => {
  expect(fillValue(value, scope)).toEqual(expected)
})

test('variables are read inside lists and objects, and a link to nothing is no link', () => {
  const links = [
    { id: '$steps.customer.id', role: 'buyer' },
    { id: '$steps.contact.id', role: 'user' },
    '$steps.customer.id',
    '$record.nothing',
  ]
  expect(fillValue(links, scope)).toEqual([{ id: 'c1', role: 'buyer' }, 'c1'])
  expect(fillValue({ line1: '$record.company', line2: '$record.nothing' }, scope)).toEqual({ line1: 'Lindwerk' })
})

test('what stands for nothing is left to defaults in a new record, and empties a field of one that is there', () => {
  const values = { name: '$record.company', contact: '$steps.contact.id' }
  expect(fillCreate(values, scope)).toEqual({ name: 'Lindwerk' })
  expect(fillUpdate(values, scope)).toEqual({ name: 'Lindwerk', contact: null })
})
