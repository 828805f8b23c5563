/**
 * Short reads that begin in the same turn of the event loop share a connection: their statements go out as one message and come back as one
 * answer, so that a system call and a wake on either side serve several of them. Each statement runs under its own tenant's setting and row
 * security. One message is on its way at a time, so what the session is set to is always known. Who is kept from his answer by another's
 * failure or slowness goes on over a connection of his own. For reads only: nothing is lost by asking twice.
 */
import type pg from 'pg'
import { planningOf, sendingOf, spannedStatement } from './run-statement.ts'
import { type Answer, type Awaited, NotReached, sendTogether } from './sent-query.ts'
import { noteSession, requireTenantId, sessionOf, settingCommands, UNKNOWN } from './session-settings.ts'
import { type SqlFailure, toSqlFailure } from './sql-failure.ts'
import { readScope } from './tenant-scope.ts'
import type { Row, Statement, TenantConnection } from './types.ts'

/** How many share a connection. More wait longer for each other than they save. */
const MOST = 4
/** Short ones take no such time, by far: who waits so long waits for another's. */
const LATE_MS = 200

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
  /** Nobody's statement goes out over it any more. */
  #isGivenUp = false
  readonly #waiting: Asked[] = []

  constructor(pool: pg.Pool) {
    this.client = pool.connect()
    this.client.catch(() => undefined)
    // Making a connection takes long, and until then another one may have come free.
    setImmediate(() => {
      this.#begun = true
    })
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

  /** Rejects with NotReached where another's statement kept this one from its answer. */
  ask(asked: Asked, client: pg.PoolClient): void {
    if (this.#isGivenUp) return asked.reject(new NotReached(undefined))
    this.#waiting.push(asked)
    this.#sendSoon(client)
  }

  /** Whose fault it is that a message of several is not answered nobody knows: all of them ask again elsewhere, and it is cut. */
  #giveUp(client: pg.PoolClient, together: readonly Asked[]): void {
    this.#isGivenUp = true
    for (const asked of this.#waiting.splice(0)) asked.reject(new NotReached(undefined))
    if (together.length < 2) return
    this.#isSound = false
    for (const asked of together) asked.reject(new NotReached(undefined))
    ;(client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
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
    const together = this.#waiting.splice(0)
    this.#onItsWay = true
    let session = sessionOf(client)
    let hasFailed = false
    let unanswered = together.length
    // What has come while this process was busy is read before it is called late.
    const late =
      this.#readers < 2
        ? undefined
        : setTimeout(() => setImmediate(() => (unanswered > 0 ? this.#giveUp(client, together) : undefined)), LATE_MS)
    const answered = (): void => {
      unanswered -= 1
      if (unanswered > 0) return
      clearTimeout(late)
      this.#onItsWay = false
      noteSession(client, hasFailed ? UNKNOWN : session)
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
          hasFailed = true
          const failure = error instanceof NotReached ? toSqlFailure(error.cause) : toSqlFailure(error, asked.statement.text)
          if (isOfConnection(failure)) this.#giveUp(client, together)
          asked.reject(error instanceof NotReached && together.length > 1 ? error : failure)
          answered()
        },
      })
    }
    sendTogether(client, all)
  }
}

/** A failure that does not say whose statement was at fault. */
function isOfConnection({ kind }: SqlFailure): boolean {
  return kind === 'unavailable' || kind === 'transaction_timeout'
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
  const reader = new SharedReader(pool, shared, tenantId)
  try {
    await reader.begin()
    return await work(reader)
  } finally {
    await reader.end()
  }
}

/** One reader's part of it, and a connection of his own from when he goes on alone. */
class SharedReader implements TenantConnection {
  readonly tenantId: string
  readonly #pool: pg.Pool
  readonly #shared: SharedConnection
  #client: pg.PoolClient | null = null
  #open = true
  #hasLeft = false
  #inFlight = 0
  #isSound = true
  #own: Promise<TenantConnection> | null = null
  #ownDone: Promise<unknown> | null = null
  readonly #ended = Promise.withResolvers<void>()

  constructor(pool: pg.Pool, shared: SharedConnection, tenantId: string) {
    this.#pool = pool
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

  /** Ends it and gives back whatever he held. */
  async end(): Promise<void> {
    this.#open = false
    this.#ended.resolve()
    await this.#leave()
    await this.#ownDone
  }

  run<R extends Row = Row>(statement: Statement): Promise<R[]> {
    return this.#ask(statement, { asCame: false, of: answer => answer.rows as R[], alone: own => own.run<R>(statement) })
  }

  rows(statement: Statement): Promise<Answer['raw']> {
    return this.#ask(statement, { asCame: true, of: answer => answer.raw, alone: own => own.rows(statement) })
  }

  execute(statement: Statement): Promise<number> {
    return this.#ask(statement, { asCame: false, of: answer => answer.rowCount, alone: own => own.execute(statement) })
  }

  /** There is no transaction to commit. */
  commitAfterThis(): void {
    return undefined
  }

  async #ask<T>(statement: Statement, { asCame, of, alone }: Asking<T>): Promise<T> {
    if (this.#own === null) {
      try {
        return of(await this.#askTogether(statement, asCame))
      } catch (error) {
        if (!(error instanceof NotReached)) throw error
      }
    }
    return alone(await this.#alone())
  }

  async #askTogether(statement: Statement, asCame: boolean): Promise<Answer> {
    const client = this.#client
    if (!this.#open || client === null) throw usedTooLate()
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
      if (error instanceof NotReached) throw error
      const failure = toSqlFailure(error)
      this.#isSound &&= failure.leavesConnectionSound
      throw failure
    } finally {
      this.#inFlight -= 1
    }
  }

  /** There is one for him: whoever reads holds a place in the pool for himself. */
  #alone(): Promise<TenantConnection> {
    if (!this.#open) throw usedTooLate()
    this.#own ??= this.#takeOwn()
    return this.#own
  }

  #takeOwn(): Promise<TenantConnection> {
    const lent = Promise.withResolvers<TenantConnection>()
    const readAlone = (): Promise<void> =>
      readScope(this.#pool, this.tenantId, connection => {
        lent.resolve(connection)
        return this.#ended.promise
      })
    const left = this.#inFlight === 0 ? this.#leave() : Promise.resolve()
    this.#ownDone = left.then(readAlone).catch(lent.reject)
    return lent.promise
  }

  async #leave(): Promise<void> {
    if (this.#hasLeft) return
    this.#hasLeft = true
    await this.#shared.leave(this.#isSound && this.#inFlight === 0)
  }
}

/** How a statement is asked: what its answer is for, and how the same is asked alone. */
interface Asking<T> {
  readonly asCame: boolean
  readonly of: (answer: Answer) => T
  readonly alone: (own: TenantConnection) => Promise<T>
}

function usedTooLate(): Error {
  return new Error('A connection was used after the work it was lent for had ended.')
}
