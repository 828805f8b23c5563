/**
 * Builds statements over the engine's own tables whose conditions vary (audit, sessions, keys): knex writes the text, every value is bound.
 * Knows no connection: what it makes is run like any other statement. Records are rendered by the sql room, never here.
 */
import { createRequire } from 'node:module'
import type { Knex } from 'knex'
import type { Statement } from './types.ts'

type MakeKnex = (config: Knex.Config) => Knex

let builder: Knex | null = null

/** Loaded at the first use: 0.3 s and 20 MB that a start without such a query does not need. */
function knex(): Knex {
  const make = createRequire(import.meta.url)('knex') as MakeKnex
  builder ??= make({ client: 'pg' })
  return builder
}

/** A query over a table of the schema `nexus`. */
export function table(name: string): Knex.QueryBuilder {
  return knex().withSchema('nexus').table(name)
}

/** The statement of a finished query. */
export function toStatement(query: Knex.QueryBuilder): Statement {
  const { sql, bindings } = query.toSQL().toNative()
  return { text: sql, values: bindings }
}
