import { expect, test } from 'vitest'
import { deal, model } from '../test-model.ts'
import { columnOf, columnsFor, possibleColumns, selectionOf } from './columns.ts'

const of = (...paths: string[]) => paths.map(path => columnOf(model, deal, path)).filter(column => column !== null)

test('a reference column shows the title of the record behind it, however it is written', () => {
  for (const path of ['customer', 'customer.name']) {
    const [column] = of(path)
    expect(column).toMatchObject({ label: 'customer', sortKey: null, field: { key: 'customer' } })
    expect(selectionOf(model, deal, of(path))).toEqual(['name', 'customer.name'])
    expect(column?.read({ customer: { id: '1', name: 'Acme' } })).toEqual({ id: '1', name: 'Acme' })
  }
})

test('a field of a referenced record is read through it', () => {
  const [column] = of('customer.industry')
  expect(column).toMatchObject({ label: 'customer · industry', field: { key: 'industry' }, sortKey: 'customer.industry' })
  expect(column?.read({ customer: { id: '1', industry: 'retail' } })).toBe('retail')
  expect(column?.read({ customer: null })).toBeUndefined()
  expect(selectionOf(model, deal, of('customer.industry'))).toEqual(['name', 'customer.industry'])
})

test('an amount brings its currency along', () => {
  expect(selectionOf(model, deal, of('amount'))).toEqual(['name', 'amount', 'currency'])
})

test('linked records are included by their titles', () => {
  expect(selectionOf(model, deal, of('team'))).toEqual(['name', { team: { select: ['name'], limit: 4 } }])
})

test('a path that does not exist for the caller is left out', () => {
  expect(of('nothing', 'customer.nothing', 'name.deeper')).toEqual([])
  expect(columnsFor(model, deal, null, ['nothing']).length).toBeGreaterThan(0)
})

test('what is chosen wins over the view, and the view over the first fields', () => {
  const view = { key: 'v', entity: 'deal', type: 'list' as const, label: 'V', columns: ['stage'] }
  expect(columnsFor(model, deal, view, ['name']).map(column => column.path)).toEqual(['name'])
  expect(columnsFor(model, deal, view, null).map(column => column.path)).toEqual(['stage'])
  expect(columnsFor(model, deal, null, null)[0]?.path).toBe('name')
})

test('tables of lines are no column', () => {
  expect(possibleColumns(model, deal).map(column => column.path)).not.toContain('line_items')
})
