/** Identity at the door: cookies, same-site, statuses, headers, and that nothing more than that leaves. */
import type { FastifyInstance } from 'fastify'
import { beforeAll, expect, test } from 'vitest'
import { createServer } from '../../http/server.ts'
import { adminApiKeyRoutes } from '../../http/routes/admin-api-keys.ts'
import { adminRoleRoutes } from '../../http/routes/admin-roles.ts'
import { adminSessionRoutes } from '../../http/routes/admin-sessions.ts'
import { adminUserRoutes } from '../../http/routes/admin-users.ts'
import { authRoutes } from '../../http/routes/auth.ts'
import { meRoutes } from '../../http/routes/me.ts'
import { platformTenantRoutes } from '../../http/routes/platform-tenants.ts'
import { openDoor, OPERATOR_TOKEN } from '../harness/door.ts'
import { type HouseTenant, openNeighbourhood, PASSWORD } from '../harness/identity.ts'
import { SHARED_LOOP } from '../harness/shared-loop.ts'

const around = await openNeighbourhood()
const house = around.process()
let app: FastifyInstance
let tenant: HouseTenant

beforeAll(async () => {
  const door = await openDoor({ routes: [] })
  await door.close()
  const routes = [
    ...authRoutes,
    ...meRoutes,
    ...adminUserRoutes,
    ...adminRoleRoutes,
    ...adminSessionRoutes,
    ...adminApiKeyRoutes,
    ...platformTenantRoutes,
  ]
  const models = {
    take: async (ctx: Parameters<typeof door.engine.models.take>[0]) => ({
      ...ctx,
      ...(await around.context(house, ctx.caller)),
      caller: ctx.caller,
    }),
  }
  app = await createServer({ ...door.engine, identity: house.identity, database: house.database, models }, { ...SHARED_LOOP, routes })
  tenant = await around.tenant(house)
  return () => app.close()
})

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'
const call = (method: Method, url: string, { token, ...headers }: Record<string, string> = {}, payload?: object) =>
  app.inject({
    method,
    url,
    headers: { ...headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
    ...(payload === undefined ? {} : { payload }),
  })
const login = (email = tenant.adminEmail) => call('POST', '/api/auth/login', {}, { tenant: tenant.key, email, password: PASSWORD })
const cookiesOf = (answer: Awaited<ReturnType<typeof call>>) => [answer.headers['set-cookie'] ?? []].flat()
const cookieOf = (answer: Awaited<ReturnType<typeof call>>) => cookiesOf(answer)[0]?.split(';')[0] ?? ''

test('signing in gives a token in the body and a refresh cookie out of reach', async () => {
  const answer = await login()
  expect(answer.statusCode).toBe(200)
  expect(answer.json().data).toEqual({
    access_token: expect.stringMatching(new RegExp(`^${tenant.id}\\.access\\.`)),
    expires_at: expect.stringMatching(/Z$/),
    user: expect.objectContaining({ id: tenant.adminId, email: tenant.adminEmail }),
  })
  expect(cookiesOf(answer)).toEqual([
    expect.stringMatching(/^nexus_refresh=[^;]+; Expires=[^;]+; Path=\/api\/auth; HttpOnly; SameSite=Strict$/),
    expect.stringMatching(/^nexus_device=[^;]+; Max-Age=7776000; Path=\/api\/auth; HttpOnly; SameSite=Strict$/),
  ])
  expect(answer.headers['cache-control']).toBe('no-store')
  expect(answer.body).not.toContain(cookieOf(answer).split('=')[1])
  const me = await call('GET', '/api/me', { token: answer.json().data.access_token })
  expect(me.json().data).toMatchObject({ user: { email: tenant.adminEmail }, tenant: { key: tenant.key }, roles: ['admin'], limits: {} })
})

test('refresh needs the cookie and a sign that our own page sent it', async () => {
  const cookie = cookieOf(await login())
  expect((await call('POST', '/api/auth/refresh', { cookie })).json()).toMatchObject({ status: 403, code: 'IDENTITY_CROSS_SITE' })
  expect((await call('POST', '/api/auth/refresh', { cookie, origin: 'https://evil.test' })).statusCode).toBe(403)
  expect((await call('POST', '/api/auth/refresh', { 'nexus-client': 'test' })).statusCode).toBe(401)
  const next = await call('POST', '/api/auth/refresh', { cookie, origin: 'http://localhost:8080' })
  expect(next.statusCode).toBe(200)
  expect(cookieOf(next)).not.toBe(cookie)
  const twin = await call('POST', '/api/auth/refresh', { cookie, 'nexus-client': 'test' })
  expect([twin.statusCode, twin.json().code, twin.headers['retry-after'], twin.headers['set-cookie']]).toEqual([
    409,
    'IDENTITY_REFRESH_RACED',
    '1',
    undefined,
  ])
})

test('logout ends the session, takes the cookie away and is never an error', async () => {
  const answer = await login()
  const token: string = answer.json().data.access_token
  const out = await call('POST', '/api/auth/logout', { token, cookie: cookieOf(answer) })
  expect([out.statusCode, out.headers['set-cookie'], out.body]).toEqual([
    204,
    'nexus_refresh=; Max-Age=0; Path=/api/auth; HttpOnly; SameSite=Strict',
    '',
  ])
  expect((await call('GET', '/api/me', { token })).statusCode).toBe(401)
  expect((await call('POST', '/api/auth/logout', { token, 'nexus-client': 'test' })).statusCode).toBe(204)
  expect((await call('POST', '/api/auth/logout?everywhere=true', { 'nexus-client': 'test' })).statusCode).toBe(204)
  expect((await call('POST', '/api/auth/logout', { cookie: cookieOf(answer) })).statusCode).toBe(403)
  expect((await call('POST', '/api/auth/logout?everywhere=yes', { 'nexus-client': 'test' })).statusCode).toBe(422)
})

test('every refused token gets the same answer to the byte', async () => {
  const { access_token: token } = (await login()).json().data
  const bodies = await Promise.all(
    [
      undefined,
      'x',
      token.slice(0, -1),
      token.replace(tenant.id, '01980000-0000-7000-8000-000000000000'),
      cookieOf(await login()).split('=')[1],
    ].map(async text => {
      const answer = await call('GET', '/api/me', text === undefined ? {} : { token: text })
      const { 'trace-id': trace, date: _date, ...headers } = answer.headers
      return JSON.stringify([answer.statusCode, answer.body.replaceAll(String(trace), ''), headers])
    }),
  )
  expect(new Set(bodies).size).toBe(1)
  expect(bodies[0]).toContain('www-authenticate')
})

test('sign-in speaks the language asked for and tells nothing else', async () => {
  const refused = await call(
    'POST',
    '/api/auth/login',
    { 'accept-language': 'ru' },
    { tenant: tenant.key, email: 'nobody@x.test', password: 'wrong password 1' },
  )
  expect(refused.json()).toEqual({
    type: '/problems/identity-sign-in-refused',
    title: 'Вход отклонён',
    status: 401,
    code: 'IDENTITY_SIGN_IN_REFUSED',
    detail: 'Организация, адрес почты и пароль не подходят друг к другу.',
    trace_id: expect.any(String),
  })
})

test.each([
  ['a missing field', { tenant: 't', email: 'a@b.test' }, 422],
  ['a number for a password', { tenant: 't', email: 'a@b.test', password: 1234567890 }, 422],
  ['an object for an address', { tenant: 't', email: { $ne: null }, password: 'x' }, 422],
  ['an unknown key', { tenant: 't', email: 'a@b.test', password: 'x', admin: true }, 422],
  ['a huge password', { tenant: 't', email: 'a@b.test', password: 'x'.repeat(1001) }, 422],
])('sign-in refuses %s', async (_what, body, status) => {
  expect((await call('POST', '/api/auth/login', {}, body)).statusCode).toBe(status)
})

test('asking for a link answers 202 to everybody, and a bad link 422', async () => {
  for (const email of [tenant.adminEmail, 'nobody@x.test']) {
    const answer = await call('POST', '/api/auth/password/forgot', {}, { tenant: tenant.key, email })
    expect([answer.statusCode, answer.body]).toEqual([202, ''])
  }
  const reset = await call('POST', '/api/auth/password/reset', {}, { token: 'nonsense', password: 'a good new password' })
  expect([reset.statusCode, reset.json().code]).toEqual([422, 'IDENTITY_LINK_INVALID'])
})

test('an administrator creates, changes, locks and lists users over HTTP', async () => {
  const { access_token: token } = (await login()).json().data
  const made = await call(
    'POST',
    '/api/admin/users',
    { token },
    { email: 'rep@x.test', name: 'Rep', roles: ['reader'], password: PASSWORD },
  )
  expect([made.statusCode, made.headers['location']]).toEqual([201, `/api/admin/users/${made.json().data.id}`])
  const url = String(made.headers['location'])
  expect((await call('PATCH', url, { token }, { name: 'Repa' })).json().data.name).toBe('Repa')
  expect((await call('PATCH', url, { token }, { roles: ['no_such'] })).json()).toMatchObject({
    status: 422,
    errors: [{ pointer: '/roles/0', code: 'IDENTITY_ROLE_UNKNOWN' }],
  })
  expect((await call('PATCH', url, { token }, { locked: true })).statusCode).toBe(422)
  expect((await call('POST', `${url}/lock`, { token })).json().data.locked).toBe(true)
  expect((await call('POST', `${url}/unlock`, { token })).json().data.locked).toBe(false)
  expect((await call('POST', `${url}/reset`, { token })).statusCode).toBe(202)
  expect((await call('GET', '/api/admin/users?limit=100', { token })).json().data.map((user: { email: string }) => user.email)).toContain(
    'rep@x.test',
  )
  expect((await call('GET', '/api/admin/roles', { token })).json().data.map((role: { key: string }) => role.key)).toContain('helper')
  expect((await call('GET', '/api/admin/users/nonsense', { token })).statusCode).toBe(404)
})

test('a create sent twice with one key makes one user, and one API key whose text is told once', async () => {
  const { access_token: token } = (await login()).json().data
  const body = { email: 'once@x.test', name: 'Once', roles: ['reader'], password: PASSWORD }
  const [one, two] = [
    await call('POST', '/api/admin/users', { token, 'idempotency-key': 'k1' }, body),
    await call('POST', '/api/admin/users', { token, 'idempotency-key': 'k1' }, body),
  ]
  expect([one.statusCode, two.statusCode, two.json().data]).toEqual([201, 201, one.json().data])
  expect((await call('POST', '/api/admin/users', { token, 'idempotency-key': 'k1' }, { ...body, name: 'Twice' })).statusCode).toBe(422)
  const key = { name: 'robot', roles: ['admin'] }
  const first = (await call('POST', '/api/admin/api_keys', { token, 'idempotency-key': 'k2' }, key)).json().data
  const again = (await call('POST', '/api/admin/api_keys', { token, 'idempotency-key': 'k2' }, key)).json().data
  expect(again).toEqual({ ...first, key: null })
  expect((await call('GET', '/api/me', { token: first.key })).statusCode).toBe(200)
})

test('without the capability the administrators’ routes are closed', async () => {
  const { email } = await around.user(house, tenant)
  const { access_token: token } = (await login(email)).json().data
  for (const [method, url] of [
    ['GET', '/api/admin/users'],
    ['GET', '/api/admin/roles'],
    ['GET', '/api/admin/sessions'],
    ['GET', '/api/admin/api_keys'],
    ['DELETE', `/api/admin/sessions/${tenant.id}`],
  ] as const) {
    expect((await call(method, url, { token })).statusCode, url).toBe(403)
  }
})

test('tenants belong to the operator alone', async () => {
  const { access_token: token } = (await login()).json().data
  for (const credentials of [{}, { token }, { token: `${OPERATOR_TOKEN}x` }])
    expect((await call('GET', '/api/platform/tenants', credentials)).statusCode).toBe(401)
  const operator = { token: OPERATOR_TOKEN }
  const body = {
    key: 'fresh',
    name: 'Fresh',
    packs: ['house'],
    admin: { email: 'a@fresh.test', password: PASSWORD },
    locale: 'en',
    currency: 'EUR',
  }
  const made = await call('POST', '/api/platform/tenants', operator, body)
  expect([made.statusCode, made.json().data]).toEqual([
    201,
    { id: expect.any(String), key: 'fresh', revision: 1, admin_id: expect.any(String), org_unit_id: expect.any(String) },
  ])
  expect((await call('POST', '/api/platform/tenants', operator, body)).json()).toMatchObject({
    status: 409,
    code: 'IDENTITY_TENANT_EXISTS',
  })
  expect((await call('POST', '/api/platform/tenants', operator, { ...body, key: 'Fresh!' })).statusCode).toBe(422)
  expect((await call('POST', '/api/platform/tenants', operator, { ...body, key: 'coin', currency: 'XXY' })).statusCode).toBe(422)
  expect((await call('PATCH', '/api/platform/tenants/fresh', operator, { status: 'suspended' })).json().data.status).toBe('suspended')
  expect((await call('GET', '/api/platform/tenants', operator)).json().data.map((each: { key: string }) => each.key)).toEqual([
    'fresh',
    tenant.key,
  ])
})

test('a browser that somebody signed in from is not kept out by failures elsewhere', async () => {
  const first = await login()
  const cookie = cookiesOf(first)
    .map(each => each.split(';')[0])
    .join('; ')
  const sign = (password: string, headers = {}) =>
    call('POST', '/api/auth/login', headers, { tenant: tenant.key, email: tenant.adminEmail, password })
  for (let n = 0; n < 10; n++) expect((await sign(`guess number ${n}`)).statusCode).toBe(401)
  expect((await sign(PASSWORD)).statusCode).toBe(429)
  expect((await sign(PASSWORD, { cookie })).statusCode).toBe(200)
}, 30_000)
