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
import { type Delivered, type Lease, noteDelivered, readTold, sequenceEvents, type StreamState } from './sequence.ts'
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
// Under a steady stream of writes a round takes along what has come since the last one, for it costs the same however many events it moves;
// and it is pausing for twice as long as it took, so that no more than a third of the time is its own.
const PAUSE_MS = 100
const PAUSE_PER_ROUND = 2
// What another relay waits before it goes on with the tenants of one that died.
const LEASE_MS = 2_000
const BATCH = 500
/** Tenants whose ledgers one transaction moves on: a message, a commit and a word to Redis for each of them cost more than the rest of it. */
const TENANTS_TOGETHER = 8

/** Starts relaying in the background. */
export function startRelay(options: RelayOptions): Relay {
  const { database, log, streams, signals, steps = untold } = options
  const holder = newId()
  let recheck = true
  let stopped = false
  let round: Promise<void> = Promise.resolve()
  let waiting = 0
  let endedAt = 0
  let tookMs = 0
  let pause: NodeJS.Timeout | null = null

  function relayNow(): Promise<void> {
    waiting += 1
    // Whoever's write has woken it does not wait for it.
    round = round
      .then(() => unspanned(timed))
      .finally(() => {
        waiting -= 1
      })
    return round
  }

  async function timed(): Promise<void> {
    const begun = performance.now()
    await relayAll()
    endedAt = performance.now()
    tookMs = endedAt - begun
  }

  async function relayAll(): Promise<void> {
    try {
      const delivers = streams?.isUp() ?? false
      if (delivers && recheck && streams !== null) {
        recheck = false
        await findForgotten(database, streams)
      }
      const tenants = await tenantsWithWork(database, delivers)
      // What is told of a step is told of one tenant.
      const together = steps.isTold ? 1 : TENANTS_TOGETHER
      for (let n = 0; n < tenants.length; n += together) await relayTenants(tenants.slice(n, n + together))
    } catch (cause) {
      log.warn('Events could not be relayed; trying again', {}, cause)
    }
  }

  const leaseFrom = (now: Date): Lease => ({ holder, now, until: new Date(now.getTime() + LEASE_MS) })

  /** What keeps one of them from being relayed keeps none of the others: then each goes by itself. */
  async function relayTenants(tenantIds: readonly string[]): Promise<void> {
    const [tenantId] = tenantIds
    const of = { job: 'relay_events', ...(tenantIds.length === 1 && tenantId !== undefined ? { tenantId } : {}) }
    try {
      for (let open = tenantIds; open.length > 0; ) open = await steps.run(of, step => relaySome(open, step))
    } catch (cause) {
      if (tenantIds.length > 1) for (const each of tenantIds) await relayTenants([each])
      else log.warn('Events of a tenant could not be relayed; trying again', { tenant_id: tenantId }, cause)
    }
  }

  /** Gives the tenants of whom more may wait. */
  async function relaySome(tenantIds: readonly string[], step: Step): Promise<readonly string[]> {
    const states = await sequenceEvents(database, tenantIds, streams?.isUp() ? leaseFrom(new Date()) : null, steps.isTold)
    const grown = states.filter(state => state.given > 0)
    for (const { tenantId, causes } of grown) {
      step.causedBy(causes)
      signals?.send(EVENTS_CHANNEL, tenantId)
    }
    if (grown.length > 0) step.did({ 'nexus.events': grown.reduce((sum, state) => sum + state.given, 0) })
    const behind = states.filter(state => !state.more && !state.held && state.delivered !== state.sequence)
    if (streams?.isUp() && behind.length > 0) step.did({ 'nexus.events_delivered': await deliver(database, streams, behind) })
    return states.filter(state => state.more).map(state => state.tenantId)
  }

  // One round may be waiting while one runs: what is written during a round is seen by the next.
  const wake = (): void => {
    if (stopped || pause !== null) return
    const least = Math.min(LOOK_MS, Math.max(PAUSE_MS, tookMs * PAUSE_PER_ROUND))
    const rest = waiting > 0 ? least : endedAt + least - performance.now()
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

/**
 * Where a stream itself ends is where it goes on: neither a crash after sending nor a Redis that came back empty makes a difference. Gives how
 * many events it sent.
 */
async function deliver(database: Database, streams: EventStreams, behind: readonly StreamState[]): Promise<number> {
  const ends = await streams.last(behind.map(({ tenantId }) => streamOf(tenantId)))
  const froms = behind.map(({ sequence }, n) => Math.max(ends[n] ?? 0, sequence - STREAM_KEEPS))
  // Mostly a stream ends where this round began: what got its place follows, for all tenants at once.
  const usual = behind.filter(({ sequence, placed }, n) => placed.length > 0 && froms[n] === sequence - placed.length)
  if (usual.length > 0)
    await streams.append(
      usual.map(({ tenantId, placed }) => ({ stream: streamOf(tenantId), entries: placed })),
      STREAM_KEEPS,
    )
  let sent = usual.reduce((sum, { placed }) => sum + placed.length, 0)
  const notes: Delivered[] = []
  for (const [n, state] of behind.entries()) {
    const { tenantId, sequence } = state
    const caughtUp = usual.includes(state) ? { delivered: sequence, sent: 0 } : await catchUp(database, streams, state, froms[n] ?? 0)
    sent += caughtUp.sent
    notes.push({ tenantId, delivered: Math.max(caughtUp.delivered, sequence) })
  }
  await noteDelivered(database, notes)
  return sent
}

/** Reads what is missing from Postgres; gives how far that led. */
async function catchUp(
  database: Database,
  streams: EventStreams,
  { tenantId, sequence }: StreamState,
  from: number,
): Promise<{ delivered: number; sent: number }> {
  let [delivered, sent] = [from, 0]
  while (delivered < sequence) {
    const events = await readTold(database, tenantId, delivered, BATCH)
    const end = events.at(-1)
    // What is older than the time of keeping is gone from Postgres too.
    if (end === undefined) break
    await streams.append([{ stream: streamOf(tenantId), entries: events }], STREAM_KEEPS)
    delivered = end.sequence
    sent += events.length
  }
  return { delivered, sent }
}

/** Sets back the tenants whose stream is shorter than what was delivered: Redis has lost it. */
async function findForgotten(database: Database, streams: EventStreams): Promise<void> {
  let after = NO_TENANT
  for (;;) {
    const known = await database.asRole('nexus_relay', run => run({ text: DELIVERED, values: [after, BATCH] }))
    if (known.length === 0) return
    const tenants = known.map(row => String(row['tenant_id']))
    const ends = await streams.last(tenants.map(streamOf))
    const forgotten = known.flatMap((row, n): Delivered[] => {
      const end = ends[n] ?? 0
      return end < Number(row['delivered']) ? [{ tenantId: String(row['tenant_id']), delivered: end }] : []
    })
    await noteDelivered(database, forgotten)
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
  return [...new Set(rows.map(row => String(row['tenant_id'])))].sort()
}

// One index step per tenant instead of a scan over all open events.
const UNSEQUENCED = `with recursive tenant as (
  (select tenant_id from nexus.outbox where sequence is null order by tenant_id limit 1)
  union all
  select (select o.tenant_id from nexus.outbox o where o.sequence is null and o.tenant_id > t.tenant_id order by o.tenant_id limit 1)
    from tenant t where t.tenant_id is not null)
select tenant_id from tenant where tenant_id is not null`

const BEHIND = 'select tenant_id from nexus.outbox_relay where delivered < sequence order by tenant_id'
