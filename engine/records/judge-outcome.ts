/**
 * Judges what a transaction has come to once every rollup is counted: what a record's own change could not know before its lines were written,
 * and what the parents that were reached say to it. Asked before the commit; whatever refuses takes the whole transaction back.
 */
import { accessErrors } from '../access/index.ts'
import type { TenantConnection } from '../platform/types.ts'
import { labelIn, validateErrors } from '../validate/index.ts'
import type { Journal } from './journal.ts'
import { refusalsOfParents } from './judge-parents.ts'
import { ItemFailures, type PreparedChange, requireNone } from './prepared.ts'
import type { ReachedParent } from './refresh-derived.ts'
import { requireLineCounts } from './require-line-counts.ts'
import { refusedResults } from './require-result.ts'
import { tellCauses } from './tell-causes.ts'
import type { RecordContext, Values } from './types.ts'

/** Throws ItemFailures, told of the items on whose behalf records were changed. */
export async function judgeOutcome(connection: TenantConnection, ctx: RecordContext, journal: Journal): Promise<void> {
  try {
    await judgeLater(connection, ctx, journal)
    const refusals = await refusalsOfParents(connection, ctx, journal)
    if (refusals.length > 0) requireNone(await tellCauses(connection, ctx, refusals))
  } catch (error) {
    if (!(error instanceof ItemFailures)) throw error
    throw new ItemFailures(new Map([...error.failures].map(([id, failure]) => [journal.ownerOf(id), failure])))
  }
}

async function judgeLater(connection: TenantConnection, ctx: RecordContext, journal: Journal): Promise<void> {
  const failures = new Map<string, Error>()
  const final: PreparedChange[] = []
  for (const { change } of journal.later) {
    const { entity } = change.grant
    const values = valuesNow(change, journal.refresh.reached.get(entity.key)?.get(change.id))
    const judged = change.later?.(values)
    if (judged === undefined) continue
    const { problems, warnings, open, counted } = judged.checked
    if (problems.length > 0) failures.set(change.id, validateErrors.FAILED({ count: problems.length }, { errors: problems }))
    else if (judged.acting.length === 0)
      failures.set(change.id, accessErrors.VALUES_FORBIDDEN({ label: labelIn(entity.labels, ctx.caller.locale, entity.key) }))
    change.warnings.push(...warnings)
    final.push({
      ...change,
      values: { ...values },
      open: [...change.open, ...open],
      acting: judged.acting,
      openTermChecks: judged.openTermChecks,
      counted,
    })
  }
  requireNone(failures)
  for (const group of Map.groupBy(final, change => change.grant.entity).values()) {
    requireNone(await refusedResults(connection, ctx, group))
    await requireLineCounts(connection, ctx, group)
  }
  requireNone(new Map(journal.later.flatMap(({ change, taken }) => (taken === null ? [] : [[change.id, taken] as const]))))
}

/** What was given, with what was derived from it since. */
function valuesNow({ grant, values }: PreparedChange, reached: ReachedParent | undefined): Values {
  if (reached === undefined) return values
  const derived = [...grant.entity.fields.values()].filter(field => field.derivation !== null && field.storage.kind !== 'elsewhere')
  return { ...values, ...Object.fromEntries(derived.map(({ key }) => [key, reached.after[key] ?? null])) }
}
