import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { newId } from '../kernel/ids.ts'
import { createLog } from '../kernel/log.ts'
import { validatorOf } from '../kernel/schema.ts'
import { traceOf } from '../kernel/trace.ts'
import { createEventStreams } from '../platform/event-streams.ts'
import { createDatabase } from '../platform/postgres.ts'
import { connectRedis } from '../platform/redis.ts'
import { createSignals } from '../platform/signals.ts'
import type { Database } from '../platform/types.ts'
import { freshDatabase } from '../test/harness/database.ts'
import { hasRedis, startTestRedis } from '../test/harness/redis.ts'
import { announceWrites, append, EVENTS_CHANNEL, type EventEnvelope, type NewEvent, readEvents, startRelay, streamOf } from './index.ts'

const log = createLog(undefined, 'silent')
let url: string
let database: Database
beforeAll(async () => {
  url = (await freshDatabase()).url
  database = createDatabase({ url })
})
afterAll(() => database.close())

const user = newId()
const origin = {
  now: new Date(),
  traceparent: traceOf().traceparent,
  causationId: null,
  caller: { userId: user, epochs: { revision: 17 } },
}
const changed = (id: string, version: number): NewEvent => ({
  type: 'record.updated',
  data: { entity: 'deal', id, version, changed: ['stage'], before: { stage: 'lead' }, after: { stage: 'won' } },
})
const write = (tenant: string, ...events: NewEvent[]) => database.writeAs(tenant, connection => append(connection, origin, events))
const versions = (events: readonly EventEnvelope[]) => events.map(event => ('version' in event.data ? event.data.version : 0))

async function relayed(tenant: string): Promise<EventEnvelope[]> {
  const relay = startRelay({ database, log, streams: null, signals: null })
  await relay.relayNow()
  await relay.stop()
  return readEvents(database, tenant, 0, 10_000)
}

test('an event is a CloudEvent with its place in the tenant\u2019s stream', async () => {
  const [tenant, id] = [newId(), newId()]
  const [eventId] = await write(tenant, changed(id, 5))
  expect(await relayed(tenant)).toEqual([
    {
      specversion: '1.0',
      id: eventId,
      source: `/tenants/${tenant}`,
      type: 'nexus.record.updated',
      subject: `deal/${id}`,
      time: origin.now.toISOString(),
      datacontenttype: 'application/json',
      dataschema: '/api/schemas/events/record.updated/1',
      tenantid: tenant,
      traceparent: origin.traceparent,
      sequence: '000000000001',
      causationid: null,
      actor: `user/${user}`,
      modelrevision: 17,
      data: { entity: 'deal', id, version: 5, changed: ['stage'], before: { stage: 'lead' }, after: { stage: 'won' } },
    },
  ])
})

test('an event of a transaction that rolled back is never told', async () => {
  const tenant = newId()
  const failed = database.writeAs(tenant, async connection => {
    await append(connection, origin, changed(newId(), 1))
    throw new Error('rolled back')
  })
  await expect(failed).rejects.toThrow('rolled back')
  expect(await relayed(tenant)).toEqual([])
})

test('a reader who goes on from where he stopped misses nothing that was written earlier and committed later', async () => {
  const tenant = newId()
  const gate = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  const slow = database.writeAs(tenant, async connection => {
    await append(connection, origin, changed(newId(), 1))
    begun.resolve()
    await gate.promise
  })
  await begun.promise
  await write(tenant, changed(newId(), 2))
  const first = await relayed(tenant)
  expect(versions(first)).toEqual([2])
  gate.resolve()
  await slow
  await relayed(tenant)
  expect(versions(await readEvents(database, tenant, Number(first[0]?.sequence)))).toEqual([1])
})

test('the events of one record come in their order, without gaps, whoever relays', async () => {
  const tenant = newId()
  const record = newId()
  const relays = Array.from({ length: 3 }, () => startRelay({ database, log, streams: null, signals: null }))
  for (let version = 1; version <= 60; version++) {
    await write(tenant, changed(record, version))
    if (version % 20 === 0) await Promise.all(relays.map(relay => relay.relayNow()))
  }
  await Promise.all(relays.map(relay => relay.relayNow()))
  await Promise.all(relays.map(relay => relay.stop()))
  const events = await relayed(tenant)
  expect(versions(events)).toEqual(Array.from({ length: 60 }, (_, n) => n + 1))
  expect(events.map(event => Number(event.sequence))).toEqual(versions(events))
})

test('a write wakes the relay of its own process', async () => {
  const tenant = newId()
  // Its own looks never come: what is relayed was woken for.
  vi.useFakeTimers({ toFake: ['setInterval'] })
  const relay = startRelay({ database, log, streams: null, signals: null })
  vi.useRealTimers()
  await relay.relayNow()
  await write(tenant, changed(newId(), 1))
  await vi.waitFor(async () => expect(await readEvents(database, tenant, 0)).toHaveLength(1), { timeout: 5_000 })
  await relay.stop()
})

test('a write wakes the relay of another process, and its consumers', async () => {
  const [writing, relaying] = [createSignals(url), createSignals(url)]
  const stopAnnouncing = announceWrites(writing)
  const told = Promise.withResolvers<string>()
  writing.on(EVENTS_CHANNEL, tenant => tenant !== undefined && told.resolve(tenant))
  const relay = startRelay({ database, log, streams: null, signals: relaying })
  await relay.relayNow()
  const tenant = newId()
  await write(tenant, changed(newId(), 1))
  expect(await told.promise).toBe(tenant)
  stopAnnouncing()
  await relay.stop()
  await Promise.all([writing.close(), relaying.close()])
})

test('another tenant reads nothing of it', async () => {
  await write(newId(), changed(newId(), 1))
  expect(await relayed(newId())).toEqual([])
})

describe.skipIf(!hasRedis)('with Redis', () => {
  async function withRedis(
    work: (tools: {
      url: string
      kill(): Promise<void>
      start(): Promise<void>
      stream(tenant: string): Promise<EventEnvelope[]>
    }) => Promise<void>,
  ) {
    const server = await startTestRedis()
    const reader = new Redis(server.url, { retryStrategy: () => 50 })
    reader.on('error', () => undefined)
    const stream = async (tenant: string) =>
      (await reader.xrange(streamOf(tenant), '-', '+')).map(([, fields]) => JSON.parse(fields[1] ?? '') as EventEnvelope)
    try {
      await work({ ...server, stream })
    } finally {
      reader.disconnect()
      await server.kill()
    }
  }

  async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
    for (let n = 0; n < 500; n++) {
      if (await condition()) return
      await new Promise(resolve => setTimeout(resolve, 10))
    }
    throw new Error('It did not happen within 5 s.')
  }

  test('the stream holds the same envelopes as Postgres, under their sequence', () =>
    withRedis(async ({ url, stream }) => {
      const tenant = newId()
      const link = connectRedis(url)
      const streams = createEventStreams(link)
      const relay = startRelay({ database, log, streams, signals: null })
      for (let version = 1; version <= 3; version++) await write(tenant, changed(newId(), version))
      await until(async () => (await stream(tenant)).length === 3)
      expect(await stream(tenant)).toEqual(await readEvents(database, tenant, 0))
      await relay.stop()
      await link.close()
    }))

  test('a relay that died between sending and noting sends nothing twice', () =>
    withRedis(async ({ url, stream }) => {
      const tenant = newId()
      const link = connectRedis(url)
      const streams = createEventStreams(link)
      await until(() => streams.isUp())
      await write(tenant, changed(newId(), 1), changed(newId(), 2))
      const events = await relayed(tenant)
      const entries = events.slice(0, 1).map(event => ({ sequence: Number(event.sequence), text: JSON.stringify(event) }))
      await streams.append([{ stream: streamOf(tenant), entries }], 100)
      const relay = startRelay({ database, log, streams, signals: null })
      await until(async () => (await stream(tenant)).length > 1)
      await relay.relayNow()
      expect(versions(await stream(tenant))).toEqual([1, 2])
      await relay.stop()
      await link.close()
    }))

  test('a tenant whose stream can not be written keeps no other waiting', () =>
    withRedis(async ({ url, stream }) => {
      const tenants = [newId(), newId(), newId()]
      const [broken = '', ...sound] = tenants
      const other = new Redis(url)
      await other.set(streamOf(broken), 'no stream')
      const link = connectRedis(url)
      const streams = createEventStreams(link)
      await until(() => streams.isUp())
      for (const tenant of tenants) await write(tenant, changed(newId(), 1), changed(newId(), 2))
      const relay = startRelay({ database, log, streams, signals: null })
      for (const tenant of sound) await until(async () => (await stream(tenant)).length === 2)
      expect(versions(await readEvents(database, broken, 0))).toEqual([1, 2])
      await other.del(streamOf(broken))
      await until(async () => (await stream(broken)).length === 2)
      await relay.stop()
      other.disconnect()
      await link.close()
    }))

  test('a Redis that comes back empty is filled again, and what was written meanwhile follows', () =>
    withRedis(async ({ url, kill, start, stream }) => {
      const tenant = newId()
      const link = connectRedis(url)
      const streams = createEventStreams(link)
      const relay = startRelay({ database, log, streams, signals: null })
      await write(tenant, changed(newId(), 1))
      await until(async () => (await stream(tenant)).length === 1)
      await kill()
      await until(() => !streams.isUp())
      await write(tenant, changed(newId(), 2))
      await relay.relayNow()
      expect(versions(await readEvents(database, tenant, 0))).toEqual([1, 2])
      await start()
      await until(async () => (await stream(tenant)).length === 2)
      expect(versions(await stream(tenant))).toEqual([1, 2])
      await relay.stop()
      await link.close()
    }))

  test('an idle tenant\u2019s stream is filled again after Redis was lost', () =>
    withRedis(async ({ url, kill, start, stream }) => {
      const tenant = newId()
      const link = connectRedis(url)
      const streams = createEventStreams(link)
      const relay = startRelay({ database, log, streams, signals: null })
      await write(tenant, changed(newId(), 1))
      await until(async () => (await stream(tenant)).length === 1)
      await kill()
      await until(() => !streams.isUp())
      await start()
      await until(async () => (await stream(tenant)).length === 1)
      await relay.stop()
      await link.close()
    }))
})

test('every envelope is as its published schema says', async () => {
  const { eventSchema } = await import('./event-schema.ts')
  const tenant = newId()
  await write(tenant, changed(newId(), 1), { type: 'model.published', data: { revision: 2, previous: 1, documents: ['entity/deal'] } })
  for (const envelope of await relayed(tenant)) {
    const [type = '', version = ''] = envelope.dataschema.split('/').slice(-2)
    expect(validatorOf(eventSchema(type, Number(version)) ?? { not: {} })(envelope)).toEqual([])
  }
  expect(eventSchema('record.updated', 2)).toBeUndefined()
  expect(eventSchema('__proto__', 1)).toBeUndefined()
})
