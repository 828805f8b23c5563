/** No input ends the process: requests mangled at random, thousands of them, over sockets of their own. */
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type OpenDoor, openDoor } from '../harness/door.ts'
import { malformedCases, request, routes } from './malformed-http.cases.ts'

let door: OpenDoor
beforeAll(async () => {
  door = await openDoor({ routes })
})
afterAll(() => door.close())

// A fixed seed: a failure can be run again.
let state = 0x5eed
function random(below: number): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  return state % below
}

const SPICE = [
  '\r\n',
  '\r',
  '\n\n',
  '\0',
  ':',
  ' ',
  '\t',
  '%',
  '%00',
  '%c0%af',
  '{',
  '[',
  '"',
  '\\',
  '\u202e',
  '../',
  'HTTP/1.1',
  'Content-Length: 99999999',
  'Transfer-Encoding: chunked',
  '\xff\xfe',
  'é',
  '__proto__',
  '0x',
  '-1',
  '1e999',
]

function mangled(bytes: Buffer): Buffer {
  let result = bytes
  for (let n = random(4) + 1; n > 0; n--) {
    const at = random(result.length + 1)
    const spice = Buffer.from(SPICE[random(SPICE.length)] ?? '', 'latin1')
    const cut = at + random(Math.min(40, result.length - at + 1))
    const kinds = [
      () => Buffer.concat([result.subarray(0, at), spice, result.subarray(at)]),
      () => Buffer.concat([result.subarray(0, at), result.subarray(cut)]),
      () => result.subarray(0, at),
      () =>
        Buffer.concat([result.subarray(0, at), Buffer.from(Array.from({ length: random(30) }, () => random(256))), result.subarray(at)]),
      () => Buffer.concat([result.subarray(0, cut), result.subarray(at)]),
    ]
    result = kinds[random(kinds.length)]?.() ?? result
  }
  return result
}

/** Sends without listening for long; some leave at once, some in the middle of the answer. */
function throwAt(port: number, bytes: Buffer): Promise<void> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    const leave = (): void => {
      socket.destroy()
      resolve()
    }
    socket.on('error', leave).on('close', leave)
    socket.setTimeout(20 + random(60), leave)
    socket.on('connect', () => {
      socket.write(bytes)
      if (random(8) === 0) leave()
      else if (random(3) === 0) socket.end()
    })
    if (random(4) === 0) socket.on('data', leave)
    else socket.resume()
  })
}

test('3000 mangled requests neither stop the server nor are a fault of its own', async () => {
  const port = Number(new URL(door.url).port)
  const seeds = [
    ...malformedCases.map(({ bytes }) => Buffer.from(bytes)),
    request('POST /api/things', {}, '{"name":"x","amount":3}'),
    request('GET /api/things?limit=3'),
  ]
  const small = seeds.filter(bytes => bytes.length < 30_000)
  for (let round = 0; round < 60; round++) {
    await Promise.all(Array.from({ length: 50 }, () => throwAt(port, mangled(small[random(small.length)] ?? Buffer.alloc(0)))))
  }
  const answer = await fetch(`${door.url}/api/things?limit=3`, { headers: { authorization: 'Bearer rep' } })
  expect(await answer.json()).toEqual({ data: { limit: 3 } })
  expect(door.lines.map(line => JSON.parse(line)).filter(line => line.status === 500)).toEqual([])
}, 60_000)

test('a thousand idle and half-open connections keep nobody out', async () => {
  const port = Number(new URL(door.url).port)
  const sockets = Array.from({ length: 1000 }, (_, n) => {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined)
    if (n % 2 === 0) socket.write('POST /api/things HTTP/1.1\r\nhost: a\r\ncontent-le')
    return socket
  })
  const answer = await fetch(`${door.url}/api/things`, { headers: { authorization: 'Bearer rep' } })
  expect(answer.status).toBe(200)
  for (const socket of sockets) socket.destroy()
}, 30_000)
