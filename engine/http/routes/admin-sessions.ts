/** Sessions that are alive, and their end. */
import type { Route } from '../route.ts'

const access = { capability: 'users.manage' } as const
const id = { type: 'string', format: 'uuid', maxLength: 36 } as const

export const adminSessionRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/admin/sessions',
    access,
    query: {
      type: 'object',
      additionalProperties: false,
      properties: {
        user_id: { ...id, title: 'User' },
        limit: { type: 'integer', minimum: 1, maximum: 100, title: 'Limit' },
        after: { ...id, title: 'After' },
      },
    },
    handler: async ({ engine, model, query }) => {
      const { user_id: userId = null, limit = 50, after = null } = query as { user_id?: string; limit?: number; after?: string }
      const { sessions, next } = await engine.identity.sessions.list(await model(), { userId, limit, after })
      return { data: sessions, page: { next } }
    },
  },
  {
    method: 'DELETE',
    path: '/api/admin/sessions/:id',
    access,
    handler: async ({ engine, model, params }) => {
      await engine.identity.sessions.revoke(await model(), params['id'] ?? '')
      return { empty: true }
    },
  },
]
