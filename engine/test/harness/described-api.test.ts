import { expect, test } from 'vitest'
import { DescribedApi, type Document, type GivenAnswer } from './described-api.ts'

const document: Document = {
  paths: {
    '/things/{id}': {
      get: {
        operationId: 'get_thing',
        tags: ['thing'],
        responses: {
          200: {
            headers: { etag: {} },
            content: { 'application/json': { schema: { $ref: '#/components/schemas/thing' } } },
          },
          404: { $ref: '#/components/responses/Gone' },
        },
      },
    },
  },
  components: {
    schemas: { thing: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'], additionalProperties: false } },
    responses: { Gone: { content: { 'application/problem+json': { schema: { type: 'object', required: ['code'] } } } } },
  },
}
const api = new DescribedApi(document)
const [operation] = api.operations

function complaint(answer: Partial<GivenAnswer>): string | null {
  if (operation === undefined) throw new Error('The document has no operation.')
  const json = answer.json ?? { name: 'x' }
  const headers = { etag: '"1"', 'content-type': 'application/json; charset=utf-8' }
  return api.complaint(operation, { status: 200, headers, json, text: JSON.stringify(json), ...answer })
}

test('an answer as promised is none to complain of', () => {
  expect(complaint({})).toBeNull()
  expect(complaint({ status: 404, headers: { 'content-type': 'application/problem+json' }, json: { code: 'NOT_FOUND' } })).toBeNull()
})

test('another status, header, media type or body is noticed', () => {
  expect(complaint({ status: 201 })).toContain('status 201')
  expect(complaint({ headers: { 'content-type': 'application/json' } })).toContain('etag')
  expect(complaint({ headers: { etag: '"1"', 'content-type': 'text/plain' } })).toContain('text/plain')
  expect(complaint({ json: {} })).toContain('name')
  expect(complaint({ json: { name: 'x', margin: 1 } })).toContain('additional')
  expect(complaint({ status: 404, headers: { 'content-type': 'application/problem+json' }, json: { name: 'x' } })).toContain('code')
})
