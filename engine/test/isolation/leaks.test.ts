/** What counts for a leak: the contract's own words do not where the API is described, and do everywhere else. */
import { expect, test } from 'vitest'
import { FIXED_SCHEMAS } from '../../http/openapi/fixed-schemas.ts'
import { leaksIn } from './leaks.ts'

const forbidden = [{ what: 'field', text: '"total"' }]
const description = (more: object): string =>
  JSON.stringify({ openapi: '3.1.0', components: { schemas: { Import: FIXED_SCHEMAS['Import'], ...more } } })

test('a word that the description of the API says to everybody is no leak; the same word of an entity is one', () => {
  expect(description({})).toContain('"total"')
  expect(leaksIn('', description({}), forbidden)).toEqual([])
  expect(leaksIn('', description({ deal_line: { type: 'object', properties: { total: {} } } }), forbidden)).toEqual(['field: "total"'])
  expect(leaksIn('', JSON.stringify({ data: [{ total: '120.00' }] }), forbidden)).toEqual(['field: "total"'])
  expect(leaksIn('?select=total', JSON.stringify({ data: [{ total: '120.00' }] }), forbidden)).toEqual([])
})
