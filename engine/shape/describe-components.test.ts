import { join } from 'node:path'
import { expect, test } from 'vitest'
import { callerNames } from '../authoring/caller-names.ts'
import type { Locale } from '../kernel/context.ts'
import { createLog } from '../kernel/log.ts'
import { readPackFolder } from '../model/lock-packs.ts'
import { createModels, emptyBook, OVERLAY_BASE, type PackSource } from '../model/index.ts'
import type { Database } from '../platform/index.ts'
import { componentSchemas, type ComponentSchemas } from './component-schemas.ts'

const nowhere = new Proxy({} as Database, { get: () => () => Promise.reject(new Error('No database here.')) })
const core = readPackFolder(join(import.meta.dirname, '../../seeds'), 'core')
const pack: PackSource = { key: 'core', version: '1.0.0', requires: [], documents: core.documents, lock: core.lock ?? emptyBook(0) }
const models = createModels({ database: nowhere, packs: new Map([['core', pack]]), log: createLog(undefined, 'silent') })

const shop = {
  kind: 'entity',
  key: 'shop',
  label: { en: 'Shop', ru: 'Магазин' },
  conversions: [
    { key: 'sell', label: { en: 'Sell' }, steps: [{ as: 'sale', entity: 'sale', values: {} }], set: {} },
    {
      key: 'close',
      label: { en: 'Close' },
      steps: [{ as: 'note', entity: 'shelf', values: { title: 'Closed', shop: '$record.id' } }],
      set: {},
    },
  ],
  fields: [
    { key: 'name', type: 'text', label: { en: 'Name', ru: 'Название' }, required: true, max_length: 80 },
    {
      key: 'size',
      type: 'choice',
      options: [
        { value: 's', label: { en: 'Small', ru: 'Малый' } },
        { value: 'l', label: { en: 'Large', ru: 'Большой' } },
        { value: 'x', label: { en: 'Huge' }, retired: true },
      ],
    },
    { key: 'kind', type: 'choice', required: true, default: 'a', options: [{ value: 'a', label: { en: 'A' } }] },
    { key: 'rent', type: 'money', minimum: '0' },
    { key: 'secret', type: 'text' },
    { key: 'place', type: 'address' },
    { key: 'data', type: 'json' },
    { key: 'only_new', type: 'text', required: true, visible_when: { size: { eq: 'l' } } },
    { key: 'shelves', type: 'table', target: 'shelf', target_field: 'shop' },
  ],
}
const shelf = {
  kind: 'entity',
  key: 'shelf',
  label: { en: 'Shelf' },
  fields: [
    { key: 'shop', type: 'reference', target: 'shop', required: true },
    { key: 'title', type: 'text', required: true },
    { key: 'cost', type: 'money' },
  ],
}
const sale = { kind: 'entity', key: 'sale', label: { en: 'Sale' }, fields: [{ key: 'title', type: 'text' }] }
const every = ['create', 'read', 'update', 'delete', 'restore', 'reveal']
const documents = [
  shop,
  shelf,
  sale,
  {
    kind: 'access_profile',
    key: 'boss',
    limits: { bulk_operations: 7 },
    entities: Object.fromEntries(['shop', 'shelf', 'sale'].map(key => [key, { operations: every, fields: { '*': 'write' } }])),
  },
  {
    kind: 'access_profile',
    key: 'clerk',
    entities: {
      shop: {
        operations: ['create', 'read', 'update', 'reveal'],
        fields: { name: 'write', size: 'create', rent: { mask: 'range', reveal: true }, shelves: 'write' },
      },
      shelf: { operations: ['create', 'read'], fields: { shop: 'write', title: 'write' } },
    },
  },
]
const { model, problems } = models.assemble({
  packs: [{ key: 'core', version: '1.0.0' }],
  overlay: documents,
  numbers: emptyBook(OVERLAY_BASE),
})

function of(profile: string, locale: Locale = 'en'): ComponentSchemas {
  if (model === null) throw new Error(JSON.stringify(problems))
  return componentSchemas(callerNames({ model, building: new Set() }, [profile], locale))
}
interface Shape {
  properties: Record<string, { [word: string]: unknown }>
  required: string[]
  additionalProperties: boolean
}
const shapeOf = (schemas: ComponentSchemas, name: string): Shape => schemas[name] as unknown as Shape

test('names nothing that does not exist for the caller', () => {
  const text = JSON.stringify(of('clerk'))
  for (const hidden of ['secret', 'sale', 'cost', 'place', 'only_new']) expect(text).not.toContain(`"${hidden}`)
  expect(JSON.stringify(of('boss'))).toContain('"secret"')
})

test('has a schema for each operation that the caller may do, and for no other', () => {
  const namesOf = (profile: string, entity: string) => Object.keys(of(profile)).filter(name => name.split('.')[0] === entity)
  expect(namesOf('boss', 'shelf').sort()).toEqual([
    'shelf',
    'shelf.bulk',
    'shelf.bulk_results',
    'shelf.create',
    'shelf.history',
    'shelf.patch',
    'shelf.selected',
    'shelf.values',
  ])
  expect(namesOf('clerk', 'shelf')).not.toContain('shelf.patch')
  expect(namesOf('clerk', 'shop')).toEqual(expect.arrayContaining(['shop.reveal', 'shop.revealed', 'shop.convert', 'shop.converted']))
  expect(namesOf('boss', 'shop')).not.toContain('shop.reveal')
})

test('a new record needs what nothing else gives it and what always applies', () => {
  const create = shapeOf(of('boss'), 'shop.create')
  expect(create.required).toEqual(['name'])
  expect(create.additionalProperties).toBe(false)
  expect(create.properties['kind']).toMatchObject({ 'x-default': 'a', type: ['string', 'null'], enum: ['a', null] })
  expect(create.properties['rent']).toMatchObject({ 'x-minimum': '0', 'x-scale': 2 })
})

test('options are an enum with labels in the caller’s language; those that went are only read', () => {
  expect(shapeOf(of('clerk', 'ru'), 'shop.create').properties['size']).toEqual({
    title: 'Size',
    type: ['string', 'null'],
    enum: ['s', 'l', null],
    'x-enum-labels': { s: 'Малый', l: 'Большой' },
  })
  expect(shapeOf(of('clerk'), 'shop').properties['size']).toMatchObject({ enum: ['s', 'l', 'x', null] })
})

test('a patch takes parts of an object, and of a record what may be changed', () => {
  const schemas = of('boss')
  expect(shapeOf(schemas, 'shop.patch').properties['place']).toMatchObject({ properties: { city: { type: ['string', 'null'] } } })
  expect(shapeOf(of('clerk'), 'shop.patch').properties).not.toHaveProperty('size')
  expect(shapeOf(schemas, 'shop.patch').properties['name']).toMatchObject({ type: 'string', maxLength: 80 })
})

test('what is answered keeps no bound of what may be sent', () => {
  const { properties } = shapeOf(of('boss'), 'shop')
  expect(properties['name']).toEqual({ title: 'Name', type: ['string', 'null'] })
  expect(properties['rent']).not.toHaveProperty('x-minimum')
  expect(Object.keys(properties)).not.toEqual(expect.arrayContaining(['data']))
  expect(Object.keys(shapeOf(of('boss'), 'shop.selected').properties)).toEqual(expect.arrayContaining(['data', 'rent_base', 'shelves']))
})

test('a masked value is a text of its own', () => {
  expect(shapeOf(of('clerk'), 'shop').properties['rent']).toEqual({ title: 'Rent', type: ['string', 'null'], 'x-mask': 'range' })
})

test('lines are sent without the way back, and only so as the caller may treat them', () => {
  const lines = (profile: string, name: string) => shapeOf(of(profile), name).properties['shelves'] as { properties: object; items: Shape }
  expect(lines('clerk', 'shop.create').items.properties).toEqual({ title: expect.objectContaining({ type: 'string' }) })
  expect(Object.keys(lines('boss', 'shop.patch').properties)).toEqual(['create', 'update', 'order', 'delete'])
  expect(Object.keys(lines('clerk', 'shop.patch').properties)).toEqual(['create'])
})

test('a conversion shows where its makings may be made', () => {
  const convert = of('boss')['shop.convert'] as { anyOf: Shape[] }
  expect(convert.anyOf.map(each => each.properties['conversion']?.['const'])).toEqual(['sell', 'close'])
  expect(shapeOf(of('clerk'), 'shop.convert').properties['conversion']).toMatchObject({ const: 'close' })
})

test('caps stand as bounds', () => {
  expect(shapeOf(of('boss'), 'shop.bulk').properties['operations']).toMatchObject({ maxItems: 7, minItems: 1 })
})

test('every reference leads to a component', () => {
  for (const profile of ['boss', 'clerk']) {
    const schemas = of(profile)
    const names = [...JSON.stringify(schemas).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name ?? '')
    expect(names.length).toBeGreaterThan(5)
    for (const name of names) expect(Object.keys(schemas)).toContain(name)
  }
})
