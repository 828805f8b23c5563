/** Users, as administrators manage them. */
import { LOCALES } from '../../kernel/context.ts'
import type { NewUser, UserChange, UserView } from '../../identity/index.ts'
import { onceMade } from '../once-made.ts'
import type { Route } from '../route.ts'

const access = { capability: 'users.manage' } as const

const properties = {
  email: { type: 'string', format: 'email', minLength: 3, maxLength: 320, title: 'E-mail' },
  name: { type: 'string', minLength: 1, maxLength: 120, title: 'Name' },
  actor: { enum: ['employee', 'client', 'supplier', 'professional'], title: 'Kind of person' },
  roles: { type: 'array', items: { type: 'string', maxLength: 48 }, minItems: 1, maxItems: 16, uniqueItems: true, title: 'Roles' },
  org_unit_id: { type: ['string', 'null'], format: 'uuid', title: 'Unit' },
  locale: { enum: LOCALES, title: 'Language' },
  time_zone: { type: 'string', maxLength: 64, title: 'Time zone' },
} as const

/** A route that does something to one user and answers with him. */
function act(verb: 'lock' | 'unlock'): Route {
  return {
    method: 'POST',
    path: `/api/admin/users/:id/${verb}`,
    access,
    handler: async ({ engine, model, params }) => ({ data: await engine.identity.users[verb](await model(), params['id'] ?? '') }),
  }
}

export const adminUserRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/admin/users',
    access,
    query: {
      type: 'object',
      additionalProperties: false,
      properties: {
        limit: { type: 'integer', minimum: 1, maximum: 100, title: 'Limit' },
        after: { type: 'string', maxLength: 2000, title: 'After' },
      },
    },
    handler: async ({ engine, model, query }) => {
      const { limit = 50, after = null } = query as { limit?: number; after?: string }
      const { users, next } = await engine.identity.users.list(await model(), { limit, after })
      return { data: users, page: { next } }
    },
  },
  {
    method: 'POST',
    path: '/api/admin/users',
    access,
    body: {
      type: 'object',
      additionalProperties: false,
      required: ['email', 'name', 'roles'],
      properties: { ...properties, password: { type: 'string', minLength: 1, maxLength: 1000, title: 'Password' } },
    },
    handler: async request => {
      const { users } = request.engine.identity
      const ctx = await request.model()
      const input = request.body as NewUser
      const memory = {
        body: { ...input, password: null },
        keep: (made: UserView) => made,
        renew: (first: UserView) => users.get(ctx, first.id),
      }
      const user = await users.create(ctx, input, onceMade(request, ctx, memory))
      return { status: 201, data: user, headers: { location: `/api/admin/users/${user.id}` } }
    },
  },
  {
    method: 'GET',
    path: '/api/admin/users/:id',
    access,
    handler: async ({ engine, model, params }) => ({ data: await engine.identity.users.get(await model(), params['id'] ?? '') }),
  },
  {
    method: 'PATCH',
    path: '/api/admin/users/:id',
    access,
    body: { type: 'object', additionalProperties: false, minProperties: 1, properties },
    handler: async ({ engine, model, params, body }) => ({
      data: await engine.identity.users.change(await model(), params['id'] ?? '', body as UserChange),
    }),
  },
  act('lock'),
  act('unlock'),
  {
    method: 'POST',
    path: '/api/admin/users/:id/reset',
    access,
    handler: async ({ engine, model, params }) => {
      await engine.identity.users.reset(await model(), params['id'] ?? '')
      return { status: 202, empty: true }
    },
  },
]
