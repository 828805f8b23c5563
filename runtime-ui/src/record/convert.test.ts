import { expect, test } from 'vitest'
import type { ModelConversion, ModelEntity, RecordData } from '../api/model.ts'
import { customer, deal, model } from '../test-model.ts'
import { changedTitles, madeBy, offeredConversions } from './convert.ts'

const toCustomer: ModelConversion = {
  key: 'to_customer',
  label: 'To customer',
  when: { stage: { in: ['lead', 'proposal'] } },
  steps: [
    { as: 'customer', entity: 'customer', label: 'Customer', when: null, values: { name: '$record.name' } },
    { as: 'other', entity: 'customer', label: 'Second', when: { amount: { gt: '100' } }, values: { name: '$$5 shop' } },
    { as: 'hidden', entity: 'warehouse', label: 'Hidden', when: null, values: {} },
    { as: 'untold', entity: 'customer', label: 'Untold', when: null, values: {} },
  ],
}
const source: ModelEntity = { ...deal, conversions: [toCustomer] }
const env = { now: '2026-01-01T00:00:00Z', timeZone: 'UTC', weekStart: 1 as const, user: {} }
const record = (values: object): RecordData => ({ id: 'd1', version: 1, name: 'Rack', stage: 'lead', amount: '50', ...values })

test('a conversion is offered where the record fulfils its condition', () => {
  expect(offeredConversions(model, source, record({}), env)).toEqual([toCustomer])
  expect(offeredConversions(model, source, record({ stage: 'won' }), env)).toEqual([])
  expect(offeredConversions(model, deal, record({}), env)).toEqual([])
})

test('a condition that can not be read here is left to the engine', () => {
  const unknown = {
    ...source,
    conversions: [
      { ...toCustomer, when: { nothing: { eq: 1 } } },
      { ...toCustomer, when: null },
    ],
  }
  expect(offeredConversions(model, unknown, record({ stage: 'won' }), env)).toHaveLength(2)
})

test('what would be made is named by the record, without the steps that do not happen', () => {
  const made = madeBy(model, source, toCustomer, record({}), env)
  expect(made.map(each => [each.as, each.titleField, each.title])).toEqual([
    ['customer', 'name', 'Rack'],
    ['untold', null, ''],
  ])
  const more = madeBy(model, source, toCustomer, record({ amount: '101' }), env)
  expect(more.map(each => each.title)).toEqual(['Rack', '$5 shop', ''])
  expect(more[0]?.entity).toBe(customer)
})

test('only names that were changed are sent', () => {
  const made = madeBy(model, source, toCustomer, record({ amount: '101' }), env)
  expect(changedTitles(made, {})).toEqual({})
  expect(changedTitles(made, { customer: 'Rack', other: ' Corner shop ', untold: 'x' })).toEqual({ other: { name: 'Corner shop' } })
})
