/** Moves a record into the trash, and takes it out again. */
import { accessErrors, decideAccess } from '../access/index.ts'
import type { Grant } from '../access/types.ts'
import { commonErrors } from '../kernel/errors.ts'
import { isId } from '../kernel/ids.ts'
import { labelIn } from '../validate/index.ts'
import type { Written } from './create-record.ts'
import { finishAndShow, finishJournal } from './finish-journal.ts'
import { Journal } from './journal.ts'
import { actingTerms, loadStates, type Probed, requireVisible } from './load-states.ts'
import { fetchOne, planOne } from './read-record.ts'
import { restoreRecords } from './restore.ts'
import { retried } from './retry.ts'
import { staleVersion } from './stale-version.ts'
import { trashRecords } from './trash.ts'
import type { RecordContext } from './types.ts'
import { type Envelope, writeTransaction } from './write-transaction.ts'

/** Soft-deletes one record at the version the client saw. Errors: NOT_FOUND, ACCESS_*, RECORDS_VERSION_STALE, RECORDS_NOT_POSSIBLE. */
export async function deleteRecord(
  ctx: RecordContext,
  entityKey: string,
  id: string,
  version: number,
  envelope: Envelope<void> = {},
): Promise<void> {
  const grant = decideAccess(ctx, entityKey, 'delete')
  if (!isId(id)) throw commonErrors.NOT_FOUND({})
  await retried(async () => {
    await requireDeletable(ctx, grant, { id, version }, (await loadStates(ctx, grant, [id], 'delete')).get(id))
    await writeTransaction(ctx, envelope, async (connection, atLast) => {
      const journal = new Journal(ctx)
      await trashRecords(connection, ctx, grant.entity, [{ id, version }], journal)
      await finishJournal(connection, ctx, journal, atLast)
    })
  })
}

/** Throws where the caller may not delete the record as it stands, or has seen another version of it. */
export async function requireDeletable(
  ctx: RecordContext,
  grant: Grant,
  { version }: { readonly id: string; readonly version: number },
  found: Probed | undefined,
): Promise<void> {
  const seen = found ?? null
  requireVisible(grant, seen)
  if (actingTerms(grant, 'delete', seen).length === 0)
    throw accessErrors.ROW_FORBIDDEN({ operation: 'delete', label: labelIn(grant.entity.labels, ctx.caller.locale, grant.entity.key) })
  if (seen.state.version !== version) throw await staleVersion(ctx, grant, seen.state, { version })
}

/** Takes one record out of the trash. A record that is not in it, or not for the caller, is NOT_FOUND. */
export async function restoreRecord(ctx: RecordContext, entityKey: string, id: string, envelope: Envelope<Written> = {}): Promise<Written> {
  const grant = decideAccess(ctx, entityKey, 'restore')
  if (!isId(id)) throw commonErrors.NOT_FOUND({})
  const plan = planOne(ctx, grant)
  return retried(async () => {
    const found = (await loadStates(ctx, grant, [id], 'restore')).get(id)
    const seen = found !== undefined && found.deleted && grant.terms.some((_, index) => found.bits[index * 2] === true)
    if (!seen) throw commonErrors.NOT_FOUND({})
    if (actingTerms(grant, 'restore', found).length === 0)
      throw accessErrors.ROW_FORBIDDEN({ operation: 'restore', label: labelIn(grant.entity.labels, ctx.caller.locale, grant.entity.key) })
    return writeTransaction(ctx, envelope, async (connection, atLast) => {
      const journal = new Journal(ctx)
      await restoreRecords(connection, ctx, grant.entity, [{ id, version: found.state.version }], journal)
      const shown = await finishAndShow(connection, ctx, journal, () => fetchOne(connection, plan, id), atLast)
      return { id, version: shown?.version ?? found.state.version + 1, dataText: shown?.dataText ?? null, warnings: [] }
    })
  })
}
