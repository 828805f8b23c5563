/** Background work, as a collector receives it: a trace for each step that did something, with its tenant and job, linked to the request behind it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { administer } from '../../platform/server-admin.ts'
import { draft, entity, label, profile, publish } from '../harness/change-set.ts'
import { openCollector, type ReceivedSpan, told } from '../harness/collector.ts'
import { PASSWORD, startWorkspace } from '../harness/workspace.ts'

const collector = await openCollector()
const workspace = await startWorkspace({ background: true, env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } })
const tenant = await workspace.createTenant('traced')
const { data: session } = await workspace.client('')<{ access_token: string }>('POST', '/api/auth/login', {
  tenant: 'traced',
  email: 'admin@traced.test',
  password: PASSWORD,
})
const token = session.access_token
const admin = workspace.client(token)

const CANARY = 'canary-5d81c2'
/** More than a publish fills by itself. */
const RECORDS = 2_500
const FAILED = 2

const traceOf = (digit: string): { id: string; traceparent: string } => {
  const id = digit.repeat(32)
  return { id, traceparent: `00-${id}-${'b'.repeat(16)}-01` }
}

/** What was asked for so far is done: no event, audit row or job waits. */
async function untilQuiet(): Promise<void> {
  for (;;) {
    const waiting = await administer(workspace.database.adminUrl, async client => {
      const { rows } = await client.query<{ n: string }>(
        `select (select count(*) from nexus.outbox where sequence is null) + (select count(*) from nexus.audit_unsealed)
          + (select count(*) from nexus.job where status in ('queued', 'running') and (leased_until is null or leased_until < now() + interval '1 day')) as n`,
      )
      return Number(rows[0]?.n)
    })
    if (waiting === 0) return
    await sleep(50)
  }
}

async function importFile(traceparent: string): Promise<string> {
  const map = {
    kind: 'import_map',
    key: 'inline',
    entity: 'customer',
    columns: { Name: { field: 'name' } },
    defaults: { party: ['client'], status: 'active' },
  }
  const form = new FormData()
  form.append('map', JSON.stringify(map))
  form.append('file', new Blob([`Name\n${CANARY} one\n${CANARY} two\n`], { type: 'text/csv' }), `${CANARY}.csv`)
  const body = new Response(form)
  const answer = await workspace.app.inject({
    method: 'POST',
    url: '/api/import',
    headers: { authorization: `Bearer ${token}`, 'content-type': body.headers.get('content-type') ?? '', traceparent },
    payload: Buffer.from(await body.arrayBuffer()),
  })
  expect([answer.statusCode, answer.body]).toEqual([202, expect.any(String)])
  return answer.json<{ data: { id: string } }>().data.id
}

/** Two and a half thousand records of an entity whose field becomes filterable: work that goes on after the publish. */
async function leaveFilling(traceparent: string): Promise<void> {
  const flags = { filterable: true }
  const stock = (of: object) =>
    entity('stock', [
      { key: 'name', type: 'text', label: label('Name') },
      { key: 'place', type: 'text', label: label('Place'), ...of },
    ])
  await draft(admin, stock({}), profile('stock', { stock: { operations: ['create', 'read', 'update'], fields: { '*': 'write' } } }))
  expect((await publish(admin)).status).toBe(200)
  const compiled = (await workspace.wired.models.current(tenant.id)).model.entities.get('stock')
  await administer(workspace.database.adminUrl, client =>
    client.query(
      `insert into nexus.record (tenant_id, entity_no, id, created_at, updated_at, data) select $1, $2, (lpad(to_hex(n), 8, '0') || '-0000-7000-8000-000000000000')::uuid,
        now(), now(), jsonb_build_object($4::text, '${CANARY} ' || n) from generate_series(1, $3::int) n`,
      [tenant.id, compiled?.no, RECORDS, String(compiled?.fields.get('place')?.no)],
    ),
  )
  await draft(admin, stock(flags), { kind: 'query_policy', key: 'stock', entity: 'stock', filter: { place: true } })
  const { data } = await admin<{ building: string[] }>('POST', '/api/studio/draft/publish', { note: 'Filterable' }, { traceparent })
  expect(data.building).toEqual(['stock.place'])
}

test('steps of background work are traces of their own that name the request behind them', { timeout: 120_000 }, async () => {
  const [write, imported, published, asked, spared] = [
    traceOf('1'),
    traceOf('2'),
    traceOf('3'),
    traceOf('5'),
    { traceparent: `00-${'4'.repeat(32)}-${'b'.repeat(16)}-00` },
  ]
  await untilQuiet()
  await admin(
    'POST',
    '/api/records/customer',
    { name: `${CANARY} a`, party: ['client'], status: 'active' },
    { traceparent: write.traceparent },
  )
  await untilQuiet()
  await admin('POST', '/api/records/customer', { name: `${CANARY} b`, party: ['client'], status: 'active' }, spared)
  await untilQuiet()
  const importId = await importFile(imported.traceparent)
  await untilQuiet()
  await leaveFilling(published.traceparent)
  await untilQuiet()
  const { data: key } = await admin<{ key: string }>('POST', '/api/admin/api_keys', { name: 'Traced', roles: ['admin'] })
  const { status } = await workspace.client(key.key)('GET', '/api/me', undefined, { traceparent: asked.traceparent })
  expect(status).toBe(200)
  await workspace.wired.identity.close()
  await untilQuiet()
  // Nothing is left to do: what looks from now on only looks.
  const quietAt = Date.now()
  await sleep(1_500)
  await workspace.stop()

  const spans = collector.spans()
  const steps = spans.filter(span => told(span, 'nexus.job') !== undefined)
  const of = (job: string): ReceivedSpan[] => steps.filter(span => told(span, 'nexus.job') === job)
  const requestOf = (trace: { id: string }): string | undefined =>
    spans.find(span => span.traceId === trace.id && told(span, 'http.route') !== undefined)?.spanId
  const linksTo = (trace: { id: string }) => [{ traceId: trace.id, spanId: requestOf(trace) }]

  for (const span of steps) {
    expect([span.name, span.parentSpanId]).toEqual([`job ${String(told(span, 'nexus.job'))}`, undefined])
    expect(Number(span.startTimeUnixNano) / 1e6).toBeLessThan(quietAt)
  }
  // An event goes on with the request that wrote it, and with nobody who does not want to be collected.
  const relayed = of('relay_events').filter(span => span.links?.some(link => link.traceId === write.id))
  expect(relayed.map(span => [told(span, 'nexus.tenant_id'), told(span, 'nexus.events'), span.links])).toEqual([
    [tenant.id, 1, [expect.objectContaining(linksTo(write)[0] ?? {})]],
  ])
  expect(JSON.stringify(spans)).not.toContain('4'.repeat(32))
  expect(of('seal_audit').length).toBeGreaterThan(3)
  expect(of('seal_audit').every(span => told(span, 'nexus.tenant_id') === tenant.id && Number(told(span, 'nexus.rows')) > 0)).toBe(true)
  expect(of('ensure_partitions').length).toBeGreaterThan(0)
  expect(of('drop_old_events')).toEqual([])
  // The rows of a file, and the end of the import.
  expect(of('import').map(span => [told(span, 'nexus.job_id'), told(span, 'nexus.rows')])).toEqual([
    [importId, 2],
    [importId, 0],
  ])
  for (const span of of('import')) expect(span.links).toEqual([expect.objectContaining(linksTo(imported)[0] ?? {})])
  const written = spans.filter(span => span.traceId === of('import')[0]?.traceId).map(span => String(told(span, 'db.query.text')))
  expect(written.some(text => text.includes('insert into nexus.record '))).toBe(true)
  // What a publish leaves to be filled.
  const filled = of('fill_fields')
  expect(filled.length).toBeGreaterThan(1)
  expect(filled.reduce((sum, span) => sum + Number(told(span, 'nexus.rows')), 0)).toBe(RECORDS)
  for (const span of filled)
    expect([told(span, 'nexus.tenant_id'), span.links]).toEqual([tenant.id, [expect.objectContaining(linksTo(published)[0] ?? {})]])

  // Each step holds its statements, within its time; and no request holds those of a step that it has set off.
  const byId = new Map(spans.map(span => [span.spanId, span]))
  for (const step of steps) {
    const within = spans.filter(span => span.traceId === step.traceId && span !== step)
    expect([step.name, within.some(span => told(span, 'db.query.text') !== undefined)]).toEqual([
      step.name,
      told(step, 'nexus.rows') !== 0 || within.length > 0,
    ])
    for (const span of within) {
      const above = byId.get(span.parentSpanId ?? '')
      expect(BigInt(span.startTimeUnixNano) >= BigInt(above?.startTimeUnixNano ?? 0)).toBe(true)
      expect(BigInt(span.endTimeUnixNano) <= BigInt(above?.endTimeUnixNano ?? 0)).toBe(true)
    }
  }
  const jobTraces = new Set(steps.map(span => span.traceId))
  const ofRequests = spans.filter(span => !jobTraces.has(span.traceId)).map(span => String(told(span, 'db.query.text')))
  expect(ofRequests.filter(text => /sequence is null|outbox_relay|from nexus.job where status/.test(text))).toEqual([])
  // When a key was used is noted after the answer, and stands in nobody's trace.
  const asking = spans.filter(span => span.traceId === asked.id).map(span => String(told(span, 'db.query.text')))
  expect(asking.filter(text => text.includes('from nexus.api_key'))).toHaveLength(1)
  expect(spans.filter(span => String(told(span, 'db.query.text')).startsWith('update nexus.api_key'))).toEqual([])
  expect(steps.filter(span => span.status.code === FAILED)).toEqual([])
  expect(collector.bodies.join('\n')).not.toContain(CANARY)
})
