/**
 * Tells whether requests should be sent here: the stores can be reached, by one small question at most once a second, however many ask,
 * and the process is not about to end.
 */
import type { Database } from '../platform/types.ts'

const KNOWN_MS = 1000

export interface Health {
  isReady(): Promise<boolean>
  /** Whether this process has been told to end: it answers what still comes, and asks nobody to come again. */
  isLeaving(): boolean
  leave(): void
}

/** A health that asks the database; Redis is no store that anything waits for. */
export function createHealth(database: Database): Health {
  let leaving = false
  let answer: Promise<boolean> | null = null
  let askedAt = Number.NEGATIVE_INFINITY
  return {
    isLeaving: () => leaving,
    leave: () => {
      leaving = true
    },
    isReady: async () => {
      if (leaving) return false
      if (answer === null || performance.now() - askedAt > KNOWN_MS) {
        askedAt = performance.now()
        answer = database
          .asRole('nexus_jobs', run => run({ text: 'select 1', values: [] }))
          .then(
            () => true,
            () => false,
          )
      }
      return answer
    },
  }
}
