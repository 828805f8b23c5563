/**
 * Prepares creates and updates of one entity: parse, read at a version, merge, compute, check. Nothing is written here.
 * Items fail one by one; what is left can be committed together.
 */
import type { EvaluateEnv, Test } from '../../metadata/predicate.ts'
import { pointerOf, type Problem } from '../../metadata/problem.ts'
import { accessErrors } from '../access/index.ts'
import type { Grant, GrantTerm } from '../access/types.ts'
import type { CompiledEntity } from '../model/types.ts'
import { canWrite, checkRecord, fieldProblem, HISTORY_FIELDS, isEmpty, type ParsedRecord, parseRecord, same, specialise, validateErrors } from '../validate/index.ts'
import { assignNumbers } from './autonumbers.ts'
import { applyDefaults, computeDrafts, type Draft } from './compute-record.ts'
import { prepareLines } from './prepare-lines.ts'
import { type Intent, ItemFailures, type PreparedChange } from './prepared.ts'
import { actingTerms, loadStates, type Probed, requireVisible } from './load-states.ts'
import { environmentOf, momentOf } from './moment.ts'
import { linkedIdsOf } from './record-state.ts'
import { loadSources } from './sources.ts'
import { staleVersion } from './stale-version.ts'
import type { RecordContext, RecordState } from './types.ts'

/** Prepares what can be prepared; throws ItemFailures with every item that can not. */
export async function prepareChanges(ctx: RecordContext, grant: Grant, intents: readonly Intent[]): Promise<PreparedChange[]> {
  const failures = new Map<string, Error>()
  const env = environmentOf(ctx)
  const states = await loadStates(ctx, grant, intents.filter(intent => intent.op === 'update').map(intent => intent.id))
  const started: Started[] = []
  for (const intent of intents) {
    try {
      started.push(await startOne(ctx, grant, intent, states.get(intent.id) ?? null, env))
    } catch (error) {
      failures.set(intent.id, error as Error)
    }
  }
  await assignNumbers(ctx, grant.entity, started.filter(each => each.intent.op === 'create').map(each => each.draft))
  const sources = await loadSources(ctx, grant.entity, started.map(each => each.draft))
  await computeDrafts(grant.entity, started.map(each => each.draft), sources)
  const prepared: PreparedChange[] = []
  for (const each of started) {
    try {
      prepared.push(await finishOne(ctx, grant, each, env))
    } catch (error) {
      failures.set(each.intent.id, error as Error)
    }
  }
  if (failures.size > 0) throw new ItemFailures(failures)
  return prepared
}

interface Started {
  readonly intent: Intent
  readonly parsed: ParsedRecord
  readonly before: RecordState | null
  readonly acting: readonly GrantTerm[]
  readonly draft: Draft
}

async function startOne(ctx: RecordContext, grant: Grant, intent: Intent, found: Probed | null, env: EvaluateEnv): Promise<Started> {
  const { entity } = grant
  if (intent.op === 'update') requireVisible(grant, found)
  const before = intent.op === 'update' ? (found?.state ?? null) : null
  const acting = actingTerms(grant, intent.op, found)
  if (acting.length === 0) throw accessErrors.ROW_FORBIDDEN({ operation: intent.op, label: entity.labels['en'] ?? entity.key })
  if (before !== null && intent.version !== before.version) throw await staleVersion(ctx, grant, before, intent)
  const parsed = parseRecord({ model: ctx.model, locale: ctx.caller.locale, moment: momentOf(ctx), history: ctx.history === true && ctx.caller.capabilities.has('data.import_history') }, grant, intent.input, intent.op, intent.pointer)
  const problems: Problem[] = [...parsed.problems]
  for (const key of [...parsed.values.keys(), ...parsed.tables.keys()]) {
    const field = entity.fields.get(key)
    if (HISTORY_FIELDS.has(key)) continue
    const allowed = acting.some(term => canWrite(term.rights.get(key)?.right ?? 'mask', intent.op))
    if (!allowed && field !== undefined) problems.push(fieldProblem(field, 'NOT_WRITABLE_HERE', `${intent.pointer}${pointerOf(key)}`, ctx.caller.locale))
  }
  const now = ctx.now.toISOString()
  const values: Record<string, unknown> = before === null
    ? { id: intent.id, version: 1, created_at: now, created_by: ctx.caller.userId, updated_at: now, updated_by: ctx.caller.userId, ...ownership(ctx, entity) }
    : { ...before.values, updated_at: now, updated_by: ctx.caller.userId }
  for (const [key, value] of parsed.values) values[key] = value
  Object.assign(values, intent.fixed)
  const draft: Draft = { values, before: before?.values ?? null, given: new Set(parsed.values.keys()), pointer: intent.pointer, problems }
  if (before === null) applyDefaults(entity, draft, Object.assign({}, ...acting.map(term => term.presets)) as Record<string, unknown>, env, momentOf(ctx).today)
  return { intent, parsed, before, acting, draft }
}

async function finishOne(ctx: RecordContext, grant: Grant, started: Started, env: EvaluateEnv): Promise<PreparedChange> {
  const { intent, parsed, before, draft } = started
  const { entity } = grant
  const checked = checkRecord(entity, { before: before?.values ?? null, after: draft.values, given: draft.given }, env, ctx.caller.locale, intent.pointer)
  const problems = [...draft.problems, ...checked.problems]
  const { acting, open } = withinValueChecks(started.acting, draft, env)
  if (problems.length > 0) throw validateErrors.FAILED({ count: problems.length }, { errors: problems })
  if (acting.length === 0) throw accessErrors.VALUES_FORBIDDEN({ label: entity.labels['en'] ?? entity.key })
  const derivedKeys = new Set([...entity.fields.values()].filter(field => field.derivation !== null).map(field => field.key))
  return {
    op: intent.op, grant, id: intent.id, pointer: intent.pointer, before, values: draft.values, given: draft.given, acting, open: checked.open, openTermChecks: open,
    rest: { ...(before?.rest ?? {}), ...(intent.fixed?.['position'] === undefined ? {} : { position: intent.fixed['position'] }) },
    references: changedReferences(entity, before, draft, intent),
    lines: await prepareLines(ctx, grant, intent, parsed.tables, prepareChanges),
    warnings: checked.warnings, derivedKeys,
  }
}

/** Shares whose value checks hold of the new values, and the checks that only the database can answer. */
function withinValueChecks(acting: readonly GrantTerm[], draft: Draft, env: EvaluateEnv): { acting: GrantTerm[]; open: Map<string, Test> } {
  const open = new Map<string, Test>()
  const kept = acting.filter(term => {
    if (term.check === null) return true
    const rest = specialise(term.check, draft.values, { ...env, before: draft.before, record: draft.values })
    if (rest.kind !== 'true' && rest.kind !== 'false') open.set(term.profile, rest)
    return rest.kind !== 'false'
  })
  return { acting: kept, open }
}

function ownership(ctx: RecordContext, entity: CompiledEntity): { owner_id: string | null; org_unit_id: string | null } {
  const options = entity.definition.options
  return { owner_id: options?.owner === false ? null : ctx.caller.userId, org_unit_id: options?.org_unit === false ? null : ctx.caller.orgUnitId }
}

function changedReferences(entity: CompiledEntity, before: RecordState | null, draft: Draft, intent: Intent): PreparedChange['references'] {
  return [...entity.fields.values()].flatMap(field => {
    const points = field.storage.kind === 'links' || (field.kind === 'id' && field.target !== null && field.key !== 'created_by' && field.key !== 'updated_by')
    const value = draft.values[field.key]
    if (!points || isEmpty(value) || same(before?.values[field.key], value)) return []
    const old = new Set(linkedIdsOf(before?.values[field.key]))
    const ids = field.storage.kind === 'links' ? linkedIdsOf(value).filter(id => !old.has(id)) : typeof value === 'string' ? [value] : []
    const trusted = intent.fixed?.[field.key] !== undefined || (field.system && !draft.given.has(field.key))
    return ids.length === 0 ? [] : [{ field, ids, pointer: `${intent.pointer}${pointerOf(field.key)}`, trusted }]
  })
}
