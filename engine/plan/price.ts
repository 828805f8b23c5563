/** What a read costs before it runs: rows × the work per row. A unit is about one row looked at through an index. */
import type { Condition, Projection, ReadPlan } from './types.ts'

/** The price of a page; to-many members count their limit, conditions on related rows count as look-ups. */
export function priceOf(plan: ReadPlan): number {
  const perRow = 1 + plan.members.reduce((sum, each) => sum + memberPrice(each), 0) / 10
  const search = conditionPrice(plan.where)
  const count = plan.count.kind === 'none' ? 0 : plan.count.kind === 'exact' ? 2_000 : 500
  return Math.ceil(plan.limit * perRow * (1 + search / 10) + count)
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
