/** Tells whether the stores can be reached, by one small question at most once a second, however many ask. */
import type { Database } from '../platform/types.ts'

const KNOWN_MS = 1000

/** A health that asks the database; Redis is no store that anything waits for. */
export function createHealth(database: Database): { isReady(): Promise<boolean> } {
  let answer: Promise<boolean> | null = null
  let askedAt = Number.NEGATIVE_INFINITY
  return {
    isReady: () => {
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
