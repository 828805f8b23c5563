/**
 * Puts rows of one table into the database, under row-level security: they come by COPY into a table of the connection's own, and from there
 * by INSERT as the engine's role, bound to the tenant. (COPY itself refuses tables with row security.) Then reads them back.
 */
import { once } from 'node:events'
import { createHash } from 'node:crypto'
import { type Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { LongSession } from '../platform/index.ts'
import type { Rewrite } from './rewrite-rows.ts'
import { type CarriedTable, copyOutOf } from './tables.ts'

/** As much is staged before it is inserted. */
const BATCH_BYTES = 32 * 1024 * 1024

/** Rows on their way into one table. */
export interface RowLoader {
  add(lines: Buffer): Promise<void>
  /** Brings in what is still on its way. */
  end(): Promise<void>
}

/** The connection's own table, which has what is being loaded into a table. */
export function stageOf(table: CarriedTable): string {
  return `pg_temp.stage_${table.name}`
}

/** Starts loading; with `stays` the rows are left where they are staged, for whoever takes them from there. */
export async function loadRows(session: LongSession, table: CarriedTable, stays: boolean): Promise<RowLoader> {
  const columns = table.columns.join(', ')
  const stage = stageOf(table)
  await session.run(`create temp table stage_${table.name} on commit drop as select ${columns} from nexus.${table.name} with no data`)
  let copy: Writable | null = null
  let failure: Error | null = null
  let bytes = 0

  async function insert(): Promise<void> {
    if (copy === null) return
    copy.end()
    await finished(copy)
    copy = null
    bytes = 0
    if (stays) return
    // What the database numbers by itself is numbered in the order of the file.
    const order = table.isNumbered ? ' order by ctid' : ''
    await session.run(`insert into nexus.${table.name} (${columns}) select ${columns} from ${stage}${order}`)
    await session.run(`truncate ${stage}`)
  }

  return {
    async add(lines) {
      if (copy === null) {
        copy = session.copyIn(`copy ${stage} (${columns}) from stdin`)
        copy.on('error', (error: Error) => (failure = error))
      }
      if (failure !== null) throw failure
      bytes += lines.length
      if (!copy.write(lines)) await once(copy, 'drain')
      if (bytes >= BATCH_BYTES && !stays) await insert()
    },
    end: insert,
  }
}

/** The digest of what stands in a table now, spelled as it was in the backup: `back` makes the rows those of the tenant they came from. */
export async function digestOf(session: LongSession, table: CarriedTable, tenantId: string, back: Rewrite | null): Promise<string> {
  const hash = createHash('sha256')
  let held = Buffer.alloc(0)
  for await (const chunk of session.copyOut(copyOutOf(table, tenantId)) as AsyncIterable<Buffer>) {
    if (back === null) {
      hash.update(chunk)
      continue
    }
    const text = Buffer.concat([held, chunk])
    const end = text.lastIndexOf(10) + 1
    held = text.subarray(end)
    if (end > 0) hash.update(back(text.subarray(0, end)))
  }
  return hash.digest('hex')
}
