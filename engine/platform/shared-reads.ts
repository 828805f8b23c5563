/**
 * Short reads that begin in the same turn of the event loop share a connection: their statements go out as one message and come back as one
 * answer, so that a system call and a wake on either side serve several of them. Each statement runs under its own tenant's setting and row
 * security. One message is on its way at a time, so what the session is set to is always known; a statement that was not reached because
 * another's failed before it is sent again on its own. For reads only: nothing is lost by asking twice.
 */
import type pg from 'pg'
import { planningOf, sendingOf, spannedStatement } from './run-statement.ts'
import { type Answer, type Awaited, NotReached, sendTogether } from './sent-query.ts'
import { noteSession, requireTenantId, sessionOf, settingCommands, UNKNOWN } from './session-settings.ts'
import { toSqlFailure } from './sql-failure.ts'
import type { Row, Statement, TenantConnection } from './types.ts'

/** How many share a connection. More wait longer for each other than they save. */
const MOST = 4

interface Asked {
  readonly tenantId: string
  readonly statement: Statement
  readonly asCame: boolean
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
}

/** A connection and those who share it; taken when the first comes, given back when the last is done. */
class SharedConnection {
  readonly client: Promise<pg.PoolClient>
  #readers = 0
  #joined = 0
  #begun = false
  #isSound = true
  #isSent = false
  #onItsWay = false
  /** After a failure they are sent one by one: no statement fails twice for another's sake. */
  #isOneByOne = false
  readonly #waiting: Asked[] = []

  constructor(pool: pg.Pool) {
    this.client = pool.connect()
    this.client.catch(() => undefined)
  }

  get hasRoom(): boolean {
    return !this.#begun && this.#joined < MOST
  }

  join(): void {
    this.#joined += 1
    this.#readers += 1
  }

  /** Ends one reader's part; the connection serves again if nobody left anything open or in doubt on it. */
  async leave(isSound: boolean): Promise<void> {
    this.#isSound &&= isSound
    this.#readers -= 1
    this.#begun = true
    if (this.#readers > 0) return
    const client = await this.client.catch(() => null)
    const status = (client as unknown as { getTransactionStatus(): string | null } | null)?.getTransactionStatus()
    client?.release(!this.#isSound || status !== 'I')
  }

  ask(asked: Asked, client: pg.PoolClient): void {
    this.#waiting.push(asked)
    this.#sendSoon(client)
  }

  #sendSoon(client: pg.PoolClient): void {
    if (this.#isSent || this.#onItsWay) return
    this.#isSent = true
    setImmediate(() => {
      this.#isSent = false
      this.#begun = true
      this.#send(client)
    })
  }

  #send(client: pg.PoolClient): void {
    const together = this.#waiting.splice(0, this.#isOneByOne ? 1 : this.#waiting.length)
    this.#onItsWay = true
    let session = sessionOf(client)
    let unanswered = together.length
    const answered = (): void => {
      unanswered -= 1
      if (unanswered > 0) return
      this.#onItsWay = false
      noteSession(client, this.#isOneByOne ? UNKNOWN : session)
      if (this.#waiting.length > 0) this.#send(client)
    }
    const all: Awaited[] = []
    for (const asked of together) {
      const planning = asked.statement.values.length === 0 ? null : planningOf(asked.statement)
      for (const text of settingCommands(session, asked.tenantId, planning))
        all.push({ sending: { text, values: [], isCommand: true }, resolve: ignored, reject: ignored })
      session = { tenantId: asked.tenantId, planning: planning ?? session.planning }
      all.push({
        sending: sendingOf(client, asked.statement, asked.asCame),
        resolve: answer => {
          asked.resolve(answer)
          answered()
        },
        reject: error => {
          const isAnothers = error instanceof NotReached && together.length > 1
          this.#isOneByOne = true
          if (isAnothers) this.#waiting.push(asked)
          else asked.reject(error instanceof NotReached ? toSqlFailure(error.cause) : toSqlFailure(error, asked.statement.text))
          answered()
        },
      })
    }
    sendTogether(client, all)
  }
}

const ignored = (): void => undefined
const open = new WeakMap<pg.Pool, SharedConnection>()

/** Reads as a tenant over a connection that other short reads of this turn, of this tenant or of others, may share. */
export async function sharedReadScope<T>(pool: pg.Pool, tenantId: string, work: (connection: TenantConnection) => Promise<T>): Promise<T> {
  requireTenantId(tenantId)
  const known = open.get(pool)
  const shared = known?.hasRoom === true ? known : new SharedConnection(pool)
  open.set(pool, shared)
  shared.join()
  const reader = new SharedReader(shared, tenantId)
  try {
    await reader.begin()
    return await work(reader)
  } finally {
    await shared.leave(reader.close())
  }
}

/** One reader's part of it. */
class SharedReader implements TenantConnection {
  readonly tenantId: string
  readonly #shared: SharedConnection
  #client: pg.PoolClient | null = null
  #open = true
  #inFlight = 0
  #isSound = true

  constructor(shared: SharedConnection, tenantId: string) {
    this.#shared = shared
    this.tenantId = tenantId
  }

  async begin(): Promise<void> {
    try {
      this.#client = await this.#shared.client
    } catch (error) {
      throw toSqlFailure(error)
    }
  }

  /** Ends it; tells whether it left nothing open and nothing in doubt. */
  close(): boolean {
    this.#open = false
    return this.#isSound && this.#inFlight === 0
  }

  async run<R extends Row = Row>(statement: Statement): Promise<R[]> {
    return (await this.#ask(statement, false)).rows as R[]
  }

  async rows(statement: Statement): Promise<Answer['raw']> {
    return (await this.#ask(statement, true)).raw
  }

  async execute(statement: Statement): Promise<number> {
    return (await this.#ask(statement, false)).rowCount
  }

  /** There is no transaction to commit. */
  commitAfterThis(): void {
    return undefined
  }

  async #ask(statement: Statement, asCame: boolean): Promise<Answer> {
    const client = this.#client
    if (!this.#open || client === null) throw new Error('A connection was used after the work it was lent for had ended.')
    this.#inFlight += 1
    try {
      return await spannedStatement(
        statement,
        () =>
          new Promise<Answer>((resolve, reject) =>
            this.#shared.ask({ tenantId: this.tenantId, statement, asCame, resolve, reject }, client),
          ),
      )
    } catch (error) {
      const failure = toSqlFailure(error)
      this.#isSound &&= failure.leavesConnectionSound
      throw failure
    } finally {
      this.#inFlight -= 1
    }
  }
}
