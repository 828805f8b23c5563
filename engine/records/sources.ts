/** Reads what computing needs from other records: looked-up values and rates of exchange. */
import type { CompiledEntity } from '../model/types.ts'
import { type ProbeRow, renderProbe } from '../sql/index.ts'
import { currencyOf, type Draft, type Sources } from './compute-record.ts'
import { loadRates, NO_RATES } from './exchange-rates.ts'
import { momentOf } from './moment.ts'
import { stateOf } from './record-state.ts'
import type { RecordContext, Values } from './types.ts'

/** Sources of a set of drafts of one entity: one statement per looked-up entity, rates only if some amount needs them. */
export async function loadSources(ctx: RecordContext, entity: CompiledEntity, drafts: readonly Draft[]): Promise<Sources> {
  const wanted = new Map<string, Set<string>>()
  for (const field of entity.fields.values()) {
    if (field.derivation?.kind !== 'lookup' || field.derivation.mode !== 'copied') continue
    const reference = entity.fields.get(field.derivation.reference)
    if (reference?.target == null) continue
    const ids = wanted.get(reference.target) ?? new Set<string>()
    for (const draft of drafts) {
      const id = draft.values[reference.key]
      if (typeof id === 'string' && draft.before?.[reference.key] !== id) ids.add(id)
    }
    wanted.set(reference.target, ids)
  }
  const foreign = drafts.some(draft => [...entity.fields.values()].some(field => field.derivation?.kind === 'base' && needsRate(entity, field.derivation.of, draft.values, ctx.caller.tenant.currency)))
  const needed = [...wanted].filter(([, ids]) => ids.size > 0)
  const moment = momentOf(ctx)
  const plain = { currency: ctx.caller.tenant.currency, ...moment, locale: ctx.caller.locale }
  if (needed.length === 0 && !foreign) return { ...plain, lookups: new Map(), rates: NO_RATES }
  return ctx.db.readAs(ctx.caller.tenant.id, async connection => {
    const lookups = new Map<string, Values>()
    for (const [key, ids] of needed) {
      const target = ctx.model.entities.get(key)
      if (target === undefined) continue
      const rows = await connection.run<ProbeRow>(renderProbe(ctx.caller.tenant.id, target, [...ids], [], []))
      for (const row of rows) lookups.set(row.id, stateOf(target, row).values)
    }
    return { ...plain, lookups, rates: foreign ? await loadRates(connection, ctx.model) : NO_RATES }
  })
}

function needsRate(entity: CompiledEntity, moneyKey: string, values: Values, currency: string): boolean {
  const money = entity.fields.get(moneyKey)
  if (money === undefined) return false
  // A currency that is looked up is not known yet.
  const sibling = 'currency_field' in money.declared && money.declared.currency_field !== undefined ? entity.fields.get(money.declared.currency_field) : undefined
  return sibling?.derivation != null || currencyOf(money, values, currency) !== currency
}
