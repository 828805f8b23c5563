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
  /** Whether something that was bound depends on the moment. */
  readonly isTimely: () => boolean
}

/** Binds a request. */
export function bindingOf(
  request: { readonly caller: Caller; readonly model: CompiledModel; readonly now: Date; readonly within: Binding['within'] },
  now: string = request.now.toISOString(),
): Binding {
  const env = new RequestEnvironment(request.caller, request.model, now)
  return { env, tenantId: request.caller.tenant.id, within: request.within, isTimely: () => env.isTimely }
}

/** The same request as it looks at a record whose own values conditions name. */
export function withRecord(binding: Binding, record: RecordValues): Binding {
  const { user, now, timeZone, weekStart } = binding.env
  return { ...binding, env: { user, now, timeZone, weekStart, record } }
}

/** Remembers whether anybody asked for the time. A class, for V8 gives each literal with an accessor a shape of its own, which only a full collection frees. */
class RequestEnvironment implements EvaluateEnv {
  readonly user: RecordValues
  readonly timeZone: string
  readonly weekStart: number
  readonly #now: string
  isTimely = false

  constructor(caller: Caller, model: CompiledModel, now: string) {
    this.user = userValues(caller, model)
    this.timeZone = caller.tenant.timeZone
    this.weekStart = caller.tenant.weekStart
    this.#now = now
  }

  get now(): string {
    this.isTimely = true
    return this.#now
  }
}

// Asked for by every plan, condition and rule of a request.
const known = new WeakMap<Caller, { readonly model: CompiledModel; readonly values: RecordValues }>()

function userValues(caller: Caller, model: CompiledModel): RecordValues {
  const kept = known.get(caller)
  if (kept?.model === model) return kept.values
  const values = readUser(caller, model)
  known.set(caller, { model, values })
  return values
}

function readUser(caller: Caller, model: CompiledModel): RecordValues {
  const byNo = model.entities.get('user')?.fieldsByNo
  const declared = Object.entries(caller.userData).flatMap(([no, value]) => {
    const field = byNo?.get(no)
    return field === undefined ? [] : [[field.key, value] as const]
  })
  return { ...Object.fromEntries(declared), id: caller.userId, org_unit_id: caller.orgUnitId }
}
