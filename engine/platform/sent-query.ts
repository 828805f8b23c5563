/**
 * Statements on their way to Postgres, together, answered as a whole: all of them and a single Sync go out as one write and come back as one
 * answer, so they are one round trip and, outside of a transaction, one implicit transaction. The first that fails fails those after it.
 * What a named statement answers with is described once per connection. Rides on the driver's own Query, the only kind its pipeline takes.
 */
import pg from 'pg'
import { type PreparedStatements, preparedOn, type Shape } from './prepared-statements.ts'
import type { DataRow } from './data-row.ts'

/** What the server said to a statement. */
export interface Answer {
  readonly rows: Record<string, unknown>[]
  /** The rows as they came, where they were wanted so; `rows` is empty then. */
  readonly raw: DataRow[]
  readonly rowCount: number
  /** The command that was carried out: a commit of a failed transaction answers ROLLBACK. */
  readonly command: string
}

/** One statement. */
export interface Sending {
  readonly text: string
  readonly values: readonly unknown[]
  /** Prepared under this name at its first use on a connection. */
  readonly name?: string
  /** A command has no parameters and answers no rows: the server is not asked for its columns. */
  readonly isCommand?: true
  /** Whether its rows are wanted as they come: then their columns need not be known. */
  readonly asCame?: boolean
}

/** A statement whose answer somebody waits for. */
export interface Awaited {
  readonly sending: Sending
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
}

/** A statement that was not carried out, because one sent before it failed: `cause` says why. */
export class NotReached extends Error {
  constructor(cause: unknown) {
    super('A statement sent before this one failed.', { cause })
    this.name = 'NotReached'
  }
}

type Parser = (text: string) => unknown
interface Field {
  readonly name: string
  readonly dataTypeID: number
}

/** What we use of the driver's connection. */
interface Wire {
  _send(message: Buffer): void
  parse(message: { readonly text: string; readonly name: string }): void
  bind(message: {
    readonly portal: string
    readonly statement: string
    readonly values: readonly unknown[]
    readonly valueMapper: (value: unknown) => unknown
  }): void
  describe(message: { readonly type: 'P'; readonly name: string }): void
  execute(message: { readonly portal: string }): void
  close(message: { readonly type: 'S'; readonly name: string }): void
  sync(): void
}

/** What we use of the driver's query. */
interface DriverQuery {
  readonly callback: (error: Error | null) => void
  prepare(wire: Wire): void
}
const Base = pg.Query as unknown as new (config: {
  readonly text: string
  readonly values: unknown[]
  readonly queryMode: 'extended'
  readonly callback: DriverQuery['callback']
}) => DriverQuery
const { prepareValue } = (pg as unknown as { utils: { prepareValue: (value: unknown) => unknown } }).utils

const NO_COLUMNS: Shape = { names: [], parsers: [] }

/** How far the answer to one statement has come. */
class Part {
  readonly awaited: Awaited
  readonly parses: boolean
  readonly rows: Record<string, unknown>[] = []
  readonly raw: DataRow[] = []
  shape: Shape | undefined
  command = ''
  rowCount = 0
  unreadable: Error | undefined

  constructor(awaited: Awaited, prepared: PreparedStatements) {
    const { name, isCommand } = awaited.sending
    this.awaited = awaited
    this.parses = name === undefined || prepared.parses(name)
    this.shape = isCommand === true ? NO_COLUMNS : name === undefined ? undefined : prepared.shapeOf(name)
  }

  settle(): void {
    if (this.unreadable !== undefined) return this.awaited.reject(this.unreadable)
    this.awaited.resolve({ rows: this.rows, raw: this.raw, rowCount: this.rowCount, command: this.command })
  }
}

/** All of it as one message to the server. Throws where a value is none that can be sent. */
function messageOf(wire: Wire, parts: readonly Part[], closing: readonly string[]): Buffer {
  const messages: Buffer[] = []
  const gathering = Object.create(wire) as { -readonly [K in keyof Wire]: Wire[K] }
  gathering._send = message => void messages.push(message)
  for (const name of closing) gathering.close({ type: 'S', name })
  for (const { awaited, parses, shape } of parts) {
    const { text, values, name = '' } = awaited.sending
    if (parses) gathering.parse({ text, name })
    gathering.bind({ portal: '', statement: name, values, valueMapper: prepareValue })
    if (shape === undefined && awaited.sending.asCame !== true) gathering.describe({ type: 'P', name: '' })
    gathering.execute({ portal: '' })
  }
  gathering.sync()
  return Buffer.concat(messages)
}

/** How far the answer to all of it has come. */
class Answering {
  readonly #parts: readonly Part[]
  readonly #prepared: PreparedStatements
  #at = 0
  timer: NodeJS.Timeout | undefined

  constructor(parts: readonly Part[], prepared: PreparedStatements) {
    this.#parts = parts
    this.#prepared = prepared
  }

  get part(): Part | undefined {
    return this.#parts[this.#at]
  }

  next(): void {
    this.#at += 1
  }

  /** Before the failure all is answered, from it on nothing was done. */
  settle(error: Error | null): void {
    clearTimeout(this.timer)
    const failedAt = error === null ? this.#parts.length : this.#at
    for (const [at, part] of this.#parts.entries()) {
      if (at < failedAt) {
        part.settle()
        continue
      }
      const reason = error ?? new Error('There was no answer.')
      refuse(part, this.#prepared, at === failedAt ? reason : new NotReached(reason))
    }
  }
}

/**
 * The callback goes to the driver's constructor: given to its query afterwards, each function stayed with all it holds until a full
 * collection, as long as V8 had not optimized what gives it, and then in old space for good.
 */
class SentTogether extends Base {
  readonly #answering: Answering
  readonly #prepared: PreparedStatements
  readonly #parserOf: (oid: number) => Parser
  readonly #message: Buffer

  constructor(answering: Answering, prepared: PreparedStatements, parserOf: (oid: number) => Parser, message: Buffer) {
    super({ text: 'sent together', values: [], queryMode: 'extended', callback: error => answering.settle(error) })
    this.#answering = answering
    this.#prepared = prepared
    this.#parserOf = parserOf
    this.#message = message
  }

  override prepare(wire: Wire): void {
    wire._send(this.#message)
  }

  handleRowDescription({ fields }: { readonly fields: readonly Field[] }): void {
    const { part } = this.#answering
    if (part !== undefined)
      part.shape = { names: fields.map(field => field.name), parsers: fields.map(field => this.#parserOf(field.dataTypeID)) }
  }

  handleDataRow(row: DataRow): void {
    const { part } = this.#answering
    if (part?.awaited.sending.asCame === true) {
      part.raw.push(row)
      return
    }
    if (part?.unreadable !== undefined || part === undefined) return
    const { names, parsers } = part.shape ?? NO_COLUMNS
    try {
      const values: Record<string, unknown> = {}
      for (const [at, value] of row.fields.entries()) values[names[at] ?? ''] = value === null ? null : parsers[at]?.(value)
      part.rows.push(values)
    } catch (error) {
      part.unreadable = error instanceof Error ? error : new Error(String(error))
    }
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    const { part } = this.#answering
    if (part === undefined) return
    part.command = text
    part.rowCount = Number(/ (\d+)$/.exec(text)?.[1] ?? 0)
    part.shape ??= NO_COLUMNS
    const { name, asCame } = part.awaited.sending
    if (name !== undefined && asCame !== true) this.#prepared.learn(name, part.shape)
    this.#answering.next()
  }

  handleEmptyQuery(): void {
    this.handleCommandComplete({ text: '' })
  }

  handleReadyForQuery(): void {
    this.callback(null)
  }
}

/** Whether what was to be parsed for the first time has been, nobody says: its name is given up. */
function refuse({ awaited, parses }: Part, prepared: PreparedStatements, error: unknown): void {
  if (parses && awaited.sending.name !== undefined) prepared.forget(awaited.sending.text)
  awaited.reject(error instanceof Error ? error : new Error(String(error)))
}

const patience = new WeakMap<pg.ClientBase, number>()

/** From now on a connection whose server has not answered a message in whole after so long is cut; the server's own limits speak first. */
export function cutWhenLate(client: pg.ClientBase, limitMs: number): void {
  patience.set(client, limitMs)
}

/** Sends statements in their order; each is answered when the last one is. */
export function sendTogether(client: pg.ClientBase, all: readonly Awaited[]): void {
  const driver = client as unknown as {
    readonly connection: Wire & { readonly stream: { destroy(): void } }
    readonly _types: { getTypeParser(oid: number, format: 'text'): Parser }
    query(query: DriverQuery): void
  }
  const prepared = preparedOn(client)
  const parts = all.map(each => new Part(each, prepared))
  const answering = new Answering(parts, prepared)
  try {
    const message = messageOf(driver.connection, parts, prepared.takeClosing())
    const limitMs = patience.get(client)
    if (limitMs !== undefined) answering.timer = setTimeout(() => driver.connection.stream.destroy(), limitMs)
    driver.query(new SentTogether(answering, prepared, oid => driver._types.getTypeParser(oid, 'text'), message))
  } catch (error) {
    clearTimeout(answering.timer)
    for (const part of parts) refuse(part, prepared, error)
  }
}
