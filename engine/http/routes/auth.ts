/** Sign-in and what follows from it: refresh, logout, forgotten passwords. */
import { EngineError } from '../../kernel/errors.ts'
import type { Caller } from '../../kernel/context.ts'
import type { DoorRequest, Route } from '../route.ts'

const tenant = { type: 'string', minLength: 1, maxLength: 48, title: 'Tenant' } as const
const email = { type: 'string', minLength: 3, maxLength: 320, title: 'E-mail' } as const
const password = { type: 'string', minLength: 1, maxLength: 1000, title: 'Password' } as const

/** A closed object whose properties are all required. */
const form = (properties: Readonly<Record<string, object>>) => ({
  type: 'object',
  additionalProperties: false,
  required: Object.keys(properties),
  properties,
})

const visitOf = (request: DoorRequest) => ({
  ...request.origin,
  caller: null,
  concerns: (tenantId: string) => request.concerns(tenantId),
})

/** The caller of an open route, if his token still counts; logout must work with a session that has run out. */
async function callerOf({ engine, headers, origin }: DoorRequest): Promise<Caller | null> {
  const authorization = typeof headers['authorization'] === 'string' ? headers['authorization'] : undefined
  if (authorization === undefined) return null
  try {
    return await engine.identity.authenticate({ authorization, ip: origin.ip, now: origin.now })
  } catch (error) {
    if (error instanceof EngineError && error.status === 401) return null
    throw error
  }
}

const cookiesOf = ({ headers }: DoorRequest) => (typeof headers['cookie'] === 'string' ? headers['cookie'] : undefined)

const cookieOf = (request: DoorRequest) => request.engine.identity.cookie.read(cookiesOf(request))

export const authRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/api/auth/login',
    access: 'open',
    body: form({ tenant, email, password }),
    handler: async request => {
      const { identity } = request.engine
      const { access, refresh, user, device } = await identity.signIn(
        request.body as { tenant: string; email: string; password: string },
        visitOf(request),
        cookiesOf(request),
      )
      // Programs that keep one cookie keep the first.
      return { data: { ...access, user }, headers: { 'set-cookie': [identity.cookie.write(refresh), device] } }
    },
  },
  {
    method: 'POST',
    path: '/api/auth/refresh',
    access: 'open',
    handler: async request => {
      const { identity } = request.engine
      identity.cookie.requireSameSite(request.headers)
      const { access, refresh, user } = await identity.refresh(cookieOf(request), visitOf(request))
      return { data: { ...access, user }, headers: { 'set-cookie': identity.cookie.write(refresh) } }
    },
  },
  {
    method: 'POST',
    path: '/api/auth/logout',
    access: 'open',
    query: { type: 'object', additionalProperties: false, properties: { everywhere: { type: 'boolean', title: 'Everywhere' } } },
    handler: async request => {
      const { identity } = request.engine
      const caller = await callerOf(request)
      if (caller === null) identity.cookie.requireSameSite(request.headers)
      await identity.signOut({ caller, cookie: cookieOf(request) }, request.query['everywhere'] === true, visitOf(request))
      return { empty: true, headers: { 'set-cookie': identity.cookie.clear() } }
    },
  },
  {
    method: 'POST',
    path: '/api/auth/password/forgot',
    access: 'open',
    body: form({ tenant, email }),
    handler: async request => {
      const typed = request.body as { tenant: string; email: string }
      await request.engine.identity.forgotPassword(typed, visitOf(request), cookiesOf(request))
      return { status: 202, empty: true }
    },
  },
  {
    method: 'POST',
    path: '/api/auth/password/reset',
    access: 'open',
    body: form({ token: { type: 'string', minLength: 1, maxLength: 1000, title: 'Token' }, password }),
    handler: async request => {
      await request.engine.identity.resetPassword(request.body as { token: string; password: string }, visitOf(request))
      return { empty: true }
    },
  },
]
