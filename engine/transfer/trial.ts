/**
 * Does work in a transaction that is taken back: what a dry run runs in, so that it is the real run to the last check, and leaves nothing,
 * not even a used number. Knows no table.
 */
import type { Database, TenantConnection } from '../platform/index.ts'

class TakenBack<T> extends Error {
  readonly result: T

  constructor(result: T) {
    super('A trial is taken back.')
    this.result = result
  }
}

/** Runs work on a database that sees its own writes; afterwards nothing of them is there. */
export async function asTrial<T>(database: Database, tenantId: string, work: (trial: Database) => Promise<T>): Promise<T> {
  try {
    return await database.writeAs(tenantId, async connection => {
      throw new TakenBack(await work(trialOf(database, connection)))
    })
  } catch (error) {
    if (error instanceof TakenBack) return error.result as T
    throw error
  }
}

/** Both faces speak over the one connection; a write that fails is taken back alone, as its own transaction would be. */
function trialOf(database: Database, connection: TenantConnection): Database {
  const requireSame = (tenantId: string): void => {
    if (tenantId !== connection.tenantId) throw new Error('A trial stays within its tenant.')
  }
  // A trial is never committed, whatever the work in it says of its own end.
  const inside: TenantConnection = {
    tenantId: connection.tenantId,
    run: statement => connection.run(statement),
    rows: statement => connection.rows(statement),
    execute: statement => connection.execute(statement),
    commitAfterThis: () => undefined,
  }
  return {
    ...database,
    readAs: (tenantId, work) => {
      requireSame(tenantId)
      return work(inside)
    },
    writeAs: async (tenantId, work) => {
      requireSame(tenantId)
      await connection.run({ text: 'savepoint trial', values: [] })
      try {
        return await work(inside)
      } catch (error) {
        await connection.run({ text: 'rollback to savepoint trial', values: [] })
        throw error
      }
    },
    writeAsEach: () => Promise.reject(new Error('A trial stays within its tenant.')),
    close: async () => undefined,
  }
}
