/**
 * Sends one statement over one connection and maps what goes wrong.
 * Always by the extended protocol: one statement per message, so text can't smuggle a second one in. Knows no tenant.
 */
import type pg from 'pg'
import { currentSpan, runSpan } from '../kernel/spans.ts'
import { type Answer, forgetShape, sendQuery } from './sent-query.ts'
import { toSqlFailure } from './sql-failure.ts'
import type { Statement } from './types.ts'

/** Prepared statements kept per connection; beyond it the one unused for longest goes (storage rule 6). */
export const NAMED_STATEMENTS_KEPT = 200

interface PreparedNames {
  /** Statement text → name on the server, least recently used first. */
  readonly names: Map<string, string>
  made: number
}

const preparedOf = new WeakMap<pg.ClientBase, PreparedNames>()

/** How Postgres is to plan: once for a named statement, for its values for any other. */
export type Planning = 'force_generic_plan' | 'force_custom_plan'

/** What a statement needs of the connection. */
export function planningOf(statement: Statement): Planning {
  return statement.name === undefined ? 'force_custom_plan' : 'force_generic_plan'
}

/** Runs commands and then a statement, in one round trip; a named one is prepared once per connection. */
export async function runStatement(client: pg.ClientBase, statement: Statement, ahead: readonly string[] = []): Promise<Answer> {
  const span = currentSpan()
  return span === undefined
    ? send(client, statement, ahead)
    : runSpan(span.child(operationOf(statement.text), attributesOf(statement.text)), () => send(client, statement, ahead))
}

async function send(client: pg.ClientBase, { text, values, name: named }: Statement, ahead: readonly string[]): Promise<Answer> {
  const name = named === undefined ? undefined : nameOnServer(client, text)
  try {
    return await sendQuery(client, { text, values, ahead, ...(name === undefined ? {} : { name }) })
  } catch (error) {
    throw toSqlFailure(error, text)
  }
}

const TOLD_LENGTH = 4_000

/** A statement's text may be told: values are bound, always, and stand beside it. */
function attributesOf(text: string): Record<string, string> {
  return { 'db.system.name': 'postgresql', 'db.operation.name': operationOf(text), 'db.query.text': text.slice(0, TOLD_LENGTH) }
}

function operationOf(text: string): string {
  return /^\s*(\w{1,20})/.exec(text)?.[1]?.toUpperCase() ?? 'SQL'
}

/** Names are the connection's own: the same name with another text after a new revision can't clash. */
function nameOnServer(client: pg.ClientBase, text: string): string {
  let prepared = preparedOf.get(client)
  if (prepared === undefined) {
    prepared = { names: new Map(), made: 0 }
    preparedOf.set(client, prepared)
  }
  const known = prepared.names.get(text)
  const name = known ?? `nexus_${(prepared.made += 1)}`
  prepared.names.delete(text)
  prepared.names.set(text, name)
  if (prepared.names.size > NAMED_STATEMENTS_KEPT) forgetOldest(client, prepared)
  return name
}

function forgetOldest(client: pg.ClientBase, prepared: PreparedNames): void {
  const oldest = prepared.names.entries().next().value
  if (oldest === undefined) return
  const [text, name] = oldest
  prepared.names.delete(text)
  // The driver keeps its own list of what it parsed; names are never used twice, so the entry would stay for ever.
  const driver = client as unknown as { connection: { parsedStatements: Record<string, unknown> } }
  delete driver.connection.parsedStatements[name]
  forgetShape(client, name)
  client.query(`deallocate ${name}`).catch(() => undefined)
}
