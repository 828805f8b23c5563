/** Whatever callers send, wherever they put it: none of it reaches the logs. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { inReadersWords } from '../../../metadata/said.ts'
import { commonErrors } from '../../kernel/errors.ts'
import { openSecurityLog, type SecurityLog } from '../../kernel/security-log.ts'
import { SqlFailure } from '../../platform/sql-failure.ts'
import { callerOf, type OpenDoor, openDoor } from '../harness/door.ts'
import { request, routes } from './malformed-http.cases.ts'

const CANARY = 'kanarienvogel'
let folder: string
let securityLog: SecurityLog
let door: OpenDoor

function throwing(path: string, error: () => unknown): (typeof routes)[number] {
  return { method: 'POST', path, access: 'caller', body: {}, handler: async () => Promise.reject(error()) }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nexus-canary-'))
  securityLog = openSecurityLog(join(folder, 'security.log'), () => undefined)
  door = await openDoor({
    securityLog,
    callers: { rep: { ...callerOf({ capabilities: [] }), email: `${CANARY}@demo.test`, name: CANARY, userData: { '1': CANARY } } },
    routes: [
      ...routes,
      throwing(
        '/api/throws/:kind',
        () => new Error(`${CANARY}\n    at ${CANARY} (engine/${CANARY}.ts:1:1)`, { cause: new TypeError(CANARY) }),
      ),
      throwing('/api/fails/:kind', () =>
        Object.assign(new SqlFailure('other', { constraint: CANARY }), { detail: `Key (name)=(${CANARY})` }),
      ),
      throwing('/api/refuses/:kind', () =>
        commonErrors.INTERNAL(
          {},
          { errors: [{ pointer: `/${CANARY}`, code: 'VALIDATE_TYPE', message: inReadersWords(CANARY) }], cause: CANARY },
        ),
      ),
      throwing('/api/odd/:kind', () => ({ [CANARY]: CANARY })),
      throwing('/api/hidden/:entity', () => commonErrors.NOT_FOUND({})),
    ],
  })
})

afterAll(async () => {
  await door.close()
  securityLog.close()
  rmSync(folder, { recursive: true })
})

const HEADERS = [
  'accept',
  'accept-encoding',
  'accept-language',
  'authorization',
  'content-encoding',
  'content-type',
  'cookie',
  'expect',
  'forwarded',
  'from',
  'host',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'model-revision',
  'nexus-timing',
  'origin',
  'proxy-authorization',
  'range',
  'referer',
  'te',
  'traceparent',
  'tracestate',
  'upgrade',
  'user-agent',
  'via',
  'x-api-key',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-request-id',
  `x-${CANARY}`,
]

const body = JSON.stringify({ name: CANARY, [CANARY]: CANARY, where: { [CANARY]: [CANARY] } })
const multipart = `--b\r\ncontent-disposition: form-data; name="${CANARY}"; filename="${CANARY}.csv"\r\ncontent-type: text/${CANARY}\r\n\r\n${CANARY}\r\n--b--\r\n`

const sendings: readonly [where: string, bytes: string | Buffer][] = [
  ...HEADERS.flatMap((name): [string, Buffer][] => [
    [`the header ${name}`, request('GET /api/things', { [name]: CANARY })],
    [`the header ${name}, with a blank and a quote`, request('POST /api/things', { [name]: `"${CANARY} ${CANARY}"` }, body)],
  ]),
  ['a bearer token', request('GET /api/things', { authorization: `Bearer ${CANARY}` })],
  ['an operator token', request('GET /api/operated', { authorization: `Bearer ${CANARY}` })],
  ['the path', request(`GET /api/${CANARY}/${CANARY}`)],
  ['an id', request(`GET /api/things/${CANARY}`)],
  ['a broken escape', request(`GET /api/things/${CANARY}%zz`)],
  ['a query value', request(`GET /api/things?limit=${CANARY}&where=%7B%22${CANARY}%22%3A1%7D`)],
  ['a query name', request(`GET /api/things?${CANARY}=${CANARY}`)],
  ['a query twice', request(`GET /api/things?${CANARY}=1&${CANARY}=2`)],
  ['a body', request('POST /api/things', {}, body)],
  ['a broken body', request('POST /api/things', {}, `{"${CANARY}": ${CANARY}`)],
  ['a name twice', request('POST /api/things', {}, `{"${CANARY}":1,"${CANARY}":2}`)],
  ['an upload', request('POST /api/uploads', { 'content-type': 'multipart/form-data; boundary=b' }, multipart)],
  ['a broken upload', request('POST /api/uploads', { 'content-type': 'multipart/form-data; boundary=b' }, multipart.slice(0, -10))],
  ['the boundary of an upload', request('POST /api/uploads', { 'content-type': `multipart/form-data; boundary=${CANARY}` }, multipart)],
  ['a method', `${CANARY} /api/things HTTP/1.1\r\nhost: a\r\n\r\n`],
  ['no HTTP at all', `${CANARY}\r\n\r\n`],
  ['a refusal', request('GET /api/audited')],
  ['an entity that is not there', request(`POST /api/hidden/${CANARY}`, {}, body)],
  ...['throws', 'fails', 'refuses', 'odd'].map((kind): [string, Buffer] => [
    `an error that ${kind}`,
    request(`POST /api/${kind}/${CANARY}`, {}, body),
  ]),
]

test.each(sendings)('in %s', async (_, bytes) => {
  await door.raw(bytes, { end: true, waitMs: 2000 })
  expect(door.lines.length).toBeGreaterThan(0)
  expect(door.lines.join('')).not.toContain(CANARY)
  expect(readFileSync(join(folder, 'security.log'), 'utf8')).not.toContain(CANARY)
})

test('each request left one line of allowed fields, and the security log its own', () => {
  const allowed = ['time', 'level', 'msg', 'trace_id', 'tenant_id', 'user_id', 'route', 'status', 'duration_ms', 'stations']
  expect(door.lines).toHaveLength(sendings.length)
  for (const line of door.lines) expect(allowed).toEqual(expect.arrayContaining(Object.keys(JSON.parse(line))))
  expect(readFileSync(join(folder, 'security.log'), 'utf8')).toContain('"event":"operator_refused"')
})
