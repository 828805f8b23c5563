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
  /** Whether more may wait for a place. */
  readonly more: boolean
}

export interface Lease {
  readonly holder: string
  readonly now: Date
  readonly until: Date
}

const BATCH = 500

/** Gives places to what is committed, and takes (or keeps) the lease on the tenant's delivery where one is asked for. */
export async function sequenceEvents(database: Database, tenantId: string, lease: Lease | null): Promise<StreamState> {
  return database.writeAs(tenantId, async connection => {
    const state = await lockState(connection)
    if (state === null) return { sequence: 0, delivered: 0, held: true, given: 0, more: false }
    const given = await connection.execute({
      name: 'outbox_place',
      text: GIVE_PLACES,
      values: [tenantId, Number(state['sequence']), BATCH],
    })
    const sequence = Number(state['sequence']) + given
    const delivered = Number(state['delivered'])
    const held = lease === null || isHeldByAnother(state, lease)
    if (!held && delivered < sequence) {
      const text = 'update nexus.outbox_relay set sequence = $2, leased_by = $3, leased_until = $4 where tenant_id = $1'
      await connection.execute({ name: 'outbox_lease', text, values: [tenantId, sequence, lease.holder, lease.until] })
    } else if (given > 0) {
      await connection.execute({
        name: 'outbox_reach',
        text: 'update nexus.outbox_relay set sequence = $2 where tenant_id = $1',
        values: [tenantId, sequence],
      })
    }
    return { sequence, delivered, held, given, more: given === BATCH }
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

const GIVE_PLACES = `update nexus.outbox o set sequence = $2 + w.n
  from (select at, id, row_number() over (order by written) as n from nexus.outbox where tenant_id = $1 and sequence is null order by written limit $3) w
  where o.tenant_id = $1 and o.at = w.at and o.id = w.id`

/** Notes how far a transport has taken the stream; a lower number sets it back, so that it is delivered again. */
export async function noteDelivered(database: Database, tenantId: string, delivered: number): Promise<void> {
  await database.writeAs(tenantId, connection =>
    connection.execute({
      name: 'outbox_delivered',
      text: 'update nexus.outbox_relay set delivered = $2 where tenant_id = $1',
      values: [tenantId, delivered],
    }),
  )
}

/** Events of a tenant after a place in its stream, in order. This is all a consumer needs where there is no Redis. */
export async function readEvents(database: Database, tenantId: string, after: number, limit = 100): Promise<EventEnvelope[]> {
  const rows = await database.readAs(tenantId, connection =>
    connection.run<Row & { sequence: string; envelope: UnsequencedEnvelope }>({
      name: 'outbox_read',
      text: READ,
      values: [tenantId, after, limit],
    }),
  )
  return rows.map(row => ({ ...row.envelope, sequence: spellSequence(Number(row.sequence)) }))
}

const READ = 'select sequence, envelope from nexus.outbox where tenant_id = $1 and sequence > $2 order by sequence limit $3'
