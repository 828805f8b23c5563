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
  readonly placed: readonly EventEnvelope[]
  /** Whether more may wait for a place. */
  readonly more: boolean
}

export interface Lease {
  readonly holder: string
  readonly now: Date
  readonly until: Date
}

const BATCH = 500

/**
 * Gives places to what is committed, and takes (or keeps) the lease on the tenant's delivery where one is asked for: then the events that
 * got their place come with it.
 */
export async function sequenceEvents(database: Database, tenantId: string, lease: Lease | null): Promise<StreamState> {
  return database.writeAs(tenantId, async connection => {
    const state = await lockState(connection)
    if (state === null) return { sequence: 0, delivered: 0, held: true, given: 0, placed: [], more: false }
    const [before, delivered] = [Number(state['sequence']), Number(state['delivered'])]
    const held = lease === null || isHeldByAnother(state, lease)
    connection.commitAfterThis()
    const placed = await connection.run<StoredEvent>({
      name: 'outbox_place',
      text: GIVE_PLACES,
      values: [tenantId, before, BATCH, held ? null : lease.holder, held ? null : lease.until],
    })
    const given = placed.length
    return { sequence: before + given, delivered, held, given, placed: held ? [] : placed.map(wireEvent), more: given === BATCH }
  })
}

function isHeldByAnother(state: Row, lease: Lease): boolean {
  const holder = state['leased_by']
  return holder !== null && holder !== lease.holder && Date.parse(String(state['leased_until'])) > lease.now.getTime()
}

/** Null while another transaction gives places. */
async function lockState(connection: TenantConnection): Promise<Row | null> {
  const lock = { name: 'outbox_state', text: LOCK_STATE, values: [connection.tenantId] }
  const [known] = await connection.run(lock)
  if (known !== undefined) return known
  await connection.execute({
    text: 'insert into nexus.outbox_relay (tenant_id) values ($1) on conflict do nothing',
    values: [connection.tenantId],
  })
  const [made] = await connection.run(lock)
  return made ?? null
}

const LOCK_STATE = 'select sequence, delivered, leased_by, leased_until from nexus.outbox_relay where tenant_id = $1 for update skip locked'

// Only rows are placed that this statement sees: it begins when the tenant's state is locked.
const GIVE_PLACES = `with placed as (
  update nexus.outbox o set sequence = $2 + w.n
    from (select at, id, row_number() over (order by written) as n from nexus.outbox where tenant_id = $1 and sequence is null order by written limit $3) w
    where o.tenant_id = $1 and o.at = w.at and o.id = w.id
    returning o.sequence, case when $4::text is not null then o.envelope end as envelope),
reached as (select $2::bigint + count(*) as sequence from placed),
noted as (
  update nexus.outbox_relay r set sequence = reached.sequence,
    leased_by = case when r.delivered < reached.sequence then coalesce($4, r.leased_by) else r.leased_by end,
    leased_until = case when r.delivered < reached.sequence then coalesce($5::timestamptz, r.leased_until) else r.leased_until end
    from reached where r.tenant_id = $1 and (r.sequence < reached.sequence or ($4 is not null and r.delivered < reached.sequence)))
select sequence, envelope from placed order by sequence`

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
