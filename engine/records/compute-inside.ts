/** Computes again inside a transaction: what follows from numbers, rollups and cleared references that only it knows. */
import type { CompiledEntity } from '../model/types.ts'
import type { TenantConnection } from '../platform/types.ts'
import { unspokenProblem, validateErrors } from '../validate/index.ts'
import { computeDrafts, type Draft, INSIDE } from './compute-record.ts'
import { loadRates, NO_RATES } from './exchange-rates.ts'
import { needsRates, plainSources } from './sources.ts'
import type { RecordContext } from './types.ts'

/** Formulas and converted amounts of drafts in place. Throws VALIDATE_FAILED where a value can not be: what is not true is not stored. */
export async function computeInside(
  connection: TenantConnection,
  ctx: RecordContext,
  entity: CompiledEntity,
  drafts: readonly Draft[],
): Promise<void> {
  if (entity.computeOrder.length === 0) return
  const foreign = needsRates(entity, drafts, ctx.caller.tenant.currency)
  const sources = { ...plainSources(ctx), rates: foreign ? await loadRates(connection, ctx.model) : NO_RATES }
  await computeDrafts(entity, drafts, sources, { touched: true, spending: INSIDE })
  // Whose value it is the caller may not know: it can be a record far from his own.
  if (drafts.some(draft => draft.problems.length > 0))
    throw validateErrors.FAILED({ count: 1 }, { errors: [unspokenProblem('', ctx.caller.locale)] })
}
