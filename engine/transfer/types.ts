/** What an import is, from its upload to its undoing: the words of its job, its progress and its rows. */
import type { ImportMap, JsonValue } from '../../metadata/generated/types.ts'
import type { Caller, RequestContext } from '../kernel/context.ts'
import type { RecordContext } from '../records/index.ts'
import type { Link, ShownChange } from './decide-rows.ts'
import type { Script } from './read-rows.ts'
import type { RowProblem } from './row-words.ts'

/** Who has an import run: a user, by the session or key he came with. */
export interface Principal {
  readonly tenantId: string
  readonly userId: string
  readonly sessionId: string | null
  readonly apiKeyId: string | null
}

/** The request an import began with; its steps go on under the same trace. */
export type JobOrigin = Pick<RequestContext, 'traceId' | 'traceparent' | 'route' | 'ip'>

/** Gives a job the caller as he stands at this moment. Throws 401 when he counts no more. */
export type Admit = (principal: Principal, origin: JobOrigin) => Promise<RecordContext>

/** What an import was asked to do. */
export interface ImportPayload {
  readonly map: ImportMap
  readonly script: Script
  /** Name of the kept file, its size and digest. */
  readonly file: string
  readonly bytes: number
  readonly sha256: string
  readonly filename: string | null
  readonly dry_run: boolean
  readonly session_id: string | null
  readonly api_key_id: string | null
  readonly origin: JobOrigin
}

/** What the undoing of an import was asked to do. */
export type UndoPayload = Pick<ImportPayload, 'map' | 'session_id' | 'api_key_id' | 'origin'> & { readonly import_id: string }

/** What became of the rows so far. */
export interface Counts {
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  /** Refused: nothing was written. */
  readonly failed: number
  /** Written, but without a reference to another row of the file. */
  readonly incomplete: number
}

export const NOTHING: Counts = { created: 0, updated: 0, unchanged: 0, failed: 0, incomplete: 0 }

/** How far a job is. `step` grows with every commit: the same step is never done twice. */
export interface Progress {
  readonly step: number
  readonly phase: 'rows' | 'links' | 'done'
  /** Rows of the file with something in them; null until they are counted. */
  readonly total: number | null
  /** Rows done in this phase, and the last of them as spreadsheets count. */
  readonly done: number
  readonly row: number
  readonly counts: Counts
}

export type JobStatus = 'queued' | 'running' | 'done' | 'failed'

/** Why a job ended early, in the words of the caller's language. */
export interface Failure {
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly errors?: readonly JsonValue[]
}

/** A job as it is stored. */
export interface StoredJob<P = ImportPayload> {
  readonly id: string
  readonly tenantId: string
  readonly userId: string
  readonly kind: 'import' | 'import_undo'
  readonly status: JobStatus
  readonly payload: P
  readonly progress: Progress
  readonly result: { readonly failure?: Failure; readonly undone_by?: string } | null
  readonly attempts: number
  readonly createdAt: string
  readonly updatedAt: string
}

/** The right to go on with a job, for a while. */
export interface Lease {
  readonly tenantId: string
  readonly jobId: string
  readonly holder: string
}

/** What is kept of a row that is not as it was. */
export interface StoredRow {
  readonly row_no: number
  readonly op: 'create' | 'update' | 'keep' | 'fail'
  readonly record_id: string | null
  readonly before_version: number | null
  readonly version: number | null
  readonly problems: readonly RowProblem[] | null
  readonly changes: readonly ShownChange[] | null
  readonly links: readonly StoredLink[] | null
  /** The values of a trial's write, for the trial of what follows from it. */
  readonly input: Readonly<Record<string, unknown>> | null
  readonly cells: readonly string[] | null
  readonly undo: { readonly done: true } | { readonly problem: RowProblem } | null
}

/** A link with what stood in its field before: the ids, and how people read them. */
export interface StoredLink extends Link {
  readonly old: JsonValue
  readonly shown: JsonValue
}

/** An import as its caller is shown it. */
export interface ImportView {
  readonly id: string
  readonly status: JobStatus
  readonly dry_run: boolean
  readonly map: string
  readonly entity: string
  readonly filename: string | null
  readonly created_at: string
  readonly updated_at: string
  readonly progress: { readonly total: number | null; readonly done: number; readonly percent: number }
  readonly counts: Counts
  readonly file: {
    readonly bytes: number
    readonly encoding: string
    readonly delimiter: string
    readonly header_row: number
    readonly ignored_columns: readonly string[]
  }
  readonly failure: Failure | null
  readonly undo: UndoView | null
}

/** How the undoing of an import goes. */
export interface UndoView {
  readonly status: JobStatus
  readonly undone: number
  readonly kept: number
  readonly failure: Failure | null
}

/** A row of the answer: what is wrong with it, or what a dry run would change. */
export interface RowView {
  readonly row: number
  readonly op: StoredRow['op']
  readonly id: string | null
  readonly cells?: Readonly<Record<string, string>>
  readonly problems?: readonly RowProblem[]
  readonly changes?: readonly ShownChange[]
}

export type { Caller }
