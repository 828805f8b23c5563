/** Changes a record by merge-patch at the version the client saw: decide, prepare, commit, show. */
import { decideAccess } from '../access/index.ts'
import { at } from '../kernel/context.ts'
import { commonErrors } from '../kernel/errors.ts'
import { isId } from '../kernel/ids.ts'
import { commitAndShow } from './commit-changes.ts'
import { commitForegone } from './commit-foregone.ts'
import type { Written } from './create-record.ts'
import { prepareChanges } from './prepare-changes.ts'
import { versionAfter } from './prepared.ts'
import { fetchOne, planOne } from './read-record.ts'
import { retried } from './retry.ts'
import type { RecordContext } from './types.ts'
import { type Envelope, writeTransaction } from './write-transaction.ts'

/** Changes one record. `dataText` is null where the change handed the record over to others. Errors as create, and RECORDS_VERSION_STALE. */
export async function updateRecord(
  ctx: RecordContext,
  entityKey: string,
  id: string,
  version: number,
  input: unknown,
  envelope: Envelope<Written> = {},
): Promise<Written> {
  const grant = at(ctx.stations, 'access', 'decideAccess', { entity: entityKey }, () => decideAccess(ctx, entityKey, 'update'))
  if (!isId(id)) throw commonErrors.NOT_FOUND({})
  const plan = planOne(ctx, grant)
  return retried(async () => {
    const [change] = await at(ctx.stations, 'validate', 'prepareChanges', input, () =>
      prepareChanges(ctx, grant, [{ op: 'update', id, input, version, pointer: '' }]),
    )
    if (change === undefined) throw new Error('A prepared change is missing.')
    const written = (found: Awaited<ReturnType<typeof fetchOne>>): Written => ({
      id,
      version: found?.version ?? versionAfter(change),
      dataText: found?.dataText ?? null,
      warnings: change.warnings,
    })
    return at(ctx.stations, 'sql', 'commitChanges', id, async () => {
      const foregone =
        envelope.around === undefined ? await commitForegone(ctx, change, connection => fetchOne(connection, plan, id)) : null
      if (foregone !== null) return written(foregone.shown)
      return writeTransaction(ctx, envelope, async (connection, atLast) =>
        written(await commitAndShow(connection, ctx, [change], () => fetchOne(connection, plan, id), atLast)),
      )
    })
  })
}
