/**
 * Keeps the ledgers in order, every hour: days of outbox and audit to come are made, days of the outbox that are over are dropped,
 * idempotency keys whose time is over are forgotten. Any number of processes may do it at once.
 */
import { forgetOldKeys } from '../guard/index.ts'
import type { Log } from '../kernel/log.ts'
import type { Database } from '../platform/types.ts'

export interface Housekeeping {
  /** Does it now; never throws. */
  tidy(): Promise<void>
  stop(): Promise<void>
}

const EVERY_MS = 3_600_000
// Enough days ahead that a process which stands still over a weekend finds Monday made.
const DAYS_AHEAD = 4
/** Events stay readable in Postgres this long. */
export const EVENT_DAYS = 7
const KEYS_AT_ONCE = 1000

/** Starts housekeeping; the first round begins at once. */
export function startHousekeeping({ database, log }: { readonly database: Database; readonly log: Log }): Housekeeping {
  let round: Promise<void> = tidy()
  const timer = setInterval(() => {
    round = round.then(tidy)
  }, EVERY_MS)
  timer.unref()

  async function tidy(): Promise<void> {
    await step('Days to come could not be made', () =>
      database.asRole('nexus_jobs', run => run({ text: 'select nexus.ensure_partitions($1)', values: [DAYS_AHEAD] })),
    )
    await step('Old events could not be dropped', () =>
      database.asRole('nexus_jobs', run => run({ text: 'select nexus.drop_old_events($1)', values: [EVENT_DAYS] })),
    )
    await step('Old idempotency keys could not be forgotten', () => forgetKeys(database))
  }

  async function step(trouble: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work()
    } catch (cause) {
      log.warn(trouble, {}, cause)
    }
  }

  return {
    tidy,
    stop: async () => {
      clearInterval(timer)
      await round
    },
  }
}

async function forgetKeys(database: Database): Promise<void> {
  const tenants = await database.asRole('nexus_jobs', run => run({ text: 'select id from nexus.tenant', values: [] }))
  for (const { id } of tenants) {
    let forgotten = KEYS_AT_ONCE
    while (forgotten === KEYS_AT_ONCE) {
      forgotten = await database.writeAs(String(id), connection => forgetOldKeys(connection, new Date(), KEYS_AT_ONCE))
    }
  }
}
