import { expect, test } from 'vitest'
import { findingsOf, messageTree, partMessages, summaryOf, withoutField } from './problems.ts'

const schema = {
  properties: {
    name: { title: 'Name' },
    lines: { title: 'Lines', items: { properties: { quantity: { title: 'Quantity' } } } },
    address: { title: 'Address', properties: { city: { title: 'City' } } },
  },
}
const findings = [
  { pointer: '/name', message: 'Taken.' },
  { pointer: '/lines/1/quantity', message: 'Too small.' },
  { pointer: '/address/city', message: 'Unknown.' },
  { pointer: '/hidden_field', message: 'Not here.' },
  { pointer: '', message: 'Discount needs approval.' },
]

test('messages stand by their fields, and those about none stay out', () => {
  expect(messageTree(findings, schema)).toEqual({
    name: { __errors: ['Taken.'] },
    lines: { 1: { quantity: { __errors: ['Too small.'] } } },
    address: { city: { __errors: ['Unknown.'] } },
  })
})

test('every line of the list names its field and leads to it, if there is one', () => {
  expect(summaryOf(findings, schema, 'root')).toEqual([
    { id: 'root_name', label: 'Name', message: 'Taken.' },
    { id: 'root_lines_1_quantity', label: 'Lines 2, Quantity', message: 'Too small.' },
    { id: 'root_address', label: 'Address, City', message: 'Unknown.' },
    { id: null, label: null, message: 'Not here.' },
    { id: null, label: null, message: 'Discount needs approval.' },
  ])
})

test('an error of an operation leads to the row it came from', () => {
  const rows = new Map([['/lines/create/0', '/lines/3']])
  expect(findingsOf([{ pointer: '/lines/create/0/quantity', code: 'X', message: 'Too small.', hint: 'Use 1.' }], rows)).toEqual([
    { pointer: '/lines/3/quantity', message: 'Too small. Use 1.' },
  ])
})

test('what was said about a field goes when the field is changed', () => {
  expect(withoutField(findings, 'lines')).toHaveLength(4)
  expect(withoutField(findings, 'other')).toBe(findings)
})

test('messages of parts are found by their pointer below the field', () => {
  expect(partMessages({ __errors: ['own'], 0: { quantity: { __errors: ['a', 'b'] } } })).toEqual({ '/0/quantity': 'a' })
})
