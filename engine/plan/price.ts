/** What a read costs before it runs: rows × the work per row. A unit is about one row looked at through an index. */
import type { AggregatePlan, Condition, Projection, ReadPlan } from './types.ts'

/**
 * The price of a page; to-many members count their limit, conditions on related rows count as look-ups. A count looks at
 * every row there is and asks each the same; words that are searched for lead to their rows by an index.
 */
export function priceOf(plan: ReadPlan): number {
  const perRow = 1 + plan.members.reduce((sum, each) => sum + memberPrice(each), 0) / 10
  const counted = plan.count.kind === 'none' ? 0 : plan.count.kind === 'exact' ? 2_000 : 500
  const [shown, all] = [1 + conditionPrice(plan.where) / 10, 1 + conditionPrice(plan.where, false) / 10]
  return Math.ceil(plan.limit * perRow * shown + counted * all)
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

function conditionPrice(condition: Condition, searched = true): number {
  switch (condition.kind) {
    case 'all':
    case 'any':
      return condition.of.reduce((sum, each) => sum + conditionPrice(each, searched), 0)
    case 'one':
      return 2 + conditionPrice(condition.of, searched) + conditionPrice(condition.seen.where, searched)
    case 'many':
      return 5 + conditionPrice(condition.of, searched) + conditionPrice(condition.seen.where, searched)
    case 'search':
      return searched ? 5 * condition.fields.length : 0
    case 'compare':
      // No index leads to letters in the middle of a text: each row's text is gone through.
      return condition.operator === 'contains' || condition.operator === 'ends_with' ? 5 : 1
    default:
      return 0
  }
}
