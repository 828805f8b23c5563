/**
 * One connection for an operator's long work: no limits of time, rows in and out by COPY, roles and tenant set by whoever works with it.
 * For backup and restore; no request comes here. What was begun and not committed is gone when the work fails.
 */
import type { Readable, Writable } from 'node:stream'
import pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'
import type { Row } from './types.ts'

/** The connection, while the work lasts. One thing at a time: a COPY is read or written to its end before the next statement. */
export interface LongSession {
  run<R extends Row = Row>(text: string, values?: readonly unknown[]): Promise<R[]>
  /** The rows as the server sends them. */
  texts(text: string, values?: readonly unknown[]): Promise<(string | null)[][]>
  /** How many rows the statement touched. */
  execute(text: string, values?: readonly unknown[]): Promise<number>
  /** `copy (…) to stdout`: rows in Postgres's text format. */
  copyOut(text: string): Readable
  /** `copy … from stdin`. */
  copyIn(text: string): Writable
}

const SETTINGS: Readonly<Record<string, string>> = {
  search_path: 'nexus',
  statement_timeout: '0',
  lock_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  // The same text for the same value wherever it is read.
  TimeZone: 'UTC',
  DateStyle: 'ISO',
  IntervalStyle: 'postgres',
  extra_float_digits: '1',
  bytea_output: 'hex',
  client_encoding: 'UTF8',
}

/** Postgres went away in the middle of the work. */
export class ConnectionLost extends Error {
  constructor(cause: unknown) {
    super('The connection to Postgres was lost. What was not committed is undone.', { cause })
    this.name = 'ConnectionLost'
  }
}

/** Connects, works and disconnects; a failure cuts the connection, whatever is under way. */
export async function longSession<T>(url: string, name: string, work: (session: LongSession) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    application_name: name,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    // Values come as the text they are: nothing here computes with times or large numbers.
    types: { getTypeParser: (oid: number) => (oid === JSONB || oid === BOOL || oid === INT4 ? pg.types.getTypeParser(oid) : asText) },
  })
  let isLost = false
  client.on('error', () => (isLost = true))
  client.on('end', () => (isLost = true))
  await client.connect()
  let isWhole = false
  try {
    for (const [setting, value] of Object.entries(SETTINGS)) await client.query(`set ${setting} = '${value}'`)
    // 17 and later; a provider may have set it for everybody.
    await client.query(`select set_config(name, '0', false) from pg_settings where name = 'transaction_timeout'`)
    const answer = await work({
      run: async <R extends Row>(text: string, values: readonly unknown[] = []) => (await client.query(text, [...values])).rows as R[],
      texts: async (text, values = []) =>
        (await client.query<(string | null)[]>({ text, values: [...values], rowMode: 'array', types: { getTypeParser: () => asText } }))
          .rows,
      execute: async (text, values = []) => (await client.query(text, [...values])).rowCount ?? 0,
      copyOut: text => heard(client.query(copyTo(text))),
      copyIn: text => heard(client.query(copyFrom(text))),
    })
    isWhole = true
    return answer
  } catch (error) {
    // What the server itself said of it is better than that it is gone.
    throw isLost && !(error instanceof Error && 'severity' in error) ? new ConnectionLost(error) : error
  } finally {
    if (isWhole) await client.end().catch(() => undefined)
    else (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
  }
}

/** Whoever works with a stream hears of its failure; one that nobody works with any more must not end the process. */
function heard<S extends Readable | Writable>(stream: S): S {
  stream.on('error', () => undefined)
  return stream
}

const [BOOL, INT4, JSONB] = [16, 23, 3802]
const asText = (text: string): string => text
