/**
 * Refreshes rollups (and what follows from them) of the parents a transaction touched: once, at its end, parents locked in id order.
 * Derived values change neither version nor time of change nor history; each parent tells of it by one event (storage: derived values).
 */
import type { CompiledEntity, CompiledField } from '../model/types.ts'
import type { NewEvent } from '../outbox/index.ts'
import { bindingOf, conditionOf, type View } from '../plan/index.ts'
import type { TenantConnection } from '../platform/types.ts'
import { type ProbeRow, renderDerivedUpdate, renderLock, renderProbe, renderRollup } from '../sql/index.ts'
import { same, unspokenProblem, validateErrors } from '../validate/index.ts'
import { computeInside } from './compute-inside.ts'
import { type Draft, emptyRollup } from './compute-record.ts'
import { recordErrors } from './errors.ts'
import { environmentOf, momentOf } from './moment.ts'
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
    // Locked first, counted in later statements: what other writers of these parents committed is then visible. Not `for update`, which
    // would wait for everyone who points at the parent, and be waited for by them.
    const [, rows, ...counts] = await Promise.all([
      connection.run(renderLock(tenantId, entity, ids, 'no key update')),
      connection.run<ProbeRow>(renderProbe(tenantId, entity, ids, [], [])),
      ...rollups.map(key => countRollup(connection, ctx, entity, key, ids)),
    ])
    const states = rows.map(row => stateOf(entity, row))
    const drafts = states.map(
      (state): Draft => ({ values: { ...state.values }, before: state.values, given: new Set(), pointer: '', problems: [] }),
    )
    for (const [index, key] of rollups.entries()) {
      for (const [n, state] of states.entries()) {
        const draft = drafts[n]
        if (draft !== undefined) draft.values[key] = counts[index]?.get(state.id) ?? emptyRollup(requireField(entity, key))
      }
    }
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
    const [, taken] = await Promise.all([
      connection.execute(
        renderDerivedUpdate(
          connection.tenantId,
          entity,
          changed.map(each => storedRowOf(entity, each.state, each.values)),
        ),
      ),
      writeSatellites(connection, entity, changed, environmentOf(ctx)),
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

/** The value of a rollup per parent, computed from the children as they stand. */
export async function countRollup(
  connection: TenantConnection,
  ctx: RecordContext,
  entity: CompiledEntity,
  key: string,
  ids: readonly string[],
): Promise<Map<string, unknown>> {
  const field = requireField(entity, key)
  const relation = field.derivation?.kind === 'rollup' ? entity.relations.get(field.derivation.relation) : undefined
  const child = relation === undefined ? undefined : ctx.model.entities.get(relation.target)
  if (field.derivation?.kind !== 'rollup' || relation?.kind !== 'inverse' || child === undefined) return new Map()
  const { fn, where } = field.derivation
  const view: View = { model: ctx.model, binding: bindingOf(ctx), entity: child, grant: null }
  const source =
    field.derivation.field === null
      ? null
      : (child.fields.get(`${field.derivation.field}_base`) ?? requireField(child, field.derivation.field))
  const condition = where === null ? ({ kind: 'true' } as const) : conditionOf(view, where)
  const statement = renderRollup(connection.tenantId, child, requireField(child, relation.reference), fn, source, condition, ids)
  const rows = await connection.run<{ parent: string; value: string | null }>(statement)
  const moment = momentOf(ctx)
  return new Map(
    rows.map(row => {
      if (row.value === null) return [row.parent, emptyRollup(field)]
      const canonical = field.type.canonical(
        field.kind === 'integer' || field.kind === 'float' ? Number(row.value) : row.value,
        field.definition,
        moment,
      )
      if (!canonical.ok) throw tooLarge(ctx)
      return [row.parent, canonical.value]
    }),
  )
}

/** The parent may be one the caller does not know: its name is not said. */
function tooLarge(ctx: RecordContext): Error {
  return validateErrors.FAILED({ count: 1 }, { errors: [unspokenProblem('', ctx.caller.locale)] })
}

function requireField(entity: CompiledEntity, key: string): CompiledField {
  const field = entity.fields.get(key)
  if (field === undefined) throw new Error(`${entity.key} has no field ${key}.`)
  return field
}
