/**
 * Converts a record: makes the records its conversion names and writes to it what became of them, all in one transaction and all under the
 * caller's own grants. What he may not read is not copied, what he may not create is not made, and then nothing is.
 */
import type { Conversion, ConversionStep, Predicate } from '../../metadata/generated/types.ts'
import { parsePredicate } from '../../metadata/predicate.ts'
import { decideAccess, grantOver } from '../access/index.ts'
import type { Grant } from '../access/types.ts'
import { append } from '../audit/index.ts'
import { at } from '../kernel/context.ts'
import { commonErrors, EngineError } from '../kernel/errors.ts'
import { newId } from '../kernel/ids.ts'
import { trustedScope, USER_ENTITY } from '../model/index.ts'
import { bindingOf, conditionOf, type View } from '../plan/index.ts'
import type { Condition } from '../plan/types.ts'
import type { TenantConnection } from '../platform/types.ts'
import { conversionsOf } from '../shape/index.ts'
import { renderLock } from '../sql/index.ts'
import { parseConversion, type ParsedConversion, queryFailed, stepLeftOut } from '../validate/index.ts'
import { applyChanges } from './commit-changes.ts'
import { type ConversionScope, fillCreate, fillUpdate } from './conversion-values.ts'
import type { Written } from './create-record.ts'
import { recordErrors } from './errors.ts'
import { finishJournal } from './finish-journal.ts'
import { Journal } from './journal.ts'
import { environmentOf, momentOf } from './moment.ts'
import { prepareChanges } from './prepare-changes.ts'
import { together } from './prepare-lines.ts'
import { ItemFailures, type PreparedChange, versionAfter } from './prepared.ts'
import { fetchOne, planOne } from './read-record.ts'
import { retried } from './retry.ts'
import { seeTargets } from './seen-targets.ts'
import { lookAt, type Sight } from './sight.ts'
import { staleVersion } from './stale-version.ts'
import type { RecordContext, Values } from './types.ts'
import { type Envelope, writeTransaction } from './write-transaction.ts'

export interface ConversionRequest {
  readonly conversion: string
  /** Values by step that count instead of the conversion's own. */
  readonly values?: Readonly<Record<string, unknown>>
}

/** The converted record as its writer may see it, and the ids of what was made of it. */
export interface Converted extends Written {
  readonly steps: Readonly<Record<string, string>>
}

/** Converts one record at the version the client saw. Errors: those of create and update, RECORDS_NOT_CONVERTIBLE, RECORDS_CONVERSION_FORBIDDEN. */
export async function convertRecord(
  ctx: RecordContext,
  entityKey: string,
  id: string,
  version: number,
  request: ConversionRequest,
  envelope: Envelope<Converted> = {},
): Promise<Converted> {
  const grant = at(ctx.stations, 'access', 'decideAccess', { entity: entityKey }, () => decideAccess(ctx, entityKey, 'update'))
  const parsed = at(ctx.stations, 'validate', 'parseConversion', request, () =>
    parseConversion(conversionsOf(grant), request.conversion, request.values ?? {}),
  )
  const plan = planOne(ctx, grant)
  return retried(async () => {
    const prepared = await prepareConversion(ctx, grant, id, version, parsed).catch((error: unknown) => {
      if (envelope.around === undefined || !(error instanceof EngineError)) throw error
      return error
    })
    return at(ctx.stations, 'sql', 'commitChanges', id, () =>
      writeTransaction(ctx, envelope, async connection => {
        // Sent twice, it is judged by its first answer and not by what that left behind: the door looks there before this is thrown.
        if (prepared instanceof EngineError) throw prepared
        await lockSource(connection, grant, prepared.source)
        const journal = new Journal(ctx)
        for (const change of [...prepared.made.values(), prepared.source]) await applyChanges(connection, ctx, [change], journal)
        const steps = Object.fromEntries([...prepared.made].map(([as, change]) => [as, change.id]))
        await append(connection, ctx, {
          action: 'record.converted',
          entity: entityKey,
          record_id: id,
          details: { conversion: request.conversion, steps },
        })
        await finishJournal(connection, ctx, journal)
        const found = await fetchOne(connection, plan, id)
        const warnings = [...prepared.made.values(), prepared.source].flatMap(change => change.warnings)
        return { id, steps, version: found?.version ?? versionAfter(prepared.source), dataText: found?.dataText ?? null, warnings }
      }),
    )
  })
}

/** Locked before anything is made: whoever comes second finds it converted, not its customer taken. */
async function lockSource(connection: TenantConnection, grant: Grant, source: PreparedChange): Promise<void> {
  const [row] = await connection.run<{ version: number; live: boolean }>(
    renderLock(connection.tenantId, grant.entity, [source.id], 'no key update'),
  )
  if (row?.live !== true || row.version !== source.before?.version) throw recordErrors.CHANGED_MEANWHILE({})
}

interface PreparedConversion {
  /** By step, in the order they are made in. */
  readonly made: ReadonlyMap<string, PreparedChange>
  readonly source: PreparedChange
}

async function prepareConversion(
  ctx: RecordContext,
  grant: Grant,
  id: string,
  version: number,
  { conversion, overrides }: ParsedConversion,
): Promise<PreparedConversion> {
  const conditions = [conversion.when, ...conversion.steps.map(step => step.when)].map(when => conditionOn(ctx, grant, when))
  const sight = await lookAt(ctx, grant, id, conditions)
  if (sight === null || sight.deleted) throw commonErrors.NOT_FOUND({})
  if (sight.state.version !== version) throw await staleVersion(ctx, grant, sight.state, { version })
  const [isConvertible = false, ...isTaken] = sight.answers
  if (!isConvertible) throw recordErrors.NOT_CONVERTIBLE({})
  const steps = conversion.steps.filter((_, index) => isTaken[index] === true)
  const left = [...overrides.keys()].filter(as => !steps.some(step => step.as === as))
  if (left.length > 0) throw queryFailed(left.map(stepLeftOut))
  const grants = new Map(steps.map(step => [step.as, requireCreate(ctx, step)]))
  return prepareSteps(ctx, grant, sight, conversion, steps, grants, overrides)
}

async function prepareSteps(
  ctx: RecordContext,
  grant: Grant,
  sight: Sight,
  conversion: Conversion,
  steps: readonly ConversionStep[],
  grants: ReadonlyMap<string, Grant>,
  overrides: ParsedConversion['overrides'],
): Promise<PreparedConversion> {
  const ids = new Map(steps.map(step => [step.as, newId(ctx.now.getTime())]))
  const scope = await scopeOf(ctx, grant, sight, ids)
  const known = new Map<string, Values>()
  const made = new Map<string, PreparedChange>()
  const failures: Error[] = []
  const prepare = async (of: Grant, intent: Parameters<typeof prepareChanges>[2][number]): Promise<PreparedChange | null> => {
    try {
      const [change = null] = await prepareChanges(ctx, of, [intent], known)
      return change
    } catch (error) {
      failures.push(...(error instanceof ItemFailures ? error.failures.values() : [error as Error]))
      return null
    }
  }
  for (const step of steps) {
    const target = grants.get(step.as)
    const stepId = ids.get(step.as)
    if (target === undefined || stepId === undefined) continue
    const input = { ...fillCreate(step.values, scope), ...overrides.get(step.as) }
    const change = await prepare(target, { op: 'create', id: stepId, input, version: null, pointer: `/values/${step.as}` })
    if (change === null) continue
    known.set(stepId, change.values)
    made.set(step.as, change)
  }
  const input = fillUpdate(conversion.set ?? {}, scope)
  const source = await prepare(grant, { op: 'update', id: sight.state.id, input, version: sight.state.version, pointer: '/record' })
  if (failures.length > 0 || source === null) throw together(failures)
  return { made, source }
}

/** The grant a step creates under. A target that the caller may not even know of refuses like one that he may not create. */
function requireCreate(ctx: RecordContext, step: ConversionStep): Grant {
  const target = grantOver(ctx.model, ctx.caller.profiles, step.entity)
  if (target === null || !target.operations.has('create')) throw recordErrors.CONVERSION_FORBIDDEN({})
  return target
}

/** Conditions of a conversion speak with the model's own eyes, as rules of the record do. */
function conditionOn(ctx: RecordContext, grant: Grant, when: Predicate | undefined): Condition {
  if (when === undefined) return { kind: 'true' }
  const { entities } = ctx.model
  const user = entities.get(USER_ENTITY)
  const parsed = parsePredicate(when, trustedScope(grant.entity, entities), {
    maxFilters: 200,
    ...(user === undefined ? {} : { user: trustedScope(user, entities) }),
  })
  if (!parsed.ok) throw new Error(`A conversion of ${grant.entity.key} has a condition that is none.`)
  const view: View = { model: ctx.model, binding: bindingOf(ctx), entity: grant.entity, grant: null }
  return conditionOf(view, parsed.test)
}

async function scopeOf(ctx: RecordContext, grant: Grant, sight: Sight, ids: ReadonlyMap<string, string>): Promise<ConversionScope> {
  const { entity } = grant
  const readable = [...entity.fields.values()].filter(field => sight.look(field) === 'plain')
  const targets = await seeTargets(
    ctx,
    grant,
    readable.map(field => ({ field, value: sight.state.values[field.key] })),
  )
  const { user } = environmentOf(ctx)
  return {
    record: key => {
      const field = readable.find(each => each.key === key)
      return field === undefined ? null : targets.show(field, sight.state.values[key])
    },
    step: as => ids.get(as) ?? null,
    user: key => user?.[key],
    ...momentOf(ctx),
  }
}
