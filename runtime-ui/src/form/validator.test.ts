import { expect, test } from 'vitest'
import { createValidator, findProblems, type Say } from './validator.ts'

const say: Say = (key, params) => [key, params?.limit ?? params?.count].filter(part => part !== undefined).join(' ')
const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 5 },
    amount: { type: 'string', pattern: '^-?[0-9]+(\\.[0-9]+)?$', 'x-minimum': '0', 'x-scale': 2 },
    count: { type: 'integer', minimum: 1 },
    email: { type: 'string', format: 'email' },
    stage: {
      type: 'string',
      oneOf: [
        { const: 'lead', title: 'Lead' },
        { const: 'won', title: 'Won' },
      ],
    },
    tags: { type: 'array', items: { type: 'string', maxLength: 3 }, uniqueItems: true, maxItems: 2 },
    day: { type: 'string', format: 'date', 'x-maximum': '2025-12-31' },
    lines: {
      type: 'array',
      items: {
        type: 'object',
        required: ['product'],
        properties: { product: { type: 'string' }, quantity: { type: 'string', 'x-minimum': '1' } },
      },
    },
  },
}
const find = (values: object): string[] => findProblems(schema, values, say).map(finding => `${finding.pointer}: ${finding.message}`)

test('finds nothing in valid values, and takes undefined for absent', () => {
  expect(find({ name: 'Acme', amount: '1250.00', stage: 'won', tags: ['a', 'b'], count: undefined, lines: [{ product: 'x' }] })).toEqual([])
})

test.each([
  [{}, '/name: form.required'],
  [{ name: '' }, '/name: form.required'],
  [{ name: 'too long' }, '/name: form.too_long 5'],
  [{ name: 'a', amount: 'abc' }, '/amount: form.number'],
  [{ name: 'a', amount: '-0.01' }, '/amount: form.minimum 0'],
  [{ name: 'a', count: 0 }, '/count: form.minimum 1'],
  [{ name: 'a', count: 'x' }, '/count: form.number'],
  [{ name: 'a', email: 'nobody' }, '/email: form.email'],
  [{ name: 'a', stage: 'gone' }, '/stage: form.choice'],
  [{ name: 'a', tags: ['a', 'a'] }, '/tags: form.unique_items'],
  [{ name: 'a', tags: ['long'] }, '/tags/0: form.too_long 3'],
  [{ name: 'a', tags: ['a', 'b', 'c'] }, '/tags: form.max_items 2'],
  [{ name: 'a', day: '2026-01-01' }, '/day: form.maximum 2025-12-31'],
  [{ name: 'a', lines: [{}] }, '/lines/0/product: form.required'],
  [{ name: 'a', lines: [{ product: 'x', quantity: '0' }] }, '/lines/0/quantity: form.minimum 1'],
])('says of %j: %s', (values, finding) => {
  expect(find(values)).toEqual([finding])
})

test('answers in the form library’s shape', () => {
  const { errors, errorSchema } = createValidator(say).validateFormData({ name: 'a', lines: [{}] }, schema as never)
  expect(errors).toMatchObject([{ property: '.lines[0].product', message: 'form.required' }])
  expect(errorSchema).toEqual({ lines: { 0: { product: { __errors: ['form.required'] } } } })
})

test('a pattern that this browser can not read refuses nothing', () => {
  expect(findProblems({ type: 'object', properties: { a: { type: 'string', pattern: '(?<' } } }, { a: 'x' }, say)).toEqual([])
})
