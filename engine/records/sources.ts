/**
 * Reads what computing needs from other records: looked-up values and rates of exchange. What a client names without being allowed to see it
 * is looked up like what is not there, so that nothing computed from it can tell the two apart.
 */
import type { Grant } from '../access/types.ts'
import type { CompiledEntity, CompiledField } from '../model/types.ts'
import { bindingOf, referenceSeen } from '../plan/index.ts'
import { type ProbeRow, renderProbe } from '../sql/index.ts'
import { same } from '../validate/index.ts'
import { currencyOf, type Draft, type Sources } from './compute-record.ts'
import { loadRates, NO_RATES } from './exchange-rates.ts'
import { momentOf } from './moment.ts'
import { stateOf } from './record-state.ts'
import type { RecordContext, Values } from './types.ts'

/** Sources without other records and rates. */
export function plainSources(ctx: RecordContext): Sources {
  const { tenant, locale } = ctx.caller
  return { tenantId: tenant.id, currency: tenant.currency, ...momentOf(ctx), locale, lookups: new Map(), rates: NO_RATES }
}

/** Sources of drafts of one entity: one statement per looked-up entity, rates only if some amount needs them. `known` are records that are being written. */
export async function loadSources(
  ctx: RecordContext,
  grant: Grant,
  drafts: readonly Draft[],
  known: ReadonlyMap<string, Values>,
): Promise<Sources> {
  const { entity } = grant
  const wanted = lookedUp(entity, drafts, known)
  const foreign = needsRates(entity, drafts, ctx.caller.tenant.currency)
  const plain = plainSources(ctx)
  if (wanted.length === 0 && !foreign) return { ...plain, lookups: known }
  return ctx.db.readAs(ctx.caller.tenant.id, async connection => {
    const lookups = new Map(known)
    for (const { reference, named, ids } of wanted) {
      const target = ctx.model.entities.get(reference.target ?? '')
      if (target === undefined) continue
      const seen = named ? referenceSeen({ model: ctx.model, binding: bindingOf(ctx), entity, grant }, reference) : null
      const rows = await connection.run<ProbeRow>(
        renderProbe(ctx.caller.tenant.id, target, [...ids], seen === null ? [] : [seen.where], []),
      )
      for (const row of rows)
        if (row.deleted_at === null && row.bits.every(bit => bit === true)) lookups.set(row.id, stateOf(target, row).values)
    }
    return { ...plain, lookups, rates: foreign ? await loadRates(connection, ctx.model) : NO_RATES }
  })
}

/** Records behind one reference whose values some draft is about to copy. */
interface LookedUp {
  readonly reference: CompiledField
  /** Whether the client named them, or the engine put them there. */
  readonly named: boolean
  readonly ids: Set<string>
}

function lookedUp(entity: CompiledEntity, drafts: readonly Draft[], known: ReadonlyMap<string, Values>): LookedUp[] {
  const wanted = new Map<string, LookedUp>()
  for (const field of entity.fields.values()) {
    if (field.derivation?.kind !== 'lookup' || field.derivation.mode !== 'copied') continue
    const reference = entity.fields.get(field.derivation.reference)
    if (reference?.target == null) continue
    for (const draft of drafts) {
      const id = draft.values[reference.key]
      if (typeof id !== 'string' || known.has(id) || draft.given.has(field.key) || same(draft.before?.[reference.key], id)) continue
      const named = draft.given.has(reference.key)
      const key = `${reference.target}/${named}`
      const entry = wanted.get(key) ?? { reference, named, ids: new Set<string>() }
      wanted.set(key, entry)
      entry.ids.add(id)
    }
  }
  return [...wanted.values()]
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
