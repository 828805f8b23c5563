/** Does a step again where it failed for a reason that passes. Knows no step. */
import { setTimeout as sleep } from 'node:timers/promises'
import { isStale } from '../identity/index.ts'
import { SqlFailure } from '../platform/index.ts'

const ATTEMPTS = 5

/** A publish or a change of rights came in between, or the database was not to be had: nothing was written, so it is done again. */
export async function again(work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (attempt >= ATTEMPTS || !(isStale(error) || isPassing(error))) throw error
      if (!isStale(error)) await sleep(100 * 2 ** attempt)
    }
  }
}

/** Whether a step was too much for one transaction. */
export function isTimeout(error: unknown): boolean {
  return error instanceof SqlFailure && ['statement_timeout', 'transaction_timeout'].includes(error.kind)
}

function isPassing(error: unknown): boolean {
  return error instanceof SqlFailure && ['unavailable', 'lock_timeout', 'serialization'].includes(error.kind)
}
