import { expect, test } from 'vitest'
import type { JsonSchema } from './schema.ts'
import { schemaFamily } from './schema-family.ts'

const definitions: Readonly<Record<string, JsonSchema>> = {
  deal: {
    type: 'object',
    additionalProperties: false,
    properties: {
      name: { type: 'string' },
      not: { $ref: '#/definitions/deal' },
      or: { type: 'array', items: { $ref: '#/definitions/deal' } },
      customer: { $ref: '#/definitions/customer' },
    },
  },
  customer: { type: 'object', additionalProperties: false, properties: { size: { type: 'integer' } } },
  path: { type: 'string', enum: ['name', 'customer'], 'x-references': { customer: '#/definitions/customer.path' } },
  'customer.path': { type: 'string', enum: ['size'], 'x-references': { parent: '#/definitions/customer.path' } },
  select: { type: 'string', anyOf: [{ $ref: '#/definitions/path' }, { type: 'string', 'x-path': '#/definitions/path' }] },
}

function family(): { asked: string[]; refusal: (name: string, value: unknown) => string | null } {
  const asked: string[] = []
  const { refusal } = schemaFamily(name => {
    asked.push(name)
    return definitions[name] ?? {}
  })
  return { asked, refusal }
}

test('a definition is made when a value first reaches it, and once', () => {
  const { asked, refusal } = family()
  expect(refusal('deal', { name: 'a', not: { or: [{ name: 'b' }] } })).toBeNull()
  expect(asked).toEqual(['deal'])
  expect(refusal('deal', { customer: { size: 1 } })).toBeNull()
  expect(refusal('deal', { not: { customer: { size: 2 } } })).toBeNull()
  expect(asked).toEqual(['deal', 'customer'])
})

test('a refusal says where it is, however many definitions lie between', () => {
  const { refusal } = family()
  expect(refusal('deal', { not: { or: [{}, { customer: { size: '1' } }] } })).toBe('/not/or/1/customer/size')
  expect(refusal('deal', { not: { 'a/b': 1 } })).toBe('/not/a~1b')
  expect(refusal('deal', { constructor: 1 })).toBe('/constructor')
  expect(refusal('deal', [])).toBe('')
})

test('a path is followed step by step', () => {
  const { refusal } = family()
  for (const path of ['name', 'customer', 'customer.size', 'customer.parent.parent.size']) expect(refusal('select', path)).toBeNull()
  for (const path of ['size', 'name.size', 'customer.name', 'customer.parent', 'customer.parent.toString', '.', '', 'customer.'])
    expect(refusal('select', path)).toBe('')
})
