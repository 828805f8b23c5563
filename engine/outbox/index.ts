/** The outbox: what happened, told to others at least once and in order, from the transaction in which it happened. */
export { append } from './append.ts'
export type { EventEnvelope, EventOrigin, EventType, ModelEventData, NewEvent, RecordEventData } from './envelope.ts'
export { eventSchema } from './event-schema.ts'
export { announceWrites, EVENTS_CHANNEL, type Relay, startRelay, STREAM_KEEPS, streamOf } from './relay.ts'
export { readEvents } from './sequence.ts'
