/** The face of the platform for the rooms above: what they call and catch. Opening it all is the start's business. */
export { ConnectionLost, type LongSession, longSession } from './long-session.ts'
export { wireTime } from './pool.ts'
export type { EventStreams, StreamEntry } from './event-streams.ts'
export type { Signals } from './signals.ts'
export { table, toStatement } from './query-builder.ts'
export { SqlFailure, type SqlFailureKind } from './sql-failure.ts'
export { NO_TENANT } from './tenant-scope.ts'
export type { Database, Row, Statement, TenantConnection, Texts } from './types.ts'
