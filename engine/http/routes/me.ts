/** What a caller may know and change of himself. */
import { type Locale, LOCALES } from '../../kernel/context.ts'
import type { Route } from '../route.ts'

const password = { type: 'string', minLength: 1, maxLength: 1000 } as const

export const meRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/me',
    access: 'caller',
    handler: async ({ engine, ctx, model }) => ({ data: engine.identity.me.describe(ctx.caller, (await model()).model) }),
  },
  {
    method: 'PATCH',
    path: '/api/me',
    access: 'caller',
    body: {
      type: 'object',
      additionalProperties: false,
      minProperties: 1,
      properties: { locale: { enum: LOCALES, title: 'Language' }, time_zone: { type: 'string', maxLength: 64, title: 'Time zone' } },
    },
    handler: async ({ engine, model, body }) => {
      await engine.identity.me.change(await model(), body as { locale?: Locale; time_zone?: string })
      return { empty: true }
    },
  },
  {
    method: 'POST',
    path: '/api/me/password',
    access: 'caller',
    body: {
      type: 'object',
      additionalProperties: false,
      required: ['current_password', 'password'],
      properties: { current_password: { ...password, title: 'Current password' }, password: { ...password, title: 'New password' } },
    },
    handler: async ({ engine, model, body }) => {
      await engine.identity.me.changePassword(await model(), body as { current_password: string; password: string })
      return { empty: true }
    },
  },
]
