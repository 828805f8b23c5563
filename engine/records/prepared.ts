/** A change on its way into the store: everything that could be decided and computed before the transaction. */
import type { Test } from '../../metadata/predicate.ts'
import type { Problem } from '../../metadata/problem.ts'
import type { Grant, GrantTerm } from '../access/types.ts'
import type { CompiledField } from '../model/types.ts'
import type { Checked, LineBounds, OpenCheck } from '../validate/index.ts'
import type { RecordState, Values } from './types.ts'

/** What a caller wants done to one record. */
export interface Intent {
  readonly op: 'create' | 'update'
  readonly id: string
  readonly input: unknown
  /** The version a change was made from; null for a create. */
  readonly version: number | null
  /** JSON pointer of the input in what was sent. */
  readonly pointer: string
  /** Set by the engine, not the client: the parent of a line. */
  readonly fixed?: Values
  /** The place of a line among the lines of its parent. */
  readonly position?: number
}

/** Lines of a table field, prepared like records of their own. */
export interface PreparedLines {
  readonly field: CompiledField
  /** The line's reference to its parent. */
  readonly reference: string
  readonly changes: readonly PreparedChange[]
  readonly deletes: readonly { readonly id: string; readonly version: number }[]
  readonly grant: Grant
}

/** What is judged on the values as they stand when all is counted, because it looks at values that lines of the record move. */
export interface Later {
  readonly checked: Checked
  readonly acting: readonly GrantTerm[]
  readonly openTermChecks: ReadonlyMap<string, Test>
}

/** Records that a change begins to point at, or whose fitness for it has to be looked at again. */
export interface PreparedReference {
  readonly field: CompiledField
  readonly ids: readonly string[]
  readonly pointer: string
  /** Set by the engine: the caller need not see the target. */
  readonly trusted: boolean
}

export interface PreparedChange {
  readonly op: 'create' | 'update'
  readonly grant: Grant
  readonly id: string
  readonly pointer: string
  readonly before: RecordState | null
  readonly values: Record<string, unknown>
  readonly rest: Readonly<Record<string, unknown>>
  /** Keys the client set. */
  readonly given: ReadonlySet<string>
  /** Nothing of the record changes: it is not written, and its version stays. */
  readonly idle: boolean
  /** Profiles that may act on the old row, and whose rules the new row has to meet. */
  readonly acting: readonly GrantTerm[]
  readonly open: readonly OpenCheck[]
  /** Value checks of profiles that only the database can answer: profile → test. */
  readonly openTermChecks: ReadonlyMap<string, Test>
  readonly references: readonly PreparedReference[]
  readonly lines: readonly PreparedLines[]
  /** Tables whose lines are to be counted. */
  readonly counted: readonly LineBounds[]
  /** Judges the rest of the change on its final values; null where nothing is left to be judged then. */
  readonly later: ((values: Values) => Later) | null
  /** Grows while the change is committed: some warnings only the database can give. */
  readonly warnings: Problem[]
}

/** The version a record stands at once the change is committed. */
export function versionAfter(change: PreparedChange): number {
  return change.before === null ? 1 : change.before.version + (change.idle ? 0 : 1)
}

/** Why single changes of a batch can't be made, by record id. */
export class ItemFailures extends Error {
  readonly failures: ReadonlyMap<string, Error>

  constructor(failures: ReadonlyMap<string, Error>) {
    super('Some changes can not be made.')
    this.failures = failures
  }
}

/** Throws what was collected, if anything was. */
export function requireNone(failures: ReadonlyMap<string, Error>): void {
  if (failures.size > 0) throw new ItemFailures(failures)
}

/** Runs work on records that hang on others; what fails is told of those they hang on. */
export async function onBehalf<T>(ownerOf: (id: string) => readonly string[], work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ItemFailures)) throw error
    throw new ItemFailures(new Map([...error.failures].flatMap(([id, failure]) => ownerOf(id).map(owner => [owner, failure] as const))))
  }
}
