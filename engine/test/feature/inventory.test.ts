import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from '../../http/index.ts'
import { validatorOf } from '../../kernel/schema.ts'
import { type OpenDoor, openDoor } from '../harness/door.ts'

let door: OpenDoor
beforeAll(async () => {
  door = await openDoor()
})
afterAll(() => door.close())

const declared = routes.map(({ method, path }) => `${method} ${path}`)

/** Lines of fastify's own print of its router, one path each: `/api/records/:entity (GET, HEAD)`. */
function served(): string[] {
  const branches: string[] = []
  const found: string[] = []
  for (const line of door.app.printRoutes({ commonPrefix: false }).split('\n')) {
    const [, indent = '', path = '', methods = ''] = /^((?:[│├└─ ]{4})*)(\S*)(?: \((.*)\))?$/.exec(line) ?? []
    const depth = indent.length / 4
    branches.splice(Math.max(0, depth - 1), Number.POSITIVE_INFINITY, path)
    for (const method of methods.split(', ')) if (method !== '' && method !== 'HEAD') found.push(`${method} ${branches.join('')}`)
  }
  return found
}

test('the server serves the inventory and nothing else', () => {
  expect(served().sort()).toEqual([...declared].sort())
})

test('no route is declared twice', () => {
  expect(new Set(declared).size).toBe(declared.length)
})

test.each(routes.map(route => [`${route.method} ${route.path}`, route] as const))('%s is declared in full', (_, route) => {
  expect(route.path).toMatch(/^\/(?:[a-z_]+|:[a-z_]+)(?:\/(?:[a-z_.0-9]+|:[a-z_]+))*$/)
  if (route.method === 'GET') expect([route.body, route.upload]).toEqual([undefined, undefined])
  expect(route.body !== undefined && route.upload !== undefined).toBe(false)
  if (route.path.startsWith('/api/records')) expect(route.operation).toBeDefined()
  if (route.path.startsWith('/api/admin')) expect(route.access).toMatchObject({ capability: expect.any(String) })
  if (route.path.startsWith('/api/platform')) expect(route.access).toBe('operator')
  for (const schema of [route.body, route.query]) if (schema !== undefined) expect(() => validatorOf(schema)).not.toThrow()
  // Closed objects: an unknown name is refused, never ignored. A body without a type is checked by its use case, entity by entity.
  for (const schema of [route.body, route.query]) if (schema?.['type'] === 'object') expect(schema['additionalProperties']).toBe(false)
})

test('what is open to anybody is a short list', () => {
  expect(routes.filter(route => route.access === 'open').map(route => route.path)).toEqual([
    '/health',
    '/health/ready',
    '/version',
    '/content/health',
    '/content/version',
    '/problems/:code',
    '/api/schemas/events/:type/:version',
    '/api/client.js',
    '/api/client.d.ts',
    '/api/auth/login',
    '/api/auth/refresh',
    '/api/auth/logout',
    '/api/auth/password/forgot',
    '/api/auth/password/reset',
    '/api/docs',
    '/api/docs/:file',
  ])
})

test('every other route answers a stranger with 401, whatever else is wrong with his request', async () => {
  for (const route of routes.filter(({ access }) => access !== 'open')) {
    const path = route.path.replaceAll(/:[a-z_]+/g, '01980000-0000-7000-8000-00000000000f')
    const init = route.body === undefined ? {} : { body: '{', headers: { 'content-type': 'application/json' } }
    const answer = await fetch(door.url + path, { method: route.method, ...(route.upload === undefined ? init : { body: new FormData() }) })
    expect([route.path, answer.status]).toEqual([route.path, 401])
  }
})
