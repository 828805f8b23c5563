/** API keys: made for oneself, listed of people in sight, revoked of people in reach. */
import type { NewKey, NewKeyView } from '../../identity/index.ts'
import { onceMade } from '../once-made.ts'
import type { Route } from '../route.ts'

const access = { capability: 'api_keys.manage' } as const

/** The text of a key is told once and kept nowhere: repeating its making tells everything else. */
const withoutText = (made: NewKeyView): NewKeyView => ({ ...made, key: null })

export const adminApiKeyRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/admin/api_keys',
    access,
    query: {
      type: 'object',
      additionalProperties: false,
      properties: {
        limit: { type: 'integer', minimum: 1, maximum: 100, title: 'Limit' },
        after: { type: 'string', format: 'uuid', maxLength: 36, title: 'After' },
      },
    },
    handler: async ({ engine, model, query }) => {
      const { limit = 50, after = null } = query as { limit?: number; after?: string }
      const { keys, next } = await engine.identity.apiKeys.list(await model(), { limit, after })
      return { data: keys, page: { next } }
    },
  },
  {
    method: 'POST',
    path: '/api/admin/api_keys',
    access,
    body: {
      type: 'object',
      additionalProperties: false,
      required: ['name', 'roles'],
      properties: {
        name: { type: 'string', minLength: 1, maxLength: 120, title: 'Name' },
        roles: { type: 'array', items: { type: 'string', maxLength: 48 }, minItems: 1, maxItems: 16, uniqueItems: true, title: 'Roles' },
        ip_allow: { type: 'array', items: { type: 'string', maxLength: 50 }, maxItems: 50, title: 'Addresses' },
        expires_at: { type: 'string', format: 'date-time', maxLength: 40, title: 'Expires at' },
      },
    },
    handler: async request => {
      const ctx = await request.model()
      const memory = { body: request.body, keep: withoutText, renew: async (first: NewKeyView) => first }
      const key = await request.engine.identity.apiKeys.create(ctx, request.body as NewKey, onceMade(request, ctx, memory))
      return { status: 201, data: key }
    },
  },
  {
    method: 'DELETE',
    path: '/api/admin/api_keys/:id',
    access,
    handler: async ({ engine, model, params }) => {
      await engine.identity.apiKeys.revoke(await model(), params['id'] ?? '')
      return { empty: true }
    },
  },
]
