/**
 * Writes prepared changes inside the caller's transaction: references, rows, satellites, lines, the row filter on the new values,
 * history, audit, events, derived parents. Either everything here is committed or nothing.
 */
import { pointerOf } from '../../metadata/problem.ts'
import type { CompiledEntity } from '../model/types.ts'
import type { TenantConnection } from '../platform/types.ts'
import { renderInsert, renderLock, renderUpdate, type StoredRow } from '../sql/index.ts'
import { fieldProblem, HISTORY_FIELDS, unspokenProblem, validateErrors } from '../validate/index.ts'
import { assignGapless } from './autonumbers.ts'
import type { Draft } from './compute-record.ts'
import { computeInside } from './compute-inside.ts'
import { recordErrors } from './errors.ts'
import { finishAndShow } from './finish-journal.ts'
import { Journal } from './journal.ts'
import { environmentOf } from './moment.ts'
import { notUnique } from './not-unique.ts'
import { onBehalf, type PreparedChange, requireNone, versionAfter } from './prepared.ts'
import { requireLineCounts } from './require-line-counts.ts'
import { requireReferences } from './require-references.ts'
import { refusedResults } from './require-result.ts'
import { storedRowOf, touchedSlots } from './record-state.ts'
import { trashRecords } from './trash.ts'
import type { AtLast } from './write-transaction.ts'
import { writeSatellites } from './write-satellites.ts'
import { writeTree } from './write-tree.ts'
import type { RecordContext } from './types.ts'

/** Commits changes of one entity with their lines and everything that follows from them. */
export async function commitChanges(connection: TenantConnection, ctx: RecordContext, changes: readonly PreparedChange[]): Promise<void> {
  await commitAndShow(connection, ctx, changes, async () => undefined)
}

/** The same; `show` reads what came of it. */
export async function commitAndShow<T>(
  connection: TenantConnection,
  ctx: RecordContext,
  changes: readonly PreparedChange[],
  show: () => Promise<T>,
  atLast: AtLast = async () => undefined,
): Promise<T> {
  const journal = new Journal(ctx)
  // Without lines all that is written is known from the start, and parents are asked about in the same breath.
  const ask = hasLines(changes) ? undefined : (written: readonly PreparedChange[]) => journal.askAhead(connection, ctx, written)
  await applyChanges(connection, ctx, changes, journal, ask)
  return finishAndShow(connection, ctx, journal, show, atLast)
}

/** Writes rows and what stands beside them, and notes in the journal what is to be told of them. `ask` sends what can follow the rows. */
export async function applyChanges(
  connection: TenantConnection,
  ctx: RecordContext,
  all: readonly PreparedChange[],
  journal: Journal,
  ask?: (written: readonly PreparedChange[]) => void,
): Promise<void> {
  const changes = all.filter(change => !change.idle)
  const [first] = changes
  if (first === undefined) return
  const { entity } = first.grant
  await lockRows(connection, ctx, entity, changes)
  const referring = requireReferences(connection, ctx, changes)
  const writing = numberGapless(connection, ctx, entity, changes).then(() => {
    const changed = changes.map(({ id, before, values }) => ({ id, before: before?.values ?? null, values }))
    const sent = Promise.all([
      writeRows(connection, ctx, entity, changes),
      writeTree(connection, entity, changed),
      writeSatellites(connection, entity, changed, environmentOf(ctx)),
      hasLines(changes) ? null : refusedResults(connection, ctx, changes),
    ])
    ask?.(changes)
    return sent
  })
  // Sent together, references first: the first answer that refuses is told, whoever may not do it hears nothing of what else stands
  // against it.
  const [pointing, written] = await Promise.allSettled([referring, writing])
  if (pointing.status === 'rejected') throw pointing.reason
  if (written.status === 'rejected') throw written.reason
  const [overtaken, circles, taken, refused] = written.value
  requireNone(overtaken)
  requireNone(eachOf(changes, circles, change => circular(ctx, entity, change)))
  await writeLines(connection, ctx, changes, journal)
  const soon = changes.filter(change => change.later === null)
  requireNone(refused ?? (await refusedResults(connection, ctx, soon)))
  const clashes = eachOf(
    changes,
    taken.map(each => each.id),
    change => notUnique(ctx, change, taken.find(each => each.id === change.id)?.rule),
  )
  requireNone(new Map([...clashes].filter(([id]) => soon.some(change => change.id === id))))
  for (const change of changes) {
    if (change.later !== null) journal.later.push({ change, taken: clashes.get(change.id) ?? null })
    if (change.op === 'create' || change.lines.length > 0) journal.withTheirLines.add(change.id)
    noteChange(journal, change)
  }
}

/** What history, audit and events are to tell of a change, and what it means to its parents. */
export function noteChange(journal: Journal, change: PreparedChange): void {
  const past = [...HISTORY_FIELDS].some(key => change.given.has(key))
  const { grant, id, op, pointer, before, values } = change
  journal.note(grant.entity, op, id, versionAfter(change), before?.values ?? null, values, { past, pointer })
}

function eachOf(
  changes: readonly PreparedChange[],
  ids: readonly string[],
  errorOf: (change: PreparedChange) => Error,
): Map<string, Error> {
  return new Map(changes.filter(change => ids.includes(change.id)).map(change => [change.id, errorOf(change)]))
}

function circular(ctx: RecordContext, entity: CompiledEntity, change: PreparedChange): Error {
  const field = entity.fields.get(entity.parentField ?? '')
  const problem =
    field === undefined
      ? unspokenProblem(change.pointer, ctx.caller.locale)
      : fieldProblem(field, 'CYCLE', `${change.pointer}${pointerOf(field.key)}`, ctx.caller.locale)
  return validateErrors.FAILED({ count: 1 }, { errors: [problem] })
}

function hasLines(changes: readonly PreparedChange[]): boolean {
  return changes.some(change => change.lines.length > 0)
}

/**
 * Several rows are locked in the order of their ids, so that two batches over the same records do not wait for each other crosswise;
 * lines before their parents, for that is the order in which a line's own change comes to its parent.
 */
async function lockRows(
  connection: TenantConnection,
  ctx: RecordContext,
  entity: CompiledEntity,
  changes: readonly PreparedChange[],
): Promise<void> {
  const tenantId = ctx.caller.tenant.id
  const lines = Map.groupBy(
    changes.flatMap(change => change.lines),
    each => each.field.key,
  )
  for (const sets of lines.values()) {
    const [set] = sets
    const ids = sets
      .flatMap(each => [...each.changes.filter(line => line.op === 'update' && !line.idle), ...each.deletes].map(line => line.id))
      .sort()
    if (set !== undefined && ids.length > 0) await connection.run(renderLock(tenantId, set.grant.entity, ids, 'no key update'))
  }
  const updates = changes.filter(change => change.op === 'update').map(change => change.id)
  if (updates.length > 1) await connection.run(renderLock(tenantId, entity, updates.sort(), 'no key update'))
}

async function numberGapless(
  connection: TenantConnection,
  ctx: RecordContext,
  entity: CompiledEntity,
  changes: readonly PreparedChange[],
): Promise<void> {
  const created = changes.filter(change => change.op === 'create')
  const drafts = created.map(
    (change): Draft => ({
      values: change.values,
      before: { ...change.values },
      given: change.given,
      pointer: change.pointer,
      problems: [],
    }),
  )
  if (await assignGapless(connection, ctx, entity, drafts)) await computeInside(connection, ctx, entity, drafts)
}

/** Records that no longer stand as they were read. */
async function writeRows(
  connection: TenantConnection,
  ctx: RecordContext,
  entity: CompiledEntity,
  changes: readonly PreparedChange[],
): Promise<Map<string, Error>> {
  const tenantId = ctx.caller.tenant.id
  const creates = changes.filter(change => change.op === 'create')
  const updates = changes.filter(change => change.op === 'update')
  const touched = touchedSlots(
    entity,
    updates.map(({ before, values }) => ({ before: before?.values ?? {}, values })),
  )
  const [, done] = await Promise.all([
    creates.length === 0 ? 0 : connection.execute(renderInsert(tenantId, entity, creates.map(rowOf))),
    updates.length === 0
      ? []
      : connection.run<{ id: string }>(renderUpdate(tenantId, entity, updates.map(rowOf), touched, updates.every(isOfSameMinute))),
  ])
  const reached = new Set(done.map(each => each.id))
  return new Map(updates.filter(change => !reached.has(change.id)).map(change => [change.id, recordErrors.CHANGED_MEANWHILE({})]))
}

/** A change as the row that is stored. */
export function rowOf({ grant, id, before, rest, values }: PreparedChange): StoredRow {
  return storedRowOf(grant.entity, { id, version: before?.version ?? 1, rest }, values, before?.values)
}

/** Whether the minute of a record's last change is noted already. */
export function isOfSameMinute({ before, values }: PreparedChange): boolean {
  const minuteOf = (at: unknown): string => String(at).slice(0, 'YYYY-MM-DDTHH:MM'.length)
  return before !== null && minuteOf(before.values['updated_at']) === minuteOf(values['updated_at'])
}

/** Lines of all parents together, table by table; what is wrong with a line is told of its parent. */
async function writeLines(
  connection: TenantConnection,
  ctx: RecordContext,
  changes: readonly PreparedChange[],
  journal: Journal,
): Promise<void> {
  const owners = new Map(
    changes.flatMap(change => change.lines.flatMap(set => [...set.changes, ...set.deletes].map(line => [line.id, change.id] as const))),
  )
  for (const [line, owner] of owners) journal.hangs(line, owner)
  const tables = Map.groupBy(
    changes.flatMap(change => change.lines),
    each => each.field.key,
  )
  for (const sets of tables.values()) {
    const [set] = sets
    if (set === undefined) continue
    await onBehalf(
      id => [owners.get(id) ?? id],
      async () => {
        await trashRecords(
          connection,
          ctx,
          set.grant.entity,
          sets.flatMap(each => each.deletes),
          journal,
        )
        await applyChanges(
          connection,
          ctx,
          sets.flatMap(each => each.changes),
          journal,
        )
      },
    )
  }
  await requireLineCounts(connection, ctx, changes)
}
