/** A change on its way into the store: everything that could be decided and computed before the transaction. */
import type { Test } from '../../metadata/predicate.ts'
import type { Problem } from '../../metadata/problem.ts'
import type { Grant, GrantTerm } from '../access/types.ts'
import type { OpenCheck } from '../validate/index.ts'
import type { CompiledField } from '../model/types.ts'
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
  /** Set by the engine, not the client: the parent and position of a line. */
  readonly fixed?: Values
}

/** Lines of a table field, prepared like records of their own. */
export interface PreparedLines {
  readonly changes: readonly PreparedChange[]
  readonly deletes: readonly { readonly id: string; readonly version: number }[]
  readonly grant: Grant
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
  /** Profiles that may act on the old row, and whose rules the new row has to meet. */
  readonly acting: readonly GrantTerm[]
  readonly open: readonly OpenCheck[]
  /** Value checks of profiles that only the database can answer: profile → test. */
  readonly openTermChecks: ReadonlyMap<string, Test>
  readonly references: readonly { readonly field: CompiledField; readonly ids: readonly string[]; readonly pointer: string; readonly trusted: boolean }[]
  readonly lines: readonly PreparedLines[]
  readonly warnings: readonly Problem[]
  readonly derivedKeys: ReadonlySet<string>
}

/** Why single changes of a batch can't be made, by record id. */
export class ItemFailures extends Error {
  readonly failures: ReadonlyMap<string, Error>

  constructor(failures: ReadonlyMap<string, Error>) {
    super('Some changes can not be made.')
    this.failures = failures
  }
}
