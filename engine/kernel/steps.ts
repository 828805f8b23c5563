/**
 * Steps of work that no request waits for: a round of sealing, some records of a job. Each is told, to whoever collects traces, as a trace of
 * its own that names the requests it works for. Knows neither the work nor the collector; engine/telemetry tells.
 */
import type { SpanAttributes } from './spans.ts'

/** What is known of a step before it begins. */
export interface StepOf {
  /** What sort of work it is: a name of ours, `import`, `seal_audit`. */
  readonly job: string
  readonly tenantId?: string
  readonly jobId?: string
  /** The `traceparent` of the request that left the work behind. */
  readonly causedBy?: string | undefined
}

/** A step that has begun. */
export interface Step {
  /** Something was done, and how much. A step that only looked is told to nobody, unless it failed. */
  did(attributes?: SpanAttributes): void
  /** Requests whose work it goes on with, by their `traceparent`. */
  causedBy(traceparents: Iterable<string>): void
}

/** Where steps are told. */
export interface Steps {
  run<T>(of: StepOf, work: (step: Step) => Promise<T>): Promise<T>
  /** Whether anybody listens: what is read for the sake of telling alone need not be read otherwise. */
  readonly isTold: boolean
}

const UNHEARD: Step = { did: () => undefined, causedBy: () => undefined }

/** Where nobody collects traces: the work is done and that is all. */
export const untold: Steps = { isTold: false, run: async (_of, work) => work(UNHEARD) }
