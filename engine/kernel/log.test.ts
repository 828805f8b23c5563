import { expect, test } from 'vitest'
import { createLog, describeCause, type LogFields } from './log.ts'

function collect(): { lines: string[]; log: ReturnType<typeof createLog> } {
  const lines: string[] = []
  return { lines, log: createLog({ write: line => void lines.push(line) }) }
}

const ALLOWED = ['time', 'level', 'msg', 'trace_id', 'tenant_id', 'user_id', 'route', 'status', 'duration_ms', 'stations']

test('a request is one JSON line of exactly the allowed fields', () => {
  const { lines, log } = collect()
  log.info('request', {
    trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
    tenant_id: '01980000-0000-7000-8000-000000000001',
    user_id: '01980000-0000-7000-8000-000000000002',
    route: 'GET /api/records/:entity',
    status: 200,
    duration_ms: 1.23456,
    stations: { http: 0.1, sql: 0.5 },
  })
  expect(lines).toHaveLength(1)
  const line = JSON.parse(lines[0] ?? '')
  expect(Object.keys(line).sort()).toEqual([...ALLOWED].sort())
  expect(line).toMatchObject({ level: 'info', msg: 'request', duration_ms: 1.23, stations: { http: 0.1, sql: 0.5 } })
  expect(line.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
})

test('a field outside of the list and a value of the wrong shape do not reach the log', () => {
  const { lines, log } = collect()
  const stray = { body: 'canary', trace_id: 'canary', user_id: 'canary@demo.test', route: 'GET /x?token=canary', status: 'canary' }
  log.info('request', stray as unknown as LogFields)
  expect(lines[0]).not.toContain('canary')
})

test('an error is told by its class, its code and its places, never by its message', () => {
  const { lines, log } = collect()
  const cause = Object.assign(new Error('value canary\n    at canary (engine/canary.ts:1:1)'), {
    code: '23505',
    detail: 'Key (email)=(canary)',
  })
  log.error('The request failed', {}, new TypeError('canary', { cause }))
  expect(lines[0]).not.toContain('canary')
  expect(JSON.parse(lines[0] ?? '').msg).toMatch(
    /^The request failed \(TypeError at engine\/kernel\/log\.test\.ts:\d+.* because Error 23505/,
  )
})

test.each(['canary', { canary: 1 }, null, Object.assign(new Error('x'), { name: 'canary 1' })])(
  'a strange throw is told without its content',
  thrown => {
    expect(describeCause(thrown)).not.toContain('canary')
  },
)
