/**
 * One statement on its way to Postgres, with commands that have to be done before it, answered as a whole: commands, statement and a single
 * Sync go out together, so they are one round trip and, outside of a transaction, one implicit transaction. What a named statement answers
 * with is described once per connection. Rides on the driver's own Query, the only kind its pipeline takes. Knows no tenant.
 */
import pg from 'pg'

/** What the server said to a statement. */
export interface Answer {
  readonly rows: Record<string, unknown>[]
  readonly rowCount: number
}

/** Statement and what goes before it. */
export interface Sending {
  readonly text: string
  readonly values: readonly unknown[]
  readonly name?: string
  /** Commands without parameters; when one fails, neither the rest of them nor the statement is run. */
  readonly ahead: readonly string[]
}

type Parser = (text: string) => unknown
interface Field {
  readonly name: string
  readonly dataTypeID: number
}
/** How rows of a statement are read: one list for names and one for parsers. */
interface Shape {
  readonly names: readonly string[]
  readonly parsers: readonly Parser[]
}

/** What we use of the driver's connection. */
interface Wire {
  /** Texts by name: what the server has parsed, and what is on its way there to be. */
  readonly parsedStatements: Record<string, string>
  readonly submittedNamedStatements: Record<string, string>
  _send(message: Buffer): void
  parse(message: { readonly text: string; readonly name: string }): void
  bind(message: { readonly portal: string; readonly statement: string; readonly values: readonly unknown[] }): void
  describe(message: unknown): void
  execute(message: { readonly portal: string }): void
}

/** What we use of the driver's query. */
interface DriverQuery {
  callback: (error: Error | null, answer?: Answer) => void
  prepare(wire: Wire): void
  handleError(error: Error, wire: Wire): void
}
const Base = pg.Query as unknown as new (config: {
  readonly text: string
  readonly values: unknown[]
  readonly name?: string
  readonly queryMode: 'extended'
}) => DriverQuery

const shapesOf = new WeakMap<pg.ClientBase, Map<string, Shape>>()
const NO_COLUMNS: Shape = { names: [], parsers: [] }

class SentQuery extends Base {
  readonly #sending: Sending
  readonly #shapes: Map<string, Shape>
  readonly #parserOf: (oid: number) => Parser
  readonly #rows: Record<string, unknown>[] = []
  #shape: Shape | undefined
  #commandsOpen: number
  /** Whether the statement is parsed by its name here, for the first time on its connection. */
  #parses = false
  #rowCount = 0
  #unreadable: Error | undefined

  constructor(sending: Sending, shapes: Map<string, Shape>, parserOf: (oid: number) => Parser) {
    const { text, values, name } = sending
    super({ text, values: [...values], queryMode: 'extended', ...(name === undefined ? {} : { name }) })
    this.#sending = sending
    this.#shapes = shapes
    this.#parserOf = parserOf
    this.#shape = name === undefined ? undefined : shapes.get(name)
    this.#commandsOpen = sending.ahead.length
  }

  /** Called by the driver with the stream held back; everything goes out as one write. */
  override prepare(wire: Wire): void {
    const { name } = this.#sending
    this.#parses = name !== undefined && wire.parsedStatements[name] === undefined && wire.submittedNamedStatements[name] === undefined
    const gathering = new Gathering(wire, this.#shape !== undefined)
    for (const text of this.#sending.ahead) {
      gathering.wire.parse({ text, name: '' })
      gathering.wire.bind({ portal: '', statement: '', values: [] })
      gathering.wire.execute({ portal: '' })
    }
    super.prepare(gathering.wire)
    wire._send(Buffer.concat(gathering.messages))
  }

  handleRowDescription({ fields }: { readonly fields: readonly Field[] }): void {
    this.#learn({ names: fields.map(field => field.name), parsers: fields.map(field => this.#parserOf(field.dataTypeID)) })
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    const { names, parsers } = this.#shape ?? NO_COLUMNS
    if (this.#unreadable !== undefined) return
    try {
      const row: Record<string, unknown> = {}
      for (const [at, value] of fields.entries()) row[names[at] ?? ''] = value === null ? null : parsers[at]?.(value)
      this.#rows.push(row)
    } catch (error) {
      this.#unreadable = error instanceof Error ? error : new Error(String(error))
    }
  }

  handleCommandComplete({ text }: { readonly text: string }, wire: Wire): void {
    if (this.#commandsOpen > 0) {
      this.#commandsOpen -= 1
      const { name, text: own } = this.#sending
      if (!this.#parses || name === undefined) return
      // The driver takes any ParseComplete for the statement's own, that of a command ahead too: it is still on its way.
      delete wire.parsedStatements[name]
      wire.submittedNamedStatements[name] = own
      return
    }
    if (this.#shape === undefined) this.#learn(NO_COLUMNS)
    this.#rowCount = Number(/ (\d+)$/.exec(text)?.[1] ?? 0)
  }

  handleReadyForQuery(): void {
    if (this.#unreadable === undefined) this.callback(null, { rows: this.#rows, rowCount: this.#rowCount })
    else this.callback(this.#unreadable)
  }

  override handleError(error: Error, wire: Wire): void {
    // A command ahead failed, after the driver had taken its ParseComplete for the statement's. One that has been parsed stays on the server
    // whatever becomes of it there: forgotten here, its name would be refused at every later use of the connection.
    if (this.#parses && this.#commandsOpen > 0 && this.#sending.name !== undefined) delete wire.parsedStatements[this.#sending.name]
    super.handleError(error, wire)
  }

  #learn(shape: Shape): void {
    this.#shape = shape
    if (this.#sending.name !== undefined) this.#shapes.set(this.#sending.name, shape)
  }
}

/** The same connection, but messages come together in a list; where the columns are known the server is not asked for them. */
class Gathering {
  readonly messages: Buffer[] = []
  readonly wire: Wire

  constructor(wire: Wire, isDescribed: boolean) {
    const made = Object.create(wire) as { -readonly [K in keyof Wire]: Wire[K] }
    made._send = message => void this.messages.push(message)
    if (isDescribed) made.describe = () => undefined
    this.wire = made
  }
}

/** Sends a statement and resolves when everything of it is answered. */
export function sendQuery(client: pg.ClientBase, sending: Sending): Promise<Answer> {
  const shapes = shapesOf.get(client) ?? new Map<string, Shape>()
  shapesOf.set(client, shapes)
  const driver = client as unknown as {
    readonly _types: { getTypeParser(oid: number, format: 'text'): Parser }
    query(query: DriverQuery): void
  }
  const query = new SentQuery(sending, shapes, oid => driver._types.getTypeParser(oid, 'text'))
  return new Promise((resolve, reject) => {
    query.callback = (error, answer) => (answer === undefined ? reject(error ?? new Error('There was no answer.')) : resolve(answer))
    driver.query(query)
  })
}

/** Forgets what a statement answers with, when its name is given up. */
export function forgetShape(client: pg.ClientBase, name: string): void {
  shapesOf.get(client)?.delete(name)
}
