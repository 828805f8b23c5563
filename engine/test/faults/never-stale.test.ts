/**
 * Ten thousand random writes by several processes that are killed in between, with database connections that are cut: afterwards all that
 * is kept beside what people entered is what a computation from scratch gives, and every acknowledged write is there exactly once, whole.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { newId } from '../../kernel/ids.ts'
import { bulkRecords, checkDerived, createRecord, newRecordId, type RecordContext, type Values } from '../../records/index.ts'
import { openSales } from '../harness/sales.ts'
import type { LedgerLine, WriterTask } from './random-writer.ts'

const WRITES = 10_000
const PROCESSES = 2
const sales = await openSales()
const { wired, tenantId } = sales
const program = join(import.meta.dirname, 'random-writer.ts')

async function context(): Promise<RecordContext> {
  const caller = await wired.identity.callerOf(tenantId, sales.admin.id, new Date())
  const plain = {
    traceId: newId().replaceAll('-', ''),
    traceparent: '',
    route: 'test',
    ip: '127.0.0.1',
    now: new Date(),
    caller,
    causationId: null,
    stations: { ms: {} },
  }
  return { ...(await wired.engine.models.take(plain)), db: wired.database, cursors: wired.engine.cursors }
}

async function seed(): Promise<void> {
  const ctx = await context()
  const many = async (entity: string, list: readonly Values[]): Promise<string[]> =>
    (
      await bulkRecords(
        ctx,
        entity,
        list.map(values => ({ op: 'create', id: newRecordId(values), values })),
        true,
      )
    ).map(each => each.id)
  await createRecord(ctx, 'exchange_rate', { currency: 'USD', valid_from: '2020-01-01', rate: '0.87' })
  const customers = await many(
    'customer',
    Array.from({ length: 25 }, (_, n) => ({ name: `Customer ${n}`, party: ['client'], status: 'active' })),
  )
  const roots = await many(
    'product_category',
    Array.from({ length: 4 }, (_, n) => ({ name: `Root ${n}`, code: `R${n}` })),
  )
  const leaves = await many(
    'product_category',
    Array.from({ length: 8 }, (_, n) => ({ name: `Leaf ${n}`, code: `L${n}`, parent: roots[n % 4] })),
  )
  await many(
    'product',
    Array.from({ length: 25 }, (_, n) => ({
      name: `Product ${n}`,
      sku: `P${n}`,
      kind: 'good',
      price: `${n}.50`,
      cost: `${n}.10`,
      category: leaves[n % 8],
    })),
  )
  await many(
    'deal',
    Array.from({ length: 60 }, (_, n) => ({ name: `Deal ${n}`, customer: customers[n % 25], amount: '100' })),
  )
}

/** One writer at a time in this place; killed in the middle, it is followed by another. */
async function keepWriting(place: number, ledger: LedgerLine[], left: { writes: number }): Promise<void> {
  for (let turn = 0; left.writes > 0; turn++) {
    const task: WriterTask = {
      url: sales.url,
      dataDir: sales.folder,
      tenantId,
      userId: sales.admin.id,
      seed: place * 1_000 + turn,
      lanes: 4,
      writes: Math.ceil(left.writes / PROCESSES),
    }
    const child = spawn(process.execPath, [program, JSON.stringify(task)], { stdio: ['ignore', 'pipe', 'inherit'] })
    const lines = createInterface({ input: child.stdout })
    lines.on('line', text => {
      const line = JSON.parse(text) as LedgerLine
      ledger.push(line)
      if ('op' in line) left.writes -= 1
    })
    const ended = once(child, 'close')
    const killer = killLater(child, 4_000 + Math.random() * 5_000, left)
    await ended
    killer.abort()
  }
}

function killLater(child: ChildProcess, milliseconds: number, left: { writes: number }): AbortController {
  const stop = new AbortController()
  sleep(milliseconds, undefined, { signal: stop.signal }).then(
    () => left.writes > 0 && child.kill('SIGKILL'),
    () => undefined,
  )
  return stop
}

/** Cuts some of the engine's connections now and then. */
async function cutConnections(left: { writes: number }): Promise<number> {
  let cut = 0
  while (left.writes > 0) {
    await sleep(1_500)
    const rows = await sales.peek(
      `select pg_terminate_backend(pid) from (select pid from pg_stat_activity where datname = current_database() and application_name = 'nexus_engine' and state <> 'idle' order by random() limit 2) x`,
    )
    cut += rows.length
  }
  return cut
}

test('nothing is stale, nothing is lost, nothing is there by half', { timeout: 600_000 }, async () => {
  await seed()
  const ledger: LedgerLine[] = []
  const left = { writes: WRITES }
  const started = performance.now()
  const [cut] = await Promise.all([
    cutConnections(left),
    ...Array.from({ length: PROCESSES }, (_, place) => keepWriting(place, ledger, left)),
  ])
  console.log(`${ledger.length} writes acknowledged in ${((performance.now() - started) / 1_000).toFixed(0)} s, ${cut} connections cut`)
  expect(ledger.filter(line => 'fault' in line).slice(0, 3)).toEqual([])
  expect(ledger.length).toBeGreaterThanOrEqual(WRITES)

  const ctx = await context()
  for (const entity of ctx.model.entities.values()) expect(await checkDerived(ctx, entity, 20), entity.key).toEqual([])

  const acknowledged = ledger.flatMap(line => ('op' in line ? [line] : []))
  const missing = await sales.peek(
    `select w.* from jsonb_to_recordset($1::jsonb) as w (op text, id uuid, version int)
      where (select count(*) from nexus.record_history h where h.record_id = w.id and h.version = w.version and h.op = w.op) <> 1`,
    [JSON.stringify(acknowledged)],
  )
  expect(missing).toEqual([])
  // Each step of a record's history has one row of audit and one event, and neither of them stands without the others.
  const [halves] = await sales.peek(`
    with history as (select record_id, version, op from nexus.record_history),
      audit as (select record_id, (details->>'version')::int as version, action from nexus.audit where action like 'record.%'),
      events as (select (envelope->'data'->>'id')::uuid as record_id, (envelope->'data'->>'version')::int as version, envelope->>'type' as type
        from nexus.outbox where envelope->>'type' like 'nexus.record.%' and envelope->>'type' not like '%.derived')
    select (select count(*) from history)::int as history, (select count(*) from audit)::int as audit, (select count(*) from events)::int as events,
      (select count(*) from history join audit using (record_id, version) join events using (record_id, version)
        where action = 'record.' || case op when 'create' then 'created' when 'update' then 'updated' when 'delete' then 'deleted' else 'restored' end and type = 'nexus.' || action)::int as whole`)
  expect(halves.audit).toBe(halves.history)
  expect(halves.events).toBe(halves.history)
  expect(halves.whole).toBe(halves.history)
})
