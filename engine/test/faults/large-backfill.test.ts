/** A hundred thousand records become filterable while people write: the process that fills them is killed in the middle, nothing is lost or left out. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { administer } from '../../platform/server-admin.ts'
import { startWorkspace } from '../harness/workspace.ts'

const RECORDS = 100_000

const workspace = await startWorkspace()
const tenant = await workspace.createTenant('large', ['core'])
const admin = await workspace.signIn('large', 'admin@large.test')

const entity = (flags: object) => ({
  kind: 'entity',
  key: 'stock',
  label: { en: 'Stock' },
  fields: [
    { key: 'name', type: 'text', filterable: true, sortable: true },
    { key: 'place', type: 'text', ...flags },
    { key: 'level', type: 'integer', ...flags },
  ],
})
const policy = (...fields: string[]) => ({
  kind: 'query_policy',
  key: 'stock',
  entity: 'stock',
  filter: Object.fromEntries(fields.map(field => [field, true])),
})
async function draft(...documents: readonly { kind: string; key?: string; [member: string]: unknown }[]): Promise<void> {
  for (const document of documents) {
    const saved = await admin<{ problems: object[] }>('PUT', `/api/studio/draft/${document.kind}/${document.key ?? 'admin'}`, document)
    expect(saved.data.problems).toEqual([])
  }
}

function startWorker() {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'fill-worker.ts'), workspace.database.url], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output: string[] = []
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => output.push(chunk.toString()))
  return { child, output }
}

test('comes to its end through a kill, under load', { timeout: 300_000 }, async () => {
  await draft(
    entity({}),
    policy('name'),
    {
      kind: 'access_profile',
      key: 'everything',
      entities: { stock: { operations: ['create', 'read', 'update'], fields: { '*': 'write' } } },
    },
    { kind: 'role', extends: 'core/admin', access_profiles: ['core_admin', 'everything'] },
  )
  await admin('POST', '/api/studio/draft/publish', { note: 'Stock' })
  const stock = (await workspace.wired.models.current(tenant.id)).model.entities.get('stock')
  const noOf = (key: string): string => String(stock?.fields.get(key)?.no)
  await administer(workspace.database.adminUrl, async client => {
    await client.query(
      `insert into nexus.record (tenant_id, entity_no, id, created_at, updated_at, data)
        select $1, $2, (lpad(to_hex(n), 8, '0') || '-0000-7000-8000-000000000000')::uuid, now() - interval '1 day', now() - interval '1 day',
          jsonb_build_object('${noOf('name')}', 'item ' || n, '${noOf('place')}', 'shelf ' || (n % 1000), '${noOf('level')}', n % 7) from generate_series(1, $3::int) n`,
      [tenant.id, stock?.no, RECORDS],
    )
    await client.query('analyze nexus.record')
  })

  await draft(entity({ filterable: true }), policy('name', 'place', 'level'))
  const started = performance.now()
  const { data } = await admin<{ job_id: string; building: string[] }>('POST', '/api/studio/draft/publish', { note: 'Filterable' })
  const publishedMs = performance.now() - started
  expect(data.building).toEqual(['stock.level', 'stock.place'])

  // People write all the while: new records, and records that are still to be filled.
  const waits: number[] = []
  const refused: string[] = []
  const written = new Map<string, string>()
  let running = true
  const write = async (writer: number): Promise<void> => {
    for (let n = writer; running; n += 7) {
      const at = performance.now()
      const id = `${(1 + ((n * 7919) % RECORDS)).toString(16).padStart(8, '0')}-0000-7000-8000-000000000000`
      const { data: record, headers } = await admin<{ id: string }>('GET', `/api/records/stock/${id}`)
      const place = `moved ${writer} ${n}`
      const answer = await admin('PATCH', `/api/records/stock/${record.id}`, { place }, { 'if-match': String(headers['etag']) })
      if (answer.status === 200) written.set(id, place)
      else if (answer.status !== 412) refused.push(`${answer.status} ${answer.problem.code}`)
      waits.push(performance.now() - at)
      await sleep(20)
    }
  }
  const writers = [write(1), write(2), write(3)]

  const progress = async () => {
    const rows = await administer(workspace.database.adminUrl, client =>
      client.query<{ status: string; done: number }>(
        `select status, coalesce((progress->>'done')::int, 0) as done from nexus.job where id = $1`,
        [data.job_id],
      ),
    )
    return rows.rows[0] ?? { status: '', done: 0 }
  }
  const first = startWorker()
  await expect.poll(async () => (await progress()).done, { timeout: 30_000, interval: 50 }).toBeGreaterThan(RECORDS / 10)
  first.child.kill('SIGKILL')
  await once(first.child, 'exit')
  expect((await progress()).status).toBe('running')
  const second = startWorker()
  await expect.poll(async () => (await progress()).status, { timeout: 240_000, interval: 100 }).toBe('done')
  const filledMs = performance.now() - started
  running = false
  await Promise.all(writers)
  second.child.kill()
  await once(second.child, 'exit')

  expect([...first.output, ...second.output].join('')).toBe('')
  expect(refused).toEqual([])
  expect(written.size).toBeGreaterThan(100)
  const filled = (await workspace.wired.models.current(tenant.id, 3)).model.entities.get('stock')
  const columnOf = (key: string): string => {
    const storage = filled?.fields.get(key)?.storage
    return storage?.kind === 'slot' ? storage.column : 'none'
  }
  const wrong = await administer(workspace.database.adminUrl, client =>
    client.query(
      `select count(*)::int as n from nexus.record where tenant_id = $1 and entity_no = $2
        and (${columnOf('place')} is distinct from data->>'${noOf('place')}' or ${columnOf('level')} is distinct from (data->>'${noOf('level')}')::int8)`,
      [tenant.id, stock?.no],
    ),
  )
  expect(wrong.rows).toEqual([{ n: 0 }])
  // The fields were finished by another process: this one serves them within a second of it.
  const byPlace = { where: { place: { eq: 'shelf 1' } }, limit: 1 }
  await expect
    .poll(async () => (await admin('POST', '/api/records/stock/query', byPlace)).status, { timeout: 1_000, interval: 50 })
    .toBe(200)
  for (const [id, place] of [...written].slice(-20)) {
    const { data: found } = await admin<{ id: string }[]>('POST', '/api/records/stock/query', { where: { place: { eq: place } } })
    expect(found.map(each => each.id)).toEqual([id])
  }
  waits.sort((a, b) => a - b)
  const told = {
    publish_ms: Math.round(publishedMs),
    filled_s: Math.round(filledMs / 100) / 10,
    writes: waits.length,
    write_p50_ms: Math.round(waits[waits.length >> 1] ?? 0),
    write_p99_ms: Math.round(waits[Math.floor(waits.length * 0.99)] ?? 0),
  }
  console.info(JSON.stringify(told))
})
