/** What records take on disk, table by table, beside the floor's tables. */
import { administer } from '../platform/server-admin.ts'

/** Bytes of a table with its indexes. */
export interface TableSize {
  readonly table: string
  readonly bytes: number
  readonly indexes: number
}

/** Everything that has been written; `records` are those of deals, customers and products, which both sides keep. */
export interface Sizes {
  readonly records: number
  readonly engine: readonly TableSize[]
  readonly floor: readonly TableSize[]
  /** Changes that the history knows. */
  readonly changes: number
}

/** Reads it; partitions count as their table. */
export async function readSizes(adminUrl: string): Promise<Sizes> {
  return administer(adminUrl, async client => {
    const tables = async (schema: string): Promise<TableSize[]> => {
      const { rows } = await client.query<{ table: string; bytes: string; indexes: string }>(
        `select regexp_replace(c.relname, '_(default|[0-9]{8})$', '') as table, sum(pg_total_relation_size(c.oid)) as bytes, sum(pg_indexes_size(c.oid)) as indexes
          from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relkind = 'r' group by 1 order by 2 desc`,
        [schema],
      )
      return rows.map(({ table, bytes, indexes }) => ({ table, bytes: Number(bytes), indexes: Number(indexes) }))
    }
    const { rows } = await client.query<{ records: string; changes: string }>(
      `select (select count(*) from floor.deal) + (select count(*) from floor.customer) + (select count(*) from floor.product) as records,
        (select count(*) from nexus.record_history) as changes`,
    )
    return {
      records: Number(rows[0]?.records),
      changes: Number(rows[0]?.changes),
      engine: await tables('nexus'),
      floor: await tables('floor'),
    }
  })
}

/** Gives back what a queue was while many waited in it: the room stays for the next, and is no change's own. Autovacuum does the same in its time. */
export async function vacuumQueues(adminUrl: string): Promise<void> {
  await administer(adminUrl, client => client.query('vacuum nexus.audit_unsealed'))
}

/** Bytes of some tables. */
export function bytesOf(sizes: readonly TableSize[], tables: readonly string[]): number {
  return sizes.filter(({ table }) => tables.includes(table)).reduce((sum, { bytes }) => sum + bytes, 0)
}
