import { afterAll, beforeAll, expect, test } from 'vitest'
import { definitionValidator } from '../../kernel/schema.ts'
import { type OpenDoor, openDoor } from '../harness/door.ts'
import { malformedCases, request, routes } from './malformed-http.cases.ts'

let door: OpenDoor
beforeAll(async () => {
  door = await openDoor({ routes })
})
afterAll(() => door.close())

interface Received {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

function received(text: string): Received {
  const [head = '', ...rest] = text.split('\r\n\r\n')
  const [line = '', ...headers] = head.split('\r\n')
  return {
    status: Number(line.split(' ')[1]),
    headers: Object.fromEntries(
      headers.map(header => [header.slice(0, header.indexOf(':')).toLowerCase(), header.slice(header.indexOf(':') + 1).trim()]),
    ),
    body: Buffer.from(rest.join('\r\n\r\n'), 'latin1').toString('utf8'),
  }
}

test.each(malformedCases)('$group: $input → $status $code', async ({ bytes, status, code, error, end }) => {
  const answer = received(await door.raw(bytes, { end: end ?? false, waitMs: 3000 }))
  expect([answer.status, answer.body === '' ? '' : JSON.parse(answer.body).code]).toEqual([status, code])
  const problem = JSON.parse(answer.body)
  expect(answer.headers).toMatchObject({
    'content-type': 'application/problem+json; charset=utf-8',
    'cache-control': 'no-store',
    'content-length': String(Buffer.byteLength(answer.body)),
    'trace-id': problem.trace_id,
  })
  expect(problem.trace_id).toMatch(/^[0-9a-f]{32}$/)
  expect(problem.type).toBe(`/problems/${code.toLowerCase().replaceAll('_', '-')}`)
  expect(definitionValidator('ProblemDocument')(problem)).toEqual([])
  if (error !== undefined) expect(problem.errors?.[0]).toMatchObject(error)
})

test('after all of it the server still serves', async () => {
  const answer = received(await door.raw(request('POST /api/things', {}, '{"name":"still here"}'), { waitMs: 3000 }))
  expect([answer.status, answer.body]).toEqual([201, '{"data":{"name":"still here"}}'])
})

test('none of it was answered as a fault of ours', () => {
  expect(door.lines.filter(line => JSON.parse(line).status === 500)).toEqual([])
})
