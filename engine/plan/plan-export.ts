/** Station 6 of an export: rows as in a list and exportable besides, members as far as they may leave. Pure; no SQL, no clock. */
import type { Grant } from '../access/types.ts'
import type { CompiledModel } from '../model/types.ts'
import type { Query } from '../validate/types.ts'
import { all, rowsCondition, type View } from './condition.ts'
import type { Binding } from './environment.ts'
import { planErrors } from './errors.ts'
import { members, planRead } from './plan-read.ts'
import { priceOf } from './price.ts'
import type { ReadPlan } from './types.ts'

/** Plans the first page of an export. Throws `PLAN_TOO_EXPENSIVE`. */
export function planExport(model: CompiledModel, reading: Grant, exporting: Grant, query: Query, binding: Binding): ReadPlan {
  const view: View = { model, binding, entity: exporting.entity, grant: exporting }
  const plan = planRead(model, reading, { ...query, select: [] }, binding)
  const exported: ReadPlan = {
    ...plan,
    where: all([plan.where, rowsCondition(view, exporting.rows)]),
    members: members(view, query.select),
  }
  const cost = priceOf(exported)
  if (cost > reading.caps.maxCost) throw planErrors.TOO_EXPENSIVE({ cost, cap: reading.caps.maxCost })
  return Object.freeze(exported)
}
