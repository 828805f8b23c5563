/**
 * Many creates, updates and deletes of one entity through the same door as single ones, set-based.
 * Atomic: all or nothing. Otherwise failing items are cut out and the rest is run once more; each item gets its own answer.
 */
import { pointerOf, type Problem } from '../../metadata/problem.ts'
import { decideAccess } from '../access/index.ts'
import { capExceeded, queryFailed, unknownName } from '../validate/index.ts'
import { isId } from '../kernel/ids.ts'
import type { TenantConnection } from '../platform/types.ts'
import type { CompiledEntity } from '../model/types.ts'
import { newRecordId } from './record-id.ts'
import { commitChanges } from './commit-changes.ts'
import { finishJournal, Journal } from './journal.ts'
import { requireDeletable } from './delete-record.ts'
import { prepareChanges } from './prepare-changes.ts'
import { merged } from './prepare-lines.ts'
import { type Intent, ItemFailures, type PreparedChange } from './prepared.ts'
import { trashRecords } from './trash.ts'
import type { RecordContext } from './types.ts'
import { type Envelope, writeTransaction } from './write-transaction.ts'

export type BulkOperation =
  | { readonly op: 'create'; readonly id: string; readonly values: unknown }
  | { readonly op: 'update'; readonly id: string; readonly version: number; readonly values: unknown }
  | { readonly op: 'delete'; readonly id: string; readonly version: number }

export interface BulkResult {
  readonly id: string
  readonly op: BulkOperation['op']
  readonly version: number | null
  readonly error: Error | null
}

/** Runs a parsed bulk; results stand in the order of the operations. Atomic bulks throw the first refusal, or all field problems at once. */
export async function bulkRecords(ctx: RecordContext, entityKey: string, operations: readonly BulkOperation[], atomic: boolean, envelope: Envelope<readonly BulkResult[]> = {}): Promise<readonly BulkResult[]> {
  const failures = new Map<string, Error>()
  for (const op of new Set(operations.map(each => each.op))) decideAccess(ctx, entityKey, op)
  // Each round cuts out at least one item; the second round is the last for items that are sound.
  for (let round = 0; ; round++) {
    const open = operations.filter(each => !failures.has(each.id))
    try {
      return await runRound(ctx, entityKey, operations, open, failures, atomic && failures.size > 0 ? {} : envelope)
    } catch (error) {
      if (!(error instanceof ItemFailures)) throw error
      if (atomic || round >= MOST_ROUNDS) throw merged(error)
      for (const [id, failure] of error.failures) failures.set(id, failure)
    }
  }
}

/** References, uniques and row rules each may cut out some items before the rest is sound. */
const MOST_ROUNDS = 8

async function runRound(ctx: RecordContext, entityKey: string, all: readonly BulkOperation[], open: readonly BulkOperation[], failures: Map<string, Error>, envelope: Envelope<readonly BulkResult[]>): Promise<readonly BulkResult[]> {
  const place = new Map(all.map((operation, index) => [operation.id, `/operations/${index}`]))
  const intents = (op: 'create' | 'update'): Intent[] => open.flatMap(each => (each.op === op ? [{ op, id: each.id, input: each.values, version: each.op === 'update' ? each.version : null, pointer: `${place.get(each.id) ?? ''}/values` }] : []))
  const prepared: PreparedChange[] = []
  const refused = new Map<string, Error>()
  for (const op of ['create', 'update'] as const) {
    const group = intents(op)
    if (group.length === 0) continue
    try {
      prepared.push(...(await prepareChanges(ctx, decideAccess(ctx, entityKey, op), group)))
    } catch (error) {
      if (!(error instanceof ItemFailures)) throw error
      for (const [id, failure] of error.failures) refused.set(id, failure)
    }
  }
  const deletes: { id: string; version: number }[] = []
  for (const each of open) {
    if (each.op !== 'delete') continue
    try {
      deletes.push({ id: each.id, version: (await requireDeletable(ctx, decideAccess(ctx, entityKey, 'delete'), each.id, each.version)).state.version })
    } catch (error) {
      refused.set(each.id, error as Error)
    }
  }
  if (refused.size > 0) throw new ItemFailures(refused)
  const entity = ctx.model.entities.get(entityKey)
  if (entity === undefined) return []
  return writeTransaction(ctx, envelope, connection => commitRound(connection, ctx, entity, all, prepared, deletes, failures))
}

async function commitRound(connection: TenantConnection, ctx: RecordContext, entity: CompiledEntity, all: readonly BulkOperation[], prepared: readonly PreparedChange[], deletes: readonly { id: string; version: number }[], failures: ReadonlyMap<string, Error>): Promise<readonly BulkResult[]> {
  if (deletes.length > 0) {
    const journal = new Journal()
    await trashRecords(connection, ctx, entity, deletes, journal)
    await finishJournal(connection, ctx, journal)
  }
  for (const op of ['create', 'update'] as const) await commitChanges(connection, ctx, prepared.filter(change => change.op === op))
  const versions = new Map([
    ...prepared.map(change => [change.id, (change.before?.version ?? 0) + 1] as const),
    ...deletes.map(each => [each.id, each.version + 1] as const),
  ])
  return all.map(each => ({ id: each.id, op: each.op, version: versions.get(each.id) ?? null, error: failures.get(each.id) ?? null }))
}

/** Parses the operations of a bulk body; ids of creates are given here. A record may be named once. */
export function parseOperations(input: readonly unknown[], limit: number): BulkOperation[] {
  const problems: Problem[] = []
  if (input.length > limit) throw queryFailed([capExceeded('bulk_operations', limit, '/operations')])
  const seen = new Set<string>()
  const operations = input.flatMap((each, index): BulkOperation[] => {
    const at = `/operations/${index}`
    const { op, id, version, values, ...rest } = (typeof each === 'object' && each !== null ? each : {}) as Record<string, unknown>
    for (const key of Object.keys(rest)) problems.push(unknownName(key, `${at}${pointerOf(key)}`, ['op', 'id', 'version', 'values']))
    if (op === 'create' && id === undefined && version === undefined) return [{ op, id: newRecordId(values), values }]
    const known = isId(id) && typeof version === 'number' && Number.isSafeInteger(version)
    if (!known || (op !== 'update' && op !== 'delete') || (op === 'delete' && values !== undefined)) {
      problems.push({ pointer: at, code: 'VALIDATE_OPERATION', message: 'An operation is {"op":"create","values"}, {"op":"update","id","version","values"} or {"op":"delete","id","version"}.' })
      return []
    }
    if (seen.has(id)) problems.push({ pointer: at, code: 'VALIDATE_DUPLICATE', message: 'A record can be named once.' })
    seen.add(id)
    return op === 'update' ? [{ op, id, version, values }] : [{ op, id, version }]
  })
  if (problems.length > 0) throw queryFailed(problems)
  return operations
}
