/**
 * What can go wrong with a statement, as a closed list the rooms above can decide on.
 * Postgres's own words stay out of it: they may hold values of a record. Tests and a developer's own machine may ask for them.
 */

/**
 * - `unique` `foreign` `check`: a constraint refused the values; `constraint` names it.
 * - `lock_timeout` `statement_timeout` `transaction_timeout`: a limit was reached, nothing was written.
 * - `serialization`: two transactions got in each other's way; the same work may succeed when tried again.
 * - `crowded`: so many of the tenant's own wait for a connection that waiting would be in vain; nothing was begun.
 * - `unavailable`: no connection to be had, or it broke; nothing was written.
 * - `outcome_unknown`: the connection broke while committing; the write is there wholly or not at all.
 * - `other`: a fault of ours.
 */
export type SqlFailureKind =
  | 'unique'
  | 'foreign'
  | 'check'
  | 'lock_timeout'
  | 'statement_timeout'
  | 'transaction_timeout'
  | 'serialization'
  | 'crowded'
  | 'unavailable'
  | 'outcome_unknown'
  | 'other'

/** A statement that did not succeed. */
export class SqlFailure extends Error {
  readonly kind: SqlFailureKind
  /** SQLSTATE, five characters, when the server answered at all. */
  readonly sqlState: string | undefined
  readonly constraint: string | undefined

  constructor(kind: SqlFailureKind, told: { sqlState?: string | undefined; constraint?: string | undefined } = {}, words?: string) {
    const name = told.sqlState === undefined ? `SQL failure: ${kind}` : `SQL failure: ${kind} (${told.sqlState})`
    super(words === undefined || !revealed ? name : `${name}: ${words}`)
    this.name = 'SqlFailure'
    this.kind = kind
    this.sqlState = told.sqlState
    this.constraint = told.constraint
  }

  /** Whether the connection is in a known state after it, once the transaction is rolled back. */
  get leavesConnectionSound(): boolean {
    return SOUND.has(this.kind) || (this.kind === 'other' && this.sqlState !== undefined && SOUND_CLASSES.test(this.sqlState))
  }
}

const SOUND: ReadonlySet<SqlFailureKind> = new Set(['unique', 'foreign', 'check', 'serialization'])
/** Wrong data (22), a failed transaction (25P02), wrong SQL or rights (42), raised by our own functions (P0). */
const SOUND_CLASSES = /^(22|25P02|42|P0)/

const KINDS: Readonly<Record<string, SqlFailureKind>> = {
  '23505': 'unique',
  '23P01': 'unique',
  '23503': 'foreign',
  '23502': 'check',
  '23514': 'check',
  '55P03': 'lock_timeout',
  '57014': 'statement_timeout',
  '25P04': 'transaction_timeout',
  '25P03': 'transaction_timeout',
  '40001': 'serialization',
  '40P01': 'serialization',
  // A plan prepared before a migration changed its table: a new connection plans anew.
  '26000': 'unavailable',
  '53300': 'unavailable',
}

let revealed = false

/** From now on failures carry Postgres's words and the statement in their message. Never called where people's data is. */
export function revealFailures(reveal = true): void {
  revealed = reveal
}

/** Turns whatever the driver threw into a failure of the list. */
export function toSqlFailure(thrown: unknown, text?: string): SqlFailure {
  if (thrown instanceof SqlFailure) return thrown
  const told = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as { code?: unknown; constraint?: unknown; message?: unknown }
  // EPIPE has five capital letters too; no class of SQLSTATE begins with E.
  const sqlState = typeof told.code === 'string' && /^[0-9FHPX][0-9A-Z]{4}$/.test(told.code) ? told.code : undefined
  const constraint = typeof told.constraint === 'string' ? told.constraint : undefined
  const message = typeof told.message === 'string' ? told.message : String(thrown)
  return new SqlFailure(kindOf(sqlState, message), { sqlState, constraint }, text === undefined ? message : `${message}\n${text}`)
}

function kindOf(sqlState: string | undefined, message: string): SqlFailureKind {
  // Without a state the server did not answer: refused, reset, timed out, no free connection in the pool.
  if (sqlState === undefined) return 'unavailable'
  const known = KINDS[sqlState]
  if (known !== undefined) return known
  if (sqlState === '0A000' && message.includes('cached plan')) return 'unavailable'
  // Class 08 connection, 57P the server goes down or starts up, 58 its disk, 53 its memory or disk is full.
  return /^(08|57P|58|53)/.test(sqlState) ? 'unavailable' : 'other'
}
