/**
 * Gives committed events their place in the tenant's stream, and reads the stream.
 * Identity columns count inserts, not commits: a reader who remembers "up to 42" would miss 41 when it commits later. So the place is given
 * here, one tenant at a time under a row lock, to rows that are committed: dense, gapless, and in the order of writing for each record.
 */
import type { Database, Row, TenantConnection } from '../platform/index.ts'
import { type EventEnvelope, spellSequence, type UnsequencedEnvelope } from './envelope.ts'

/** How far a tenant's stream has come; `held` when its delivery is not ours at the moment. */
export interface StreamState {
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
 * Gives places to what is committed, and takes (or keeps) the lease on the tenant's delivery where one is asked for: then the events that
 * got their place come with it.
 */
export async function sequenceEvents(database: Database, tenantId: string, lease: Lease | null, withCauses = false): Promise<StreamState> {
  return database.writeAs(tenantId, async connection => {
    const locked = await lockState(connection, withCauses)
    if (locked === null) return { sequence: 0, delivered: 0, held: true, given: 0, placed: [], more: false, causes: [] }
    const { state, waiting } = locked
    const [before, delivered] = [Number(state['sequence']), Number(state['delivered'])]
    const held = lease === null || isHeldByAnother(state, lease)
    // In UTC and spelled as Postgres spells them, times sort as text.
    const times = waiting.map(each => each.at).sort()
    connection.commitAfterThis()
    const placed = await connection.run<ToldRow>({
      name: 'outbox_place',
      text: GIVE_PLACES,
      values: [
        tenantId,
        before,
        waiting.map(each => each.at),
        waiting.map(each => each.id),
        held ? null : lease.holder,
        held ? null : lease.until,
        times[0] ?? null,
        times.at(-1) ?? null,
      ],
    })
    const given = placed.length
    const causes = waiting.flatMap(each => (typeof each.traceparent === 'string' ? [each.traceparent] : []))
    return { sequence: before + given, delivered, held, given, placed: held ? [] : placed.map(told), more: given === BATCH, causes }
  })
}

function isHeldByAnother(state: Row, lease: Lease): boolean {
  const holder = state['leased_by']
  return holder !== null && holder !== lease.holder && Date.parse(String(state['leased_until'])) > lease.now.getTime()
}

/** An event without a place; its time as Postgres has it, for a driver's is not as exact. */
type Waiting = { readonly at: string; readonly id: string; readonly traceparent?: string | null }

/** The tenant's state and what waits for a place, read under its lock. Null while another transaction gives places. */
async function lockState(connection: TenantConnection, withCauses: boolean): Promise<{ state: Row; waiting: readonly Waiting[] } | null> {
  const { tenantId } = connection
  const attempt = async (): Promise<{ state: Row; waiting: readonly Waiting[] } | null> => {
    const [[state], waiting] = await Promise.all([
      connection.run({ name: 'outbox_state', text: LOCK_STATE, values: [tenantId] }),
      connection.run<Waiting>({
        ...(withCauses ? { name: 'outbox_waiting_caused', text: WAITING_CAUSED } : { name: 'outbox_waiting', text: WAITING }),
        values: [tenantId, BATCH],
      }),
      connection.run({ name: 'outbox_by_key', text: BY_KEY, values: [] }),
    ])
    return state === undefined ? null : { state, waiting }
  }
  const known = await attempt()
  if (known !== null) return known
  await connection.execute({ text: 'insert into nexus.outbox_relay (tenant_id) values ($1) on conflict do nothing', values: [tenantId] })
  return attempt()
}

const LOCK_STATE = 'select sequence, delivered, leased_by, leased_until from nexus.outbox_relay where tenant_id = $1 for update skip locked'

// The one member that an envelope gets when it has its place.
function toldText(row: string): string {
  return `left(${row}.envelope::text, -1) || ', "sequence": "' || lpad(${row}.sequence::text, greatest(12, length(${row}.sequence::text)), '0') || '"}'`
}

function told({ sequence, text }: ToldRow): ToldEvent {
  return { sequence: Number(sequence), text }
}

function waitingText(columns: string): string {
  return `select ${columns} from nexus.outbox where tenant_id = $1 and sequence is null order by written limit $2`
}
const WAITING = waitingText('at::text as at, id')
const WAITING_CAUSED = waitingText(`at::text as at, id, envelope->>'traceparent' as traceparent`)

// A day's table is empty when the first plan over it is made, and going through it seems cheap; the plan is kept when it has filled up.
const BY_KEY = `select set_config(name, 'off', true) from unnest(array['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin']) as s (name)`

// Found first and named one by one: a plan that looks for them itself goes through all of the tenant's events once there are many, and the
// times leave out the days that none of them is of.
const GIVE_PLACES = `with placed as (
  update nexus.outbox o set sequence = $2 + w.n from unnest($3::timestamptz[], $4::uuid[]) with ordinality as w (at, id, n)
    where o.tenant_id = $1 and o.at >= $7::timestamptz and o.at <= $8::timestamptz and o.at = w.at and o.id = w.id and o.sequence is null
    returning o.sequence, case when $5::text is not null then ${toldText('o')} end as text),
reached as (select $2::bigint + count(*) as sequence from placed),
noted as (
  update nexus.outbox_relay r set sequence = reached.sequence,
    leased_by = case when r.delivered < reached.sequence then coalesce($5, r.leased_by) else r.leased_by end,
    leased_until = case when r.delivered < reached.sequence then coalesce($6::timestamptz, r.leased_until) else r.leased_until end
    from reached where r.tenant_id = $1 and (r.sequence < reached.sequence or ($5 is not null and r.delivered < reached.sequence)))
select sequence, text from placed order by sequence`

/** Notes how far a transport has taken the stream; a lower number sets it back, so that it is delivered again. */
export async function noteDelivered(database: Database, tenantId: string, delivered: number): Promise<void> {
  await database.writeAs(tenantId, async connection => {
    connection.commitAfterThis()
    // Not waited for on disk: where the note is lost, the end of the stream itself tells how far it has come.
    await Promise.all([
      connection.run({ name: 'unhurried', text: `select set_config('synchronous_commit', 'off', true)`, values: [] }),
      connection.execute({
        name: 'outbox_delivered',
        text: 'update nexus.outbox_relay set delivered = $2 where tenant_id = $1',
        values: [tenantId, delivered],
      }),
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

const READ_TOLD = `select o.sequence, ${toldText('o')} as text from nexus.outbox o where o.tenant_id = $1 and o.sequence > $2 order by o.sequence limit $3`

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
