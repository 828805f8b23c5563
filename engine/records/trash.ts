/**
 * Moves records into the trash with everything that hangs on them: lines and cascades go along, references are cleared, restrictions
 * refuse. What a reference declares (`on_delete`) is the right by which other records are touched here.
 */
import type { CompiledEntity } from '../model/types.ts'
import type { TenantConnection } from '../platform/types.ts'
import { renderTrash, renderUpdate } from '../sql/index.ts'
import { computeInside } from './compute-inside.ts'
import type { Draft } from './compute-record.ts'
import { type Dependent, dependentsOf, lockStates, type Pointing, pointedAt, pointingAt, stillHolding } from './dependents.ts'
import { recordErrors } from './errors.ts'
import type { Journal } from './journal.ts'
import { environmentOf } from './moment.ts'
import { onBehalf, requireNone } from './prepared.ts'
import { storedRowOf } from './record-state.ts'
import type { RecordContext } from './types.ts'
import { forgetSatellites, writeSatellites } from './write-satellites.ts'
import { writeTree } from './write-tree.ts'

/** Cascades reach no further than this. */
const DEEPEST = 8

export interface At {
  readonly id: string
  readonly version: number
}

/** Moves records into the trash at the versions they were read at. Throws ItemFailures by record. */
export async function trashRecords(
  connection: TenantConnection,
  ctx: RecordContext,
  entity: CompiledEntity,
  records: readonly At[],
  journal: Journal,
): Promise<void> {
  if (records.length > 0) await trash(connection, ctx, entity, new Map(records.map(each => [each.id, each.version])), journal, 0)
}

/** `versions` are null where whatever stands there goes along. */
async function trash(
  connection: TenantConnection,
  ctx: RecordContext,
  entity: CompiledEntity,
  versions: ReadonlyMap<string, number | null>,
  journal: Journal,
  depth: number,
): Promise<void> {
  if (depth > DEEPEST) throw recordErrors.CASCADE_TOO_DEEP({})
  // Locked first: a reference being made to one of them waits, and then finds it gone (storage: references).
  const states = await lockStates(connection, entity, [...versions.keys()])
  const going = [...states.values()].filter(state => depth === 0 || state.values['deleted_at'] === null)
  const ids = going.map(state => state.id)
  for (const pointing of pointingAt(ctx, entity)) await follow(connection, ctx, entity, pointing, ids, journal, depth)
  requireNone(new Map((await stillHolding(connection, ctx, entity, ids)).map(id => [id, recordErrors.NOT_POSSIBLE({})])))
  const at = ctx.now.toISOString()
  const rows = going.map(state => ({ id: state.id, version: versions.get(state.id) ?? state.version }))
  const [done] = await Promise.all([
    connection.run<{ id: string }>(renderTrash(connection.tenantId, entity, rows, { deletedAt: at, at, by: ctx.caller.userId })),
    forgetSatellites(connection, entity, ids),
  ])
  const reached = new Set(done.map(each => each.id))
  const missed = depth === 0 ? [...versions.keys()].filter(id => !reached.has(id)) : []
  requireNone(new Map(missed.map(id => [id, recordErrors.CHANGED_MEANWHILE({})])))
  for (const state of going) journal.note(entity, 'delete', state.id, state.version + 1, state.values, null, { follows: depth > 0 })
}

async function follow(
  connection: TenantConnection,
  ctx: RecordContext,
  entity: CompiledEntity,
  pointing: Pointing,
  ids: readonly string[],
  journal: Journal,
  depth: number,
): Promise<void> {
  if (pointing.onDelete === 'restrict') {
    const held = await pointedAt(connection, pointing, ids)
    return requireNone(new Map(held.map(id => [id, recordErrors.NOT_POSSIBLE({})])))
  }
  const found = await dependentsOf(connection, pointing, ids)
  const dependents = new Map(found.filter(each => !(pointing.from === entity && ids.includes(each.id))).map(each => [each.id, each]))
  if (dependents.size === 0) return
  for (const { id, pointsAt } of dependents.values()) journal.hangs(id, pointsAt[0] ?? id)
  await onBehalf(
    id => dependents.get(id)?.pointsAt ?? ids,
    async () => {
      if (pointing.onDelete === 'set_null') await clearReference(connection, ctx, pointing, dependents, journal)
      else await trash(connection, ctx, pointing.from, new Map([...dependents.keys()].map(id => [id, null])), journal, depth + 1)
    },
  )
}

/** References become empty, and with them what was copied through them. Links stay: a target in the trash is not shown, a restored one is found again. */
async function clearReference(
  connection: TenantConnection,
  ctx: RecordContext,
  { from, field }: Pointing,
  dependents: ReadonlyMap<string, Dependent>,
  journal: Journal,
): Promise<void> {
  if (field.storage.kind === 'links') return
  const states = [...(await lockStates(connection, from, [...dependents.keys()])).values()]
  const drafts = states.map(
    (state): Draft => ({
      values: { ...state.values, [field.key]: null, updated_at: ctx.now.toISOString(), updated_by: ctx.caller.userId },
      before: state.values,
      given: new Set([field.key]),
      pointer: '',
      problems: [],
    }),
  )
  await computeInside(connection, ctx, from, drafts)
  const rows = states.map((state, index) => storedRowOf(from, state, drafts[index]?.values ?? state.values, state.values))
  const changes = states.map((state, index) => ({ id: state.id, before: state.values, values: drafts[index]?.values ?? state.values }))
  const [, taken] = await Promise.all([
    connection.execute(renderUpdate(connection.tenantId, from, rows)),
    writeSatellites(connection, from, changes, environmentOf(ctx)),
    writeTree(connection, from, changes),
  ])
  requireNone(new Map(taken.map(each => [each.id, recordErrors.NOT_POSSIBLE({})])))
  for (const [index, state] of states.entries())
    journal.note(from, 'update', state.id, state.version + 1, state.values, drafts[index]?.values ?? null, { follows: true })
}
