/** Begins a change: who may act, what was sent, what the record is before it. Everything computed comes after. */
import type { EvaluateEnv } from '../../metadata/predicate.ts'
import { pointerOf, type Problem } from '../../metadata/problem.ts'
import { accessErrors } from '../access/index.ts'
import type { Grant, GrantTerm } from '../access/types.ts'
import type { CompiledEntity } from '../model/types.ts'
import { canWrite, fieldProblem, HISTORY_FIELDS, labelIn, type ParsedRecord, parseRecord } from '../validate/index.ts'
import type { Draft } from './compute-record.ts'
import { applyDefaults } from './defaults.ts'
import { actingTerms, type Probed, requireVisible } from './load-states.ts'
import { momentOf } from './moment.ts'
import type { Intent } from './prepared.ts'
import { staleVersion } from './stale-version.ts'
import type { RecordContext, RecordState } from './types.ts'

/** A change whose input is understood. */
export interface Started {
  readonly intent: Intent
  readonly parsed: ParsedRecord
  readonly before: RecordState | null
  readonly acting: readonly GrantTerm[]
  readonly draft: Draft
  /** Problems of the draft that the input itself has; later ones come of what the engine made of it. */
  readonly said: number
}

/** Throws NOT_FOUND, ACCESS_ROW_FORBIDDEN, RECORDS_VERSION_STALE; what is wrong with the input stands in the draft. */
export async function startChange(
  ctx: RecordContext,
  grant: Grant,
  intent: Intent,
  found: Probed | null,
  env: EvaluateEnv,
): Promise<Started> {
  const { entity } = grant
  const { caller } = ctx
  if (intent.op === 'update') requireVisible(grant, found)
  const before = intent.op === 'update' ? (found?.state ?? null) : null
  const acting = actingTerms(grant, intent.op, found)
  if (acting.length === 0)
    throw accessErrors.ROW_FORBIDDEN({ operation: intent.op, label: labelIn(entity.labels, caller.locale, entity.key) })
  if (before !== null && intent.version !== before.version) throw await staleVersion(ctx, grant, before, intent)
  const moment = momentOf(ctx)
  const history = ctx.history === true && caller.capabilities.has('data.import_history')
  const input = { body: intent.input, before: before?.values ?? null, pointer: intent.pointer }
  const parsed = parseRecord({ locale: caller.locale, moment, history }, grant, input)
  const problems: Problem[] = [...parsed.problems, ...unwritableHere(ctx, entity, intent, acting, parsed)]
  const now = ctx.now.toISOString()
  const values: Record<string, unknown> =
    before === null
      ? {
          id: intent.id,
          version: 1,
          created_at: now,
          created_by: caller.userId,
          updated_at: now,
          updated_by: caller.userId,
          ...ownership(ctx, entity),
        }
      : { ...before.values, updated_at: now, updated_by: caller.userId }
  for (const [key, value] of parsed.values) values[key] = value
  for (const [key, value] of Object.entries(intent.fixed ?? {})) values[key] = value
  const draft: Draft = { values, before: before?.values ?? null, given: new Set(parsed.values.keys()), pointer: intent.pointer, problems }
  const said = problems.length
  if (before === null) applyDefaults(entity, draft, presetsOf(acting), { env, moment, locale: caller.locale })
  return { intent, parsed, before, acting, draft, said }
}

/** Fields that the caller may write on some records, but by none of the shares that let him act on this one. */
function unwritableHere(
  ctx: RecordContext,
  entity: CompiledEntity,
  intent: Intent,
  acting: readonly GrantTerm[],
  parsed: ParsedRecord,
): Problem[] {
  return [...parsed.values.keys(), ...parsed.tables.keys()].flatMap(key => {
    const field = entity.fields.get(key)
    if (field === undefined || HISTORY_FIELDS.has(key)) return []
    if (acting.some(term => canWrite(term.rights.get(key)?.right ?? 'mask', intent.op))) return []
    return [fieldProblem(field, 'NOT_WRITABLE_HERE', `${intent.pointer}${pointerOf(key)}`, ctx.caller.locale)]
  })
}

function presetsOf(acting: readonly GrantTerm[]): ReadonlyMap<string, unknown> {
  return new Map(acting.flatMap(term => Object.entries(term.presets)))
}

function ownership(ctx: RecordContext, entity: CompiledEntity): { owner_id: string | null; org_unit_id: string | null } {
  const options = entity.definition.options
  return {
    owner_id: options?.owner === false ? null : ctx.caller.userId,
    org_unit_id: options?.org_unit === false ? null : ctx.caller.orgUnitId,
  }
}
