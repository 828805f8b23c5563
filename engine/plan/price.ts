/** What a read costs before it runs: rows × the work per row. A unit is about one row looked at through an index. */
import type { AggregatePlan, Condition, Projection, ReadPlan } from './types.ts'

/** The price of a page; to-many members count their limit, conditions on related rows count as look-ups. */
export function priceOf(plan: ReadPlan): number {
  const perRow = 1 + plan.members.reduce((sum, each) => sum + memberPrice(each), 0) / 10
  const search = conditionPrice(plan.where)
  const count = plan.count.kind === 'none' ? 0 : plan.count.kind === 'exact' ? 2_000 : 500
  return Math.ceil(plan.limit * perRow * (1 + search / 10) + count)
}

/** The price of an aggregate, whose rows are not known beforehand: a flat sum, more for each look-up a row needs. */
export function priceOfAggregate(plan: AggregatePlan): number {
  const values = [...plan.groups.map(group => group.value), ...plan.measures.flatMap(measure => measure.value ?? [])]
  const lookups = values.reduce((sum, each) => sum + each.hops.length + (each.seen === null ? 0 : 1), 0)
  return Math.ceil(1_000 * (1 + (values.length + conditionPrice(plan.where)) / 10 + lookups / 2))
}

function memberPrice(member: Projection): number {
  if (member.kind === 'many') return 2 + member.limit * (1 + member.members.reduce((sum, each) => sum + memberPrice(each), 0) / 10)
  if (member.kind === 'one') return 2 + member.members.reduce((sum, each) => sum + memberPrice(each), 0) / 10
  return member.kind === 'value' ? 0.1 : 3
}

function conditionPrice(condition: Condition): number {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.reduce((sum, each) => sum + conditionPrice(each), 0)
    case 'one':
      return 2 + conditionPrice(condition.of) + conditionPrice(condition.seen.where)
    case 'many':
      return 5 + conditionPrice(condition.of) + conditionPrice(condition.seen.where)
    case 'search':
      return 5 * condition.fields.length
    case 'compare':
      return 1
    default:
      return 0
  }
}
