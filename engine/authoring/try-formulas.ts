/**
 * Tries the formulas of a publish that are computed behind the fence, on some records and before any lock: one that does not end there is refused
 * with its name and its limit, instead of being run for every record while the tenant's writers wait.
 */
import type { Problem } from '../../metadata/index.ts'
import { said, words } from '../../metadata/said.ts'
import { Allowance } from '../expression/index.ts'
import type { EngineError } from '../kernel/errors.ts'
import type { CompiledEntity, CompiledField } from '../model/index.ts'
import type { TenantConnection } from '../platform/index.ts'
import { computeAlone, nextIds, readRecords, type RecordContext, type Spending, type Values } from '../records/index.ts'
import type { AuthoringParts } from './change-set.ts'
import type { FillPass } from './storage-changes.ts'

/** Records that a formula is tried on; where there are none, on an empty one. */
const SAMPLES = 20
const VALUE_MS = 1_000
/** What all of a publish's formulas may take in the trial, and again while writers wait. */
const TOGETHER_MS = 2_000

/** A formula that was stopped; what it belongs to is told by the problem. */
export class FormulaStopped extends Error {
  readonly problem: Problem
  constructor(model: RecordContext['model'], field: CompiledField, stopped: EngineError) {
    super(stopped.message)
    this.problem = problemOf(model.entities.get(field.entity), field, stopped)
  }
}

/** What the formulas of one publish may take of the fence; throws FormulaStopped where that is not enough. */
export function spendingOf(model: RecordContext['model']): Spending {
  return {
    timeoutMs: VALUE_MS,
    allowance: new Allowance(TOGETHER_MS),
    patienceMs: VALUE_MS,
    onStopped: (field, stopped) => {
      // That the fence itself could not be used says nothing of the formula.
      if (stopped.code === 'EXPRESSION_UNAVAILABLE') throw stopped
      throw new FormulaStopped(model, field, stopped)
    },
  }
}

/** Throws FormulaStopped for a formula of these passes that can not be computed in the time it has. `ctx` is of the next model. */
export async function tryFormulas({ database }: AuthoringParts, ctx: RecordContext, passes: readonly FillPass[]): Promise<void> {
  const spending = spendingOf(ctx.model)
  for (const { entityNo, fields } of passes) {
    const entity = ctx.model.entitiesByNo.get(entityNo)
    const fenced = fencedOf(entity, fields)
    if (entity === undefined || fenced.length === 0) continue
    const samples = await database.readAs(ctx.caller.tenant.id, connection => samplesOf(connection, entity))
    for (const field of fenced) await computeAlone(ctx.caller.tenant.id, field, samples, spending)
  }
}

async function samplesOf(connection: TenantConnection, entity: CompiledEntity): Promise<Values[]> {
  const ids = await nextIds(connection, entity.no, null, SAMPLES)
  if (ids.length === 0) return [{}]
  return (await readRecords(connection, entity, ids)).map(record => record.values)
}

function fencedOf(entity: CompiledEntity | undefined, fields: FillPass['fields']): CompiledField[] {
  return fields.flatMap(({ no, compute }) => {
    const field = entity?.fieldsByNo.get(String(no))
    return compute && field?.derivation?.kind === 'formula' && field.derivation.fenced !== null ? [field] : []
  })
}

function problemOf(entity: CompiledEntity | undefined, field: CompiledField, { code }: EngineError): Problem {
  const declared = [...(entity?.fields.values() ?? [])].filter(each => !each.system && each.derivation?.kind !== 'base')
  const index = declared.findIndex(each => each.key === field.key)
  const where = { document: { kind: 'entity', key: field.entity }, pointer: `/fields/${index}/expression`, code: 'MODEL_FORMULA_SLOW' }
  if (code === 'EXPRESSION_EXHAUSTED')
    return said({ ...where, params: { field: field.key } }, words('The formula of “{field}” needs too much memory.', { field: field.key }))
  const isTogether = code === 'EXPRESSION_OVERSPENT'
  const limit_ms = isTogether ? TOGETHER_MS : VALUE_MS
  return said(
    { ...where, params: { field: field.key, limit_ms } },
    isTogether
      ? words('The values of “{field}” take more than the {limit_ms} ms that all records together may take here.', {
          field: field.key,
          limit_ms,
        })
      : words('The formula of “{field}” was stopped on a record after {limit_ms} ms.', { field: field.key, limit_ms }),
    words('Write it so that it ends sooner.'),
  )
}
