import { expect, test } from 'vitest'
import { typedSchemas } from './typed-schemas.ts'
import type { TypesMaterial } from './typed-entities.ts'
import { writeTypes } from './write-types.ts'

const record = (properties: object) => ({ type: 'object', properties, required: ['id'], additionalProperties: false })
const material = (schemas: TypesMaterial['schemas'], keys: readonly string[]): TypesMaterial => ({
  tenant: 'demo',
  revision: 7,
  entities: keys.map(key => ({ key, label: key, unusual: [], one: {}, many: {}, depth: 4 })),
  schemas,
})

test('a label can not end its comment, whatever it says', async () => {
  const label = 'Name */ export const stolen = 1 /*\u2028'
  const text = await writeTypes(material({ deal: record({ id: { type: 'string', title: label } }) }, ['deal']))
  expect(text.match(/^export /gm)).toEqual(['export ', 'export '])
  expect(text).toContain('Name *\u200b/ export const stolen')
})

test('options are a union, with their labels in the comment', async () => {
  const stage = { title: 'Stage', enum: ['lead', "it's won", null], 'x-enum-labels': { lead: 'Lead', "it's won": 'Won' } }
  const text = await writeTypes(material({ deal: record({ id: { type: 'string' }, stage }) }, ['deal']))
  expect(text).toContain("  /**\n   * Stage\n   * - `lead` Lead\n   * - `it's won` Won\n   */\n  stage?: 'lead' | \"it's won\" | null\n")
})

test('what the caller may not do has the type never', async () => {
  const text = await writeTypes(material({ deal: record({ id: { type: 'string' } }) }, ['deal']))
  expect(text).toContain('    create: never\n    patch: never\n')
})

test('entities whose names come out alike have types of different names', () => {
  const schemas = Object.fromEntries(
    ['deal_1', 'deal1', 'deal1_create', 'deal1.create', 'nexus'].map(key => [key, record({ id: { type: 'string' } })]),
  )
  const { nameOf, definitions } = typedSchemas(schemas, Object.keys(schemas), ['Nexus'])
  expect(Object.keys(schemas).map(nameOf)).toEqual(['Deal1', 'Deal1_2', 'Deal1Create', 'Deal1Create_2', 'Nexus_2'])
  expect(Object.keys(definitions)).toHaveLength(5)
})

test('ways that only a pattern tells are left out, and names that are free where the schema lists them', () => {
  const schemas = {
    'deal.group': { type: 'string', enum: ['closed_on'] },
    'deal.aggregate': {
      type: 'object',
      additionalProperties: false,
      properties: {
        group_by: {
          type: 'array',
          items: {
            anyOf: [
              { $ref: '#/definitions/deal.group' },
              { type: 'string', pattern: '^customer[.]', 'x-path': '#/definitions/deal.group' },
            ],
          },
        },
        periods: {
          type: 'object',
          propertyNames: { type: 'string', anyOf: [{ $ref: '#/definitions/deal.group' }, { type: 'string', 'x-path': '' }] },
          additionalProperties: { enum: ['day', 'month'] },
        },
      },
    },
  }
  const { definitions } = typedSchemas(schemas, ['deal.aggregate'], [])
  expect(definitions['DealAggregate']).toMatchObject({
    properties: {
      group_by: { type: 'array', items: { tsType: 'DealGroup' } },
      periods: { type: 'object', properties: { closed_on: { enum: ['day', 'month'] } }, additionalProperties: false },
    },
  })
})
