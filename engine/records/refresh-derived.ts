/**
 * Refreshes rollups (and what follows from them) of the parents a transaction touched: once, at its end, parents locked in id order.
 * Derived values change neither version nor time of change nor history; each parent tells of it by one event (storage: derived values).
 */
import type { NewEvent } from '../outbox/index.ts'
import type { CompiledEntity, CompiledField } from '../model/types.ts'
import { bindingOf, conditionOf, type View } from '../plan/index.ts'
import type { TenantConnection } from '../platform/types.ts'
import { type ProbeRow, renderDerivedUpdate, renderProbe, renderRollup } from '../sql/index.ts'
import { same } from '../validate/index.ts'
import { type Draft, emptyRollup, recompute } from './compute-record.ts'
import { loadRates } from './exchange-rates.ts'
import { recordErrors } from './errors.ts'
import { momentOf } from './moment.ts'
import { slotKeys, stateOf, storedRowOf } from './record-state.ts'
import type { RecordContext, Values } from './types.ts'

/** Rollups of rollups go no deeper. */
const DEEPEST = 5

export class Refresh {
  private wanted = new Map<string, Map<string, Set<string>>>()

  /** Notes which rollups of which parents a change may have moved. */
  note(entity: CompiledEntity, before: Values | null, after: Values | null): void {
    for (const feed of entity.feeds) {
      const parents = new Set([before?.[feed.reference], after?.[feed.reference]].filter(id => typeof id === 'string'))
      for (const id of parents) {
        const ids = this.wanted.get(feed.parent) ?? new Map<string, Set<string>>()
        ids.set(id, (ids.get(id) ?? new Set()).add(feed.rollup))
        this.wanted.set(feed.parent, ids)
      }
    }
  }

  /** Recomputes what was noted; answers the events of the parents that changed. */
  async run(connection: TenantConnection, ctx: RecordContext): Promise<NewEvent[]> {
    const events: NewEvent[] = []
    for (let depth = 0; this.wanted.size > 0; depth++) {
      if (depth >= DEEPEST) throw recordErrors.CASCADE_TOO_DEEP({})
      const now = this.wanted
      this.wanted = new Map()
      for (const [key, parents] of [...now].sort(([a], [b]) => (a < b ? -1 : 1))) {
        const entity = ctx.model.entities.get(key)
        if (entity !== undefined) events.push(...(await this.refresh(connection, ctx, entity, parents)))
      }
    }
    return events
  }

  private async refresh(connection: TenantConnection, ctx: RecordContext, entity: CompiledEntity, parents: ReadonlyMap<string, ReadonlySet<string>>): Promise<NewEvent[]> {
    const tenantId = ctx.caller.tenant.id
    const ids = [...parents.keys()].sort()
    // Locked first, counted in a later statement: what other writers of these parents committed is then visible.
    await connection.run({ text: 'select id from nexus.record where tenant_id = $1 and entity_no = $2 and id = any($3::uuid[]) order by id for update', values: [tenantId, entity.no, ids] })
    const states = (await connection.run<ProbeRow>(renderProbe(tenantId, entity, ids, [], []))).map(row => stateOf(entity, row))
    const rollups = new Set([...parents.values()].flatMap(keys => [...keys]))
    const counted = new Map<string, Map<string, unknown>>()
    for (const key of rollups) counted.set(key, await countRollup(connection, ctx, entity, key, ids))
    const sources = { lookups: new Map(), rates: await ratesIfNeeded(connection, ctx, entity), currency: ctx.caller.tenant.currency, ...momentOf(ctx), locale: ctx.caller.locale }
    const changed = states.flatMap(state => {
      const draft: Draft = { values: { ...state.values }, before: state.values, given: new Set(), pointer: '', problems: [] }
      for (const key of rollups) draft.values[key] = counted.get(key)?.get(state.id) ?? emptyRollup(requireField(entity, key))
      recompute(entity, draft, sources)
      const fields = Object.keys(draft.values).filter(key => !same(state.values[key], draft.values[key]))
      return fields.length === 0 ? [] : [{ state, values: draft.values, fields }]
    })
    if (changed.length === 0) return []
    await connection.execute(renderDerivedUpdate(tenantId, entity, changed.map(each => ({ ...storedRowOf(entity, each.state, each.values), keys: slotKeys(entity, each.values) }))))
    for (const each of changed) this.note(entity, each.state.values, each.values)
    const pick = (values: Values, fields: readonly string[]): Record<string, never> => Object.fromEntries(fields.map(key => [key, (values[key] ?? null) as never]))
    return changed.map(each => ({ type: 'record.derived', data: { entity: entity.key, id: each.state.id, version: each.state.version, changed: each.fields, before: pick(each.state.values, each.fields), after: pick(each.values, each.fields) } }))
  }
}

/** The value of a rollup per parent, computed from the children as they stand. */
export async function countRollup(connection: TenantConnection, ctx: RecordContext, entity: CompiledEntity, key: string, ids: readonly string[]): Promise<Map<string, unknown>> {
  const field = requireField(entity, key)
  const relation = field.derivation?.kind === 'rollup' ? entity.relations.get(field.derivation.relation) : undefined
  const child = relation === undefined ? undefined : ctx.model.entities.get(relation.target)
  if (field.derivation?.kind !== 'rollup' || relation?.kind !== 'inverse' || child === undefined) return new Map()
  const { fn, where } = field.derivation
  const view: View = { model: ctx.model, binding: bindingOf(ctx), entity: child, grant: null }
  const source = field.derivation.field === null ? null : (child.fields.get(`${field.derivation.field}_base`) ?? requireField(child, field.derivation.field))
  const statement = renderRollup(ctx.caller.tenant.id, child, requireField(child, relation.reference), fn, source, where === null ? { kind: 'true' } : conditionOf(view, where), ids)
  const rows = await connection.run<{ parent: string; value: string | null }>(statement)
  const moment = momentOf(ctx)
  return new Map(rows.map(row => {
    if (row.value === null) return [row.parent, emptyRollup(field)]
    const canonical = field.type.canonical(field.kind === 'integer' || field.kind === 'float' ? Number(row.value) : row.value, field.definition, moment)
    return [row.parent, canonical.ok ? canonical.value : row.value]
  }))
}

async function ratesIfNeeded(connection: TenantConnection, ctx: RecordContext, entity: CompiledEntity): Promise<Awaited<ReturnType<typeof loadRates>>> {
  const converts = [...entity.fields.values()].some(field => field.derivation?.kind === 'base')
  return converts ? loadRates(connection, ctx.model) : { rate: () => null }
}

function requireField(entity: CompiledEntity, key: string): CompiledField {
  const field = entity.fields.get(key)
  if (field === undefined) throw new Error(`${entity.key} has no field ${key}.`)
  return field
}
