/**
 * Many creates, updates and deletes of one entity through the same door as single ones, set-based.
 * Atomic: all or nothing. Otherwise failing items are cut out and the rest is run once more; each item gets its own answer.
 */
import type { Problem } from '../../metadata/problem.ts'
import { words } from '../../metadata/said.ts'
import { decideAccess, type Grant } from '../access/index.ts'
import type { CompiledEntity } from '../model/types.ts'
import type { TenantConnection } from '../platform/types.ts'
import { capExceeded, queryFailed } from '../validate/index.ts'
import { applyChanges } from './commit-changes.ts'
import { requireDeletable } from './delete-record.ts'
import { finishJournal } from './finish-journal.ts'
import { Journal } from './journal.ts'
import { loadStates } from './load-states.ts'
import { prepareChanges } from './prepare-changes.ts'
import { merged } from './prepare-lines.ts'
import { type Intent, ItemFailures, type PreparedChange, requireNone, versionAfter } from './prepared.ts'
import { isOvertaken, pause } from './retry.ts'
import { type At, trashRecords } from './trash.ts'
import type { RecordContext } from './types.ts'
import { type AtLast, type Envelope, writeTransaction } from './write-transaction.ts'

export type BulkOperation =
  | { readonly op: 'create'; readonly id: string; readonly values: unknown }
  | { readonly op: 'update'; readonly id: string; readonly version: number; readonly values: unknown }
  | { readonly op: 'delete'; readonly id: string; readonly version: number }

export interface BulkResult {
  readonly id: string
  readonly op: BulkOperation['op']
  readonly version: number | null
  readonly error: Error | null
  readonly warnings: readonly Problem[]
}

/** References, uniques and row rules each may cut out some items before the rest is sound. */
const MOST_ROUNDS = 8
/** Rounds in which an item that was overtaken is read anew instead of being cut out. */
const PATIENT_ROUNDS = 4

/** Runs a parsed bulk; results stand in the order of the operations. Atomic bulks throw the first refusal, or all field problems at once. */
export async function bulkRecords(
  ctx: RecordContext,
  entityKey: string,
  operations: readonly BulkOperation[],
  atomic: boolean,
  envelope: Envelope<readonly BulkResult[]> = {},
): Promise<readonly BulkResult[]> {
  const failures = new Map<string, Error>()
  for (const op of new Set(operations.map(each => each.op))) requireRows(decideAccess(ctx, entityKey, op), operations)
  for (let round = 1; ; round++) {
    const open = operations.filter(each => !failures.has(each.id))
    try {
      return await runRound(ctx, entityKey, operations, open, failures, envelope)
    } catch (error) {
      const found = error instanceof ItemFailures ? [...error.failures] : []
      const overtaken = found.length === 0 ? isOvertaken(error) : found.some(([, failure]) => isOvertaken(failure))
      const refused = found.filter(([, failure]) => round > PATIENT_ROUNDS || !isOvertaken(failure))
      if (round >= MOST_ROUNDS || (found.length === 0 && !overtaken) || (atomic && (refused.length > 0 || round > PATIENT_ROUNDS))) {
        throw error instanceof ItemFailures ? merged(error) : error
      }
      for (const [id, failure] of refused) failures.set(id, failure)
      if (overtaken) await pause(round)
    }
  }
}

/** Records and lines that one bulk may write: more would not be done within the time of a statement. */
export const MOST_ROWS = 2_000

/** What a bulk costs is told by its body: refused before anything is looked up. Lines of a table the caller does not know count nothing. */
function requireRows({ fields }: Grant, operations: readonly BulkOperation[]): void {
  const tables = [...fields.values()].filter(({ field }) => field.type.type === 'table').map(({ field }) => field.key)
  const rows = operations.reduce((sum, each) => sum + 1 + ('values' in each ? linesIn(each.values, tables) : 0), 0)
  const lines = rows - operations.length
  if (rows > MOST_ROWS && lines > 0) throw queryFailed([capExceeded('max_bulk_rows', MOST_ROWS, '/operations', SEND_FEWER)])
}

const SEND_FEWER = words('Records and their lines count together: send them in several requests.')

/** Lines a table's value tells of: a list of new ones, or lists of what is done to lines. */
function linesIn(values: unknown, tables: readonly string[]): number {
  if (typeof values !== 'object' || values === null) return 0
  return tables.reduce((sum, key) => {
    const value: unknown = (values as Readonly<Record<string, unknown>>)[key]
    if (typeof value !== 'object' || value === null) return sum
    return (
      sum +
      (Array.isArray(value) ? [value] : Object.values(value)).reduce((lines, list) => lines + (Array.isArray(list) ? list.length : 0), 0)
    )
  }, 0)
}

interface Round {
  readonly prepared: readonly PreparedChange[]
  readonly deletes: readonly At[]
}

async function runRound(
  ctx: RecordContext,
  entityKey: string,
  all: readonly BulkOperation[],
  open: readonly BulkOperation[],
  failures: ReadonlyMap<string, Error>,
  envelope: Envelope<readonly BulkResult[]>,
): Promise<readonly BulkResult[]> {
  const round = await prepareRound(ctx, entityKey, all, open)
  return writeTransaction(ctx, envelope, async (connection, atLast) => {
    const entity = ctx.model.entities.get(entityKey)
    if (entity !== undefined) await commitRound(connection, ctx, entity, round, atLast)
    const changes = new Map(round.prepared.map(change => [change.id, change]))
    const deleted = new Map(round.deletes.map(each => [each.id, each.version + 1]))
    return all.map(({ id, op }) => {
      const change = changes.get(id)
      const version = change === undefined ? (deleted.get(id) ?? null) : versionAfter(change)
      return { id, op, version, error: failures.get(id) ?? null, warnings: change?.warnings ?? [] }
    })
  })
}

/** Throws ItemFailures with every item that can not be prepared. */
async function prepareRound(
  ctx: RecordContext,
  entityKey: string,
  all: readonly BulkOperation[],
  open: readonly BulkOperation[],
): Promise<Round> {
  const place = new Map(all.map((operation, index) => [operation.id, `/operations/${index}`]))
  const prepared: PreparedChange[] = []
  const refused = new Map<string, Error>()
  for (const op of ['create', 'update'] as const) {
    const intents = open.flatMap((each): Intent[] => {
      if (each.op !== op) return []
      return [
        {
          op,
          id: each.id,
          input: each.values,
          version: each.op === 'update' ? each.version : null,
          pointer: `${place.get(each.id) ?? ''}/values`,
        },
      ]
    })
    if (intents.length === 0) continue
    try {
      prepared.push(...(await prepareChanges(ctx, decideAccess(ctx, entityKey, op), intents)))
    } catch (error) {
      if (!(error instanceof ItemFailures)) throw error
      for (const [id, failure] of error.failures) refused.set(id, failure)
    }
  }
  const deletes = open.filter(each => each.op === 'delete')
  if (deletes.length > 0) {
    const grant = decideAccess(ctx, entityKey, 'delete')
    const states = await loadStates(
      ctx,
      grant,
      deletes.map(each => each.id),
      'delete',
    )
    for (const each of deletes)
      await requireDeletable(ctx, grant, each, states.get(each.id)).catch((error: Error) => void refused.set(each.id, error))
  }
  requireNone(refused)
  return { prepared, deletes }
}

/** One transaction's worth: what goes first, then what comes, then what changes; told of together. */
async function commitRound(
  connection: TenantConnection,
  ctx: RecordContext,
  entity: CompiledEntity,
  { prepared, deletes }: Round,
  atLast: AtLast,
): Promise<void> {
  const journal = new Journal(ctx)
  await trashRecords(connection, ctx, entity, deletes, journal)
  for (const op of ['create', 'update'] as const)
    await applyChanges(
      connection,
      ctx,
      prepared.filter(change => change.op === op),
      journal,
    )
  await finishJournal(connection, ctx, journal, atLast)
}
