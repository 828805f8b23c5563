/** Traces, as a collector receives them: one from the browser's id through the stations to SQL, with routes and tenants and without a value. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createClient } from '../../../metadata/client/client.ts'
import { administer } from '../../platform/server-admin.ts'
import { openCollector, told } from '../harness/collector.ts'
import { startWorkspace, type Workspace } from '../harness/workspace.ts'
import { root } from '../source-files.ts'

const collector = await openCollector()
const workspace = await startWorkspace({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } })
const tenant = await workspace.createTenant('traced')

const CANARY = 'canary-7f3a9c'
const SERVER = 2
const CLIENT = 3
const FAILED = 2

/** What the app sends: by the client it stands on, with the traceparent that was sent. */
async function appRequest(from: Workspace, token: string, path: string, body: object): Promise<{ traceparent: string; status: number }> {
  let traceparent = ''
  const client = createClient({
    apiKey: token,
    fetch: async (url, init) => {
      const headers = new Headers(init?.headers)
      traceparent = headers.get('traceparent') ?? ''
      const payload = typeof init?.body === 'string' ? init.body : ''
      const answer = await from.app.inject({
        method: 'POST',
        url: url instanceof Request ? url.url : String(url),
        headers: Object.fromEntries(headers),
        payload,
      })
      return new Response(answer.body, { status: answer.statusCode })
    },
  })
  const { status } = await client.request('POST', path, { body })
  return { traceparent, status }
}

test('one trace leads from the browser through the stations to SQL', { timeout: 60_000 }, async () => {
  const { data: session } = await workspace.client('')<{ access_token: string }>('POST', '/api/auth/login', {
    tenant: 'traced',
    email: 'admin@traced.test',
    password: 'correct horse battery',
  })
  const token = session.access_token
  for (const key of ['traced', 'nowhere'])
    await workspace.client('')('POST', '/api/auth/login', { tenant: key, email: 'admin@traced.test', password: `${CANARY} word` })
  const created = await appRequest(workspace, token, '/api/records/customer', {
    name: `${CANARY} name`,
    party: ['client'],
    status: 'active',
    description: `${CANARY} text`,
  })
  const listed = await appRequest(workspace, token, '/api/records/customer/query', {
    select: ['name'],
    where: { name: { contains: `${CANARY} name` } },
  })
  expect([created.status, listed.status]).toEqual([201, 200])

  const admin = workspace.client(token)
  const spared = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-00`
  await admin('GET', '/api/me', undefined, { traceparent: spared })
  const refusedTrace = `00-${'c'.repeat(32)}-${'d'.repeat(16)}-01`
  await admin('GET', `/api/records/customer?where=${encodeURIComponent(JSON.stringify({ [CANARY]: { eq: CANARY } }))}`, undefined, {
    traceparent: refusedTrace,
  })
  await admin('GET', `/${CANARY}/nowhere`)
  const rows = await administer(workspace.database.adminUrl, async client => {
    const found = await client.query<{ traceparent: string }>(
      `select envelope->>'traceparent' as traceparent from nexus.outbox where envelope->>'type' = 'nexus.record.created' order by written desc limit 1`,
    )
    return found.rows
  })
  // What waits to be sent is sent before a process ends.
  await workspace.stop()

  expect(new Set(collector.services())).toEqual(new Set(['nexus']))
  const spans = collector.spans()
  for (const { traceparent } of [created, listed]) {
    const [, traceId] = /^00-([0-9a-f]{32})-[0-9a-f]{16}-01$/.exec(traceparent) ?? []
    const trace = spans.filter(span => span.traceId === traceId)
    // The browser's own step is told to nobody: a span below it would hang in the air.
    const [first, ...others] = trace.filter(span => span.parentSpanId === undefined)
    expect(others).toEqual([])
    expect(first?.kind).toBe(SERVER)
    expect(told(first, 'nexus.tenant_id')).toBe(tenant.id)
    expect(told(first, 'http.response.status_code')).toBe(traceparent === created.traceparent ? 201 : 200)
    // Every step leads up to the first, and lies within the time of what it belongs to.
    const byId = new Map(trace.map(span => [span.spanId, span]))
    for (const span of trace.filter(each => each !== first)) {
      const above = byId.get(span.parentSpanId ?? '')
      expect([span.name, above === undefined]).toEqual([span.name, false])
      expect(BigInt(span.startTimeUnixNano) + 2_000_000n >= BigInt(above?.startTimeUnixNano ?? 0)).toBe(true)
    }
    const stations = new Set(trace.map(span => told(span, 'nexus.station')).filter(station => station !== undefined))
    expect([...stations].sort()).toEqual(expect.arrayContaining(['access', 'identity', 'model', 'sql', 'validate']))
    const statements = trace.filter(span => told(span, 'db.system.name') === 'postgresql')
    expect(statements.every(span => span.kind === CLIENT)).toBe(true)
    const underSql = statements.filter(span => told(byId.get(span.parentSpanId ?? ''), 'nexus.station') === 'sql')
    expect(underSql.some(span => String(told(span, 'db.query.text')).includes('record'))).toBe(true)
    if (traceparent === created.traceparent) {
      expect(first?.name).toBe('POST /api/records/:entity')
      expect(told(first, 'http.route')).toBe('/api/records/:entity')
      expect(trace.map(span => span.name)).toContain('COMMIT')
      // The event that the write left behind names this very span as what caused it.
      expect(rows[0]?.traceparent).toBe(`00-${traceId}-${first?.spanId}-01`)
    } else expect(first?.name).toBe('POST /api/records/:entity/query')
  }

  // Who does not collect his trace is believed.
  expect(spans.filter(span => span.traceId === 'a'.repeat(32))).toEqual([])
  const refused = spans.find(span => span.traceId === 'c'.repeat(32) && span.kind === SERVER)
  // A trace of another system is continued below its step.
  expect(refused?.parentSpanId).toBe('d'.repeat(16))
  const entering = spans.filter(span => told(span, 'http.route') === '/api/auth/login')
  expect(entering.map(span => [told(span, 'http.response.status_code'), told(span, 'nexus.tenant_id')])).toEqual([
    [200, tenant.id],
    [401, tenant.id],
    [401, undefined],
  ])
  expect(told(refused, 'nexus.problem')).toBe('VALIDATE_QUERY_FAILED')
  expect(refused?.status.code).not.toBe(FAILED)
  const unknown = spans.find(span => span.name === 'unknown' && told(span, 'http.response.status_code') === 404)
  expect(told(unknown, 'http.route')).toBe('unknown')

  // Neither values nor names of people, tokens, addresses as they were sent.
  const everything = collector.bodies.join('\n')
  for (const secret of [CANARY, 'correct horse battery', 'admin@traced.test', token, 'Bearer'])
    expect([secret, everything.includes(secret)]).toEqual([secret, false])
})

test('a share of traces is a share, also where callers ask for all', { timeout: 30_000 }, async () => {
  const counted = await openCollector()
  const some = await startWorkspace({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: counted.url, OTEL_TRACES_SAMPLER_ARG: '0.25' } })
  for (let n = 0; n < 200; n++) {
    const traceId = Array.from({ length: 32 }, () => Math.floor(Math.random() * 16).toString(16)).join('')
    await some.app.inject({ url: '/health', headers: { traceparent: `00-${traceId}-${'b'.repeat(16)}-01` } })
  }
  await some.stop()
  const sent = counted.spans().length
  expect(sent).toBeGreaterThan(15)
  expect(sent).toBeLessThan(100)
})

test('a collector that is away costs nobody anything but a line in the log', { timeout: 30_000 }, async () => {
  const lonely = await startWorkspace({ env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' } })
  const started = performance.now()
  for (let n = 0; n < 50; n++) expect((await lonely.app.inject('/health')).statusCode).toBe(200)
  expect(performance.now() - started).toBeLessThan(2_000)
  const stopping = performance.now()
  await lonely.stop()
  expect(performance.now() - stopping).toBeLessThan(4_000)
  expect(lonely.warnings.map(line => (JSON.parse(line) as { msg: string }).msg)).toEqual([
    'The last traces could not be sent to the collector',
  ])
})

test('where nobody asks for traces or metrics, their libraries are not loaded', { timeout: 30_000 }, () => {
  const script = `
    import { registerHooks } from 'node:module'
    const seen = new Set()
    registerHooks({ resolve: (name, context, next) => { if (/^(@opentelemetry|prom-client)/.test(name)) seen.add(name); return next(name, context) } })
    await import('./engine/start/wiring.ts')
    await import('./engine/http/server.ts')
    console.log(JSON.stringify([...seen]))
    await import('./engine/telemetry/open-tracing.ts')
    console.log(seen.size > 2)
    process.exit(0)`
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: join(root), encoding: 'utf8' })
  expect([run.stdout.trim().split('\n'), run.stderr]).toEqual([['[]', 'true'], ''])
})
