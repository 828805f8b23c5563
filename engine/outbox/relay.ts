/**
 * Takes committed events to their consumers, at least once and in order for each record: gives them their place in the tenant's stream
 * and, where Redis is configured, appends them to `nxp:<tenant_id>`. Consumers without Redis read the same stream from Postgres.
 * Any number of processes may run a relay; a lease per tenant spares work, while order and uniqueness do not depend on it.
 */
import { newId } from '../kernel/ids.ts'
import type { Log } from '../kernel/log.ts'
import { unspanned } from '../kernel/spans.ts'
import { type Step, type Steps, untold } from '../kernel/steps.ts'
import type { Database, EventStreams, Signals } from '../platform/index.ts'
import { type Lease, noteDelivered, readTold, sequenceEvents, type StreamState } from './sequence.ts'
import { onWritten } from './wake.ts'

export interface RelayOptions {
  readonly database: Database
  readonly log: Log
  /** Null without Redis. */
  readonly streams: EventStreams | null
  /** Wakes relays and consumers of other processes; null where there is only this one. */
  readonly signals: Signals | null
  /** Where its rounds are told; nowhere unless said. */
  readonly steps?: Steps
}

/** Carries the id of a tenant whose stream has grown. */
export const EVENTS_CHANNEL = 'nexus_events'
/** Carries nothing: somewhere events were written that wait for their place. */
const WRITTEN_CHANNEL = 'nexus_outbox'

/** Lets the relays of other processes know what this one writes; for processes that run none themselves as well. */
export function announceWrites(signals: Signals): () => void {
  return onWritten(() => signals.send(WRITTEN_CHANNEL, ''))
}

export interface Relay {
  /** Takes along what is committed by now; for tests and for an orderly end. */
  relayNow(): Promise<void>
  /** Stops after the round that is running. */
  stop(): Promise<void>
}

/** The Redis stream of a tenant. */
export function streamOf(tenantId: string): string {
  return `nxp:${tenantId}`
}

/** Entries a Redis stream keeps, about; who falls further behind reads what is missing from Postgres. */
export const STREAM_KEEPS = 10_000

// Writes of this process wake the relay; those of others are found by looking.
const LOOK_MS = 250
// Under a steady stream of writes a round takes along what has come since the last one: a tenant's round costs five statements, however
// many events it moves.
const PAUSE_MS = 100
// What another relay waits before it goes on with the tenants of one that died.
const LEASE_MS = 2_000
const BATCH = 500
const TENANTS_AT_ONCE = 4

/** Starts relaying in the background. */
export function startRelay(options: RelayOptions): Relay {
  const { database, log, streams, signals, steps = untold } = options
  const holder = newId()
  let recheck = true
  let stopped = false
  let round: Promise<void> = Promise.resolve()
  let waiting = 0
  let endedAt = 0
  let pause: NodeJS.Timeout | null = null

  function relayNow(): Promise<void> {
    waiting += 1
    // Whoever's write has woken it does not wait for it.
    round = round
      .then(() => unspanned(relayAll))
      .finally(() => {
        waiting -= 1
        endedAt = performance.now()
      })
    return round
  }

  async function relayAll(): Promise<void> {
    try {
      const delivers = streams?.isUp() ?? false
      if (delivers && recheck && streams !== null) {
        recheck = false
        await findForgotten(database, streams)
      }
      const tenants = await tenantsWithWork(database, delivers)
      for (let n = 0; n < tenants.length; n += TENANTS_AT_ONCE) {
        await Promise.all(tenants.slice(n, n + TENANTS_AT_ONCE).map(relayTenant))
      }
    } catch (cause) {
      log.warn('Events could not be relayed; trying again', {}, cause)
    }
  }

  const leaseFrom = (now: Date): Lease => ({ holder, now, until: new Date(now.getTime() + LEASE_MS) })

  async function relayTenant(tenantId: string): Promise<void> {
    try {
      let more = true
      while (more) more = await steps.run({ job: 'relay_events', tenantId }, step => relaySome(tenantId, step))
    } catch (cause) {
      log.warn('Events of a tenant could not be relayed; trying again', { tenant_id: tenantId }, cause)
    }
  }

  /** True where more may wait. */
  async function relaySome(tenantId: string, step: Step): Promise<boolean> {
    const state = await sequenceEvents(database, tenantId, streams?.isUp() ? leaseFrom(new Date()) : null, steps.isTold)
    step.causedBy(state.causes)
    if (state.given > 0) {
      step.did({ 'nexus.events': state.given })
      signals?.send(EVENTS_CHANNEL, tenantId)
    }
    if (state.more || !streams?.isUp() || state.held || state.delivered === state.sequence) return state.more
    step.did({ 'nexus.events_delivered': await deliver(database, streams, tenantId, state) })
    return false
  }

  // One round may be waiting while one runs: what is written during a round is seen by the next.
  const wake = (): void => {
    if (stopped || pause !== null) return
    const rest = waiting > 0 ? PAUSE_MS : endedAt + PAUSE_MS - performance.now()
    if (rest <= 0) return void relayNow()
    pause = setTimeout(() => {
      pause = null
      if (!stopped) void relayNow()
    }, rest)
    pause.unref()
  }
  const timer = setInterval(() => waiting === 0 && relayNow(), LOOK_MS)
  timer.unref()
  const unlisten = onWritten(wake)
  signals?.on(WRITTEN_CHANNEL, wake)
  streams?.onConnect(() => {
    recheck = true
    wake()
  })
  return {
    relayNow,
    stop: async () => {
      stopped = true
      clearInterval(timer)
      if (pause !== null) clearTimeout(pause)
      unlisten()
      await round
    },
  }
}

/** Where the stream itself ends is where it goes on: neither a crash after sending nor a Redis that came back empty makes a difference. Gives how many it sent. */
async function deliver(database: Database, streams: EventStreams, tenantId: string, state: StreamState): Promise<number> {
  const { sequence: upTo, placed } = state
  const stream = streamOf(tenantId)
  const [last = 0] = await streams.last([stream])
  let delivered = Math.max(last, upTo - STREAM_KEEPS)
  let sent = 0
  while (delivered < upTo) {
    // Mostly the stream ends where this round began.
    const events = delivered === upTo - placed.length ? placed : await readTold(database, tenantId, delivered, BATCH)
    const end = events.at(-1)
    // What is older than the time of keeping is gone from Postgres too.
    if (end === undefined) break
    await streams.append(stream, events, STREAM_KEEPS)
    delivered = end.sequence
    sent += events.length
  }
  await noteDelivered(database, tenantId, Math.max(delivered, upTo))
  return sent
}

/** Sets back the tenants whose stream is shorter than what was delivered: Redis has lost it. */
async function findForgotten(database: Database, streams: EventStreams): Promise<void> {
  let after = NO_TENANT
  for (;;) {
    const known = await database.asRole('nexus_relay', run => run({ text: DELIVERED, values: [after, BATCH] }))
    if (known.length === 0) return
    const tenants = known.map(row => String(row['tenant_id']))
    const ends = await streams.last(tenants.map(streamOf))
    for (const [n, row] of known.entries()) {
      const end = ends[n] ?? 0
      if (end < Number(row['delivered'])) await noteDelivered(database, String(row['tenant_id']), end)
    }
    after = tenants.at(-1) ?? after
  }
}

const NO_TENANT = '00000000-0000-0000-0000-000000000000'

const DELIVERED = 'select tenant_id, delivered from nexus.outbox_relay where tenant_id > $1 and delivered > 0 order by tenant_id limit $2'

async function tenantsWithWork(database: Database, delivers: boolean): Promise<string[]> {
  const rows = await database.asRole('nexus_relay', async run => [
    ...(await run({ name: 'outbox_open', text: UNSEQUENCED, values: [] })),
    ...(delivers ? await run({ name: 'outbox_behind', text: BEHIND, values: [] }) : []),
  ])
  return [...new Set(rows.map(row => String(row['tenant_id'])))]
}

// One index step per tenant instead of a scan over all open events.
const UNSEQUENCED = `with recursive tenant as (
  (select tenant_id from nexus.outbox where sequence is null order by tenant_id limit 1)
  union all
  select (select o.tenant_id from nexus.outbox o where o.sequence is null and o.tenant_id > t.tenant_id order by o.tenant_id limit 1)
    from tenant t where t.tenant_id is not null)
select tenant_id from tenant where tenant_id is not null`

const BEHIND = 'select tenant_id from nexus.outbox_relay where delivered < sequence order by tenant_id'
