/** What a running job stands on, and what is said to it and by it. */
import type { Log } from '../kernel/log.ts'
import type { Steps } from '../kernel/steps.ts'
import type { Database } from '../platform/index.ts'
import type { ImportFiles } from './import-files.ts'
import type { Admit, JobOrigin, Progress, StoredJob } from './types.ts'

export interface RunParts {
  readonly database: Database
  readonly log: Log
  readonly steps: Steps
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

/** Does a step of a job and tells it, with the rows it was about; it goes on with the request that asked for the job. */
export function doStep(
  { steps }: RunParts,
  { kind, tenantId, id, payload }: StoredJob<{ readonly origin: JobOrigin }>,
  rows: number,
  work: () => Promise<void>,
): Promise<void> {
  return steps.run({ job: kind, tenantId, jobId: id, causedBy: payload.origin.traceparent }, async step => {
    await work()
    step.did({ 'nexus.rows': rows })
  })
}
