import fc from 'fast-check'
import { expect, test } from 'vitest'
import { withinOf } from './tree.ts'

const sorted = (ids: readonly string[]) => [...ids].sort()

const house = withinOf(
  new Map([
    ['company', null],
    ['north', 'company'],
    ['south', 'company'],
    ['store', 'north'],
    ['warehouse', 'store'],
  ]),
)

test('a unit lies within itself and its parents', () => {
  expect(sorted(house('company'))).toEqual(['company', 'north', 'south', 'store', 'warehouse'])
  expect(sorted(house('north'))).toEqual(['north', 'store', 'warehouse'])
  expect(house('south')).toEqual(['south'])
})

test('a unit that is not there is only itself', () => {
  expect(house('elsewhere')).toEqual(['elsewhere'])
})

test('a parent that is not there holds its children together', () => {
  expect(sorted(withinOf(new Map([['store', 'gone']]))('gone'))).toEqual(['gone', 'store'])
})

test('circles end', () => {
  const circle = withinOf(
    new Map([
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'a'],
      ['d', 'd'],
      ['e', 'a'],
    ]),
  )
  expect(sorted(circle('b'))).toEqual(['a', 'b', 'c', 'e'])
  expect(circle('d')).toEqual(['d'])
})

test('answers as walking up from every unit does, for any map', () => {
  const id = fc.integer({ min: 0, max: 12 }).map(String)
  fc.assert(
    fc.property(fc.uniqueArray(fc.tuple(id, fc.option(id)), { selector: ([unit]) => unit }), id, (pairs, top) => {
      const parents = new Map(pairs)
      const isBelow = (unit: string): boolean => {
        const passed = new Set<string>()
        for (let at: string | null = unit; at !== null && !passed.has(at); at = parents.get(at) ?? null) {
          if (at === top) return true
          passed.add(at)
        }
        return false
      }
      expect(sorted(withinOf(parents)(top))).toEqual(
        sorted([...new Set([top, ...parents.keys()])].filter(unit => unit === top || isBelow(unit))),
      )
    }),
  )
})
