/** What a running job stands on, and what is said to it and by it. */
import type { Log } from '../kernel/log.ts'
import type { Database } from '../platform/index.ts'
import type { ImportFiles } from './import-files.ts'
import type { Admit, Progress } from './types.ts'

export interface RunParts {
  readonly database: Database
  readonly log: Log
  readonly files: ImportFiles
  readonly admit: Admit
  readonly now: () => Date
}

export interface RunHooks {
  /** Asked between chunks: true ends the run, to be taken up again later. */
  readonly mustStop: () => boolean
  readonly told?: (progress: Progress) => void
}

/** How a run ended: with the job's end, or before it. */
export type RunEnd = 'done' | 'failed' | 'stopped'
