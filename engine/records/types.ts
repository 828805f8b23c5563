/** What the use cases of records stand on: the request with its model, the database and the cursor box. */
import type { ModelContext } from '../model/types.ts'
import type { Database } from '../platform/types.ts'
import type { CursorBox } from '../validate/index.ts'

/** A request on its way down the road of records. */
export interface RecordContext extends ModelContext {
  readonly db: Database
  readonly cursors: CursorBox
  /** Set by imports: `created_*` and `updated_*` may be given by callers who hold data.import_history. */
  readonly history?: boolean
  /** Set where everything written is taken back in the end: nothing may be remembered of it outside the transaction. */
  readonly trial?: true
  /** Set with it: reads what is committed, where `db` reads what was tried before too. */
  readonly committed?: Database
}

/** Values of a record by field key, wire values; absent and null are the same. */
export type Values = Readonly<Record<string, unknown>>

/** A record as it stands in the store. */
export interface RecordState {
  readonly id: string
  readonly version: number
  readonly values: Values
  /** What was stored under numbers that the model does not know (kept values of removed fields, positions of lines). */
  readonly rest: Readonly<Record<string, unknown>>
}
