import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Field } from '../../metadata/generated/types.ts'
import { createLog } from '../kernel/log.ts'
import { createModels, emptyBook, OVERLAY_BASE, readPackFolder } from '../model/index.ts'
import type { Database } from '../platform/index.ts'
import { type FieldFill, storageChanges } from './storage-changes.ts'

const nowhere = new Proxy({} as Database, { get: () => () => Promise.reject(new Error('No database here.')) })
const core = readPackFolder(join(import.meta.dirname, '../../seeds'), 'core')
const pack = { key: 'core', version: '1.0.0', requires: [], documents: core.documents, lock: core.lock ?? emptyBook(0) }
const models = createModels({ database: nowhere, packs: new Map([['core', pack]]), log: createLog(undefined, 'silent') })
const packs = [{ key: 'core', version: '1.0.0' }]

type Entities = Record<string, { fields: Field[]; unique?: object[] }>
const documentsOf = (entities: Entities): object[] =>
  Object.entries(entities).map(([key, rest]) => ({ kind: 'entity', key, label: { en: key }, ...rest }))

function assembled(entities: Entities, numbers = emptyBook(OVERLAY_BASE)) {
  const made = models.assemble({ packs, overlay: documentsOf(entities), numbers })
  if (made.model === null) throw new Error(JSON.stringify(made.problems))
  return { model: made.model, numbers: made.numbers }
}

/** What changes between two sets of entities, one line per field: `level entity.field what…`. */
function changes(before: Entities, after: Entities, between?: Entities): { lines: string[]; trees: number; uniques: boolean[] } {
  const first = assembled(before)
  const old = between === undefined ? first : assembled(between, first.numbers)
  const next = assembled(after, old.numbers)
  const found = storageChanges(old.model, next.model, old.numbers)
  const lines = found.passes.flatMap(pass =>
    pass.fields.map(fill => {
      const entity = next.model.entitiesByNo.get(pass.entityNo)
      return `${pass.level} ${entity?.key}.${entity?.fieldsByNo.get(String(fill.no))?.key} ${describe(fill)}`
    }),
  )
  return { lines, trees: found.trees.length, uniques: found.uniques.map(each => each.isNew) }
}

function describe(fill: FieldFill): string {
  const words = (['compute', 'default', 'slot', 'values', 'search', 'fresh'] as const).filter(word => fill[word])
  return [...(fill.from === null ? [] : [`from ${fill.from.definition.type}`]), ...words].join(' ')
}

const name: Field = { key: 'name', type: 'text' }
const option = (value: string) => ({ value, label: { en: value } })
const deal = (...fields: Field[]): Entities => ({ deal: { fields: [name, ...fields] } })

test('a new field has nothing to be filled but a slot that another field has left', () => {
  expect(changes(deal(), deal({ key: 'a', type: 'text' })).lines).toEqual([])
  expect(changes(deal(), deal({ key: 'a', type: 'text', filterable: true, searchable: true })).lines).toEqual(['0 deal.a slot fresh'])
})

test('a field that becomes filterable fills its slot, one that becomes searchable its text', () => {
  expect(changes(deal({ key: 'a', type: 'text' }), deal({ key: 'a', type: 'text', filterable: true })).lines).toEqual(['0 deal.a slot'])
  expect(changes(deal({ key: 'a', type: 'text' }), deal({ key: 'a', type: 'text', searchable: true })).lines).toEqual(['0 deal.a search'])
  expect(changes(deal({ key: 'a', type: 'tags' }), deal({ key: 'a', type: 'tags', filterable: true })).lines).toEqual(['0 deal.a values'])
})

test('a field that stops being filterable, and a new label, ask nothing', () => {
  expect(changes(deal({ key: 'a', type: 'text', filterable: true }), deal({ key: 'a', type: 'text', label: { en: 'A' } })).lines).toEqual(
    [],
  )
})

test('a field that comes back fills everything from the values that were kept', () => {
  const field: Field = { key: 'a', type: 'text', filterable: true, searchable: true }
  expect(changes(deal(field), deal(field), deal()).lines).toEqual(['0 deal.a slot search'])
})

test('options may be added behind the others for nothing; another order fills the slot anew', () => {
  const choice = (...values: string[]): Field => ({ key: 'stage', type: 'choice', filterable: true, options: values.map(option) })
  expect(changes(deal(choice('a', 'b')), deal(choice('a', 'b', 'c'))).lines).toEqual([])
  expect(changes(deal(choice('a', 'b')), deal(choice('a', 'c', 'b'))).lines).toEqual(['0 deal.stage slot'])
  expect(changes(deal(choice('a', 'b')), deal(choice('b'))).lines).toEqual(['0 deal.stage slot'])
})

test('another scale is another slot value', () => {
  const amount = (scale: number): Field => ({ key: 'a', type: 'decimal', scale, filterable: true })
  expect(changes(deal(amount(2)), deal(amount(3))).lines).toEqual(['0 deal.a slot'])
})

test('another type converts the values of the former number', () => {
  expect(changes(deal({ key: 'a', type: 'text' }), deal({ key: 'a', type: 'integer', filterable: true })).lines).toEqual([
    '0 deal.a from text slot',
  ])
})

test('what is computed from converted values is computed anew, over entities and in order', () => {
  const shop = (type: 'integer' | 'decimal'): Entities => ({
    deal: {
      fields: [
        name,
        { key: 'total', type: 'rollup', relation: 'lines', function: 'sum', field: 'price', filterable: true },
        { key: 'double', type: 'formula', result: 'decimal', scale: 2, expression: 'total * 2' },
      ],
    },
    line: {
      fields: [
        name,
        { key: 'deal', type: 'reference', target: 'deal', inverse: 'lines' },
        { key: 'quantity', type },
        { key: 'price', type: 'formula', result: 'decimal', scale: 2, expression: 'quantity * 10' },
      ],
    },
  })
  expect(changes(shop('integer'), shop('decimal')).lines).toEqual([
    '0 line.quantity from integer',
    '0 line.price compute',
    '1 deal.total compute slot',
    '1 deal.double compute',
  ])
})

test('another currency converts an amount anew', () => {
  const amount = (currency: string): Field => ({ key: 'a', type: 'money', currency, filterable: true })
  expect(changes(deal(amount('EUR')), deal(amount('USD'))).lines).toEqual(['0 deal.a compute slot'])
})

test('a new field that must have a value gets its default, if that means the same every day', () => {
  expect(changes(deal(), deal({ key: 'a', type: 'integer', required: true, default: 3 })).lines).toEqual(['0 deal.a default'])
  expect(changes(deal(), deal({ key: 'a', type: 'date', required: true, default: '$today' })).lines).toEqual([])
})

test('trees and unique rules are told when they are new or say something else', () => {
  const tree = deal({ key: 'above', type: 'parent' })
  expect(changes(deal(), tree).trees).toBe(1)
  expect(changes(tree, tree).trees).toBe(0)
  const unique = (...fields: string[]): Entities => ({
    deal: { fields: [name, { key: 'a', type: 'text' }], unique: [{ key: 'one', fields }] },
  })
  expect(changes(deal({ key: 'a', type: 'text' }), unique('name')).uniques).toEqual([true])
  expect(changes(unique('name'), unique('name', 'a')).uniques).toEqual([false])
  expect(changes(unique('name'), unique('name')).uniques).toEqual([])
})
