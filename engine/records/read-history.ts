/**
 * Answers what happened to a record, newest first: only fields the caller may read on it at this moment, masked ones masked, hidden records
 * behind references as null. Fields that were retired are gone from here too, and so are values that follow from others: what they were made of
 * then need not be what they are made of now, and only that is what rights know of. Of a copied value it tells what somebody wrote over it.
 */
import { decideAccess, maskValue } from '../access/index.ts'
import type { Grant } from '../access/types.ts'
import { at } from '../kernel/context.ts'
import { commonErrors } from '../kernel/errors.ts'
import type { CompiledEntity } from '../model/types.ts'
import { type HistoryEntry, shapeHistoryEntry, type StoredChange } from '../shape/index.ts'
import { type HistoryEntryRow, renderHistoryPage } from '../sql/index.ts'
import { parseHistory } from '../validate/index.ts'
import { askerOf } from './asker.ts'
import { fieldChanges } from './history-rows.ts'
import { seeTargets } from './seen-targets.ts'
import { lookAt, type Sight } from './sight.ts'
import type { RecordContext } from './types.ts'

export interface HistoryPage {
  readonly data: readonly HistoryEntry[]
  readonly page: { readonly next: string | null }
}

/** Pages that come out empty because all that changed is hidden are passed over, so many at a time. */
const MOST_ROUNDS = 10

/** A page of a record's history. A record in the trash has one for callers who may restore. Errors: NOT_FOUND, VALIDATE_*. */
export async function readHistory(
  ctx: RecordContext,
  entityKey: string,
  id: string,
  input: { readonly limit?: number; readonly after?: string },
): Promise<HistoryPage> {
  const grant = at(ctx.stations, 'access', 'decideAccess', { entity: entityKey }, () => decideAccess(ctx, entityKey, 'read'))
  const query = at(ctx.stations, 'validate', 'parseHistory', input, () => parseHistory(ctx, grant, id, input, askerOf(ctx), ctx.cursors))
  const now = query.now ?? ctx.now.toISOString()
  const sight = await at(ctx.stations, 'sql', 'lookAt', id, () => lookAt(ctx, grant, id, [], now))
  if (sight === null || (sight.deleted && !grant.operations.has('restore'))) throw commonErrors.NOT_FOUND({})
  const entries: HistoryEntry[] = []
  let before = query.before
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const rows = await at(ctx.stations, 'sql', 'runHistory', before, () => fetchRows(ctx, grant, sight, id, before, query.limit + 1))
    const shown = await showRows(ctx, grant, sight, rows, now)
    for (const [index, entry] of shown.entries()) {
      if (entry !== null && entries.length === query.limit) return pageOf(ctx, entries, before, query.binding, id, now)
      if (entry !== null) entries.push(entry)
      before = rows[index]?.version ?? before
    }
    if (rows.length <= query.limit) return { data: entries, page: { next: null } }
  }
  return pageOf(ctx, entries, before, query.binding, id, now)
}

function pageOf(
  ctx: RecordContext,
  data: readonly HistoryEntry[],
  before: number | null,
  binding: string,
  id: string,
  now: string,
): HistoryPage {
  return { data, page: { next: ctx.cursors.seal({ keys: [String(before)], id, now }, binding) } }
}

async function fetchRows(
  ctx: RecordContext,
  grant: Grant,
  sight: Sight,
  id: string,
  before: number | null,
  limit: number,
): Promise<HistoryEntryRow[]> {
  const keys = [...grant.fields.values()].filter(({ field }) => sight.look(field) !== null).map(({ field }) => field.no ?? field.key)
  return ctx.db.readAs(ctx.caller.tenant.id, connection =>
    connection.run<HistoryEntryRow>(renderHistoryPage(ctx.caller.tenant.id, grant.entity, id, keys, before, limit)),
  )
}

async function showRows(
  ctx: RecordContext,
  grant: Grant,
  sight: Sight,
  rows: readonly HistoryEntryRow[],
  now: string,
): Promise<(HistoryEntry | null)[]> {
  const { entity } = grant
  const changes = rows.map(row => givenChanges(entity, row).filter(({ field }) => isShown(sight, { field })))
  const actor = entity.fields.get('updated_by')
  const values = [
    ...changes.flat().flatMap(({ field, before, after }) => [
      { field, value: before },
      { field, value: after },
    ]),
    ...(actor === undefined ? [] : rows.map(row => ({ field: actor, value: row.actor }))),
  ]
  const targets = await seeTargets(ctx, grant, values, now)
  const show = (field: StoredChange['field'], value: unknown): unknown => {
    const look = sight.look(field)
    return look !== null && look !== 'plain' ? maskValue(value, look.mask, ctx.caller.tenant.id) : targets.show(field, value)
  }
  return rows.map((row, index) => {
    const seen = (key: string): boolean => sight.look(requireField(grant, key)) === 'plain'
    const [when, who] = row.op === 'create' ? ['created_at', 'created_by'] : ['updated_at', 'updated_by']
    const entry = {
      version: row.version,
      op: row.op,
      ...(seen(when) ? { at: row.at } : {}),
      ...(seen(who) ? { by: targets.show(requireField(grant, who), row.actor) as string | null } : {}),
    }
    return shapeHistoryEntry(entry, changes[index] ?? [], show)
  })
}

/** Changes by values that people gave. Copies come with references, so what changes without any was written over; what that replaced may be a copy. */
function givenChanges(entity: CompiledEntity, { op, changes }: HistoryEntryRow): StoredChange[] {
  const leadsOn = (no: string): boolean => (entity.fieldsByNo.get(no) ?? entity.fields.get(no))?.kind === 'id'
  // What the model does not know any more may have been the reference.
  const isKnown = (no: string): boolean => entity.fieldsByNo.has(no) || entity.fields.has(no)
  const copies = op !== 'update' || Object.keys(changes).some(no => leadsOn(no) || !isKnown(no))
  return fieldChanges(entity, changes).flatMap((change): StoredChange[] => {
    const { derivation } = change.field
    if (derivation === null || derivation.kind === 'autonumber') return [change]
    return derivation.kind === 'lookup' && derivation.overridable && !copies ? [{ ...change, before: null }] : []
  })
}

/** Links and lines show whole or not at all, as they do in the record. */
function isShown(sight: Sight, { field }: Pick<StoredChange, 'field'>): boolean {
  const look = sight.look(field)
  return look === 'plain' || (look !== null && field.storage.kind !== 'links')
}

function requireField(grant: Grant, key: string): StoredChange['field'] {
  const field = grant.entity.fields.get(key)
  if (field === undefined) throw new Error(`${grant.entity.key} has no field ${key}.`)
  return field
}
