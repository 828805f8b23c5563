/** Answers groups of records with their measures. Knows the order of the stations and nothing of what happens inside them. */
import { decideAccess } from '../access/index.ts'
import { at } from '../kernel/context.ts'
import { bindingOf, planAggregate, requireGroups } from '../plan/index.ts'
import { type Groups, shapeAggregate } from '../shape/index.ts'
import { type GroupRow, MEAN_DIGITS, renderAggregate } from '../sql/index.ts'
import { parseAggregate } from '../validate/index.ts'
import { keptPlan } from './kept-plans.ts'
import { requireSameModel } from './same-model.ts'
import { readLikeBefore } from './short-reads.ts'
import type { RecordContext } from './types.ts'

/** Groups of an entity's records as the caller may see them. Errors: NOT_FOUND, ACCESS_*, VALIDATE_*, PLAN_*, SQL_*. */
export async function aggregateRecords(ctx: RecordContext, entityKey: string, input: unknown): Promise<Groups> {
  const { plan, statement } = keptPlan(ctx, 'aggregate', entityKey, input, () => {
    const grant = at(ctx.stations, 'access', 'decideAccess', { entity: entityKey, profiles: ctx.caller.profiles }, () =>
      decideAccess(ctx, entityKey, 'read'),
    )
    const query = at(ctx.stations, 'validate', 'parseAggregate', input, () => parseAggregate(ctx, grant, input))
    const binding = bindingOf(ctx)
    const made = at(ctx.stations, 'plan', 'planAggregate', query, () => planAggregate(ctx.model, grant, query, binding))
    return { made: { plan: made, statement: renderAggregate(made) }, lasting: !binding.isTimely() }
  })
  const rows = await at(ctx.stations, 'sql', 'runStatement', statement, () =>
    readLikeBefore(ctx, plan, async connection => {
      const found = await connection.run<GroupRow>(statement)
      await requireSameModel(ctx, connection, found[0] === undefined ? undefined : Number(found[0]['revision']))
      return found
    }),
  )
  requireGroups(plan, rows.length)
  return at(ctx.stations, 'shape', 'shapeAggregate', rows.length, () => shapeAggregate(plan, rows, MEAN_DIGITS))
}
