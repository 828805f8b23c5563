/**
 * The two faces of the database (storage rule 7): every connection that leaves here is bound to one tenant until it comes back.
 * Answers for the setting, for begin and commit, and for throwing away whatever is in doubt; knows no table.
 */
import type pg from 'pg'
import { spanned } from '../kernel/spans.ts'
import type { DataRow } from './data-row.ts'
import { Gathering, type Planning, planningOf, runStatement } from './run-statement.ts'
import { type Answer, NotReached } from './sent-query.ts'
import { noteSession, requireTenantId, type Session, sessionOf, settingCommands, UNKNOWN } from './session-settings.ts'
import { SqlFailure, toSqlFailure } from './sql-failure.ts'
import type { Row, Statement, TenantConnection } from './types.ts'

/** The tenant of nobody: what may be read before a tenant is known. No tenant has this id. */
export const NO_TENANT = '00000000-0000-0000-0000-000000000000'

const POSTGRES = { 'db.system.name': 'postgresql' }

/** Reads as a tenant, outside a transaction: the session setting is changed only when the connection served another one before. */
export async function readScope<T>(pool: pg.Pool, tenantId: string, work: (connection: TenantConnection) => Promise<T>): Promise<T> {
  requireTenantId(tenantId)
  const client = await take(pool)
  const scope = new Scope(client, tenantId, 'session')
  try {
    return await work(scope)
  } finally {
    client.release(!(await scope.close()))
  }
}

/** Writes as a tenant, in one transaction of at most `transactionMs`: committed when the work resolves, else rolled back. */
export function writeScope<T>(
  pool: pg.Pool,
  tenantId: string,
  transactionMs: number,
  work: (connection: TenantConnection) => Promise<T>,
): Promise<T> {
  requireTenantId(tenantId)
  return transaction(pool, tenantId, transactionMs, work)
}

/** The same with a connection for each of several tenants, all of one transaction: each statement goes out bound to the tenant it is of. */
export function writeEachScope<T>(
  pool: pg.Pool,
  tenantIds: readonly string[],
  transactionMs: number,
  work: (connections: readonly TenantConnection[]) => Promise<T>,
): Promise<T> {
  for (const tenantId of tenantIds) requireTenantId(tenantId)
  return transaction(pool, NO_TENANT, transactionMs, scope => work(tenantIds.map(tenantId => scope.as(tenantId))))
}

async function transaction<T>(pool: pg.Pool, tenantId: string, transactionMs: number, work: (scope: Scope) => Promise<T>): Promise<T> {
  const client = await take(pool)
  const scope = new Scope(client, tenantId, 'transaction')
  const expiry = Promise.withResolvers<never>()
  expiry.promise.catch(() => undefined)
  const timer = setTimeout(() => expiry.reject(scope.breakOff('transaction_timeout')), transactionMs)
  try {
    const result = await Promise.race([work(scope), expiry.promise])
    clearTimeout(timer)
    await scope.commit()
    return result
  } catch (error) {
    await scope.rollback()
    throw error
  } finally {
    clearTimeout(timer)
    client.release(!(await scope.close()))
  }
}

/** Takes a connection for a role whose own policies apply; no tenant is set. */
export async function roleScope<T>(pool: pg.Pool, work: (run: (statement: Statement) => Promise<Row[]>) => Promise<T>): Promise<T> {
  const client = await take(pool)
  const scope = new Scope(client, NO_TENANT, 'role')
  try {
    return await work(statement => scope.run(statement))
  } finally {
    client.release(!(await scope.close()))
  }
}

async function take(pool: pg.Pool): Promise<pg.PoolClient> {
  try {
    return await spanned('wait for a connection', POSTGRES, () => pool.connect())
  } catch (error) {
    throw toSqlFailure(error)
  }
}

/** Commands that go before a statement, and what is known once they have succeeded. */
interface Ahead {
  readonly commands: readonly string[]
  readonly settled: () => void
}
const NOTHING_AHEAD: Ahead = { commands: [], settled: () => undefined }

type ScopeKind = 'session' | 'transaction' | 'role'

/** A connection on loan: usable until the work ends, and then judged. */
class Scope implements TenantConnection {
  readonly tenantId: string
  readonly #client: pg.ClientBase
  readonly #kind: ScopeKind
  /** How a transaction plans by now, and as whom it speaks; its settings end with it. */
  #planning: Planning | null = null
  #boundTo: string | null = null
  #begun = false
  #open = true
  #inFlight = 0
  #failure: SqlFailure | undefined
  /** What a transaction sends within one turn. */
  #gathering: Gathering | null = null
  #isLastTurn = false
  /** The answer to a commit that is on its way. */
  #commit: Promise<Answer> | null = null

  constructor(client: pg.ClientBase, tenantId: string, kind: ScopeKind) {
    this.#client = client
    this.#kind = kind
    this.tenantId = tenantId
  }

  async run<R extends Row = Row>(statement: Statement): Promise<R[]> {
    return (await this.#send(statement)).rows as R[]
  }

  async rows(statement: Statement): Promise<DataRow[]> {
    return (await this.#send(statement, true)).raw
  }

  async execute(statement: Statement): Promise<number> {
    return (await this.#send(statement)).rowCount
  }

  /** This transaction as one of several tenants. */
  as(tenantId: string): TenantConnection {
    const send = (statement: Statement, asCame = false): Promise<Answer> => this.#send(statement, asCame, tenantId)
    return {
      tenantId,
      run: async <R extends Row = Row>(statement: Statement) => (await send(statement)).rows as R[],
      rows: async statement => (await send(statement, true)).raw,
      execute: async statement => (await send(statement)).rowCount,
      commitAfterThis: () => this.commitAfterThis(),
    }
  }

  /**
   * What has to be set before a statement: it goes out together with it, and the statement runs only if it succeeded. Outside of a
   * transaction a failure takes the setting back, so it goes with every statement until one has succeeded.
   */
  #ahead(statement: Statement, tenantId: string): Ahead {
    const session = sessionOf(this.#client)
    const wanted = statement.values.length === 0 ? null : planningOf(statement)
    if (this.#kind === 'transaction') {
      const planning = this.#begun ? this.#planning : session.planning
      // Two commands: a cluster of Postgres servers passes the tenant on only when it stands alone (storage, scale-out).
      const commands = this.#begun ? [] : ['begin']
      if (this.#boundTo !== tenantId) commands.push(`set local nexus.tenant_id = '${tenantId}'`)
      this.#boundTo = tenantId
      if (wanted !== null && planning !== wanted) commands.push(`set local plan_cache_mode = ${wanted}`)
      this.#begun = true
      this.#planning = wanted ?? planning
      return { commands, settled: NOTHING_AHEAD.settled }
    }
    const asTenant = this.#kind === 'session' ? this.tenantId : null
    const commands = settingCommands(session, asTenant, wanted)
    if (commands.length === 0) return NOTHING_AHEAD
    noteSession(this.#client, UNKNOWN)
    const settled: Session = { tenantId: asTenant, planning: wanted ?? session.planning }
    return { commands, settled: () => noteSession(this.#client, settled) }
  }

  commitAfterThis(): void {
    if (this.#kind === 'transaction') this.#isLastTurn = true
  }

  async commit(): Promise<void> {
    if (this.#inFlight > 0) throw this.breakOff('other')
    if (this.#failure !== undefined) throw this.#failure
    this.#open = false
    if (!this.#begun) return
    const answer = await (this.#commit ?? spanned('COMMIT', POSTGRES, () => this.#sendCommit()))
    // Postgres answers the commit of a failed transaction with ROLLBACK, not with an error.
    if (answer.command !== 'COMMIT') throw this.#note(new SqlFailure('other'))
  }

  #sendCommit(gathering = new Gathering(this.#client)): Promise<Answer> {
    this.#commit = gathering.addCommand('commit').catch((error: unknown) => {
      if (error instanceof NotReached) throw this.#note(error.cause)
      const failure = toSqlFailure(error, 'commit')
      throw this.#note(failure.kind === 'unavailable' ? new SqlFailure('outcome_unknown', failure) : failure)
    })
    this.#commit.catch(() => undefined)
    if (gathering !== this.#gathering) gathering.send()
    return this.#commit
  }

  async rollback(): Promise<void> {
    this.#open = false
    if (!this.#begun || (this.#failure !== undefined && !this.#failure.leavesConnectionSound)) return
    const gathering = new Gathering(this.#client)
    const done = gathering.addCommand('rollback')
    gathering.send()
    await done.catch((error: unknown) => this.#note(toSqlFailure(error, 'rollback')))
  }

  /** Cuts the connection; what is on its way fails with this kind, and the server rolls back. */
  breakOff(kind: 'transaction_timeout' | 'other'): SqlFailure {
    const failure = new SqlFailure(this.#commit === null ? kind : 'outcome_unknown')
    this.#failure = failure
    this.#open = false
    this.#stream.destroy()
    return failure
  }

  get #stream(): { destroy(): void } {
    return (this.#client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream
  }

  /** What a transaction sends within one turn goes out as one message with one answer: each costs both sides a system call and a wake. */
  #gather(): Gathering {
    if (this.#gathering !== null) return this.#gathering
    const gathering = new Gathering(this.#client)
    this.#gathering = gathering
    process.nextTick(() => {
      if (this.#isLastTurn && this.#open && this.#failure === undefined) {
        this.#open = false
        // Its answer is waited for, and its failure told, where the work has ended.
        spanned('COMMIT', POSTGRES, () => this.#sendCommit(gathering)).catch(() => undefined)
      }
      this.#gathering = null
      gathering.send()
    })
    return gathering
  }

  /** Ends the loan; tells whether the connection may serve again: everything answered, nothing open, no failure in doubt. */
  async close(): Promise<boolean> {
    this.#open = false
    if (this.#inFlight > 0) return false
    if (this.#failure !== undefined && !this.#failure.leavesConnectionSound) return false
    return (this.#client as unknown as { getTransactionStatus(): string | null }).getTransactionStatus() === 'I'
  }

  async #send(statement: Statement, asCame = false, tenantId = this.tenantId): Promise<Answer> {
    // What failed once in a transaction has failed it: whatever is tried after gets the same reason.
    if (this.#failure !== undefined && (this.#kind === 'transaction' || !this.#failure.leavesConnectionSound)) throw this.#failure
    if (!this.#open) throw new Error('A connection was used after the work it was lent for had ended.')
    this.#inFlight += 1
    try {
      const { commands, settled } = this.#ahead(statement, tenantId)
      const answer = await (this.#kind === 'transaction'
        ? this.#gather().add(statement, { ahead: commands, asCame })
        : runStatement(this.#client, statement, { ahead: commands, asCame }))
      settled()
      return answer
    } catch (error) {
      throw this.#note(error)
    } finally {
      this.#inFlight -= 1
    }
  }

  /**
   * Keeps the first failure in doubt: when we cut the connection ourselves, that is the reason and not the reset that follows. Where the
   * server did not say how far it came, a commit that was on its way may have been done.
   */
  #note(error: unknown): SqlFailure {
    const found = toSqlFailure(error)
    const isInDoubt = found.kind === 'unavailable' && found.sqlState === undefined && this.#commit !== null
    if (this.#failure === undefined || (this.#failure.leavesConnectionSound && this.#kind === 'session'))
      this.#failure = isInDoubt ? new SqlFailure('outcome_unknown') : found
    return this.#failure
  }
}
