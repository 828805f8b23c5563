/**
 * Looks through a whole file before anything is written: whether it can be divided into rows, how many there are, and which names they bear
 * that other rows of it may refer to. Reads no record.
 */
import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { transferErrors } from './errors.ts'
import type { ImportPlan, LookupPlan } from './plan-import.ts'
import type { RowReader } from './read-cells.ts'
import { readRows, type Script } from './read-rows.ts'

/** What is known of a file as a whole. */
export interface Survey {
  /** Rows with something in them, below the row of names. */
  readonly rows: number
  /** Whether some row bears this value in the field others are looked up by. */
  bears(lookup: LookupPlan, value: unknown): boolean
}

/** Reads the file through, no further than to the row that is one too many. Throws UnreadableFile and TRANSFER_FILE_TOO_MANY_ROWS. */
export async function surveyFile(content: Readable, script: Script, plan: ImportPlan, reader: RowReader, limit: number): Promise<Survey> {
  const wanted = new Set(plan.columns.flatMap(({ lookup }) => (lookup?.self === true ? [lookup.by.key] : [])))
  const bearers = plan.columns.filter(({ field, part, lookup }) => part === null && lookup === null && wanted.has(field.key))
  // Numbers instead of names: a million of them take some 30 MB.
  const names = new Map(bearers.map(column => [column.field.key, new Set<number>()]))
  let rows = 0
  for await (const raw of readRows(content, script)) {
    rows += 1
    if (rows > limit) throw transferErrors.FILE_TOO_MANY_ROWS({ limit })
    for (const column of bearers) {
      const value = reader.valueOf(raw, column)
      if (value !== undefined) names.get(column.field.key)?.add(numberOf(value))
    }
  }
  return { rows, bears: (lookup, value) => value !== undefined && names.get(lookup.by.key)?.has(numberOf(value)) === true }
}

function numberOf(value: unknown): number {
  return createHash('sha256').update(JSON.stringify(value)).digest().readUIntBE(0, 6)
}
