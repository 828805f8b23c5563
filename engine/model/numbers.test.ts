import { expect, test } from 'vitest'
import type { Entity, Field } from '../../metadata/generated/types.ts'
import { emptyBook, extendNumbers, numbersOf, OVERLAY_BASE } from './numbers.ts'

const entity = (...fields: Field[]): Entity => ({ kind: 'entity', key: 'deal', label: { en: 'Deal' }, fields })
const name: Field = { key: 'name', type: 'text' }
const pack = extendNumbers([entity(name, { key: 'stage', type: 'text', filterable: true })], [], emptyBook(1_000), 'then').book

test('gives every field a number and never the same again', () => {
  const one = extendNumbers([entity(name, { key: 'a', type: 'text' })], [], emptyBook(OVERLAY_BASE), 'day 1').book
  const two = extendNumbers([entity(name)], [], one, 'day 2').book
  const three = extendNumbers([entity(name, { key: 'b', type: 'text' })], [], two, 'day 3').book
  expect(one.entities['deal']?.fields['a']?.no).toBe(10_003)
  expect(two.entities['deal']?.retired).toEqual([{ key: 'a', no: 10_003, type: 'text', slot: null, at: 'day 2' }])
  expect(three.entities['deal']?.fields['b']?.no).toBe(10_004)
})

test('a field that comes back has its number and its values again', () => {
  const one = extendNumbers([entity(name, { key: 'a', type: 'text' })], [], emptyBook(OVERLAY_BASE), 'day 1').book
  const two = extendNumbers([entity(name)], [], one, 'day 2').book
  const three = extendNumbers([entity(name, { key: 'a', type: 'text', filterable: true })], [], two, 'day 3').book
  expect(three.entities['deal']).toMatchObject({ fields: { a: { no: 10_003, slot: 't2' } }, retired: [] })
})

test('another type under the same key is another number', () => {
  const one = extendNumbers([entity({ key: 'a', type: 'integer', filterable: true })], [], emptyBook(OVERLAY_BASE), 'day 1').book
  const two = extendNumbers([entity({ key: 'a', type: 'decimal', filterable: true })], [], one, 'day 2').book
  expect(two.entities['deal']).toMatchObject({
    fields: { a: { no: 10_003, type: 'decimal', slot: 'i3' } },
    retired: [{ key: 'a', no: 10_002, slot: 'i2' }],
  })
})

test('a slot that is given up goes to nobody while requests of the revision before may read by it', () => {
  const one = extendNumbers([entity({ key: 'a', type: 'text', filterable: true })], [], emptyBook(OVERLAY_BASE), 'day 1').book
  const two = extendNumbers([entity({ key: 'a', type: 'text' }, { key: 'b', type: 'text', filterable: true })], [], one, 'day 2').book
  const three = extendNumbers(
    [entity({ key: 'a', type: 'text' }, { key: 'b', type: 'text', filterable: true }, { key: 'c', type: 'text', filterable: true })],
    [],
    two,
    'day 3',
  ).book
  expect([
    one.entities['deal']?.fields['a']?.slot,
    two.entities['deal']?.fields['b']?.slot,
    three.entities['deal']?.fields['c']?.slot,
  ]).toEqual(['t2', 't3', 't2'])
})

test('an overlay gives a field of a pack the slot that the pack left it without, under the same number', () => {
  const wanted = entity({ ...name, filterable: true }, { key: 'stage', type: 'text', filterable: true })
  const { book, problems } = extendNumbers([wanted], [pack], emptyBook(OVERLAY_BASE), 'now')
  expect(problems).toEqual([])
  const no = pack.entities['deal']?.fields['name']?.no
  expect(numbersOf([pack, book], 'deal')?.fields['name']).toEqual({ no, type: 'text', slot: 't3' })
  const back = extendNumbers([entity(name, { key: 'stage', type: 'text', filterable: true })], [pack], book, 'later').book
  expect(numbersOf([pack, back], 'deal')?.fields['name']).toEqual({ no, type: 'text', slot: null })
})

test('a pack leaves places for the tenants that extend it', () => {
  const fields = Array.from({ length: 7 }, (_, n): Field => ({ key: `t${n}`, type: 'text', filterable: true }))
  expect(extendNumbers([entity(...fields)], [], emptyBook(0), 'now').problems).toMatchObject([
    { code: 'MODEL_NO_SLOT_LEFT', pointer: '/fields/6' },
  ])
  expect(extendNumbers([entity(...fields)], [], emptyBook(OVERLAY_BASE), 'now').problems).toEqual([])
})
