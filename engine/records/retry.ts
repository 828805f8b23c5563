/** Repeats work that others overtook: nothing was written, and read anew it may succeed. */
import { EngineError } from '../kernel/errors.ts'
import { SqlFailure } from '../platform/index.ts'
import { merged } from './prepare-lines.ts'
import { ItemFailures } from './prepared.ts'

/** The rollups of a busy parent move often while it is being changed itself. */
const TRIES = 5
const LONGEST_PAUSE_MS = 20

/** Runs work up to five times; what it throws last is thrown, items of a batch of one as their own error. */
export async function retried<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work()
    } catch (error) {
      const cause = error instanceof ItemFailures ? merged(error) : error
      if (tries >= TRIES || !isOvertaken(cause)) throw cause
      await pause(tries)
    }
  }
}

/** Whether someone else was quicker: the record moved while it was worked on, or two transactions waited for each other. */
export function isOvertaken(error: unknown): boolean {
  if (error instanceof EngineError) return error.code === 'RECORDS_CHANGED_MEANWHILE'
  return error instanceof SqlFailure && error.kind === 'serialization'
}

/** Not the same for everyone, or those who met would meet again. */
export function pause(tries: number): Promise<void> {
  return new Promise(done => setTimeout(done, Math.random() * Math.min(LONGEST_PAUSE_MS, 4 ** tries)))
}
