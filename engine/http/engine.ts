/**
 * What the door needs of the house: the faces its routes call. Filled in by the start room, the only one that knows how they are made.
 */
import type { DenialLedger } from '../audit/index.ts'
import type { Authoring } from '../authoring/index.ts'
import type { RateGuard } from '../guard/index.ts'
import type { Identity } from '../identity/index.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Config } from '../kernel/config.ts'
import type { RequestContext } from '../kernel/context.ts'
import type { Log } from '../kernel/log.ts'
import type { SecurityLog } from '../kernel/security-log.ts'
import type { ModelContext } from '../model/types.ts'
import type { Database } from '../platform/index.ts'
import type { Metrics, Tracing } from '../telemetry/index.ts'
import type { Imports } from '../transfer/index.ts'
import type { CursorBox } from '../validate/index.ts'

/** Name, version and commit of this program. */
export interface Build {
  readonly name: string
  readonly version: string
  readonly commit: string
}

/** Where a request gets its tenant's model. */
export interface ModelTaker {
  /** The live model; a process that is behind `atLeast` loads before it answers. Throws MODEL_* 503. */
  take(ctx: RequestContext, atLeast?: number): Promise<ModelContext>
}

/** A running engine, as far as the door calls it. */
export interface Engine {
  readonly config: Config
  readonly build: Build
  readonly clock: Clock
  readonly log: Log
  readonly securityLog: SecurityLog
  readonly database: Database
  readonly identity: Identity
  readonly models: ModelTaker
  readonly authoring: Authoring
  readonly imports: Imports
  readonly rate: RateGuard
  readonly denials: DenialLedger
  readonly cursors: CursorBox
  /** Null where nobody has asked for metrics. */
  readonly metrics: Metrics | null
  /** Null where traces are not collected. */
  readonly tracing: Tracing | null
  /** Whether the stores can be reached, looked up at most once a second; and whether the process is about to end. */
  readonly health: { isReady(): Promise<boolean>; isLeaving(): boolean }
}
