/**
 * How the rooms above speak to Postgres: one statement at a time, always inside a tenant.
 * Implemented by tenant-scope.ts; a room never sees a pool or a client.
 */

import type { DataRow } from './data-row.ts'

/** SQL text with numbered parameters; `name` only where the plan can't depend on the values. */
export interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
  readonly name?: string
}

export type Row = Readonly<Record<string, unknown>>

/** A connection bound to one tenant, for as long as the callback runs that received it. */
export interface TenantConnection {
  readonly tenantId: string
  run<R extends Row = Row>(statement: Statement): Promise<R[]>
  /** The rows as the server sent them: for whoever sends them on. */
  rows(statement: Statement): Promise<DataRow[]>
  /** How many rows the statement touched, for updates and deletes without `returning`. */
  execute(statement: Statement): Promise<number>
  /**
   * Said before the last statements of a transaction are sent: the commit goes out with them, in one message, and nothing can be sent any
   * more. Only where no answer to them could keep the work from being committed; a statement that fails keeps the commit from being done.
   */
  commitAfterThis(): void
}

/** The tenant-safe faces of the database (storage rule 7). */
export interface Database {
  /**
   * Read committed, no transaction: a connection whose session setting is this tenant. What all of the tenant's requests wait for (who they
   * are, under which model) is asked `first`, before their own questions. A `shared` connection is asked by other short reads of the same
   * moment as well, of this tenant or of others, each under its own tenant's setting: only for what is known to be answered quickly.
   */
  readAs<T>(tenantId: string, work: (connection: TenantConnection) => Promise<T>, turn?: 'first' | 'shared'): Promise<T>
  /** One short write transaction with `SET LOCAL`; commits when the callback resolves, rolls back when it throws. */
  writeAs<T>(tenantId: string, work: (connection: TenantConnection) => Promise<T>): Promise<T>
  /**
   * The same for the ledgers of several tenants in one transaction, a connection for each: for work in the background that does little for
   * many tenants. It is all done or none of it.
   */
  writeAsEach<T>(tenantIds: readonly string[], work: (connections: readonly TenantConnection[]) => Promise<T>): Promise<T>
  /** Statements of a role that has policies of its own (relay, jobs, search): never tenant data of records. */
  asRole<T>(role: 'nexus_relay' | 'nexus_jobs', work: (run: (statement: Statement) => Promise<Row[]>) => Promise<T>): Promise<T>
  /** How the pools stand at this moment. */
  pools(): PoolState[]
  close(): Promise<void>
}

/** Connections of one pool; `waiting` counts calls that have none yet. */
export interface PoolState {
  readonly name: 'read' | 'write' | 'relay' | 'jobs'
  readonly open: number
  readonly idle: number
  readonly waiting: number
  readonly limit: number
}
