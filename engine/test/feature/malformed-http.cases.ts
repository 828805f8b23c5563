/**
 * Malformed input × the answer it gets, as bytes on the wire. Drives the test and the table in docs/reference/problems.md.
 * `routes` are what the cases talk to.
 */
import type { Route } from '../../http/route.ts'

/** What is sent and what has to come back; `input` is the row's text in the table. */
export interface MalformedCase {
  readonly group: string
  readonly input: string
  readonly bytes: string | Buffer
  readonly status: number
  readonly code: string
  /** Code and pointer of the first entry of `errors`. */
  readonly error?: { readonly code: string; readonly pointer: string }
  /** Closes our side after sending. */
  readonly end?: true
}

const thing = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: { type: 'string', title: 'Name', maxLength: 200 },
    amount: { type: 'integer', title: 'Amount', minimum: 0 },
    where: { type: 'object' },
  },
} as const

export const routes: readonly Route[] = [
  { method: 'POST', path: '/api/things', access: 'caller', body: thing, handler: async ({ body }) => ({ status: 201, data: body }) },
  {
    method: 'GET',
    path: '/api/things',
    access: 'caller',
    query: {
      type: 'object',
      additionalProperties: false,
      properties: {
        limit: { type: 'integer', title: 'Limit', minimum: 1, maximum: 100 },
        trash: { type: 'boolean', title: 'Trash' },
        where: { type: 'object', title: 'Where', contentMediaType: 'application/json' },
      },
    },
    handler: async ({ query }) => ({ data: query }),
  },
  { method: 'GET', path: '/api/things/:id', access: 'caller', handler: async ({ params }) => ({ data: params }) },
  {
    method: 'PATCH',
    path: '/api/things/:id',
    access: 'caller',
    body: thing,
    handler: async request => ({ data: request.ifMatch(), page: request.idempotencyKey }),
  },
  { method: 'DELETE', path: '/api/things/:id', access: 'caller', handler: async request => ({ data: request.ifMatch() }) },
  { method: 'POST', path: '/api/uploads', access: 'caller', upload: { maxBytes: 1000 }, handler: readUpload },
  { method: 'GET', path: '/api/operated', access: 'operator', handler: async () => ({ data: true }) },
  { method: 'GET', path: '/api/audited', access: { capability: 'audit.read' }, handler: async () => ({ data: true }) },
]

async function readUpload({ parts }: Parameters<Route['handler']>[0]) {
  let bytes = 0
  for await (const part of parts()) if (part.kind === 'file') for await (const chunk of part.content) bytes += (chunk as Buffer).length
  return { data: { bytes } }
}

type Headers = Readonly<Record<string, string | null>>

/** One request as text; a header of null is left out. */
export function request(line: string, headers: Headers = {}, body: string | Buffer = ''): Buffer {
  const length = Buffer.byteLength(body)
  const all: Headers = {
    host: 'nexus.test',
    authorization: 'Bearer rep',
    connection: 'close',
    ...(length > 0 ? { 'content-type': 'application/json', 'content-length': String(length) } : {}),
    ...headers,
  }
  const head = Object.entries(all).map(([name, value]) => (value === null ? '' : `${name}: ${value}\r\n`))
  return Buffer.concat([Buffer.from(`${line} HTTP/1.1\r\n${head.join('')}\r\n`), Buffer.from(body)])
}

const post = (body: string | Buffer, headers: Headers = {}) => request('POST /api/things', headers, body)
const get = (path: string, headers: Headers = {}) => request(`GET ${path}`, headers)
const deep = (levels: number) => `{"name":"x","where":${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}}`

const line: readonly MalformedCase[] = [
  {
    group: 'The request line',
    input: 'Words that are no HTTP',
    bytes: 'good morning\r\n\r\n',
    status: 400,
    code: 'HTTP_MALFORMED_REQUEST',
  },
  {
    group: 'The request line',
    input: 'Random bytes',
    bytes: Buffer.from([0, 255, 22, 3, 1, 2, 0, 1, 13, 10, 13, 10]),
    status: 400,
    code: 'HTTP_MALFORMED_REQUEST',
  },
  {
    group: 'The request line',
    input: 'A TLS greeting on a plain port',
    bytes: Buffer.from('1603010200010001fc0303', 'hex'),
    status: 400,
    code: 'HTTP_MALFORMED_REQUEST',
    end: true,
  },
  {
    group: 'The request line',
    input: 'HTTP/2 without asking',
    bytes: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    status: 400,
    code: 'HTTP_MALFORMED_REQUEST',
  },
  {
    group: 'The request line',
    input: 'HTTP/2.0 in the request line',
    bytes: 'GET /health HTTP/2.0\r\nhost: a\r\n\r\n',
    status: 505,
    code: 'HTTP_VERSION_NOT_SUPPORTED',
  },
  {
    group: 'The request line',
    input: 'HTTP/9.9 in the request line',
    bytes: 'GET /health HTTP/9.9\r\nhost: a\r\n\r\n',
    status: 505,
    code: 'HTTP_VERSION_NOT_SUPPORTED',
  },
  {
    group: 'The request line',
    input: 'A method that does not exist',
    bytes: request('BREW /api/things'),
    status: 400,
    code: 'HTTP_MALFORMED_REQUEST',
  },
  {
    group: 'The request line',
    input: 'A method in lower case',
    bytes: request('get /api/things'),
    status: 400,
    code: 'HTTP_MALFORMED_REQUEST',
  },
  {
    group: 'The request line',
    input: 'A method the address does not know',
    bytes: request('PUT /api/things'),
    status: 405,
    code: 'HTTP_METHOD_NOT_ALLOWED',
  },
  { group: 'The request line', input: 'TRACE', bytes: request('TRACE /api/things'), status: 405, code: 'HTTP_METHOD_NOT_ALLOWED' },
  { group: 'The request line', input: 'OPTIONS', bytes: request('OPTIONS /api/things'), status: 405, code: 'HTTP_METHOD_NOT_ALLOWED' },
  {
    group: 'The request line',
    input: 'QUERY, without a media type',
    bytes: request('QUERY /api/things'),
    status: 405,
    code: 'HTTP_METHOD_NOT_ALLOWED',
  },
  { group: 'The request line', input: 'QUERY of an unknown address', bytes: request('QUERY /api/nothing'), status: 404, code: 'NOT_FOUND' },
  {
    group: 'The request line',
    input: 'CONNECT, to make a tunnel',
    bytes: 'CONNECT example.com:443 HTTP/1.1\r\nhost: example.com\r\n\r\n',
    status: 405,
    code: 'HTTP_METHOD_NOT_ALLOWED',
  },
  {
    group: 'The request line',
    input: 'A request cut off in the middle',
    bytes: 'GET /api/thi',
    status: 400,
    code: 'HTTP_MALFORMED_REQUEST',
    end: true,
  },
]

const address: readonly MalformedCase[] = [
  { group: 'The address', input: 'An address nobody serves', bytes: get('/api/nothing'), status: 404, code: 'NOT_FOUND' },
  { group: 'The address', input: 'Dot segments', bytes: get('/api/../../etc/passwd'), status: 404, code: 'NOT_FOUND' },
  { group: 'The address', input: 'A slash at the end, or two', bytes: get('/api//things/'), status: 404, code: 'NOT_FOUND' },
  { group: 'The address', input: 'Another case', bytes: get('/API/Things'), status: 404, code: 'NOT_FOUND' },
  { group: 'The address', input: 'A broken escape (%zz)', bytes: get('/api/things/%zz'), status: 400, code: 'HTTP_MALFORMED_URL' },
  {
    group: 'The address',
    input: 'An escape that is no UTF-8 (%ff)',
    bytes: get('/api/things/%ff'),
    status: 400,
    code: 'HTTP_MALFORMED_URL',
  },
  { group: 'The address', input: 'A fragment (#)', bytes: get('/api/things#top'), status: 400, code: 'HTTP_MALFORMED_URL' },
  { group: 'The address', input: 'A backslash', bytes: get('/api\\things'), status: 400, code: 'HTTP_MALFORMED_URL' },
  { group: 'The address', input: 'A blank', bytes: get('/api/things and more'), status: 400, code: 'HTTP_MALFORMED_REQUEST' },
  {
    group: 'The address',
    input: 'More than 8192 characters',
    bytes: get(`/api/things?where=${'x'.repeat(8200)}`),
    status: 414,
    code: 'HTTP_URI_TOO_LONG',
  },
  {
    group: 'The address',
    input: 'An id of more than 200 characters',
    bytes: get(`/api/things/${'x'.repeat(300)}`),
    status: 404,
    code: 'NOT_FOUND',
  },
]

const header: readonly MalformedCase[] = [
  { group: 'Headers', input: 'No host', bytes: get('/api/things', { host: null }), status: 400, code: 'HTTP_HEADER_INVALID' },
  { group: 'Headers', input: 'A host that is none', bytes: get('/api/things', { host: 'a/b' }), status: 400, code: 'HTTP_HEADER_INVALID' },
  {
    group: 'Headers',
    input: 'More than 16 kB of headers',
    bytes: get('/api/things', { 'x-much': 'x'.repeat(20_000) }),
    status: 431,
    code: 'HTTP_HEADERS_TOO_LARGE',
  },
  {
    group: 'Headers',
    input: 'A header without a colon',
    bytes: 'GET /api/things HTTP/1.1\r\nhost: a\r\nnonsense\r\n\r\n',
    status: 400,
    code: 'HTTP_MALFORMED_REQUEST',
  },
  {
    group: 'Headers',
    input: 'A blank before the colon',
    bytes: 'GET /api/things HTTP/1.1\r\nhost : a\r\n\r\n',
    status: 400,
    code: 'HTTP_MALFORMED_REQUEST',
  },
  {
    group: 'Headers',
    input: 'A control character in a value',
    bytes: 'GET /api/things HTTP/1.1\r\nhost: a\r\nx: a\u0001b\r\n\r\n',
    status: 400,
    code: 'HTTP_MALFORMED_REQUEST',
  },
  {
    group: 'Headers',
    input: 'authorization twice',
    bytes: get('/api/things', { Authorization: 'Bearer plain' }),
    status: 400,
    code: 'HTTP_HEADER_DUPLICATE',
  },
  {
    group: 'Headers',
    input: 'content-type twice',
    bytes: post('{"name":"x"}', { 'Content-Type': 'text/plain' }),
    status: 400,
    code: 'HTTP_HEADER_DUPLICATE',
  },
  {
    group: 'Headers',
    input: 'content-length twice',
    bytes: post('{"name":"x"}', { 'Content-Length': '5' }),
    status: 400,
    code: 'HTTP_MALFORMED_REQUEST',
  },
  {
    group: 'Headers',
    input: 'content-length and transfer-encoding',
    bytes: post('0\r\n\r\n', { 'transfer-encoding': 'chunked' }),
    status: 400,
    code: 'HTTP_MALFORMED_REQUEST',
  },
  {
    group: 'Headers',
    input: 'A content-length that is no number',
    bytes: post('{}', { 'content-length': 'ten' }),
    status: 400,
    code: 'HTTP_MALFORMED_REQUEST',
  },
  {
    group: 'Headers',
    input: 'A negative content-length',
    bytes: post('{}', { 'content-length': '-1' }),
    status: 400,
    code: 'HTTP_MALFORMED_REQUEST',
  },
  {
    group: 'Headers',
    input: 'A transfer-encoding besides chunked',
    bytes:
      post('', { 'transfer-encoding': 'gzip, chunked', 'content-type': 'application/json' }).toString() + 'c\r\n{"name":"Ai"}\r\n0\r\n\r\n',
    status: 400,
    code: 'HTTP_HEADER_INVALID',
  },
  {
    group: 'Headers',
    input: 'An unknown transfer-encoding',
    bytes: post('', { 'transfer-encoding': 'rot13', 'content-type': 'application/json' }),
    status: 400,
    code: 'HTTP_MALFORMED_REQUEST',
  },
  {
    group: 'Headers',
    input: 'An expectation other than 100-continue',
    bytes: post('{}', { expect: 'wonders' }),
    status: 417,
    code: 'HTTP_EXPECTATION_FAILED',
  },
  {
    group: 'Headers',
    input: 'A change without if-match',
    bytes: request('DELETE /api/things/1'),
    status: 428,
    code: 'HTTP_IF_MATCH_REQUIRED',
  },
  {
    group: 'Headers',
    input: 'if-match without quotes',
    bytes: request('DELETE /api/things/1', { 'if-match': '3' }),
    status: 400,
    code: 'HTTP_HEADER_INVALID',
  },
  {
    group: 'Headers',
    input: 'if-match: *',
    bytes: request('DELETE /api/things/1', { 'if-match': '*' }),
    status: 400,
    code: 'HTTP_HEADER_INVALID',
  },
  {
    group: 'Headers',
    input: 'A weak if-match',
    bytes: request('DELETE /api/things/1', { 'if-match': 'W/"3"' }),
    status: 400,
    code: 'HTTP_HEADER_INVALID',
  },
  {
    group: 'Headers',
    input: 'Several versions in if-match',
    bytes: request('DELETE /api/things/1', { 'if-match': '"3", "4"' }),
    status: 400,
    code: 'HTTP_HEADER_INVALID',
  },
  {
    group: 'Headers',
    input: 'An if-match beyond every version',
    bytes: request('DELETE /api/things/1', { 'if-match': '"9999999999"' }),
    status: 400,
    code: 'HTTP_HEADER_INVALID',
  },
  {
    group: 'Headers',
    input: 'An idempotency-key of 300 characters',
    bytes: post('{"name":"x"}', { 'idempotency-key': 'x'.repeat(300) }),
    status: 400,
    code: 'HTTP_HEADER_INVALID',
  },
  {
    group: 'Headers',
    input: 'A model-revision that is no number',
    bytes: get('/api/things', { 'model-revision': 'latest' }),
    status: 400,
    code: 'HTTP_HEADER_INVALID',
  },
]

const query: readonly MalformedCase[] = [
  {
    group: 'Query parameters',
    input: 'A parameter twice',
    bytes: get('/api/things?limit=1&limit=2'),
    status: 400,
    code: 'HTTP_QUERY_MALFORMED',
  },
  { group: 'Query parameters', input: 'A broken escape', bytes: get('/api/things?limit=%zz'), status: 400, code: 'HTTP_QUERY_MALFORMED' },
  {
    group: 'Query parameters',
    input: 'A parameter without a name',
    bytes: get('/api/things?=1'),
    status: 400,
    code: 'HTTP_QUERY_MALFORMED',
  },
  {
    group: 'Query parameters',
    input: 'JSON that is none',
    bytes: get('/api/things?where=%7B%22a%22'),
    status: 400,
    code: 'HTTP_QUERY_MALFORMED',
    error: { code: 'JSON_SYNTAX', pointer: '/where' },
  },
  {
    group: 'Query parameters',
    input: 'An unknown parameter',
    bytes: get('/api/things?offset=5'),
    status: 422,
    code: 'HTTP_QUERY_INVALID',
    error: { code: 'VALIDATE_UNKNOWN_NAME', pointer: '/offset' },
  },
  {
    group: 'Query parameters',
    input: 'A parameter in brackets',
    bytes: get('/api/things?limit[gte]=5'),
    status: 422,
    code: 'HTTP_QUERY_INVALID',
    error: { code: 'VALIDATE_UNKNOWN_NAME', pointer: '/limit[gte]' },
  },
  {
    group: 'Query parameters',
    input: '`__proto__`',
    bytes: get('/api/things?__proto__=1'),
    status: 422,
    code: 'HTTP_QUERY_INVALID',
    error: { code: 'VALIDATE_UNKNOWN_NAME', pointer: '/__proto__' },
  },
  {
    group: 'Query parameters',
    input: 'A number in another spelling (010, 1e1, +1)',
    bytes: get('/api/things?limit=010'),
    status: 422,
    code: 'HTTP_QUERY_INVALID',
    error: { code: 'VALIDATE_TYPE', pointer: '/limit' },
  },
  {
    group: 'Query parameters',
    input: 'A negative limit',
    bytes: get('/api/things?limit=-1'),
    status: 422,
    code: 'HTTP_QUERY_INVALID',
    error: { code: 'VALIDATE_MINIMUM', pointer: '/limit' },
  },
  {
    group: 'Query parameters',
    input: 'A limit of a million',
    bytes: get('/api/things?limit=1000000'),
    status: 422,
    code: 'HTTP_QUERY_INVALID',
    error: { code: 'VALIDATE_MAXIMUM', pointer: '/limit' },
  },
  {
    group: 'Query parameters',
    input: 'TRUE, yes or 1 for true',
    bytes: get('/api/things?trash=TRUE'),
    status: 422,
    code: 'HTTP_QUERY_INVALID',
    error: { code: 'VALIDATE_TYPE', pointer: '/trash' },
  },
  {
    group: 'Query parameters',
    input: 'Parameters where none are taken',
    bytes: get('/api/things/1?x=1'),
    status: 422,
    code: 'HTTP_QUERY_INVALID',
    error: { code: 'VALIDATE_UNKNOWN_NAME', pointer: '/x' },
  },
]

const bodyForm: readonly MalformedCase[] = [
  {
    group: 'The form of a body',
    input: 'No body where one is needed',
    bytes: request('POST /api/things'),
    status: 400,
    code: 'HTTP_BODY_MALFORMED',
    error: { code: 'JSON_SYNTAX', pointer: '' },
  },
  {
    group: 'The form of a body',
    input: 'A body where none is taken',
    bytes: request('GET /api/things', {}, '{}'),
    status: 400,
    code: 'HTTP_BODY_UNEXPECTED',
  },
  {
    group: 'The form of a body',
    input: 'text/plain',
    bytes: post('{"name":"x"}', { 'content-type': 'text/plain' }),
    status: 415,
    code: 'HTTP_MEDIA_TYPE',
  },
  {
    group: 'The form of a body',
    input: 'A form',
    bytes: post('name=x', { 'content-type': 'application/x-www-form-urlencoded' }),
    status: 415,
    code: 'HTTP_MEDIA_TYPE',
  },
  {
    group: 'The form of a body',
    input: 'Another JSON type',
    bytes: post('{"name":"x"}', { 'content-type': 'application/vnd.api+json' }),
    status: 415,
    code: 'HTTP_MEDIA_TYPE',
  },
  {
    group: 'The form of a body',
    input: 'Another character set',
    bytes: post('{"name":"x"}', { 'content-type': 'application/json; charset=utf-16' }),
    status: 415,
    code: 'HTTP_MEDIA_TYPE',
  },
  {
    group: 'The form of a body',
    input: 'No media type',
    bytes: post('{"name":"x"}', { 'content-type': null }),
    status: 415,
    code: 'HTTP_MEDIA_TYPE',
  },
  {
    group: 'The form of a body',
    input: 'A compressed body',
    bytes: post('{"name":"x"}', { 'content-encoding': 'gzip' }),
    status: 415,
    code: 'HTTP_CONTENT_ENCODING',
  },
  {
    group: 'The form of a body',
    input: 'More than 1 MB',
    bytes: post(`{"name":"${'x'.repeat(1024 * 1024)}"}`),
    status: 413,
    code: 'HTTP_BODY_TOO_LARGE',
  },
  {
    group: 'The form of a body',
    input: 'More than 1 MB in chunks',
    bytes: chunked(`{"name":"${'x'.repeat(1024 * 1024)}"}`),
    status: 413,
    code: 'HTTP_BODY_TOO_LARGE',
  },
  {
    group: 'The form of a body',
    input: 'A chunk that is none',
    bytes: post('', { 'content-type': 'application/json', 'transfer-encoding': 'chunked' }).toString() + 'zz\r\n',
    status: 400,
    code: 'HTTP_MALFORMED_REQUEST',
  },
  {
    group: 'The form of a body',
    input: 'An upload that is no multipart/form-data',
    bytes: request('POST /api/uploads', {}, '{}'),
    status: 415,
    code: 'HTTP_MEDIA_TYPE',
  },
  {
    group: 'The form of a body',
    input: 'An upload without a boundary',
    bytes: request('POST /api/uploads', { 'content-type': 'multipart/form-data' }, 'x'),
    status: 415,
    code: 'HTTP_MEDIA_TYPE',
  },
  {
    group: 'The form of a body',
    input: 'An upload that ends too early',
    bytes: upload('--b\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\nabc'),
    status: 400,
    code: 'HTTP_BODY_MALFORMED',
  },
  {
    group: 'The form of a body',
    input: 'A file larger than the route takes',
    bytes: upload(`${part('x'.repeat(5000))}--b--\r\n`),
    status: 413,
    code: 'HTTP_UPLOAD_TOO_LARGE',
  },
  {
    group: 'The form of a body',
    input: 'Two files where one is taken',
    bytes: upload(`${part('a')}${part('b')}--b--\r\n`),
    status: 413,
    code: 'HTTP_UPLOAD_TOO_LARGE',
  },
]

function chunked(text: string): Buffer {
  const head = request('POST /api/things', { 'content-type': 'application/json', 'transfer-encoding': 'chunked' })
  return Buffer.concat([head, Buffer.from(`${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`)])
}

function upload(body: string): Buffer {
  return request('POST /api/uploads', { 'content-type': 'multipart/form-data; boundary=b' }, body)
}

function part(content: string): string {
  return `--b\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\ncontent-type: text/csv\r\n\r\n${content}\r\n`
}

const json = (input: string, body: string | Buffer, code: string, pointer: string): MalformedCase => ({
  group: 'JSON',
  input,
  bytes: post(body),
  status: 400,
  code: 'HTTP_BODY_MALFORMED',
  error: { code, pointer },
})

const jsonCases: readonly MalformedCase[] = [
  json('Broken JSON', '{"name":', 'JSON_SYNTAX', ''),
  json('Two values', '{"name":"x"} {}', 'JSON_SYNTAX', ''),
  json('A comment, a trailing comma, single quotes', "{'name':'x',}", 'JSON_SYNTAX', ''),
  json('NaN or Infinity', '{"name":NaN}', 'JSON_SYNTAX', ''),
  json('A byte order mark', '\ufeff{"name":"x"}', 'JSON_SYNTAX', ''),
  json('Bytes that are no UTF-8', Buffer.from('{"name":"\xff\xfe"}', 'latin1'), 'JSON_ENCODING', ''),
  json('A name twice', '{"name":"x","name":"y"}', 'JSON_DUPLICATE_KEY', '/name'),
  json('A name twice, once escaped', '{"name":"x","\\u006eame":"y"}', 'JSON_DUPLICATE_KEY', '/name'),
  json('`__proto__`', '{"name":"x","__proto__":{"admin":true}}', 'JSON_FORBIDDEN_KEY', '/__proto__'),
  json('Nested deeper than 32', deep(40), 'JSON_TOO_DEEP', `/where${'/a'.repeat(31)}`),
  json('100,000 brackets', '['.repeat(100_000) + ']'.repeat(100_000), 'JSON_TOO_DEEP', '/0'.repeat(32)),
  json('A number beyond every range', '{"name":"x","amount":1e999}', 'JSON_NUMBER_RANGE', '/amount'),
  json('The character NUL', '{"name":"a\\u0000b"}', 'JSON_INVALID_TEXT', '/name'),
  json('Half a surrogate pair', '{"name":"a\\ud800b"}', 'JSON_INVALID_TEXT', '/name'),
]

const invalid = (input: string, body: string, code: string, pointer: string): MalformedCase => ({
  group: 'Values in a body',
  input,
  bytes: post(body),
  status: 422,
  code: 'HTTP_BODY_INVALID',
  error: { code, pointer },
})

const values: readonly MalformedCase[] = [
  invalid('A list or a text instead of an object', '[]', 'VALIDATE_TYPE', ''),
  invalid('An unknown name', '{"name":"x","nmae":"y"}', 'VALIDATE_UNKNOWN_NAME', '/nmae'),
  invalid('`constructor`, `prototype`', '{"name":"x","constructor":{}}', 'VALIDATE_UNKNOWN_NAME', '/constructor'),
  invalid('A required name is missing', '{}', 'VALIDATE_REQUIRED', '/name'),
  invalid('`"10"` for 10', '{"name":"x","amount":"10"}', 'VALIDATE_TYPE', '/amount'),
  invalid('1.5 for an integer', '{"name":"x","amount":1.5}', 'VALIDATE_TYPE', '/amount'),
  invalid('null for a text', '{"name":null}', 'VALIDATE_TYPE', '/name'),
  invalid('A text that is too long', `{"name":"${'x'.repeat(201)}"}`, 'VALIDATE_MAX_LENGTH', '/name'),
  invalid('A number that is too small', '{"name":"x","amount":-1}', 'VALIDATE_MINIMUM', '/amount'),
]

const who: readonly MalformedCase[] = [
  {
    group: 'Who asks',
    input: 'No token',
    bytes: get('/api/things', { authorization: null }),
    status: 401,
    code: 'IDENTITY_UNAUTHENTICATED',
  },
  {
    group: 'Who asks',
    input: 'A token that does not count',
    bytes: get('/api/things', { authorization: 'Bearer nobody' }),
    status: 401,
    code: 'IDENTITY_UNAUTHENTICATED',
  },
  {
    group: 'Who asks',
    input: 'Another scheme',
    bytes: get('/api/things', { authorization: 'Basic cmVwOnJlcA==' }),
    status: 401,
    code: 'IDENTITY_UNAUTHENTICATED',
  },
  {
    group: 'Who asks',
    input: 'No token and a broken body',
    bytes: post('{', { authorization: null }),
    status: 401,
    code: 'IDENTITY_UNAUTHENTICATED',
  },
  { group: 'Who asks', input: 'A user on an operator’s route', bytes: get('/api/operated'), status: 401, code: 'HTTP_OPERATOR_REFUSED' },
  {
    group: 'Who asks',
    input: 'A user without the capability',
    bytes: get('/api/audited', { authorization: 'Bearer plain' }),
    status: 403,
    code: 'ACCESS_CAPABILITY_MISSING',
  },
]

export const malformedCases: readonly MalformedCase[] = [
  ...line,
  ...address,
  ...header,
  ...query,
  ...bodyForm,
  ...jsonCases,
  ...values,
  ...who,
]
