/** Reads what computing needs from other records: looked-up values and rates of exchange. */
import type { CompiledEntity } from '../model/types.ts'
import { type ProbeRow, renderProbe } from '../sql/index.ts'
import { same } from '../validate/index.ts'
import { currencyOf, type Draft, type Sources } from './compute-record.ts'
import { loadRates, NO_RATES } from './exchange-rates.ts'
import { momentOf } from './moment.ts'
import { stateOf } from './record-state.ts'
import type { RecordContext, Values } from './types.ts'

/** Sources without other records and rates. */
export function plainSources(ctx: RecordContext): Sources {
  return { currency: ctx.caller.tenant.currency, ...momentOf(ctx), locale: ctx.caller.locale, lookups: new Map(), rates: NO_RATES }
}

/** Sources of drafts of one entity: one statement per looked-up entity, rates only if some amount needs them. `known` are records that are being written. */
export async function loadSources(
  ctx: RecordContext,
  entity: CompiledEntity,
  drafts: readonly Draft[],
  known: ReadonlyMap<string, Values>,
): Promise<Sources> {
  const wanted = lookedUp(entity, drafts, known)
  const foreign = needsRates(entity, drafts, ctx.caller.tenant.currency)
  const plain = plainSources(ctx)
  if (wanted.size === 0 && !foreign) return { ...plain, lookups: known }
  return ctx.db.readAs(ctx.caller.tenant.id, async connection => {
    const lookups = new Map(known)
    for (const [key, ids] of wanted) {
      const target = ctx.model.entities.get(key)
      if (target === undefined) continue
      const rows = await connection.run<ProbeRow>(renderProbe(ctx.caller.tenant.id, target, [...ids], [], []))
      for (const row of rows) lookups.set(row.id, stateOf(target, row).values)
    }
    return { ...plain, lookups, rates: foreign ? await loadRates(connection, ctx.model) : NO_RATES }
  })
}

/** Ids by entity whose values some draft is about to copy. */
function lookedUp(entity: CompiledEntity, drafts: readonly Draft[], known: ReadonlyMap<string, Values>): Map<string, Set<string>> {
  const wanted = new Map<string, Set<string>>()
  for (const field of entity.fields.values()) {
    if (field.derivation?.kind !== 'lookup' || field.derivation.mode !== 'copied') continue
    const reference = entity.fields.get(field.derivation.reference)
    if (reference?.target == null) continue
    for (const draft of drafts) {
      const id = draft.values[reference.key]
      if (typeof id !== 'string' || known.has(id) || draft.given.has(field.key) || same(draft.before?.[reference.key], id)) continue
      const ids = wanted.get(reference.target) ?? new Set<string>()
      wanted.set(reference.target, ids.add(id))
    }
  }
  return wanted
}

/** Whether an amount of some draft may stand in another currency than the tenant's. */
export function needsRates(entity: CompiledEntity, drafts: readonly Draft[], currency: string): boolean {
  const amounts = [...entity.fields.values()].flatMap(field =>
    field.derivation?.kind === 'base' ? [entity.fields.get(field.derivation.of)] : [],
  )
  return amounts.some(money => {
    if (money === undefined) return false
    // A currency that is looked up is not known yet.
    const sibling =
      'currency_field' in money.declared && money.declared.currency_field !== undefined
        ? entity.fields.get(money.declared.currency_field)
        : undefined
    return drafts.some(draft => sibling?.derivation != null || currencyOf(money, draft.values, currency) !== currency)
  })
}
