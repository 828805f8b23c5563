/** Prepares one change of one entity for a transaction that belongs to someone else. */
import { decideAccess } from '../access/index.ts'
import { oneByOne } from './create-record.ts'
import { prepareChanges } from './prepare-changes.ts'
import type { Intent, PreparedChange } from './prepared.ts'
import type { RecordContext } from './types.ts'

/** Decides and prepares; what comes back still has to be committed. */
export async function prepareOne(ctx: RecordContext, entityKey: string, intent: Intent): Promise<PreparedChange> {
  const grant = decideAccess(ctx, entityKey, intent.op)
  return oneByOne(async () => {
    const [change] = await prepareChanges(ctx, grant, [intent])
    if (change === undefined) throw new Error('A prepared change is missing.')
    return change
  })
}
