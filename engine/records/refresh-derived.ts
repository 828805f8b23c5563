/**
 * Refreshes rollups (and what follows from them) of the parents a transaction touched: once, at its end, parents locked in id order.
 * Derived values change neither version nor time of change nor history; each parent tells of it by one event (storage: derived values).
 */
import type { CompiledEntity, CompiledField } from '../model/types.ts'
import type { NewEvent } from '../outbox/index.ts'
import type { TenantConnection } from '../platform/types.ts'
import { type ProbeRow, renderDerivedUpdate, renderProbe } from '../sql/index.ts'
import { same } from '../validate/index.ts'
import { computeInside } from './compute-inside.ts'
import type { Draft } from './compute-record.ts'
import { countRollups } from './count-rollups.ts'
import { recordErrors } from './errors.ts'
import { environmentOf } from './moment.ts'
import { stateOf, storedRowOf } from './record-state.ts'
import type { RecordContext, RecordState, Values } from './types.ts'
import { writeSatellites } from './write-satellites.ts'

/** Rollups of rollups go no deeper. */
const DEEPEST = 5

/** Which rollups of which parents a transaction may have moved. */
export class Refresh {
  /** Parent entity → parent id → rollup keys. */
  private wanted = new Map<string, Map<string, Set<string>>>()

  /** Notes what a change of a record means to its parents; `null` stands for a record that is not there. */
  note(model: RecordContext['model'], entity: CompiledEntity, before: Values | null, after: Values | null): void {
    for (const feed of entity.feeds) {
      const [from, to] = [before?.[feed.reference], after?.[feed.reference]]
      const field = model.entities.get(feed.parent)?.fields.get(feed.rollup)
      if (field === undefined || (before !== null && after !== null && same(from, to) && !movesRollup(field, before, after))) continue
      for (const id of new Set([from, to])) {
        if (typeof id !== 'string') continue
        const parents = this.wanted.get(feed.parent) ?? new Map<string, Set<string>>()
        parents.set(id, (parents.get(id) ?? new Set()).add(feed.rollup))
        this.wanted.set(feed.parent, parents)
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

  private async refresh(
    connection: TenantConnection,
    ctx: RecordContext,
    entity: CompiledEntity,
    parents: ReadonlyMap<string, ReadonlySet<string>>,
  ): Promise<NewEvent[]> {
    const { tenantId } = connection
    const ids = [...parents.keys()].sort()
    const rollups = [...new Set([...parents.values()].flatMap(keys => [...keys]))]
    // Locked first, counted in a later statement: what other writers of these parents committed is then visible. Not `for update`, which
    // would wait for everyone who points at the parent, and be waited for by them.
    const [rows, counted] = await Promise.all([
      connection.run<ProbeRow>(renderProbe(tenantId, entity, ids, [], [], 'no key update')),
      countRollups(connection, ctx, entity, rollups, ids),
    ])
    const states = rows.map(row => stateOf(entity, row))
    const drafts = states.map((state): Draft => {
      const values = { ...state.values, ...Object.fromEntries(rollups.map(key => [key, counted.get(key)?.get(state.id)])) }
      return { values, before: state.values, given: new Set(), pointer: '', problems: [] }
    })
    await computeInside(connection, ctx, entity, drafts)
    return this.store(connection, ctx, entity, states, drafts)
  }

  private async store(
    connection: TenantConnection,
    ctx: RecordContext,
    entity: CompiledEntity,
    states: readonly RecordState[],
    drafts: readonly Draft[],
  ): Promise<NewEvent[]> {
    const changed = states.flatMap((state, index) => {
      const values = drafts[index]?.values ?? state.values
      const fields = Object.keys(values).filter(key => !same(state.values[key], values[key]))
      return fields.length === 0 ? [] : [{ id: state.id, state, before: state.values, values, fields }]
    })
    if (changed.length === 0) return []
    // What is in the trash is found by nothing and stands in nobody's way; what comes out of it takes its places then.
    const live = changed.filter(each => each.before['deleted_at'] === null)
    const rows = changed.map(each => storedRowOf(entity, each.state, each.values))
    const [, taken] = await Promise.all([
      connection.execute(renderDerivedUpdate(connection.tenantId, entity, rows)),
      writeSatellites(connection, entity, live, environmentOf(ctx)),
    ])
    if (taken.length > 0) throw recordErrors.NOT_POSSIBLE({})
    for (const each of changed) this.note(ctx.model, entity, each.before, each.values)
    return changed.map(({ state, values, fields }) => ({
      type: 'record.derived',
      data: {
        entity: entity.key,
        id: state.id,
        version: state.version,
        changed: fields,
        before: pick(state.values, fields),
        after: pick(values, fields),
      },
    }))
  }
}

/** Whether a rollup looks at something that has changed; a sum over money looks at the converted amount. */
function movesRollup(field: CompiledField, before: Values, after: Values): boolean {
  const inputs = field.derivation?.kind === 'rollup' ? field.derivation.inputs : []
  return inputs.some(key => !same(before[key], after[key]) || !same(before[`${key}_base`], after[`${key}_base`]))
}

function pick(values: Values, fields: readonly string[]): Record<string, never> {
  return Object.fromEntries(fields.map(key => [key, (values[key] ?? null) as never]))
}
