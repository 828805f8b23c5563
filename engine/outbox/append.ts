/**
 * Writes events inside the transaction of the change they tell of, so that both are there or neither.
 * Sends nothing and notifies nobody: a notification in a write transaction is one lock for the whole cluster (storage rule 10).
 */
import type { TenantConnection } from '../platform/index.ts'
import { type EventOrigin, type NewEvent, wrapEvent } from './envelope.ts'
import { noteWritten } from './wake.ts'

/** Appends events and gives their ids, in the order of the events: the order in which those of one record are delivered. */
export async function append(connection: TenantConnection, origin: EventOrigin, events: NewEvent | readonly NewEvent[]): Promise<string[]> {
  const envelopes = ([events].flat() as readonly NewEvent[]).map(event => wrapEvent(connection.tenantId, origin, event))
  const [first] = envelopes
  if (first === undefined) return []
  await connection.execute(
    envelopes.length === 1
      ? { name: 'outbox_append_one', text: APPEND_ONE, values: [connection.tenantId, origin.now, first.id, JSON.stringify(first)] }
      : { name: 'outbox_append', text: APPEND, values: [connection.tenantId, origin.now, JSON.stringify(envelopes)] },
  )
  noteWritten()
  return envelopes.map(envelope => envelope.id)
}

// Mostly it is one: taken out of a list it cost Postgres two thirds more.
const APPEND_ONE = 'insert into nexus.outbox (tenant_id, id, at, envelope) values ($1::uuid, $3::uuid, $2::timestamptz, $4::jsonb)'

// The identity column is filled in the order of the select, which `ordinality` fixes.
const APPEND = `insert into nexus.outbox (tenant_id, id, at, envelope)
  select $1::uuid, (e.envelope ->> 'id')::uuid, $2::timestamptz, e.envelope
  from jsonb_array_elements($3::jsonb) with ordinality as e (envelope, n) order by e.n`
