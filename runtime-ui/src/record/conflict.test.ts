import { expect, test } from 'vitest'
import { ROW_KEY } from '../inputs/row-key.ts'
import { compareVersions, isSavedAlready, mergeVersions } from './conflict.ts'

const before = { name: 'A', amount: '1.00', stage: 'lead', note: 'n' }
const mine = { name: 'Mine', amount: '1.00', stage: 'won' }
const current = { name: 'Theirs', amount: '2.00', stage: 'lead', note: 'n' }
const record = { id: '1', version: 7 }

test('tells contested fields from those that only the other changed', () => {
  expect(compareVersions(before, mine, current, record)).toEqual({
    record,
    current,
    contested: [{ key: 'name', mine: 'Mine', theirs: 'Theirs' }],
    theirsOnly: ['amount'],
  })
})

test('both having made the same change is no conflict', () => {
  expect(compareVersions(before, { ...before, name: 'Same' }, { ...before, name: 'Same' }, record).contested).toEqual([])
})

test('what comes of it holds their changes, mine where nobody else touched, and my choice between', () => {
  const conflict = compareVersions(before, mine, current, record)
  expect(mergeVersions(before, mine, conflict, new Set(['name']))).toEqual({ name: 'Mine', amount: '2.00', stage: 'won' })
  expect(mergeVersions(before, mine, conflict, new Set())).toEqual({ name: 'Theirs', amount: '2.00', stage: 'won' })
})

test('a change whose answer was lost is known again, also in lines that got an id', () => {
  const kept = { id: 'l1', version: 1, quantity: '1' }
  const entered = { ...before, name: 'Mine', lines: [kept, { [ROW_KEY]: 'k', quantity: '2' }] }
  const stored = {
    ...before,
    name: 'Mine',
    stage: 'won',
    lines: [
      { ...kept, version: 2 },
      { id: 'l2', version: 1, quantity: '2', total: '4.00' },
    ],
  }
  expect(isSavedAlready({ ...before, lines: [kept] }, entered, stored)).toBe(true)
  expect(isSavedAlready({ ...before, lines: [kept] }, entered, { ...stored, name: 'Theirs' })).toBe(false)
  expect(isSavedAlready({ ...before, lines: [kept] }, entered, { ...stored, lines: [kept] })).toBe(false)
  expect(isSavedAlready(before, before, before), 'nothing to save').toBe(false)
})
