import { Readable } from 'node:stream'
import { afterEach, expect, test } from 'vitest'
import { inReadersWords } from '../../../metadata/said.ts'
import { UNLIMITED } from '../../guard/index.ts'
import { commonErrors, defineErrors } from '../../kernel/errors.ts'
import { say } from '../../kernel/say.ts'
import { unlessKnown } from '../../http/conditional.ts'
import { isKnownTag } from '../../http/headers.ts'
import type { Route } from '../../http/route.ts'
import { identityErrors } from '../../identity/errors.ts'
import { SqlFailure } from '../../platform/sql-failure.ts'
import { queryFailed, unknownName } from '../../validate/index.ts'
import { callerOf, type DoorParts, type OpenDoor, openDoor, OPERATOR_TOKEN, TENANT_ID, USER_ID } from '../harness/door.ts'

let door: OpenDoor
afterEach(() => door.close())

const rep = { authorization: 'Bearer rep' }

async function opened(handler: Route['handler'], route: Partial<Route> = {}, parts: DoorParts = {}): Promise<OpenDoor> {
  door = await openDoor({ ...parts, routes: [{ method: 'GET', path: '/api/thing/:entity', access: 'caller', ...route, handler }] })
  return door
}

const ask = (headers: Record<string, string> = rep, init: RequestInit = {}, path = '/api/thing/deal') =>
  fetch(door.url + path, { ...init, headers })

test('an answer is {"data": …}, not stored, under the trace it came with', async () => {
  await opened(async ({ ctx }) => ({ data: { trace: ctx.traceId, route: ctx.route, parent: ctx.traceparent }, page: { next: null } }))
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
  const answer = await ask({ ...rep, traceparent: `00-${traceId}-00f067aa0ba902b7-01` })
  expect(await answer.json()).toEqual({
    data: { trace: traceId, route: 'GET /api/thing/:entity', parent: expect.stringMatching(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`)) },
    page: { next: null },
  })
  expect(answer.headers.get('trace-id')).toBe(traceId)
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
})

test('a media type without a body is that of nothing: no route that takes none refuses it', async () => {
  for (const method of ['GET', 'POST', 'DELETE'] as const) {
    await opened(async () => ({ data: method }), { method })
    const answer = await ask({ ...rep, 'content-type': 'application/json' }, { method })
    expect([method, answer.status]).toEqual([method, 200])
    if (method !== 'DELETE') await door.close()
  }
})

test('text from Postgres goes through as it is', async () => {
  await opened(async () => ({ dataText: '[{"amount":"1250.00"}]', page: { next: null } }))
  expect(await (await ask()).text()).toBe('{"data":[{"amount":"1250.00"}],"page":{"next":null}}')
})

test('an answer names the revision it was made with, and only then', async () => {
  await opened(async ({ model, query }) => ({ data: query['plain'] === true ? 0 : (await model()).revision }), {
    query: { type: 'object', additionalProperties: false, properties: { plain: { type: 'boolean' } } },
  })
  expect((await ask()).headers.get('model-revision')).toBe('17')
  expect((await ask(rep, {}, '/api/thing/deal?plain=true')).headers.get('model-revision')).toBeNull()
})

test('the language is the caller\u2019s, or the one the request asks for', async () => {
  await opened(async ({ ctx }) => ({ data: ctx.caller.locale }), {}, { callers: { rep: callerOf({ locale: 'uk' }) } })
  const locale = async (header?: string) =>
    (await (await ask(header === undefined ? rep : { ...rep, 'accept-language': header })).json()).data
  expect(await locale()).toBe('uk')
  expect(await locale('es-MX,es;q=0.9,en;q=0.8')).toBe('es')
  expect(await locale('de, ru;q=0.5, en;q=0.4')).toBe('ru')
  expect(await locale('de')).toBe('uk')
  expect(await locale('nonsense;;q=2')).toBe('uk')
})

test('what the caller may not know and what is not there are the same answer to the byte', async () => {
  const hidden = new Set(['margin'])
  await opened(async ({ params }) => {
    if (hidden.has(params['entity'] ?? '')) throw commonErrors.NOT_FOUND({})
    throw commonErrors.NOT_FOUND({})
  })
  const shapeOf = async (path: string) => {
    const answer = await ask(rep, {}, path)
    const traceId = answer.headers.get('trace-id') ?? ''
    const headers = [...answer.headers].filter(([name]) => name !== 'date')
    return JSON.stringify([answer.status, headers, await answer.text()]).replaceAll(traceId, 'trace')
  }
  const [forbidden, unknown, nowhere] = await Promise.all(['/api/thing/margin', '/api/thing/nothing', '/api/elsewhere'].map(shapeOf))
  expect(forbidden).toBe(unknown)
  expect(forbidden).toBe(nowhere)
})

test('a fault of ours is told without its cause, and logged with its place', async () => {
  await opened(async () => {
    throw new TypeError('canary secret')
  })
  const answer = await ask()
  expect([answer.status, await answer.json()]).toMatchObject([500, { code: 'INTERNAL', hint: expect.any(String) }])
  const line = JSON.parse(door.lines.at(-1) ?? '')
  expect(line).toMatchObject({
    level: 'error',
    status: 500,
    msg: expect.stringMatching(/^request failed as INTERNAL \(TypeError at engine\/test\/feature\/door\.test\.ts:\d+/),
  })
  expect(door.lines.join('')).not.toContain('canary')
})

test.each([
  ['unique', 409, 'SQL_CONFLICT'],
  ['foreign', 409, 'SQL_CONFLICT'],
  ['serialization', 409, 'SQL_CONFLICT'],
  ['lock_timeout', 503, 'SQL_TIMEOUT'],
  ['statement_timeout', 503, 'SQL_TIMEOUT'],
  ['transaction_timeout', 503, 'SQL_TIMEOUT'],
  ['unavailable', 503, 'SQL_UNAVAILABLE'],
  ['outcome_unknown', 503, 'SQL_OUTCOME_UNKNOWN'],
  ['check', 500, 'INTERNAL'],
  ['other', 500, 'INTERNAL'],
] as const)('a statement that fails as %s is told as %i %s', async (kind, status, code) => {
  await opened(async () => {
    throw new SqlFailure(kind, { sqlState: '23505', constraint: 'canary_constraint' })
  })
  const answer = await ask()
  const text = await answer.text()
  expect([answer.status, JSON.parse(text).code]).toEqual([status, code])
  expect(text).not.toMatch(/canary|23505/)
})

const weather = defineErrors('TESTDOOR', {
  REFUSED: {
    status: 422,
    title: 'Refused',
    message: () => 'x'.repeat(5000),
    hint: () => 'hint',
    translations: say<unknown>(['Отказано', 'нет', 'совет'], ['Відмовлено', 'ні', 'порада'], ['Rechazado', 'no', 'consejo']),
  },
})

test('a problem speaks the caller\u2019s language and never grows without bound', async () => {
  await opened(async () => {
    const errors = Array.from({ length: 5000 }, (_, n) => ({
      pointer: `/${'a'.repeat(9000)}`,
      code: 'VALIDATE_TYPE',
      message: inReadersWords(`m${n}`),
    }))
    throw weather.REFUSED({}, { errors, members: { version: 7 } })
  })
  const english = await (await ask()).text()
  expect(english.length).toBeLessThan(300_000)
  expect(JSON.parse(english)).toMatchObject({ title: 'Refused', version: 7, type: '/problems/testdoor-refused' })
  expect(await (await ask({ ...rep, 'accept-language': 'ru' })).json()).toMatchObject({ title: 'Отказано', detail: 'нет', hint: 'совет' })
})

test('a route of a capability refuses the caller without it, and the refusal is on record', async () => {
  await opened(async () => ({ data: 1 }), { access: { capability: 'audit.read' } })
  expect((await ask()).status).toBe(200)
  expect(door.denials).toEqual([])
  const refused = await ask({ authorization: 'Bearer plain' })
  expect([refused.status, (await refused.json()).code]).toEqual([403, 'ACCESS_CAPABILITY_MISSING'])
  expect(door.denials).toMatchObject([
    { code: 'ACCESS_CAPABILITY_MISSING', route: 'GET /api/thing/:entity', entity: 'deal', record_id: null, caller: { userId: USER_ID } },
  ])
})

test('what does not exist for a caller is on record as well, by the names it could have', async () => {
  await opened(async () => Promise.reject(commonErrors.NOT_FOUND({})), { path: '/api/thing/:entity/:id' })
  await ask(rep, {}, `/api/thing/deal/${USER_ID}`)
  await ask(rep, {}, `/api/thing/${encodeURIComponent("x'; drop")}/${encodeURIComponent('../1')}`)
  expect(door.denials).toMatchObject([
    { code: 'NOT_FOUND', entity: 'deal', record_id: USER_ID },
    { code: 'NOT_FOUND', entity: null, record_id: null },
  ])
})

test('the operator\u2019s routes open to the operator\u2019s token alone', async () => {
  await opened(async () => ({ data: 1 }), { access: 'operator' })
  expect((await ask({ authorization: `Bearer ${OPERATOR_TOKEN}` })).status).toBe(200)
  for (const authorization of ['Bearer rep', `Bearer ${OPERATOR_TOKEN}x`, `Bearer ${OPERATOR_TOKEN.slice(0, -1)}`, 'Bearer ', '']) {
    expect((await ask({ authorization })).status).toBe(401)
  }
  expect(door.events.map(event => event.event)).toEqual(Array(5).fill('operator_refused'))
})

test('a route without a caller can not ask for one', async () => {
  await opened(async ({ ctx }) => ({ data: ctx.caller.userId }), { access: 'open' })
  expect((await ask()).status).toBe(500)
})

test('times of the stations are told to operators, and in development to who asks', async () => {
  await opened(async () => ({ data: 1 }))
  expect((await ask()).headers.get('server-timing')).toBeNull()
  expect((await ask({ ...rep, 'nexus-timing': 'on' })).headers.get('server-timing')).toMatch(
    /identity;dur=[\d.]+.*http;dur=[\d.]+.*total;dur=/,
  )
  await door.close()
  await opened(async () => ({ data: 1 }), {}, { production: true })
  expect((await ask({ ...rep, 'nexus-timing': 'on' })).headers.get('server-timing')).toBeNull()
  await door.close()
  await opened(async () => ({ data: 1 }), { access: 'operator' }, { production: true })
  expect((await ask({ authorization: `Bearer ${OPERATOR_TOKEN}` })).headers.get('server-timing')).toContain('total')
})

test('a decision that was overtaken is taken once more by the caller as he is now', async () => {
  let calls = 0
  await opened(async () => {
    calls += 1
    if (calls === 1) throw identityErrors.STALE({})
    return { data: calls }
  })
  expect(await (await ask()).json()).toEqual({ data: 2 })
  expect(door.looks).toEqual([{ afresh: false }, { afresh: true }])
  calls = -5
  await door.close()
  await opened(async () => Promise.reject(identityErrors.STALE({})))
  expect((await ask()).status).toBe(409)
})

test('who comes too fast is told when to come back', async () => {
  await opened(async () => ({ data: 1 }), {}, { rate: { ...UNLIMITED, principal: { perSecond: 0.1, burst: 2 } } })
  expect([(await ask()).status, (await ask()).status]).toEqual([200, 200])
  const answer = await ask()
  expect([answer.status, (await answer.json()).code, answer.headers.get('retry-after')]).toEqual([429, 'GUARD_RATE_LIMITED', '10'])
  expect(door.events).toMatchObject([{ event: 'rate_limited', tenant_id: TENANT_ID, user_id: USER_ID }])
})

test('what is wrong with a query is told in the reader’s language, whatever made the problem', async () => {
  await opened(async () => Promise.reject(queryFailed([unknownName('stge', '/sort/0', ['stage'])])))
  const told = async (language: string) => (await (await ask({ ...rep, 'accept-language': language })).json()).errors[0]
  const place = { pointer: '/sort/0', code: 'VALIDATE_UNKNOWN_NAME', params: { name: 'stge' } }
  expect([await told('en'), await told('ru'), await told('es')]).toEqual([
    { ...place, message: 'There is no "stge" here.', hint: 'Did you mean "stage"?' },
    { ...place, message: 'Имени «stge» здесь нет.', hint: 'Возможно, имелось в виду «stage»?' },
    { ...place, message: 'Aquí no existe «stge».', hint: '¿Quiso decir «stage»?' },
  ])
})

test('an address that guesses tokens is slowed down, one with a good token is not', async () => {
  await opened(async () => ({ data: 1 }), {}, { rate: { ...UNLIMITED, refused: { perSecond: 0.01, burst: 3 } } })
  const statuses = []
  for (let n = 0; n < 5; n++) statuses.push((await ask({ authorization: 'Bearer guess' })).status)
  expect(statuses).toEqual([401, 401, 401, 429, 429])
  expect((await ask()).status).toBe(200)
  expect(door.events.map(event => event.event)).toEqual(['token_refused', 'token_refused', 'token_refused', 'rate_limited', 'rate_limited'])
})

test('an address is believed from a trusted proxy alone', async () => {
  const ipOf = async () => (await (await ask({ ...rep, 'x-forwarded-for': '203.0.113.9' })).json()).data
  await opened(async ({ ctx }) => ({ data: ctx.ip }))
  expect(await ipOf()).toBe('127.0.0.1')
  await door.close()
  await opened(async ({ ctx }) => ({ data: ctx.ip }), {}, { trustedProxies: ['loopback'] })
  expect(await ipOf()).toBe('203.0.113.9')
  expect((await (await ask({ ...rep, 'x-forwarded-for': 'nonsense' })).json()).data).toBe('127.0.0.1')
})

test('a page made by a route comes under the policy of pages, data under that of data', async () => {
  await opened(async () => ({ text: { type: 'text/html; charset=utf-8', body: '<title>x</title>' } }))
  const page = await ask()
  expect([page.headers.get('content-type'), await page.text()]).toEqual(['text/html; charset=utf-8', '<title>x</title>'])
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
  expect((await fetch(`${door.url}/health`)).headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'")
})

test('what the client holds already is not sent again', async () => {
  let made = 0
  await opened(door => unlessKnown(door, '"17-rep-en"', async () => ({ data: (made += 1) })))
  const first = await ask()
  expect(first.headers.get('etag')).toBe('"17-rep-en"')
  expect(first.headers.get('cache-control')).toBe('private, no-cache')
  const again = await ask({ ...rep, 'if-none-match': 'W/"17-rep-en"' })
  expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', '"17-rep-en"'])
  expect((await ask({ ...rep, 'if-none-match': '"16-rep-en"' })).status).toBe(200)
  expect(made).toBe(2)
})

test('a file is streamed with the headers it is given', async () => {
  await opened(async () => ({
    stream: Readable.from(['a;b\n', '1;2\n']),
    headers: { 'content-type': 'text/csv', 'content-disposition': 'attachment' },
  }))
  const answer = await ask()
  expect([answer.headers.get('content-type'), await answer.text()]).toEqual(['text/csv', 'a;b\n1;2\n'])
})

test('a stream that breaks breaks the connection, not the server', async () => {
  await opened(async () => ({
    stream: Readable.from(
      (async function* () {
        yield 'a'.repeat(100_000)
        throw new Error('canary')
      })(),
    ),
    headers: { 'content-type': 'text/csv' },
  }))
  await expect(ask().then(answer => answer.text())).rejects.toThrow()
  expect(await (await fetch(`${door.url}/api/nothing`)).json()).toMatchObject({ code: 'NOT_FOUND' })
})

test('HEAD is a GET without its body', async () => {
  await opened(async () => ({ data: 'x'.repeat(100) }))
  const answer = await ask(rep, { method: 'HEAD' })
  expect([answer.status, answer.headers.get('content-length'), await answer.text()]).toEqual([200, '111', ''])
})

test('large answers are compressed for who can read it, and none under /api/auth', async () => {
  const data = 'x'.repeat(10_000)
  door = await openDoor({
    routes: ['/api/large', '/api/auth/large'].map(path => ({ method: 'GET', path, access: 'open', handler: async () => ({ data }) })),
  })
  const bytes = await door.raw('GET /api/large HTTP/1.1\r\nhost: a\r\naccept-encoding: gzip\r\nconnection: close\r\n\r\n', { waitMs: 2000 })
  expect(bytes).toContain('content-encoding: gzip')
  expect(bytes.length).toBeLessThan(1500)
  expect(await (await fetch(`${door.url}/api/large`)).json()).toEqual({ data })
  expect((await fetch(`${door.url}/api/auth/large`)).headers.get('content-encoding')).toBeNull()
})

test.each([
  [undefined, '"a"', false],
  ['"a"', '"a"', true],
  ['W/"a"', '"a"', true],
  ['"b", "a"', '"a"', true],
  ['*', '"a"', true],
  ['"b"', '"a"', false],
])('if-none-match %s against %s', (header, etag, known) => expect(isKnownTag(header, etag)).toBe(known))
