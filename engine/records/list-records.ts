/** Answers a page of records. Knows the order of the stations and nothing of what happens inside them. */
import { decideAccess } from '../access/index.ts'
import { at } from '../kernel/context.ts'
import { bindingOf, planRead } from '../plan/index.ts'
import type { ReadPlan } from '../plan/types.ts'
import type { Page } from '../shape/index.ts'
import { parseQuery } from '../validate/index.ts'
import type { Query } from '../validate/types.ts'
import { askerOf } from './asker.ts'
import { keptPlan, type Planned } from './kept-plans.ts'
import { runPage } from './run-page.ts'
import type { RecordContext } from './types.ts'

/** A page of an entity's records as the caller may see them. Errors: NOT_FOUND, ACCESS_*, VALIDATE_*, PLAN_*, SQL_*. */
export async function listRecords(ctx: RecordContext, entityKey: string, input: unknown): Promise<Page> {
  const { query, plan } = keptPlan(ctx, 'list', entityKey, input, () => planList(ctx, entityKey, input))
  const now = query.after?.now ?? ctx.now.toISOString()
  return runPage(ctx, plan, last => ctx.cursors.seal({ ...last, now }, query.binding))
}

function planList(ctx: RecordContext, entityKey: string, input: unknown): Planned<{ readonly query: Query; readonly plan: ReadPlan }> {
  const grant = at(ctx.stations, 'access', 'decideAccess', { entity: entityKey, profiles: ctx.caller.profiles }, () =>
    decideAccess(ctx, entityKey, 'read'),
  )
  const query = at(ctx.stations, 'validate', 'parseQuery', input, () => parseQuery(ctx, grant, input, askerOf(ctx), ctx.cursors))
  const binding = bindingOf(ctx, query.after?.now)
  const plan = at(ctx.stations, 'plan', 'planRead', query, () => planRead(ctx.model, grant, query, binding))
  return { made: { query, plan }, lasting: query.after === null && !binding.isTimely() }
}
