/**
 * Keeps the ledgers in order, every hour: days of outbox and audit to come are made, days of the outbox that are over are dropped,
 * idempotency keys whose time is over are forgotten. Any number of processes may do it at once. Making and dropping a day locks the whole
 * ledger for a moment: behind a long backup it does not wait, for who writes would wait behind it, but comes back a minute later.
 */
import { forgetOldKeys } from '../guard/index.ts'
import type { Log } from '../kernel/log.ts'
import { type Step, type Steps, untold } from '../kernel/steps.ts'
import { SqlFailure } from '../platform/index.ts'
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
/** How long who writes may have to wait for a ledger that is locked for somebody else. */
const PATIENCE = '150ms'
const RETRY_MS = 60_000

/** Starts housekeeping; the first round begins at once. */
export function startHousekeeping({
  database,
  log,
  retryMs = RETRY_MS,
  steps = untold,
}: {
  readonly database: Database
  readonly log: Log
  /** How long a ledger that is locked is left alone. */
  readonly retryMs?: number
  /** Where its rounds are told; nowhere unless said. */
  readonly steps?: Steps
}): Housekeeping {
  let retry: NodeJS.Timeout | null = null
  let stopped = false
  let round: Promise<void> = tidy()
  const timer = setInterval(() => {
    round = round.then(tidy)
  }, EVERY_MS)
  timer.unref()

  async function tidy(): Promise<void> {
    await tidyDays()
    await step('Old idempotency keys could not be forgotten', () => forgetKeys(database, steps))
  }

  async function tidyDays(): Promise<void> {
    if (retry !== null) clearTimeout(retry)
    retry = null
    const isDone =
      (await ledger('Days to come could not be made', 'ensure_partitions', DAYS_AHEAD)) &&
      (await ledger('Old events could not be dropped', 'drop_old_events', EVENT_DAYS))
    if (isDone || stopped) return
    retry = setTimeout(() => {
      round = round.then(tidyDays)
    }, retryMs)
    retry.unref()
  }

  /** False where the ledger was locked and is to be come back to. */
  async function ledger(trouble: string, work: 'ensure_partitions' | 'drop_old_events', days: number): Promise<boolean> {
    let isFree = true
    await step(trouble, async () => {
      try {
        // One statement, so that the patience is its own.
        const text = `select nexus.${work}($1) as dropped from set_config('lock_timeout', $2, true)`
        await steps.run({ job: work }, async round => {
          const [row] = await database.asRole('nexus_jobs', run => run({ text, values: [days, PATIENCE] }))
          if (work === 'ensure_partitions' || Number(row?.['dropped']) > 0) round.did()
        })
      } catch (error) {
        if (!(error instanceof SqlFailure) || error.kind !== 'lock_timeout') throw error
        isFree = false
      }
    })
    return isFree
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
      stopped = true
      clearInterval(timer)
      if (retry !== null) clearTimeout(retry)
      await round
    },
  }
}

async function forgetKeys(database: Database, steps: Steps): Promise<void> {
  const tenants = await database.asRole('nexus_jobs', run => run({ text: 'select id from nexus.tenant', values: [] }))
  for (const { id } of tenants) {
    const tenantId = String(id)
    const some = async (step: Step): Promise<number> => {
      const forgotten = await database.writeAs(tenantId, connection => forgetOldKeys(connection, new Date(), KEYS_AT_ONCE))
      if (forgotten > 0) step.did({ 'nexus.rows': forgotten })
      return forgotten
    }
    let forgotten = KEYS_AT_ONCE
    while (forgotten === KEYS_AT_ONCE) forgotten = await steps.run({ job: 'forget_keys', tenantId }, some)
  }
}
