/**
 * The engine and Postgres are killed in the middle of writes (kill -9), several times, while clients keep a ledger of their own: whatever was
 * acknowledged is there exactly once and whole, and nothing else is there by half. Creates that broke are sent again under their idempotency
 * key until they are answered: they have happened once, too.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { administer } from '../../platform/server-admin.ts'
import { startOwnPostgres } from '../harness/own-postgres.ts'
import { engineProcess, openTenant } from '../harness/processes.ts'
import { findLost, startSteadyLoad } from '../harness/steady-load.ts'

const postgres = await startOwnPostgres()
const { adminUrl } = postgres.database
const engine = await engineProcess({ databaseUrl: adminUrl, role: 'all' })

test('what was acknowledged is there once, whoever was killed', { timeout: 240_000 }, async () => {
  await engine.start()
  const { token } = await openTenant(engine.url, 'killed')
  const load = startSteadyLoad({ url: engine.url, token, lanes: 4, patienceMs: 15_000, insists: true })
  const acknowledged = (): number => load.acknowledged.length
  const progress = async (): Promise<void> => {
    const before = acknowledged()
    await expect.poll(acknowledged, { timeout: 60_000, interval: 20 }).toBeGreaterThan(before + 30)
  }

  await progress()
  engine.signal('SIGKILL')
  expect(await engine.ended()).toEqual({ code: null, signal: 'SIGKILL' })
  await engine.start()
  await progress()
  for (let n = 0; n < 2; n++) {
    await postgres.kill()
    await sleep(200)
    await postgres.start()
    await progress()
  }
  // Both at once, as when a machine loses its power.
  engine.signal('SIGKILL')
  await Promise.all([engine.ended(), postgres.kill()])
  await postgres.start()
  await engine.start()
  await progress()
  await load.stop()
  engine.signal('SIGTERM')
  expect((await engine.ended()).code).toBe(0)

  console.info(JSON.stringify({ acknowledged: acknowledged(), failed: load.failures.length, slowest_ms: Math.round(load.slowest()) }))
  // Refused by us in our own words, or the line broke: nothing else may have happened to a client.
  const strange = load.failures.filter(
    each =>
      !/ 503 (SQL_UNAVAILABLE|SQL_OUTCOME_UNKNOWN|SQL_TIMEOUT|HTTP_OVERLOADED) |TypeError .*(ECONNREFUSED|ECONNRESET|other side closed|SocketError)/.test(
        each,
      ),
  )
  expect(strange).toEqual([])
  expect(await findLost(adminUrl, load.acknowledged)).toEqual([])
  // What was not acknowledged is there wholly or not at all.
  const [halves] = await administer(adminUrl, async client => (await client.query<Record<string, number>>(HALVES)).rows)
  expect(halves?.['history']).toBeGreaterThan(acknowledged() - 1)
  expect(halves).toEqual({
    history: halves?.['history'],
    audit: halves?.['history'],
    events: halves?.['history'],
    whole: halves?.['history'],
    unsealed: 0,
    unplaced: 0,
  })
  expect(engine.lines.filter(line => !/^\{"level":".*"msg":".*"\}$/.test(line))).toEqual([])
})

const HALVES = `
  with history as (select record_id, version, op from nexus.record_history),
    audit as (select record_id, (details->>'version')::int as version, action from nexus.audit where action like 'record.%'),
    events as (select (envelope->'data'->>'id')::uuid as record_id, (envelope->'data'->>'version')::int as version, envelope->>'type' as type
      from nexus.outbox where envelope->>'type' like 'nexus.record.%' and envelope->>'type' not like '%.derived')
  select (select count(*) from history)::int as history, (select count(*) from audit)::int as audit, (select count(*) from events)::int as events,
    (select count(*) from history h join audit a using (record_id, version) join events e using (record_id, version)
      where a.action = 'record.' || h.op || 'd' and e.type = 'nexus.' || a.action)::int as whole,
    (select count(*) from nexus.audit_unsealed)::int as unsealed, (select count(*) from nexus.outbox where sequence is null)::int as unplaced`
