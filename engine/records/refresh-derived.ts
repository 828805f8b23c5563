/**
 * Refreshes rollups (and what follows from them) of the parents a transaction touched: once, at its end, parents locked in id order.
 * Derived values change neither version nor time of change nor history; each parent tells of it by one event (storage: derived values).
 */
import type { EvaluateEnv } from '../../metadata/predicate.ts'
import type { CompiledEntity } from '../model/types.ts'
import type { NewEvent } from '../outbox/index.ts'
import type { TenantConnection } from '../platform/types.ts'
import { type ProbeRow, renderDerivedUpdate, renderProbe } from '../sql/index.ts'
import { namesChecked, same } from '../validate/index.ts'
import { computeInside } from './compute-inside.ts'
import type { Draft } from './compute-record.ts'
import { countRollups } from './count-rollups.ts'
import { recordErrors } from './errors.ts'
import { countLines } from './count-lines.ts'
import { environmentOf } from './moment.ts'
import { linkFields, stateOf, storedRowOf, touchedSlots } from './record-state.ts'
import type { RecordContext, RecordState, Values } from './types.ts'
import { uniqueValue } from './satellite-rows.ts'
import { type Cause, noteFurther, noteParents, type NotedChange, tableOf, type Touched, type TouchedParents } from './touched-parents.ts'
import { type ChangedValues, writeSatellites } from './write-satellites.ts'

/** Rollups of rollups go no deeper. */
const DEEPEST = 5

/** Parents as they stand, locked, and what their rollups come to. */
interface Answers {
  readonly rows: readonly ProbeRow[]
  readonly counted: ReadonlyMap<string, ReadonlyMap<string, unknown>>
  readonly rollups: readonly string[]
  /** How many lines there are, by table and parent, where that matters. */
  readonly lines: ReadonlyMap<string, ReadonlyMap<string, number>>
}

/** A parent that was reached: as it stood and as it stands now, with how many lines. */
export interface ReachedParent {
  readonly id: string
  readonly before: Values
  after: Values
  readonly causes: Cause[]
  readonly lines: Map<string, number>
}

function inOrder(ctx: RecordContext, wanted: TouchedParents): (readonly [CompiledEntity, ReadonlyMap<string, Touched>])[] {
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
  parents: ReadonlyMap<string, Touched>,
): Promise<Answers> {
  const ids = [...parents.keys()].sort()
  const rollups = [...new Set([...parents.values()].flatMap(each => [...each.rollups]))]
  // Links are values too, for the rules that are judged of a parent.
  const judged = [...namesChecked(entity)].some(key => entity.fields.get(key)?.derivation != null)
  const links = judged ? linkFields(entity).map(each => each.relationNo) : []
  const [rows, counted, lines] = await Promise.all([
    connection.run<ProbeRow>(renderProbe(connection.tenantId, entity, ids, [], links, 'no key update')),
    countRollups(connection, ctx, entity, rollups, ids),
    countMovedLines(connection, ctx, parents),
  ])
  return { rows, counted, rollups, lines }
}

/** Lines of the tables into which some came or from which some went. */
async function countMovedLines(
  connection: TenantConnection,
  ctx: RecordContext,
  parents: ReadonlyMap<string, Touched>,
): Promise<Map<string, ReadonlyMap<string, number>>> {
  const moved = [...parents].flatMap(([id, { causes }]) =>
    causes.filter(cause => cause.line === 'comes' || cause.line === 'goes').map(({ entity }) => ({ id, entity })),
  )
  const counted = await Promise.all(
    [...Map.groupBy(moved, each => each.entity)].flatMap(([entity, group]) => {
      const table = tableOf(ctx.model, entity)
      if (table === null) return []
      const ids = [...new Set(group.map(each => each.id))].sort()
      return [countLines(connection, ctx, table, ids).then(lines => [table.key, lines] as const)]
    }),
  )
  return new Map(counted)
}

/** Which rollups of which parents a transaction may have moved. */
export class Refresh {
  private wanted: TouchedParents = new Map()
  /** What was asked together with the writing of the rows; from then on nothing more is noted but what follows from it. */
  private ahead: { readonly wanted: TouchedParents; readonly answers: ReadonlyMap<string, Promise<Answers>> } | null = null
  private readonly sent: Promise<unknown>[] = []
  /** Parents that were reached, by entity and id: what has to hold of them is judged when all is counted. */
  readonly reached = new Map<string, Map<string, ReachedParent>>()

  /** Whether nothing was noted that has to be counted. */
  get isIdle(): boolean {
    return this.ahead === null && this.wanted.size === 0
  }

  /** Notes what a change of a record means to its parents. */
  note(model: RecordContext['model'], entity: CompiledEntity, change: NotedChange): void {
    if (this.ahead === null) noteParents(model, this.wanted, entity, change)
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
        events.push(...(await this.refresh(connection, ctx, entity, answers, parents)))
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
    { rows, counted, rollups, lines }: Answers,
    parents: ReadonlyMap<string, Touched>,
  ): Promise<NewEvent[]> {
    const states = rows.map(row => stateOf(entity, row))
    const drafts = states.map((state): Draft => {
      const values = { ...state.values, ...Object.fromEntries(rollups.map(key => [key, counted.get(key)?.get(state.id)])) }
      return { values, before: state.values, given: new Set(), pointer: '', problems: [] }
    })
    await computeInside(connection, ctx, entity, drafts)
    for (const [index, state] of states.entries()) {
      const counts = [...lines].map(([table, counts]) => [table, counts.get(state.id) ?? 0] as const)
      this.reach(entity, state, drafts[index]?.values ?? state.values, parents.get(state.id)?.causes ?? [], counts)
    }
    return this.store(connection, ctx, entity, states, drafts)
  }

  private reach(
    entity: CompiledEntity,
    { id, values }: RecordState,
    after: Values,
    causes: readonly Cause[],
    lines: readonly (readonly [string, number])[],
  ): void {
    const parents = this.reached.get(entity.key) ?? new Map<string, ReachedParent>()
    this.reached.set(entity.key, parents)
    const reached = parents.get(id) ?? { id, before: values, after, causes: [], lines: new Map<string, number>() }
    parents.set(id, reached)
    reached.after = after
    reached.causes.push(...causes.filter(cause => !reached.causes.includes(cause)))
    for (const [table, count] of lines) reached.lines.set(table, count)
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
    for (const { id, before, values } of changed)
      noteFurther(ctx.model, this.wanted, entity, before, values, this.reached.get(entity.key)?.get(id)?.causes ?? [])
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

/** Whether a change takes or gives up a unique value. */
export function takesUnique(entity: CompiledEntity, change: ChangedValues, env: EvaluateEnv): boolean {
  return entity.uniques.some(
    rule =>
      (change.before === null ? null : uniqueValue(entity, rule, change.before, env)) !== uniqueValue(entity, rule, change.values, env),
  )
}

function pick(values: Values, fields: readonly string[]): Record<string, never> {
  return Object.fromEntries(fields.map(key => [key, (values[key] ?? null) as never]))
}
