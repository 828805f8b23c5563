/**
 * What the parents that a transaction reached say to it: their rules over what has moved, lines themselves among it, and how many lines of theirs
 * may come and go, and when. A rule that was broken before stands against nothing: of what a parent's values do not tell, that is what was
 * committed when the parent was locked. What it looks at is judged whoever asks; telling it is another file's.
 */
import { evaluate, type EvaluateEnv, type Test } from '../../metadata/predicate.ts'
import type { Problem } from '../../metadata/problem.ts'
import { refuse } from '../field-types/index.ts'
import type { CompiledEntity, CompiledField } from '../model/types.ts'
import { bindingOf, conditionOf, withRecord } from '../plan/index.ts'
import type { TenantConnection } from '../platform/types.ts'
import { type BitsRow, renderBits } from '../sql/index.ts'
import { type Checked, checkRecord, fieldProblem, lineBounds, namesChecked, same } from '../validate/index.ts'
import type { Journal } from './journal.ts'
import { environmentOf } from './moment.ts'
import type { ReachedParent } from './refresh-derived.ts'
import { rulesOver, tablesLookedAt } from './rules-over-lines.ts'
import { type Cause, tableOf } from './touched-parents.ts'
import type { RecordContext, Values } from './types.ts'

/** A parent that refuses, what it says in its own words, and the changes it says it to. */
export interface Refusal {
  readonly entity: CompiledEntity
  readonly parent: string
  readonly problem: Problem
  readonly causes: readonly Cause[]
}

/** Everything that the reached parents have against what was done; nothing where the transaction may stand. */
export async function refusalsOfParents(connection: TenantConnection, ctx: RecordContext, journal: Journal): Promise<Refusal[]> {
  const refusals: Refusal[] = []
  const judged = new Set(journal.later.map(({ change }) => change.id))
  for (const [key, parents] of journal.refresh.reached) {
    const entity = ctx.model.entities.get(key)
    // What goes into the trash with its lines has no say any more, and what comes out with them comes as it went.
    const live = [...parents.values()].filter(({ id, before }) => before['deleted_at'] === null && !journal.restored.has(id))
    if (entity === undefined || live.length === 0) continue
    const open = live.filter(parent => !judged.has(parent.id))
    refusals.push(...(await refusalsOfRules(connection, ctx, entity, open, journal)))
    for (const parent of live) refusals.push(...refusalsOfTables(ctx, entity, parent, journal))
  }
  return refusals
}

/** What may have broken: for certain, or if the database says that it held before and does not now. */
interface Suspect {
  readonly parent: ReachedParent
  readonly problem: Problem
  readonly now: Test
  readonly earlier: Test
  /** Whether it looks at lines that were changed: how they were, only those outside of the transaction see. */
  readonly outside: boolean
}

async function refusalsOfRules(
  connection: TenantConnection,
  ctx: RecordContext,
  entity: CompiledEntity,
  parents: readonly ReachedParent[],
  journal: Journal,
): Promise<Refusal[]> {
  const suspects = parents.flatMap(parent => suspectsOf(ctx, entity, parent, movedTables(ctx, entity, parent, journal)))
  if (suspects.length === 0) return []
  const broken = await brokenOf(connection, ctx, entity, suspects)
  return broken.map(({ parent, problem }) => ({ entity, parent: parent.id, problem, causes: parent.causes }))
}

/** Tables with lines that rules look at and that were changed by themselves; what came with the parent was judged with it. */
function movedTables(ctx: RecordContext, entity: CompiledEntity, parent: ReachedParent, journal: Journal): ReadonlySet<string> {
  if (journal.withTheirLines.has(parent.id)) return new Set()
  const changed = parent.causes.flatMap(cause => (cause.line === null ? [] : [tableOf(ctx.model, cause.entity)?.key ?? '']))
  return new Set(changed.filter(key => tablesLookedAt(entity).has(key)))
}

function suspectsOf(ctx: RecordContext, entity: CompiledEntity, parent: ReachedParent, tables: ReadonlySet<string>): Suspect[] {
  const { before, after } = parent
  const moved = new Set([...[...namesChecked(entity)].filter(key => !same(before[key], after[key])), ...tables])
  if (moved.size === 0) return []
  const all = (): boolean => true
  const judgement = { env: environmentOf(ctx), locale: ctx.caller.locale, pointer: '', sees: all, knows: all, decides: all }
  const check = (values: Values): Checked =>
    checkRecord(entity, { before, after: values, given: new Set(), tables: new Map() }, judgement, { reading: moved })
  const now = check(after)
  const refused = [
    ...now.problems.map(problem => ({ problem, test: NEVER })),
    ...now.open.filter(each => each.severity === 'error').map(({ problem, test }) => ({ problem, test })),
  ]
  if (refused.length === 0) return []
  const then = check(before)
  const overLines = rulesOver(entity, tables)
  return refused
    .filter(({ problem }) => !then.problems.some(each => same(each, problem)))
    .map(({ problem, test }) => ({
      parent,
      problem,
      now: test,
      earlier: then.open.find(each => same(each.problem, problem))?.test ?? ALWAYS,
      outside: overLines.has(String(problem.params?.['rule'])),
    }))
}

const NEVER: Test = { kind: 'false' }
const ALWAYS: Test = { kind: 'true' }

/** Those that hold no more; the database is asked only where other records decide. */
async function brokenOf(
  connection: TenantConnection,
  ctx: RecordContext,
  entity: CompiledEntity,
  suspects: readonly Suspect[],
): Promise<readonly Suspect[]> {
  if (suspects.every(each => each.now.kind === 'false' && each.earlier.kind === 'true')) return suspects
  const binding = bindingOf(ctx)
  const conditionIn = (record: Values, test: Test): ReturnType<typeof conditionOf> =>
    conditionOf({ model: ctx.model, binding: withRecord(binding, record), entity, grant: null }, test)
  const ask = async (by: TenantConnection, some: readonly Suspect[], side: 'now' | 'earlier'): Promise<(boolean | null | undefined)[]> => {
    if (some.length === 0) return []
    const conditions = some.map(each => conditionIn(side === 'now' ? each.parent.after : each.parent.before, each[side]))
    const ids = [...new Set(some.map(each => each.parent.id))]
    const rows = await by.run<BitsRow>(renderBits(connection.tenantId, entity, ids, conditions))
    const bits = new Map(rows.map(row => [row.id, row.bits]))
    return some.map(({ parent }, place) => bits.get(parent.id)?.[place])
  }
  const now = await ask(connection, suspects, 'now')
  const broken = suspects.filter((_, place) => now[place] !== true)
  const [inside, outside] = [broken.filter(each => !each.outside), broken.filter(each => each.outside)]
  const earlier = await ask(connection, inside, 'earlier')
  // How lines were is no longer to be seen in here. The parent is locked: nobody else's lines are committed meanwhile. One that nobody outside sees yet has nothing broken.
  const committed = ctx.committed ?? ctx.db
  const seen = outside.length === 0 ? [] : await committed.readAs(connection.tenantId, reader => ask(reader, outside, 'earlier'))
  const held = new Set([
    ...inside.filter((_, place) => earlier[place] === true),
    ...outside.filter((_, place) => seen[place] === true || seen[place] === undefined),
  ])
  return broken.filter(each => held.has(each))
}

function refusalsOfTables(ctx: RecordContext, entity: CompiledEntity, parent: ReachedParent, journal: Journal): Refusal[] {
  const tables = Map.groupBy(
    parent.causes.filter(cause => cause.line !== null),
    cause => tableOf(ctx.model, cause.entity),
  )
  return [...tables].flatMap(([table, causes]) => {
    if (table === null) return []
    const env: EvaluateEnv = { ...environmentOf(ctx), before: parent.before, record: parent.after }
    const visible = table.rules.visible === null || evaluate(table.rules.visible, parent.after, env)
    const told = (what: Parameters<typeof fieldProblem>[1], of: readonly Cause[]): Refusal[] =>
      of.length === 0
        ? []
        : [{ entity, parent: parent.id, problem: fieldProblem(table, what, `/${table.key}`, ctx.caller.locale), causes: of }]
    // What follows from other changes is nobody's doing, and what came with the parent was judged with it.
    const asked = journal.withTheirLines.has(parent.id) ? [] : causes.filter(cause => !cause.follows)
    const readOnly = table.rules.readOnly !== null && evaluate(table.rules.readOnly, parent.before, { ...env, record: parent.before })
    if (!visible)
      return told(
        'NOT_VISIBLE',
        asked.filter(cause => cause.line === 'comes'),
      )
    if (readOnly && asked.length > 0) return told('READ_ONLY', asked)
    return outOfBounds(table, parent, causes).flatMap(each => told(each.what, each.causes))
  })
}

/** The lines that are too many, or missed, the last ones first; a table that was out of its bounds before may come nearer to them. */
function outOfBounds(
  table: CompiledField,
  parent: ReachedParent,
  causes: readonly Cause[],
): { what: ReturnType<typeof refuse>; causes: readonly Cause[] }[] {
  const count = parent.lines.get(table.key)
  if (count === undefined) return []
  const { minimum, maximum } = lineBounds(table)
  const [came, went] = [causes.filter(cause => cause.line === 'comes'), causes.filter(cause => cause.line === 'goes')]
  const earlier = count - came.length + went.length
  const [over, under] = [count - Math.max(maximum, earlier), Math.min(minimum, earlier) - count]
  if (over > 0) return [{ what: refuse('VALIDATE_MAX_ITEMS', { maximum }), causes: came.slice(-over) }]
  return under > 0 ? [{ what: refuse('VALIDATE_MIN_ITEMS', { minimum }), causes: went.slice(-under) }] : []
}
