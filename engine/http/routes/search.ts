/** One search over all that a caller may search (contracts §2). */
import { searchRecords } from '../../records/index.ts'
import { recordContext } from '../record-context.ts'
import type { Route } from '../route.ts'

export const searchRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/search',
    access: 'caller',
    operation: 'read',
    query: {
      type: 'object',
      additionalProperties: false,
      required: ['q'],
      properties: {
        q: { type: 'string', pattern: '\\S', maxLength: 200, title: 'Search' },
        entities: { type: 'string', minLength: 1, maxLength: 2_000, title: 'Entities' },
        limit: { type: 'integer', minimum: 1, maximum: 20, title: 'Limit' },
      },
    },
    handler: async door => {
      const { q, entities, limit } = door.query as { q: string; entities?: string; limit?: number }
      const data = await searchRecords(await recordContext(door), {
        q,
        ...(entities === undefined ? {} : { entities: entities.split(',') }),
        ...(limit === undefined ? {} : { limit }),
      })
      return { data }
    },
  },
]
