/**
 * Refreshes rollups (and what follows from them) of the parents a transaction touched: once, at its end, parents locked in id order.
 * Derived values change neither version nor time of change nor history; each parent tells of it by one event (storage: derived values).
 */
import type { EvaluateEnv } from '../../metadata/predicate.ts'
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
import { stateOf, storedRowOf, touchedSlots } from './record-state.ts'
import type { RecordContext, RecordState, Values } from './types.ts'
import { uniqueValue } from './satellite-rows.ts'
import { type ChangedValues, writeSatellites } from './write-satellites.ts'

/** Rollups of rollups go no deeper. */
const DEEPEST = 5

/** Parent entity → parent id → rollup keys. */
type Wanted = Map<string, Map<string, Set<string>>>

/** Parents as they stand, locked, and what their rollups come to. */
interface Answers {
  readonly rows: readonly ProbeRow[]
  readonly counted: ReadonlyMap<string, ReadonlyMap<string, unknown>>
  readonly rollups: readonly string[]
}

function inOrder(ctx: RecordContext, wanted: Wanted): (readonly [CompiledEntity, ReadonlyMap<string, ReadonlySet<string>>])[] {
  return [...wanted]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, parents]) => {
      const entity = ctx.model.entities.get(key)
      return entity === undefined ? [] : [[entity, parents] as const]
    })
}

/**
 * Locked first, counted in a later statement: what other writers of these parents committed is then visible. Not `for update`, which would
 * wait for everyone who points at the parent, and be waited for by them.
 */
async function ask(
  connection: TenantConnection,
  ctx: RecordContext,
  entity: CompiledEntity,
  parents: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<Answers> {
  const ids = [...parents.keys()].sort()
  const rollups = [...new Set([...parents.values()].flatMap(keys => [...keys]))]
  const [rows, counted] = await Promise.all([
    connection.run<ProbeRow>(renderProbe(connection.tenantId, entity, ids, [], [], 'no key update')),
    countRollups(connection, ctx, entity, rollups, ids),
  ])
  return { rows, counted, rollups }
}

/** Which rollups of which parents a transaction may have moved. */
export class Refresh {
  private wanted: Wanted = new Map()
  /** What was asked together with the writing of the rows; from then on nothing more is noted but what follows from it. */
  private ahead: { readonly wanted: Wanted; readonly answers: ReadonlyMap<string, Promise<Answers>> } | null = null
  private readonly sent: Promise<unknown>[] = []

  /** Notes what a change of a record means to its parents; `null` stands for a record that is not there. */
  note(model: RecordContext['model'], entity: CompiledEntity, before: Values | null, after: Values | null): void {
    if (this.ahead === null) this.noteParents(model, entity, before, after)
  }

  private noteParents(model: RecordContext['model'], entity: CompiledEntity, before: Values | null, after: Values | null): void {
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

  /** Asks about the parents noted by now, in the order in which they are locked: its answers come with those of what was just sent. */
  askAhead(connection: TenantConnection, ctx: RecordContext): void {
    const wanted = this.wanted
    this.wanted = new Map()
    const answers = new Map(
      inOrder(ctx, wanted).map(([entity, parents]) => {
        const asked = ask(connection, ctx, entity, parents)
        // Whether what was written may stay is judged first.
        asked.catch(() => undefined)
        return [entity.key, asked]
      }),
    )
    this.ahead = { wanted, answers }
  }

  /** Recomputes what was noted; answers the events of the parents that changed. */
  async run(connection: TenantConnection, ctx: RecordContext): Promise<NewEvent[]> {
    const events: NewEvent[] = []
    let now = this.ahead?.wanted ?? this.wanted
    for (let depth = 0; now.size > 0; depth++) {
      if (depth >= DEEPEST) throw recordErrors.CASCADE_TOO_DEEP({})
      this.wanted = new Map()
      for (const [entity, parents] of inOrder(ctx, now)) {
        const answers = await ((depth === 0 ? this.ahead?.answers.get(entity.key) : undefined) ?? ask(connection, ctx, entity, parents))
        events.push(...(await this.refresh(connection, ctx, entity, answers)))
      }
      now = this.wanted
    }
    return events
  }

  /** Resolves when all that was sent and not waited for is stored. */
  async stored(): Promise<void> {
    await Promise.all(this.sent)
  }

  private async refresh(
    connection: TenantConnection,
    ctx: RecordContext,
    entity: CompiledEntity,
    { rows, counted, rollups }: Answers,
  ): Promise<NewEvent[]> {
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
    const env = environmentOf(ctx)
    const storing = Promise.all([
      connection.execute(renderDerivedUpdate(connection.tenantId, entity, rows, touchedSlots(entity, changed))),
      writeSatellites(connection, entity, live, env),
    ])
    storing.catch(() => undefined)
    // Only a unique value can be refused; where none is touched, what comes next goes out together with this.
    if (live.some(each => takesUnique(entity, each, env))) {
      const [, taken] = await storing
      if (taken.length > 0) throw recordErrors.NOT_POSSIBLE({})
    } else this.sent.push(storing)
    for (const each of changed) this.noteParents(ctx.model, entity, each.before, each.values)
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

function takesUnique(entity: CompiledEntity, change: ChangedValues, env: EvaluateEnv): boolean {
  return entity.uniques.some(
    rule =>
      (change.before === null ? null : uniqueValue(entity, rule, change.before, env)) !== uniqueValue(entity, rule, change.values, env),
  )
}

function pick(values: Values, fields: readonly string[]): Record<string, never> {
  return Object.fromEntries(fields.map(key => [key, (values[key] ?? null) as never]))
}
