/**
 * Sends statements over one connection and maps what goes wrong.
 * Always by the extended protocol: one statement per message, so text can't smuggle a second one in. Knows no tenant.
 */
import type pg from 'pg'
import { currentSpan, runSpan } from '../kernel/spans.ts'
import { preparedOn } from './prepared-statements.ts'
import { type Answer, type Awaited, NotReached, type Sending, sendTogether } from './sent-query.ts'
import { toSqlFailure } from './sql-failure.ts'
import type { Statement } from './types.ts'

/** How Postgres is to plan: once for a named statement, for its values for any other. */
export type Planning = 'force_generic_plan' | 'force_custom_plan'

/** What a statement needs of the connection. */
export function planningOf(statement: Statement): Planning {
  return statement.name === undefined ? 'force_custom_plan' : 'force_generic_plan'
}

/** What goes before a statement, and whether its rows are wanted as the server sends them. */
export interface Manner {
  readonly ahead: readonly string[]
  readonly asCame: boolean
}

/** Statements that are on their way together, in their order: those of one turn. */
export class Gathering {
  readonly #client: pg.ClientBase
  readonly #waiting: Awaited[] = []

  constructor(client: pg.ClientBase) {
    this.#client = client
  }

  /** Adds commands and a statement; resolves with the statement's answer once all that is gathered has been answered. */
  add(statement: Statement, manner: Manner): Promise<Answer> {
    return spannedStatement(statement, () => this.#add(statement, manner))
  }

  // One promise for all of it: what fails first is the reason, and a statement is carried out only after the commands before it.
  #add(statement: Statement, { ahead, asCame }: Manner): Promise<Answer> {
    const { text } = statement
    const sending = sendingOf(this.#client, statement, asCame)
    return new Promise((resolve, fail) => {
      const reject = (error: Error): void => fail(error instanceof NotReached ? toSqlFailure(error.cause) : toSqlFailure(error, text))
      for (const command of ahead)
        this.#waiting.push({ sending: { text: command, values: [], isCommand: true }, resolve: () => undefined, reject })
      this.#waiting.push({ sending, resolve, reject })
    })
  }

  /** Adds a command that answers nothing but that it was carried out; what goes wrong is the driver's own error, or NotReached. */
  addCommand(text: string): Promise<Answer> {
    return this.#wait({ text, values: [], isCommand: true })
  }

  #wait(sending: Sending): Promise<Answer> {
    return new Promise((resolve, reject) => this.#waiting.push({ sending, resolve, reject }))
  }

  /** Sends what was added. */
  send(): void {
    sendTogether(this.#client, this.#waiting)
  }
}

/** Runs commands and then a statement, in one round trip; a named one is prepared once per connection. */
export function runStatement(client: pg.ClientBase, statement: Statement, manner: Manner): Promise<Answer> {
  const alone = new Gathering(client)
  const answer = alone.add(statement, manner)
  alone.send()
  return answer
}

/** A statement as it goes out over a connection, a named one under that connection's own name for it. */
export function sendingOf(client: pg.ClientBase, { text, values, name }: Statement, asCame: boolean): Sending {
  return name === undefined ? { text, values, asCame } : { text, values, asCame, name: preparedOn(client).nameOf(text) }
}

/** Runs a statement as a step of whoever is traced. */
export function spannedStatement<T>({ text }: Statement, run: () => Promise<T>): Promise<T> {
  const span = currentSpan()
  return span === undefined ? run() : runSpan(span.child(operationOf(text), attributesOf(text)), run)
}

const TOLD_LENGTH = 4_000

/** A statement's text may be told: values are bound, always, and stand beside it. */
function attributesOf(text: string): Record<string, string> {
  return { 'db.system.name': 'postgresql', 'db.operation.name': operationOf(text), 'db.query.text': text.slice(0, TOLD_LENGTH) }
}

function operationOf(text: string): string {
  return /^\s*(\w{1,20})/.exec(text)?.[1]?.toUpperCase() ?? 'SQL'
}
