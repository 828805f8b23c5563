/**
 * Prepares creates and updates of one entity: parse, read at a version, merge, compute, check. Nothing is written here.
 * Items fail one by one; what is left can be committed together.
 */
import type { EvaluateEnv, Test } from '../../metadata/predicate.ts'
import { partsOf, pointerOf, type Problem } from '../../metadata/problem.ts'
import { accessErrors } from '../access/index.ts'
import type { Grant, GrantTerm } from '../access/types.ts'
import { perObject } from '../kernel/per-object.ts'
import type { CompiledEntity, CompiledField } from '../model/types.ts'
import {
  checkRecord,
  isEmpty,
  judgementOf,
  labelIn,
  namesOf,
  same,
  specialise,
  unspokenProblem,
  validateErrors,
  variablesOf,
} from '../validate/index.ts'
import { assignNumbers } from './autonumbers.ts'
import { computeDrafts, type Draft } from './compute-record.ts'
import { loadStates } from './load-states.ts'
import { environmentOf } from './moment.ts'
import { afterAll, prepareLines, together } from './prepare-lines.ts'
import { type Intent, type Later, type PreparedChange, type PreparedLines, type PreparedReference, requireNone } from './prepared.ts'
import { linkedIdsOf } from './record-state.ts'
import { loadSources } from './sources.ts'
import { type Started, startChange } from './start-change.ts'
import type { RecordContext, RecordState, Values } from './types.ts'

/** Prepares what can be prepared; throws ItemFailures with every item that can not. `known` are records written in the same breath. */
export async function prepareChanges(
  ctx: RecordContext,
  grant: Grant,
  intents: readonly Intent[],
  known: ReadonlyMap<string, Values> = new Map(),
): Promise<PreparedChange[]> {
  const failures = new Map<string, Error>()
  const env = environmentOf(ctx)
  const updated = intents.filter(intent => intent.op === 'update').map(intent => intent.id)
  const states = await loadStates(ctx, grant, updated)
  const started: Started[] = []
  for (const intent of intents) {
    try {
      started.push(await startChange(ctx, grant, intent, states.get(intent.id) ?? null, env))
    } catch (error) {
      failures.set(intent.id, error as Error)
    }
  }
  const drafts = started.map(each => each.draft)
  await assignNumbers(
    ctx,
    grant.entity,
    drafts.filter(draft => draft.before === null && draft.problems.length === 0),
  )
  await computeDrafts(grant.entity, drafts, await loadSources(ctx, grant, drafts, known))
  const withLines = await prepareLines(ctx, grant, started, prepareChanges)
  const prepared: PreparedChange[] = []
  for (const each of started) {
    const { id } = each.intent
    try {
      prepared.push(finishChange(ctx, grant, each, withLines.lines.get(id) ?? [], env))
    } catch (error) {
      failures.set(id, error as Error)
    }
    const ofLines = withLines.failures.get(id)
    const own = failures.get(id)
    if (ofLines !== undefined) failures.set(id, own === undefined ? ofLines : together([own, ofLines]))
  }
  requireNone(failures)
  return prepared
}

function finishChange(
  ctx: RecordContext,
  grant: Grant,
  started: Started,
  lines: readonly PreparedLines[],
  env: EvaluateEnv,
): PreparedChange {
  const { intent, parsed, before, draft } = started
  const { entity } = grant
  const { locale } = ctx.caller
  const judgement = judgementOf(grant, env, locale, intent.pointer)
  const tables = new Map([...parsed.tables].map(([key, table]) => [key, table.create.length]))
  const transition = { before: before?.values ?? null, after: draft.values, given: draft.given, tables }
  const moving = movedByLines(entity, lines)
  const checked = checkRecord(entity, transition, judgement, { but: moving })
  const computed = draft.problems.slice(started.said).map(problem => spoken(problem, entity, intent.pointer, judgement.sees, ctx))
  const said = draft.problems.slice(0, started.said)
  // A value that can not be used is not missing as well, and what is no record at all misses nothing.
  const covers = (problem: Problem): boolean =>
    said.some(each => each.pointer === intent.pointer || `${each.pointer}/`.startsWith(`${problem.pointer}/`))
  const fresh = checked.problems.filter(problem => !covers(problem) || problem.pointer === intent.pointer)
  const problems = [...said, ...computed, ...fresh]
  if (problems.length > 0) throw validateErrors.FAILED({ count: problems.length }, { errors: problems })
  const { acting, open } = withinValueChecks(entity, started.acting, draft, env, moving)
  if (acting.length === 0) throw accessErrors.VALUES_FORBIDDEN({ label: labelIn(entity.labels, locale, entity.key) })
  const rest = restOf(ctx, entity, intent, before)
  const judgeLater = (values: Values): Later => {
    const within = withinValueChecks(entity, started.acting, { ...draft, values }, env)
    const again = checkRecord(entity, { ...transition, after: values }, judgement, { reading: moving })
    return { checked: again, acting: within.acting, openTermChecks: within.open }
  }
  return {
    op: intent.op,
    grant,
    id: intent.id,
    pointer: intent.pointer,
    before,
    values: draft.values,
    given: draft.given,
    idle: before !== null && lines.every(isNothing) && same(before.rest, rest) && !hasChanged(entity, before.values, draft.values),
    acting,
    open: checked.open,
    openTermChecks: open,
    rest,
    references: references(entity, before, draft, intent),
    lines,
    counted: checked.counted,
    later: moving.size > 0 && (checked.partial || started.acting.some(term => termReads(term, moving))) ? judgeLater : null,
    warnings: [...checked.warnings],
  }
}

/** Values that lines of the record move: rollups over them, and what is computed from these. */
function movedByLines(entity: CompiledEntity, lines: readonly PreparedLines[]): ReadonlySet<string> {
  const moved = new Set(
    lines
      .filter(set => !isNothing(set))
      .flatMap(set => set.grant.entity.feeds.filter(feed => feed.parent === entity.key).map(feed => feed.rollup)),
  )
  if (moved.size === 0) return moved
  for (const key of entity.computeOrder) {
    const field = entity.fields.get(key)
    const inputs = field?.derivation?.kind === 'base' ? [field.derivation.of] : field?.derivation?.kind === 'formula' ? field.inputs : []
    if (inputs.some(input => moved.has(input))) moved.add(key)
  }
  return moved
}

/** Whether a share of the grant looks at one of the named fields to tell whether a change may stay as it is. */
function termReads({ check, rows }: GrantTerm, names: ReadonlySet<string>): boolean {
  const tests = [check, ...[...rows.values()].map(each => (each.kind === 'where' ? each.test : null))]
  return tests.some(test => test !== null && [...namesOf(test), ...variablesOf(test)].some(key => names.has(key)))
}

/** What stands beside the fields: values of fields that are gone, and the place of a line. */
function restOf(ctx: RecordContext, entity: CompiledEntity, intent: Intent, before: RecordState | null): Readonly<Record<string, unknown>> {
  const position = intent.position ?? (before === null && entity.childOf !== null ? afterAll(ctx) : undefined)
  return { ...before?.rest, ...(position === undefined ? {} : { position }) }
}

function isNothing(lines: PreparedLines): boolean {
  return lines.deletes.length === 0 && lines.changes.every(change => change.idle)
}

function hasChanged(entity: CompiledEntity, before: Values, after: Values): boolean {
  return [...entity.fields.keys()].some(
    key => key !== 'updated_at' && key !== 'updated_by' && !same(before[key], after[key]) && !(isEmpty(before[key]) && isEmpty(after[key])),
  )
}

/** A problem of a computed value whose field the caller may not know is told without its name. */
function spoken(problem: Problem, entity: CompiledEntity, pointer: string, sees: (key: string) => boolean, ctx: RecordContext): Problem {
  const [key = ''] = partsOf(problem.pointer.slice(pointer.length))
  return entity.fields.has(key) && !sees(key) ? unspokenProblem(pointer, ctx.caller.locale) : problem
}

/** Shares whose value checks hold of the new values, and the checks that only the database can answer. */
function withinValueChecks(
  entity: CompiledEntity,
  acting: readonly GrantTerm[],
  draft: Draft,
  env: EvaluateEnv,
  later: ReadonlySet<string> = new Set(),
): { acting: GrantTerm[]; open: Map<string, Test> } {
  const open = new Map<string, Test>()
  const kept = acting.filter(term => {
    // A change that leaves alone what the check looks at sets none of its values.
    if (
      term.check === null ||
      [...namesOf(term.check)].some(key => later.has(key)) ||
      (draft.before !== null && [...namesOf(term.check)].every(key => same(draft.before?.[key], draft.values[key])))
    )
      return true
    const rest = specialise(entity, term.check, draft.values, { ...env, before: draft.before, record: draft.values })
    if (rest.kind !== 'true' && rest.kind !== 'false') open.set(term.profile, rest)
    return rest.kind !== 'false'
  })
  return { acting: kept, open }
}

const pointingFields = perObject((entity: CompiledEntity): readonly CompiledField[] =>
  [...entity.fields.values()].filter(
    ({ storage, kind, target }) => storage.kind === 'links' || (kind === 'id' && target !== null && storage.kind !== 'elsewhere'),
  ),
)

/** References that are set anew, and those whose own condition reads a field that has changed. */
function references(entity: CompiledEntity, before: RecordState | null, draft: Draft, intent: Intent): PreparedReference[] {
  return pointingFields(entity).flatMap((field): PreparedReference[] => {
    const value = draft.values[field.key]
    if (isEmpty(value)) return []
    const given = draft.given.has(field.key)
    if ((field.key === 'created_by' || field.key === 'updated_by') && !given) return []
    const old = new Set(linkedIdsOf(before?.values[field.key]))
    const added = linkedIdsOf(value).filter(id => !old.has(id))
    const kept = isJudgedAgain(field, before, draft) ? linkedIdsOf(value).filter(id => old.has(id)) : []
    // What the engine put there (a line's parent, a copied value, the creator as owner) need not be for the caller's eyes.
    const trusted = intent.fixed?.[field.key] !== undefined || ((field.system || field.derivation !== null) && !given)
    const pointer = `${intent.pointer}${pointerOf(field.key)}`
    return [
      ...(added.length === 0 ? [] : [{ field, ids: added, pointer, trusted }]),
      ...(kept.length === 0 ? [] : [{ field, ids: kept, pointer, trusted: true }]),
    ]
  })
}

function isJudgedAgain(field: CompiledField, before: RecordState | null, draft: Draft): boolean {
  if (before === null || field.referenceFilter === null) return false
  return [...variablesOf(field.referenceFilter)].some(key => !same(before.values[key], draft.values[key]))
}
