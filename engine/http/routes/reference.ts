/** Public documents that answers and events point to: what a problem's type means, what an event looks like. */
import { commonErrors, listErrorCodes } from '../../kernel/errors.ts'
import { eventSchema } from '../../outbox/index.ts'
import type { Route } from '../route.ts'

const FOR_AN_HOUR = { 'cache-control': 'public, max-age=3600' }

export const referenceRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/problems/:code',
    access: 'open',
    handler: async ({ params }) => {
      const code = (params['code'] ?? '').toUpperCase().replaceAll('-', '_')
      const known = listErrorCodes().find(entry => entry.code === code)
      if (known === undefined) throw commonErrors.NOT_FOUND({})
      return { data: { code: known.code, status: known.status, title: known.title }, headers: FOR_AN_HOUR }
    },
  },
  {
    method: 'GET',
    path: '/api/schemas/events/:type/:version',
    access: 'open',
    handler: async ({ params }) => {
      const schema = eventSchema(params['type'] ?? '', Number(params['version']))
      if (schema === undefined) throw commonErrors.NOT_FOUND({})
      return { text: { type: 'application/schema+json; charset=utf-8', body: JSON.stringify(schema) }, headers: FOR_AN_HOUR }
    },
  },
]
