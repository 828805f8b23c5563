import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type * as Handed from '../../../metadata/client/client.ts'
import { validatorOf } from '../../kernel/schema.ts'
import { type OpenDoor, openDoor } from '../harness/door.ts'

let folder: string
let door: OpenDoor

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nexus-app-'))
  for (const app of ['runtime', 'studio']) {
    mkdirSync(join(folder, app, 'assets'), { recursive: true })
    writeFileSync(join(folder, app, 'index.html'), `<title>${app}</title>`)
    writeFileSync(join(folder, app, 'assets/main-abc123.js'), `console.log('${app}')`)
    writeFileSync(join(folder, app, 'favicon.svg'), '<svg/>')
  }
  writeFileSync(join(folder, 'secret.txt'), 'canary')
  door = await openDoor({
    apps: [
      { prefix: '/', root: join(folder, 'runtime') },
      { prefix: '/studio/', root: join(folder, 'studio') },
    ],
  })
})
afterAll(async () => {
  await door.close()
  rmSync(folder, { recursive: true })
})

const get = (path: string, init: RequestInit = {}) => fetch(door.url + path, init)

test('health and version tell that it is up and which build it is, nothing else', async () => {
  expect(await (await get('/health')).json()).toEqual({ data: { status: 'up' } })
  expect(await (await get('/health/ready')).json()).toEqual({ data: { status: 'ready' } })
  expect(await (await get('/version')).json()).toEqual({ data: { name: 'nexus', version: '0.0.0', commit: 'test' } })
  expect(await (await get('/content/health')).json()).toEqual({ data: { status: 'up' } })
  expect(await (await get('/content/version')).json()).toEqual({ data: { name: 'nexus-content', version: '0.0.0', commit: 'test' } })
})

test('a process without its stores is up and not ready', async () => {
  const away = await openDoor({ ready: false })
  expect((await fetch(`${away.url}/health`)).status).toBe(200)
  const answer = await fetch(`${away.url}/health/ready`)
  expect([answer.status, (await answer.json()).code]).toEqual([503, 'HTTP_NOT_READY'])
  await away.close()
})

test('the type of a problem can be looked up', async () => {
  expect(await (await get('/problems/http-media-type')).json()).toEqual({
    data: { code: 'HTTP_MEDIA_TYPE', status: 415, title: 'This media type is not supported here' },
  })
  expect((await get('/problems/no-such-thing')).status).toBe(404)
})

test('the schema of an event is one document that needs no other', async () => {
  const answer = await get('/api/schemas/events/record.updated/1')
  expect(answer.headers.get('content-type')).toContain('application/schema+json')
  const { $id, ...schema } = await answer.json()
  expect($id).toBe('/api/schemas/events/record.updated/1')
  expect(validatorOf(schema)({}).length).toBeGreaterThan(5)
  for (const path of ['record.updated/2', 'record.updated/x', 'record.nothing/1', '__proto__/1']) {
    expect((await get(`/api/schemas/events/${path}`)).status).toBe(404)
  }
})

test('files of the apps are told apart from addresses that nobody knows', async () => {
  const before = door.lines.length
  for (const path of ['/', '/deals/01980000', '/assets/main-abc123.js', '/studio/entities', '/nothing.js', '/api/nothing']) await get(path)
  const told = door.lines.slice(before).map(line => JSON.parse(line) as { route: string; status: number })
  expect(told.map(({ route, status }) => `${route} ${status}`)).toEqual([
    ...Array.from({ length: 4 }, () => 'GET /* 200'),
    'unknown 404',
    'unknown 404',
  ])
})

test('a page of the app is its one document, under a strict policy', async () => {
  for (const path of ['/', '/deals', '/deals/01980000/edit?x=1', '/studio/', '/studio', '/studio/entities']) {
    const answer = await get(path)
    expect(await answer.text()).toBe(path.startsWith('/studio') ? '<title>studio</title>' : '<title>runtime</title>')
    expect(answer.headers.get('cache-control')).toBe('no-cache')
    const policy = answer.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("style-src 'self' 'unsafe-inline'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy.replace("style-src 'self' 'unsafe-inline'", '')).not.toContain('unsafe')
  }
})

test('an asset with a hash in its name is kept for a year', async () => {
  const answer = await get('/assets/main-abc123.js')
  expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(await answer.text()).toContain('runtime')
  expect(await (await get('/studio/assets/main-abc123.js')).text()).toContain('studio')
  expect((await get('/favicon.svg')).headers.get('cache-control')).toBe('no-cache')
})

test.each([
  '/assets/other.js',
  '/secret.txt',
  '/..%2fsecret.txt',
  '/assets/..%2f..%2fsecret.txt',
  '/%2e%2e/secret.txt',
  '/assets/main-abc123.js%00.html',
])('no file outside of the build is served: %s', async path => {
  const answer = await get(path)
  expect(await answer.text()).not.toContain('canary')
  expect([200, 400, 404]).toContain(answer.status)
})

test.each(['/api', '/api/nothing', '/content/nothing', '/health/nothing', '/metrics'])(
  'what is wrong under %s is a problem, never a page',
  async path => {
    const answer = await get(path)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'application/problem+json; charset=utf-8'])
  },
)

test('a page takes no POST', async () => {
  expect((await get('/deals', { method: 'POST' })).status).toBe(404)
})

test('the client is handed out as a file and its types, which run and compile by themselves', async () => {
  const [code, types] = [await get('/api/client.js'), await get('/api/client.d.ts')]
  expect([code.status, code.headers.get('content-type'), types.headers.get('content-type')]).toEqual([
    200,
    'text/javascript; charset=utf-8',
    'text/plain; charset=utf-8',
  ])
  const text = await code.text()
  expect(text).not.toMatch(/^\s*(?:import|export \* from) /m)
  const { createClient, Problem } = (await import(`data:text/javascript,${encodeURIComponent(text)}`)) as typeof Handed
  const refusal: unknown = await createClient({ url: door.url, apiKey: 'nothing' })
    .page('deal')
    .catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(Problem)
  const again = await get('/api/client.js', { headers: { 'if-none-match': code.headers.get('etag') ?? '' } })
  expect([again.status, await again.text(), again.headers.get('cache-control')]).toEqual([304, '', 'public, max-age=3600'])
})

test('who has the package imports the same client from it', async () => {
  const handed = await import('nexus/client')
  expect(
    await handed
      .createClient({ url: door.url, apiKey: 'nothing' })
      .page('deal')
      .catch((error: unknown) => error),
  ).toBeInstanceOf(handed.Problem)
})
