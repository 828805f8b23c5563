/** Tenants, as the operator of the installation manages them. */
import { LOCALES } from '../../kernel/context.ts'
import type { NewTenant } from '../../identity/index.ts'
import type { Route } from '../route.ts'

const key = { type: 'string', pattern: '^[a-z][a-z0-9_-]{0,47}$', title: 'Key' } as const

export const platformTenantRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/platform/tenants',
    access: 'operator',
    query: {
      type: 'object',
      additionalProperties: false,
      properties: { limit: { type: 'integer', minimum: 1, maximum: 100, title: 'Limit' }, after: { ...key, title: 'After' } },
    },
    handler: async ({ engine, query }) => {
      const { limit = 50, after = null } = query as { limit?: number; after?: string }
      const { tenants, next } = await engine.identity.tenants.list({ limit, after })
      return { data: tenants, page: { next } }
    },
  },
  {
    method: 'POST',
    path: '/api/platform/tenants',
    access: 'operator',
    body: {
      type: 'object',
      additionalProperties: false,
      required: ['key', 'name', 'packs', 'admin', 'locale', 'currency'],
      properties: {
        key,
        name: { type: 'string', minLength: 1, maxLength: 120, title: 'Name' },
        packs: {
          type: 'array',
          items: { type: 'string', pattern: '^[a-z][a-z0-9_]{0,47}$' },
          minItems: 1,
          maxItems: 20,
          uniqueItems: true,
          title: 'Packs',
        },
        admin: {
          type: 'object',
          additionalProperties: false,
          required: ['email', 'password'],
          title: 'Administrator',
          properties: {
            email: { type: 'string', format: 'email', minLength: 3, maxLength: 320, title: 'E-mail' },
            password: { type: 'string', minLength: 1, maxLength: 1000, title: 'Password' },
            name: { type: 'string', minLength: 1, maxLength: 120, title: 'Name' },
          },
        },
        locale: { enum: LOCALES, title: 'Language' },
        currency: { enum: Intl.supportedValuesOf('currency'), title: 'Currency' },
        time_zone: { type: 'string', maxLength: 64, title: 'Time zone' },
        week_start: { type: 'integer', minimum: 1, maximum: 7, title: 'First day of the week' },
      },
    },
    handler: async ({ engine, origin, body }) => {
      const tenant = await engine.identity.tenants.create(body as NewTenant, { ...origin, caller: null })
      return { status: 201, data: tenant, headers: { location: `/api/platform/tenants/${tenant.key}` } }
    },
  },
  {
    method: 'PATCH',
    path: '/api/platform/tenants/:key',
    access: 'operator',
    body: {
      type: 'object',
      additionalProperties: false,
      required: ['status'],
      properties: { status: { enum: ['active', 'suspended'], title: 'Status' }, note: { type: 'string', maxLength: 500, title: 'Note' } },
    },
    handler: async ({ engine, params, body, origin }) => {
      const change = body as { status: 'active' | 'suspended'; note?: string }
      return { data: await engine.identity.tenants.setStatus(params['key'] ?? '', change, { ...origin, caller: null }) }
    },
  },
]
