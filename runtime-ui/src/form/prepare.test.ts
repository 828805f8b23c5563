import { expect, test } from 'vitest'
import type { FormAnswer } from '../api/model.ts'
import { editedValues, ENTITY_FIELD, prepareForm, sectionsOf, START, startingValues, tabsOf, widgetOf, withoutNull } from './prepare.ts'

const answer: FormAnswer = {
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: {
      name: { type: 'string', title: 'Name' },
      stage: { title: 'Stage', default: 'lead', anyOf: [{ type: 'string', enum: ['lead', 'won'] }, { type: 'null' }] },
      reason: { type: ['string', 'null'], title: 'Reason' },
      active: { type: 'boolean' },
    },
  },
  ui_schema: {
    'ui:order': ['stage', '*'],
    name: { 'ui:widget': 'text' },
    stage: { 'ui:widget': 'choice' },
    reason: { 'ui:widget': 'hologram' },
  },
  rules: [],
}
const known = new Set(['text', 'choice'])

test('an optional field loses its null, and its default stays out of the library’s sight', () => {
  const { schema } = prepareForm(answer, { hidden: [], required: [], readOnly: [] }, known)
  expect(schema.properties?.['stage']).toEqual({ title: 'Stage', type: 'string', enum: ['lead', 'won'], [START]: 'lead' })
  expect(schema.properties?.['reason']).toEqual({ title: 'Reason', type: 'string' })
})

test('rules take fields out, require them and make them read-only', () => {
  const { schema, uiSchema } = prepareForm(answer, { hidden: ['stage'], required: ['reason'], readOnly: ['name'] }, known)
  expect(Object.keys(schema.properties ?? {})).toEqual(['name', 'reason', 'active'])
  expect(schema.required).toEqual(['name', 'reason'])
  expect(uiSchema['name']).toMatchObject({ 'ui:readonly': true })
  expect(uiSchema['ui:order']).toEqual(['*'])
})

test('a widget without an input of ours is left to the library', () => {
  const { uiSchema } = prepareForm(answer, { hidden: [], required: [], readOnly: [] }, known)
  expect(uiSchema['name']).toMatchObject({ 'ui:field': ENTITY_FIELD, 'ui:options': { widget_name: 'text' } })
  expect(uiSchema['reason']).toEqual({ 'ui:options': {} })
})

test('a union keeps its branches without the null, at every depth', () => {
  expect(
    withoutNull({
      type: 'array',
      items: { type: 'object', properties: { a: { anyOf: [{ type: 'string' }, { type: 'integer' }, { type: 'null' }] } } },
    }),
  ).toEqual({ type: 'array', items: { type: 'object', properties: { a: { anyOf: [{ type: 'string' }, { type: 'integer' }] } } } })
})

test('a new record starts with the defaults, then with what is brought along', () => {
  expect(startingValues(answer.schema, { stage: 'won', unheard_of: 1 })).toEqual({ stage: 'won' })
  expect(startingValues(answer.schema, {})).toEqual({ stage: 'lead' })
  expect(startingValues({ ...answer.schema, required: ['active'] }, {})).toEqual({ stage: 'lead', active: false })
})

test('an edited record brings the fields of the form, without nulls', () => {
  expect(editedValues(answer.schema, { id: '1', version: 3, name: 'A', reason: null, stage: 'won' })).toEqual({ name: 'A', stage: 'won' })
})

test('fields that no section names stand in one of their own, in their order', () => {
  const ui = {
    'ui:order': ['c', 'b'],
    'ui:options': {
      sections: [
        { label: 'Main', columns: 3, fields: ['a', { field: 'gone', width: 2 }] },
        { label: 'Empty', fields: ['gone'] },
      ],
    },
  }
  expect(sectionsOf(ui, ['a', 'b', 'c'])).toEqual([
    { label: 'Main', help: null, columns: 3, tab: null, fields: [{ key: 'a', width: null }] },
    {
      label: null,
      help: null,
      columns: 2,
      tab: null,
      fields: [
        { key: 'c', width: null },
        { key: 'b', width: null },
      ],
    },
  ])
})

test('sections stand on the tabs they name, those without one on the first', () => {
  const ui = {
    'ui:options': {
      tabs: [
        { key: 'main', label: 'Main' },
        { key: 'none', label: 'None' },
        { key: 'more', label: 'More' },
      ],
      sections: [
        { label: 'Top', fields: ['a'] },
        { label: 'Terms', tab: 'more', fields: ['b'] },
        { label: 'First', tab: 'main', fields: ['c'] },
        { label: 'Gone', tab: 'none', fields: ['not_there'] },
      ],
    },
  }
  const labels = (keys: readonly string[]): unknown[] =>
    tabsOf(ui, sectionsOf(ui, keys)).map(tab => [tab.key, ...tab.sections.map(section => section.label)])
  expect(labels(['a', 'b', 'c', 'd'])).toEqual([
    ['main', 'Top', 'First', null],
    ['more', 'Terms'],
  ])
  expect(labels(['a', 'c']), 'one tab alone is no tab').toEqual([])
})

test('a text that says the currency of an amount is chosen from currencies', () => {
  const text = { 'ui:widget': 'text' }
  const ui = {
    price: { 'ui:widget': 'money', 'ui:options': { currency_field: 'paid_in' } },
    paid_in: text,
    billing_currency: text,
    name: text,
    currency: {},
  }
  expect(['paid_in', 'billing_currency', 'name', 'currency', 'price'].map(key => widgetOf(ui, key))).toEqual([
    'currency',
    'currency',
    'text',
    undefined,
    'money',
  ])
})
