/**
 * Writes what the rows of one chunk ask for, through the door of records, and what became of each row in the same transaction.
 * A dry run writes and takes back, then keeps what became of the rows alone.
 */
import type { JsonValue } from '../../metadata/generated/types.ts'
import { EngineError } from '../kernel/errors.ts'
import type { TenantConnection } from '../platform/index.ts'
import { type BulkOperation, bulkRecords, type BulkResult, type RecordContext, takenValues } from '../records/index.ts'
import { type Decision, spoken } from './decide-rows.ts'
import type { ImportPlan } from './plan-import.ts'
import { type Claim, digestOf, findClaims, insertClaims, insertRows } from './row-store.ts'
import { fromProblem, type RowProblem } from './row-words.ts'
import { asTrial } from './trial.ts'
import type { Counts, StoredLink, StoredRow } from './types.ts'

/** What a chunk did, ready to be kept. */
export interface ChunkOutcome {
  readonly rows: readonly Omit<StoredRow, 'undo'>[]
  readonly claims: readonly Claim[]
  readonly counts: Counts
}

/** Keeps the outcome of a chunk and the progress it makes; part of the transaction that wrote the records. */
export type KeepOutcome = (connection: TenantConnection, outcome: ChunkOutcome) => Promise<void>

/** Writes a chunk; `keep` is called in the transaction of the records, of a dry run in one of its own. */
export async function writeRows(
  ctx: RecordContext,
  plan: ImportPlan,
  jobId: string,
  decisions: readonly Decision[],
  dryRun: boolean,
  keep: KeepOutcome,
): Promise<void> {
  const operations = decisions.flatMap(decision => (decision.operation === null ? [] : [decision.operation]))
  if (dryRun) {
    const outcome = await tryRows(ctx, plan, jobId, decisions, operations)
    await ctx.db.writeAs(ctx.caller.tenant.id, connection => keep(connection, outcome))
    return
  }
  await bulkRecords(ctx, plan.entity.key, operations, false, {
    around: async (connection, act) => {
      const results = await act()
      await keep(connection, outcomeOf(ctx, plan, decisions, results, new Map(), false))
      return results
    },
  })
}

/** Keeps a chunk's rows and claims. */
export async function keepOutcome(connection: TenantConnection, jobId: string, outcome: ChunkOutcome): Promise<void> {
  await insertRows(connection, jobId, outcome.rows)
  await insertClaims(connection, jobId, outcome.claims)
}

async function tryRows(
  ctx: RecordContext,
  plan: ImportPlan,
  jobId: string,
  decisions: readonly Decision[],
  operations: readonly BulkOperation[],
): Promise<ChunkOutcome> {
  const tenantId = ctx.caller.tenant.id
  const { results, taken } = await asTrial(ctx.db, tenantId, async trial => {
    const tried = await bulkRecords({ ...ctx, db: trial, trial: true, committed: ctx.db }, plan.entity.key, operations, false)
    const written = tried.filter(result => result.error === null).map(result => result.id)
    return { results: tried, taken: await trial.readAs(tenantId, connection => takenValues(connection, ctx, plan.grant, written)) }
  })
  // The real run would find these values taken by rows further up.
  const held = taken.map(({ id, value, refusal }) => ({ id, key: digestOf(value), refusal }))
  const keys = held.map(each => each.key)
  const claimed = await ctx.db.readAs(tenantId, connection => findClaims(connection, jobId, 'unique', keys))
  const refusals = new Map(held.filter(each => claimed.has(each.key)).map(each => [each.id, each.refusal]))
  const judged = results.map(result => ({ ...result, error: refusals.get(result.id) ?? result.error }))
  const values = Map.groupBy(held, each => each.id)
  return outcomeOf(ctx, plan, decisions, judged, new Map([...values].map(([id, each]) => [id, each.map(({ key }) => key)])), true)
}

function outcomeOf(
  ctx: RecordContext,
  plan: ImportPlan,
  decisions: readonly Decision[],
  results: readonly BulkResult[],
  taken: ReadonlyMap<string, readonly string[]>,
  dryRun: boolean,
): ChunkOutcome {
  const byId = new Map(results.map(result => [result.id, result]))
  const rows: Omit<StoredRow, 'undo'>[] = []
  const claims: Claim[] = []
  const counts = { created: 0, updated: 0, unchanged: 0, failed: 0, incomplete: 0 }
  for (const decision of decisions) {
    const row = rowOf(ctx, plan, decision, decision.operation === null ? undefined : byId.get(decision.operation.id), dryRun)
    if (row !== null) rows.push(row)
    counts[row === null ? 'unchanged' : COUNTED[row.op]] += 1
    if (decision.key !== null) claims.push({ kind: 'match', key: digestOf(decision.key), row_no: decision.row })
    if (!dryRun || row === null || row.op === 'fail' || decision.operation === null) continue
    for (const value of taken.get(decision.operation.id) ?? []) claims.push({ kind: 'unique', key: value, row_no: decision.row })
    for (const [by, name] of namesBorne(plan, decision.operation))
      claims.push({ kind: `name/${by}`, key: nameKey(name), row_no: decision.row })
  }
  return { rows, claims, counts }
}

const COUNTED = { create: 'created', update: 'updated', keep: 'unchanged', fail: 'failed' } as const

function rowOf(
  ctx: RecordContext,
  plan: ImportPlan,
  decision: Decision,
  result: BulkResult | undefined,
  dryRun: boolean,
): Omit<StoredRow, 'undo'> | null {
  const { row, operation, existing } = decision
  const problems = decision.problems.length > 0 ? decision.problems : result?.error == null ? [] : problemsOf(ctx, plan, result.error)
  const none = {
    row_no: row,
    record_id: null,
    before_version: null,
    version: null,
    problems: null,
    changes: null,
    links: null,
    input: null,
    cells: null,
  }
  if (problems.length > 0) return { ...none, op: 'fail', problems, cells: decision.cells }
  // The caller could not see that the record holds these values already.
  const isIdle = operation?.op === 'update' && result?.version === operation.version
  const links = decision.links.length === 0 ? null : decision.links.map(link => ({ ...link, ...oldLink(plan, decision, link.column) }))
  const cells = links === null ? null : decision.cells
  if (operation === null || isIdle)
    return links === null || existing === null
      ? null
      : { ...none, op: 'keep', record_id: existing.id, before_version: existing.version, version: existing.version, links, cells }
  return {
    ...none,
    op: operation.op,
    record_id: operation.id,
    before_version: existing?.version ?? null,
    version: result?.version ?? null,
    changes: dryRun && decision.changes.length > 0 ? decision.changes : null,
    links,
    cells,
    input: dryRun && plan.columns.some(column => column.lookup?.self === true) ? (operation.values as StoredRow['input']) : null,
  }
}

function oldLink(plan: ImportPlan, { existing }: Decision, name: string): Pick<StoredLink, 'old' | 'shown'> {
  const key = plan.columns.find(each => each.name === name)?.field.key ?? ''
  const old = (existing?.values[key] ?? null) as JsonValue
  return { old, shown: (existing?.names[key] ?? old) as JsonValue }
}

/** Values of a written row in the fields by which other rows of the file may look it up. */
function namesBorne(plan: ImportPlan, operation: NonNullable<Decision['operation']>): [string, unknown][] {
  const fields = new Set(plan.columns.flatMap(({ lookup }) => (lookup?.self === true ? [lookup.by.key] : [])))
  const values = operation.values as Readonly<Record<string, unknown>>
  return [...fields].flatMap((key): [string, unknown][] => (values[key] === undefined || values[key] === null ? [] : [[key, values[key]]]))
}

/** The key of a name among the claims of an import. */
export function nameKey(value: unknown): string {
  return digestOf(JSON.stringify(value))
}

/** Why a record was refused, told of the columns its values came from. Throws what is no refusal. */
export function problemsOf(ctx: RecordContext, plan: ImportPlan, error: Error): RowProblem[] {
  if (!(error instanceof EngineError)) throw error
  if (error.errors.length === 0) return [spoken(error, ctx)]
  return error.errors.map(problem => {
    const [field = '', part] = problem.pointer
      .replace(/^\/operations\/\d+\/values/, '')
      .split('/')
      .slice(1)
    const column = plan.columns.find(each => each.field.key === field && (each.part === null || each.part === part))
    return fromProblem(problem, column?.name ?? null, ctx.caller.locale)
  })
}
