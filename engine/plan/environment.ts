/** What variables of predicates mean for one request: the user's own values, now, the tenant's zone and week. Built once per request. */
import type { EvaluateEnv, RecordValues } from '../../metadata/predicate.ts'
import type { CompiledModel } from '../model/types.ts'
import type { Caller } from '../kernel/context.ts'

/** The parts of a request that plans bind. */
export interface Binding {
  readonly env: EvaluateEnv
  readonly tenantId: string
  /** Ids of a unit and all below it. */
  readonly within: (orgUnitId: string) => readonly string[]
}

/** Binds a request. */
export function bindingOf(
  request: { readonly caller: Caller; readonly model: CompiledModel; readonly now: Date; readonly within: Binding['within'] },
  now: string = request.now.toISOString(),
): Binding {
  const { caller } = request
  return {
    env: { user: userValues(caller, request.model), now, timeZone: caller.tenant.timeZone, weekStart: caller.tenant.weekStart },
    tenantId: caller.tenant.id,
    within: request.within,
  }
}

function userValues(caller: Caller, model: CompiledModel): RecordValues {
  const byNo = model.entities.get('user')?.fieldsByNo
  const declared = Object.entries(caller.userData).flatMap(([no, value]) => {
    const field = byNo?.get(no)
    return field === undefined ? [] : [[field.key, value] as const]
  })
  return { ...Object.fromEntries(declared), id: caller.userId, org_unit_id: caller.orgUnitId }
}
