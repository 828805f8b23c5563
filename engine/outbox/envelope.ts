/**
 * The NXP envelope: CloudEvents 1.0 in structured JSON with fixed extensions (docs/protocols/NXP-ENVELOPE.md).
 * Pure: knows no database and no transport. The sequence is not in it yet, for it is given once the event is committed.
 */
import type { EventEnvelope, ModelEventData, RecordEventData } from '../../metadata/generated/types.ts'
import type { RequestContext } from '../kernel/context.ts'
import { newId } from '../kernel/ids.ts'

export type { EventEnvelope, ModelEventData, RecordEventData } from '../../metadata/generated/types.ts'

/** What can happen, with the data that tells it. */
export type NewEvent =
  | {
      readonly type: 'record.created' | 'record.updated' | 'record.deleted' | 'record.restored' | 'record.derived'
      readonly data: RecordEventData
    }
  | { readonly type: 'model.published'; readonly data: ModelEventData }

export type EventType = NewEvent['type']

/** Version and definition (in event.schema.json) of the data of each type. A new type is one line here and in NewEvent. */
export const EVENT_TYPES: Readonly<Record<EventType, { readonly version: number; readonly definition: string }>> = {
  'record.created': { version: 1, definition: 'RecordEventData' },
  'record.updated': { version: 1, definition: 'RecordEventData' },
  'record.deleted': { version: 1, definition: 'RecordEventData' },
  'record.restored': { version: 1, definition: 'RecordEventData' },
  'record.derived': { version: 1, definition: 'RecordEventData' },
  'model.published': { version: 1, definition: 'ModelEventData' },
}

/** What an envelope takes from the request that caused the event. */
export type EventOrigin = Pick<RequestContext, 'now' | 'traceparent' | 'causationId'> & {
  readonly caller: { readonly userId: string; readonly epochs: { readonly revision: number } }
  /** The revision of the model that the change was made with, where a request has taken one. */
  readonly revision?: number
}

/** An envelope as it is stored: everything but its sequence. */
export type UnsequencedEnvelope = Omit<EventEnvelope, 'sequence'>

/** Wraps an event; its id is new, its time that of the request. */
export function wrapEvent(tenantId: string, origin: EventOrigin, event: NewEvent): UnsequencedEnvelope {
  return {
    specversion: '1.0',
    id: newId(origin.now.getTime()),
    source: `/tenants/${tenantId}`,
    type: `nexus.${event.type}`,
    subject: 'entity' in event.data ? `${event.data.entity}/${event.data.id}` : `model/${event.data.revision}`,
    time: origin.now.toISOString(),
    datacontenttype: 'application/json',
    dataschema: `/api/schemas/events/${event.type}/${EVENT_TYPES[event.type].version}`,
    tenantid: tenantId,
    traceparent: origin.traceparent,
    causationid: origin.causationId,
    actor: `user/${origin.caller.userId}`,
    modelrevision: origin.revision ?? origin.caller.epochs.revision,
    data: event.data,
  }
}

/** A place in the stream as the envelope spells it; 12 digits sort as text for a trillion events per tenant. */
export function spellSequence(sequence: number): string {
  return String(sequence).padStart(12, '0')
}
