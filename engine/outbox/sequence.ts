/**
 * Gives committed events their place in the tenant's stream, and reads the stream.
 * Identity columns count inserts, not commits: a reader who remembers "up to 42" would miss 41 when it commits later. So the place is given
 * here, one tenant at a time under a row lock, to rows that are committed: dense, gapless, and in the order of writing for each record.
 */
import type { Database, Row, TenantConnection } from '../platform/index.ts'
import { type EventEnvelope, spellSequence, type UnsequencedEnvelope } from './envelope.ts'

/** How far a tenant's stream has come; `held` when its delivery is not ours at the moment. */
export interface StreamState {
  readonly tenantId: string
  readonly sequence: number
  readonly delivered: number
  readonly held: boolean
  /** How many events got their place just now. */
  readonly given: number
  /** Those events, in order, where their delivery is ours. */
  readonly placed: readonly ToldEvent[]
  /** Whether more may wait for a place. */
  readonly more: boolean
  /** The requests that those events came from, where they were asked for: their `traceparent`s. */
  readonly causes: readonly string[]
}

export interface Lease {
  readonly holder: string
  readonly now: Date
  readonly until: Date
}

/** An event as a transport carries it: the envelope's JSON, its place in it, as Postgres wrote it. Nobody here looks into it. */
export type ToldEvent = { readonly sequence: number; readonly text: string }
type ToldRow = Row & { readonly sequence: string; readonly text: string }

const BATCH = 500

/**
 * Gives places to what is committed, tenant by tenant in one transaction, and takes (or keeps) the lease on each tenant's delivery where one
 * is asked for: then the events that got their place come with it. Names of tenants come sorted, so that two relays do not wait crosswise.
 */
export async function sequenceEvents(
  database: Database,
  tenantIds: readonly string[],
  lease: Lease | null,
  withCauses = false,
): Promise<StreamState[]> {
  return database.writeAsEach(tenantIds, async connections => {
    const locked = await lockStates(connections, lease !== null, withCauses)
    connections[0]?.commitAfterThis()
    return Promise.all(connections.map((connection, n) => givePlaces(connection, locked[n] ?? null, lease)))
  })
}

async function givePlaces(connection: TenantConnection, locked: Locked | null, lease: Lease | null): Promise<StreamState> {
  const { tenantId } = connection
  if (locked === null) return { tenantId, sequence: 0, delivered: 0, held: true, given: 0, placed: [], more: false, causes: [] }
  const { state, waiting } = locked
  const [before, delivered] = [Number(state['sequence']), Number(state['delivered'])]
  const sequence = before + waiting.length
  const holding = lease !== null && !isHeldByAnother(state, lease) && delivered < sequence ? lease : null
  // In UTC and spelled as Postgres spells them, times sort as text.
  const times = waiting.map(each => each.at).sort()
  const [given] = await Promise.all([
    waiting.length === 0
      ? 0
      : connection.execute({
          name: 'outbox_place',
          text: GIVE_PLACES,
          values: [tenantId, before, waiting.map(each => each.at), waiting.map(each => each.id), times[0], times.at(-1)],
        }),
    waiting.length === 0 && holding === null
      ? 0
      : connection.execute({
          name: 'outbox_reached',
          text: REACHED,
          values: [tenantId, sequence, holding?.holder ?? null, holding?.until ?? null],
        }),
  ])
  // What waited was read under the lock that everybody takes who gives places, so all of it is still there.
  if (given !== waiting.length) throw new Error('An event that waited for its place is gone.')
  const held = lease === null || isHeldByAnother(state, lease)
  const causes = waiting.flatMap(each => (typeof each.traceparent === 'string' ? [each.traceparent] : []))
  return { tenantId, sequence, delivered, held, given, placed: held ? [] : placedOf(waiting, before), more: given === BATCH, causes }
}

function placedOf(waiting: readonly Waiting[], before: number): ToldEvent[] {
  return waiting.map(({ text }, n) => {
    const sequence = before + n + 1
    // The one member that an envelope gets when it has its place.
    return { sequence, text: `${text.slice(0, -1)}, "sequence": "${spellSequence(sequence)}"}` }
  })
}

function isHeldByAnother(state: Row, lease: Lease): boolean {
  const holder = state['leased_by']
  return holder !== null && holder !== lease.holder && Date.parse(String(state['leased_until'])) > lease.now.getTime()
}

/** An event without a place; its time as Postgres has it, for a driver's is not as exact. Its text is empty where nobody carries it on. */
type Waiting = { readonly at: string; readonly id: string; readonly text: string; readonly traceparent?: string | null }

/** A tenant's state and what waits for a place, read under its lock. */
interface Locked {
  readonly state: Row
  readonly waiting: readonly Waiting[]
}

/** Null for a tenant to whom another transaction gives places. */
async function lockStates(connections: readonly TenantConnection[], withTexts: boolean, withCauses: boolean): Promise<(Locked | null)[]> {
  const columns = `at::text as at, id, ${withTexts ? 'envelope::text' : `''`} as text${withCauses ? `, envelope->>'traceparent' as traceparent` : ''}`
  const waitingText = `select ${columns} from nexus.outbox where tenant_id = $1 and sequence is null order by written limit $2`
  await Promise.all(connections.slice(0, 1).map(first => first.run({ name: 'outbox_by_key', text: BY_KEY, values: [] })))
  const attempt = async (connection: TenantConnection): Promise<Locked | null> => {
    const [[state], waiting] = await Promise.all([
      connection.run({ name: 'outbox_state', text: LOCK_STATE, values: [connection.tenantId] }),
      connection.run<Waiting>({ name: 'outbox_waiting', text: waitingText, values: [connection.tenantId, BATCH] }),
    ])
    return state === undefined ? null : { state, waiting }
  }
  const known = await Promise.all(connections.map(attempt))
  const unknown = connections.filter((_, n) => known[n] === null)
  if (unknown.length === 0) return known
  for (const connection of unknown)
    await connection.execute({
      text: 'insert into nexus.outbox_relay (tenant_id) values ($1) on conflict do nothing',
      values: [connection.tenantId],
    })
  const again = await Promise.all(unknown.map(attempt))
  return connections.map((connection, n) => known[n] ?? again[unknown.indexOf(connection)] ?? null)
}

const LOCK_STATE = 'select sequence, delivered, leased_by, leased_until from nexus.outbox_relay where tenant_id = $1 for update skip locked'

function told({ sequence, text }: ToldRow): ToldEvent {
  return { sequence: Number(sequence), text }
}

// A day's table is empty when the first plan over it is made, and going through it seems cheap; the plan is kept when it has filled up.
const BY_KEY = `select set_config(name, 'off', true) from unnest(array['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin']) as s (name)`

// Found first and named one by one: a plan that looks for them itself goes through all of the tenant's events once there are many, and the
// times leave out the days that none of them is of.
const GIVE_PLACES = `update nexus.outbox o set sequence = $2::bigint + w.n from unnest($3::timestamptz[], $4::uuid[]) with ordinality as w (at, id, n)
  where o.tenant_id = $1 and o.at >= $5::timestamptz and o.at <= $6::timestamptz and o.at = w.at and o.id = w.id and o.sequence is null`

const REACHED = `update nexus.outbox_relay set sequence = $2::bigint, leased_by = coalesce($3::text, leased_by), leased_until = coalesce($4::timestamptz, leased_until)
  where tenant_id = $1`

/** How far a transport has taken a tenant's stream. */
export interface Delivered {
  readonly tenantId: string
  readonly delivered: number
}

/** Notes it; a lower number sets a stream back, so that it is delivered again. Names of tenants come sorted. */
export async function noteDelivered(database: Database, notes: readonly Delivered[]): Promise<void> {
  if (notes.length === 0) return
  const tenantIds = notes.map(each => each.tenantId)
  await database.writeAsEach(tenantIds, async connections => {
    const [first] = connections
    first?.commitAfterThis()
    // Not waited for on disk: where the note is lost, the end of the stream itself tells how far it has come.
    await Promise.all([
      first?.run({ name: 'unhurried', text: `select set_config('synchronous_commit', 'off', true)`, values: [] }),
      ...connections.map((connection, n) =>
        connection.execute({
          name: 'outbox_delivered',
          text: 'update nexus.outbox_relay set delivered = $2 where tenant_id = $1',
          values: [connection.tenantId, notes[n]?.delivered],
        }),
      ),
    ])
  })
}

/** The same events for a transport. */
export async function readTold(database: Database, tenantId: string, after: number, limit: number): Promise<ToldEvent[]> {
  const rows = await database.readAs(tenantId, connection =>
    connection.run<ToldRow>({ name: 'outbox_told', text: READ_TOLD, values: [tenantId, after, limit] }),
  )
  return rows.map(told)
}

const READ_TOLD = `select o.sequence, left(o.envelope::text, -1) || ', "sequence": "' || lpad(o.sequence::text, greatest(12, length(o.sequence::text)), '0') || '"}' as text from nexus.outbox o where o.tenant_id = $1 and o.sequence > $2 order by o.sequence limit $3`

/** Events of a tenant after a place in its stream, in order. This is all a consumer needs where there is no Redis. */
export async function readEvents(database: Database, tenantId: string, after: number, limit = 100): Promise<EventEnvelope[]> {
  const rows = await database.readAs(tenantId, connection =>
    connection.run<StoredEvent>({ name: 'outbox_read', text: READ, values: [tenantId, after, limit] }),
  )
  return rows.map(wireEvent)
}

/** An event with its place, as the driver gives it. */
type StoredEvent = Row & { readonly sequence: string; readonly envelope: UnsequencedEnvelope }

function wireEvent({ sequence, envelope }: StoredEvent): EventEnvelope {
  return { ...envelope, sequence: spellSequence(Number(sequence)) }
}

const READ = 'select sequence, envelope from nexus.outbox where tenant_id = $1 and sequence > $2 order by sequence limit $3'
