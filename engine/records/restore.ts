/** Takes records out of the trash, together with what went into it with them. What they point at has to be there. */
import type { CompiledEntity, CompiledField } from '../model/types.ts'
import type { TenantConnection } from '../platform/types.ts'
import { renderLock, renderTrash, renderUpdate } from '../sql/index.ts'
import { computeInside } from './compute-inside.ts'
import type { Draft } from './compute-record.ts'
import { dependentsOf, lockStates, pointingAt } from './dependents.ts'
import { recordErrors } from './errors.ts'
import type { Journal } from './journal.ts'
import { environmentOf } from './moment.ts'
import { onBehalf, requireNone } from './prepared.ts'
import { storedRowOf } from './record-state.ts'
import type { At } from './trash.ts'
import type { RecordContext, RecordState } from './types.ts'
import { restoreSatellites } from './write-satellites.ts'
import { writeTree } from './write-tree.ts'

const DEEPEST = 8

/** Restores records at the versions they were read at. Throws ItemFailures by record. */
export async function restoreRecords(
  connection: TenantConnection,
  ctx: RecordContext,
  entity: CompiledEntity,
  records: readonly At[],
  journal: Journal,
): Promise<void> {
  await restore(connection, ctx, entity, new Map(records.map(each => [each.id, each.version])), journal, 0)
}

async function restore(
  connection: TenantConnection,
  ctx: RecordContext,
  entity: CompiledEntity,
  versions: ReadonlyMap<string, number | null>,
  journal: Journal,
  depth: number,
): Promise<void> {
  if (versions.size === 0) return
  if (depth > DEEPEST) throw recordErrors.CASCADE_TOO_DEEP({})
  const states = [...(await lockStates(connection, entity, [...versions.keys()])).values()]
  const drafts = await readmit(connection, ctx, entity, states)
  const at = ctx.now.toISOString()
  const rows = states.map(state => ({ id: state.id, version: versions.get(state.id) ?? state.version }))
  const done = await connection.run<{ id: string }>(
    renderTrash(connection.tenantId, entity, rows, { deletedAt: null, at, by: ctx.caller.userId }),
  )
  const reached = new Set(done.map(each => each.id))
  requireNone(new Map([...versions.keys()].filter(id => !reached.has(id)).map(id => [id, recordErrors.CHANGED_MEANWHILE({})])))
  const taken = await restoreSatellites(
    connection,
    entity,
    drafts.map(({ state, draft }) => ({ id: state.id, values: draft.values })),
    environmentOf(ctx),
  )
  requireNone(new Map(taken.map(each => [each.id, recordErrors.NOT_UNIQUE({})])))
  for (const { state } of drafts)
    journal.note(entity, 'restore', state.id, state.version + 1, null, { ...state.values, deleted_at: null }, { follows: depth > 0 })
  const changed = drafts.filter(each => each.changed)
  if (changed.length > 0)
    await connection.execute(
      renderUpdate(
        connection.tenantId,
        entity,
        changed.map(({ state, draft }) => ({ ...storedRowOf(entity, state, draft.values, state.values), version: state.version + 1 })),
      ),
    )
  await writeTree(
    connection,
    entity,
    changed.map(({ state, draft }) => ({ id: state.id, before: state.values, values: draft.values })),
  )
  for (const { state, draft } of changed)
    journal.note(
      entity,
      'update',
      state.id,
      state.version + 2,
      { ...state.values, deleted_at: null },
      { ...draft.values, deleted_at: null },
      { follows: true },
    )
  await bringAlong(connection, ctx, entity, states, journal, depth)
}

interface Readmitted {
  readonly state: RecordState
  readonly draft: Draft
  readonly changed: boolean
}

/**
 * What a restored record points at: a target that is gone for good is let go where the reference allows it, and stands against the restore
 * where not. A record whose owner or unit is gone goes to whoever restores it.
 */
async function readmit(
  connection: TenantConnection,
  ctx: RecordContext,
  entity: CompiledEntity,
  states: readonly RecordState[],
): Promise<Readmitted[]> {
  const { caller } = ctx
  const drafts = states.map(
    (state): Draft => ({ values: { ...state.values }, before: state.values, given: new Set(), pointer: '', problems: [] }),
  )
  const changed = new Set<Draft>()
  const failures = new Map<string, Error>()
  for (const field of entity.fields.values()) {
    if (
      field.kind !== 'id' ||
      field.target === null ||
      field.derivation !== null ||
      field.key === 'created_by' ||
      field.key === 'updated_by'
    )
      continue
    const gone = await goneTargets(connection, ctx, field, states)
    for (const [index, state] of states.entries()) {
      const draft = drafts[index]
      if (draft === undefined || !gone.has(String(state.values[field.key] ?? ''))) continue
      if (field.system) draft.values[field.key] = field.key === 'owner_id' ? caller.userId : caller.orgUnitId
      else if (onDeleteOf(ctx, field) === 'set_null') draft.values[field.key] = null
      else failures.set(state.id, recordErrors.NOT_POSSIBLE({}))
      changed.add(draft)
    }
  }
  requireNone(failures)
  await computeInside(connection, ctx, entity, [...changed])
  return states.flatMap((state, index) => {
    const draft = drafts[index]
    return draft === undefined ? [] : [{ state, draft, changed: changed.has(draft) }]
  })
}

/** Ids that the records hold in a field and that are not live; what is live is kept so until the commit. */
async function goneTargets(
  connection: TenantConnection,
  ctx: RecordContext,
  field: CompiledField,
  states: readonly RecordState[],
): Promise<Set<string>> {
  const target = ctx.model.entities.get(field.target ?? '')
  const ids = [
    ...new Set(states.flatMap(state => (typeof state.values[field.key] === 'string' ? [String(state.values[field.key])] : []))),
  ].sort()
  if (target === undefined || ids.length === 0) return new Set()
  const rows = await connection.run<{ id: string; live: boolean }>(renderLock(connection.tenantId, target, ids, 'key share'))
  const live = new Set(rows.filter(row => row.live).map(row => row.id))
  return new Set(ids.filter(id => !live.has(id)))
}

function onDeleteOf(ctx: RecordContext, field: CompiledField): 'restrict' | 'cascade' | 'set_null' {
  const target = ctx.model.entities.get(field.target ?? '')
  return target?.referencedBy.find(each => each.entity === field.entity && each.field === field.key)?.onDelete ?? 'restrict'
}

/** Cascades of one delete bear its very instant. */
async function bringAlong(
  connection: TenantConnection,
  ctx: RecordContext,
  entity: CompiledEntity,
  states: readonly RecordState[],
  journal: Journal,
  depth: number,
): Promise<void> {
  const deletedAt = new Map(states.map(state => [state.id, state.values['deleted_at']]))
  for (const pointing of pointingAt(ctx, entity)) {
    if (pointing.onDelete !== 'cascade') continue
    const gone = await dependentsOf(connection, pointing, [...deletedAt.keys()], 'trash')
    const along = new Map(gone.filter(each => each.pointsAt.some(id => deletedAt.get(id) === each.deletedAt)).map(each => [each.id, each]))
    for (const { id, pointsAt } of along.values()) journal.hangs(id, pointsAt[0] ?? id)
    await onBehalf(
      id => along.get(id)?.pointsAt ?? [...deletedAt.keys()],
      () => restore(connection, ctx, pointing.from, new Map([...along.keys()].map(id => [id, null])), journal, depth + 1),
    )
  }
}
