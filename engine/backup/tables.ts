/**
 * Which tables a backup carries and how each is taken back. The list itself is read from the database, so that a table added by a migration
 * is in the next backup without anybody thinking of it; only what is different about a table stands here.
 */
import type { LongSession } from '../platform/index.ts'

/** One table of tenants' rows. */
export interface CarriedTable {
  readonly name: string
  /** Columns that are carried: all but those the database numbers by itself. */
  readonly columns: readonly string[]
  /** Which column says whose row it is. */
  readonly tenantColumn: 'id' | 'tenant_id'
  /** What rows are ordered by, here and there the same: whatever order of letters a server goes by. */
  readonly order: readonly string[]
  /** Whether the database numbers its rows as they come. */
  readonly isNumbered: boolean
}

/** Never carried: what lets somebody in without a password. After a restore everybody signs in again. */
export const LEFT_OUT: readonly string[] = ['session', 'one_time_token', 'sign_in_throttle']

/** Not taken over by a copy under another key: its events are its own, and nobody repeats a request to it. */
export const NOT_IN_A_COPY: readonly string[] = ['outbox', 'outbox_relay', 'idempotency']

/** Ledgers of what has happened: they go on where a tenant's content is set back, they are never set back themselves. */
export const LEDGERS: readonly string[] = ['outbox', 'outbox_relay', 'audit', 'audit_seal', 'audit_unsealed']

/** Written anew where a chain is sealed anew; the old seals are looked at and not kept. */
export const SEALS: readonly string[] = ['audit_seal', 'audit_unsealed']

/** The tables, by name; the tenant's own row comes last, so that nobody sees a tenant before all of it is there. */
export async function carriedTables(session: LongSession): Promise<CarriedTable[]> {
  const rows = await session.run<{ name: string; columns: string[]; numbered: string[]; key: string[] }>(TABLES)
  const tables = rows
    .filter(row => !LEFT_OUT.includes(row.name))
    .map(
      ({ name, columns, numbered, key }): CarriedTable => ({
        name,
        columns,
        tenantColumn: name === 'tenant' ? 'id' : 'tenant_id',
        order: numbered.length > 0 ? numbered : key,
        isNumbered: numbered.length > 0,
      }),
    )
  return [...tables.filter(each => each.name !== 'tenant'), ...tables.filter(each => each.name === 'tenant')]
}

const TABLES = `
  select c.relname::text as name,
    (select jsonb_agg(a.attname order by a.attnum) from pg_attribute a
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attidentity = '' and a.attgenerated = '') as columns,
    coalesce((select jsonb_agg(a.attname order by a.attnum) from pg_attribute a
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attidentity <> ''), '[]') as numbered,
    (select jsonb_agg(a.attname || case when a.attcollation = 0 then '' else ' collate "C"' end order by k.n) from pg_index i
      cross join lateral unnest(i.indkey) with ordinality as k (attnum, n)
      join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
      where i.indrelid = c.oid and i.indisprimary) as key
  from pg_class c join pg_namespace s on s.oid = c.relnamespace
  where s.nspname = 'nexus' and c.relkind in ('r', 'p') and not c.relispartition
    and (c.relname = 'tenant' or exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped))
  order by 1`

/** Reads the rows of the tenant that the connection is set to, in Postgres's text format. */
export function copyOutOf({ name, columns, tenantColumn, order }: CarriedTable, tenantId: string): string {
  const mine = `${tenantColumn} = '${requireId(tenantId)}'`
  return `copy (select ${columns.join(', ')} from nexus.${name} where ${mine} order by ${order.join(', ')}) to stdout`
}

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** An id that becomes part of a statement. */
export function requireId(id: string): string {
  if (!ID.test(id)) throw new TypeError('A tenant id is a lower-case UUID.')
  return id
}
