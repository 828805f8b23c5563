/** API keys: made for oneself, listed and revoked for all. */
import { fingerprintOf, once } from '../../guard/index.ts'
import type { Around, NewKey, NewKeyView } from '../../identity/index.ts'
import type { ModelContext } from '../../model/types.ts'
import type { DoorRequest, Route } from '../route.ts'

const access = { capability: 'api_keys.manage' } as const

/** Keeps a repeated create from making a second key; the text of the first is not kept, so it can't be told again. */
function onceKey({ idempotencyKey: key, origin, path, body }: DoorRequest, ctx: ModelContext): Around<NewKeyView> | undefined {
  if (key === null) return undefined
  return async (connection, act) => {
    let made: NewKeyView | null = null
    const kept = await once(
      connection,
      ctx,
      { key, route: origin.route, fingerprint: fingerprintOf(path, body) },
      async () => {
        made = await act()
        return { status: 201, headers: {}, body: JSON.stringify({ ...made, key: null }), entity: null, record_id: null }
      },
      async first => first,
    )
    return made ?? (JSON.parse(kept.body) as NewKeyView)
  }
}

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
      const key = await request.engine.identity.apiKeys.create(ctx, request.body as NewKey, onceKey(request, ctx))
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
