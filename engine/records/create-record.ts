/** Creates a record: decide, prepare, commit, show. */
import type { Problem } from '../../metadata/problem.ts'
import { decideAccess } from '../access/index.ts'
import { at } from '../kernel/context.ts'
import { newId } from '../kernel/ids.ts'
import { commitAndShow } from './commit-changes.ts'
import { prepareChanges } from './prepare-changes.ts'
import { merged } from './prepare-lines.ts'
import { ItemFailures } from './prepared.ts'
import { fetchOne, planOne } from './read-record.ts'
import { retried } from './retry.ts'
import type { RecordContext } from './types.ts'
import { type Envelope, writeTransaction } from './write-transaction.ts'

/** A written record as its writer may see it; null where he may not see it any more. */
export interface Written {
  readonly id: string
  readonly version: number
  readonly dataText: string | null
  readonly warnings: readonly Problem[]
}

/** Creates one record. Errors: NOT_FOUND, ACCESS_*, VALIDATE_FAILED, RECORDS_NOT_UNIQUE, IDENTITY_STALE. */
export async function createRecord(
  ctx: RecordContext,
  entityKey: string,
  input: unknown,
  envelope: Envelope<Written> = {},
): Promise<Written> {
  const grant = at(ctx.stations, 'access', 'decideAccess', { entity: entityKey }, () => decideAccess(ctx, entityKey, 'create'))
  const id = newId(ctx.now.getTime())
  const plan = planOne(ctx, grant)
  return retried(async () => {
    const [change] = await at(ctx.stations, 'validate', 'prepareChanges', input, () =>
      prepareChanges(ctx, grant, [{ op: 'create', id, input, version: null, pointer: '' }]),
    )
    if (change === undefined) throw new Error('A prepared change is missing.')
    return at(ctx.stations, 'sql', 'commitChanges', id, () =>
      writeTransaction(ctx, envelope, async (connection, atLast) => {
        const found = await commitAndShow(connection, ctx, [change], () => fetchOne(connection, plan, id), atLast)
        return { id, version: found?.version ?? 1, dataText: found?.dataText ?? null, warnings: change.warnings }
      }),
    )
  })
}

/** A batch of one fails as its one item does. */
export async function oneByOne<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof ItemFailures ? merged(error) : error
  }
}
