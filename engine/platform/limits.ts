/** The limits of the database connection, as numbers (storage, "Limits as numbers"). Milliseconds. */

export interface DatabaseLimits {
  readonly statementMs: number
  readonly lockMs: number
  readonly idleInTransactionMs: number
  readonly transactionMs: number
  /** How long a request waits for a free connection, or for a new one to be made. */
  readonly connectMs: number
}

/** What the engine runs with. */
export const databaseLimits: DatabaseLimits = {
  statementMs: 5_000,
  lockMs: 2_000,
  idleInTransactionMs: 10_000,
  transactionMs: 5_000,
  connectMs: 3_000,
}
