/**
 * Station 6 of an aggregate: grant + groups and measures → a frozen plan, the row filter inside. A field that may be looked at on some rows
 * only is grouped by and measured on those rows alone, and the plan says so. Pure; no SQL, no clock.
 */
import type { Atom, Test } from '../../metadata/predicate.ts'
import { resolveOperand } from '../../metadata/predicate.ts'
import type { Grant } from '../access/types.ts'
import type { CompiledField, CompiledModel } from '../model/types.ts'
import type { AggregateQuery, Reach } from '../validate/types.ts'
import { all, behind, conditionOf, fieldCondition, referenceSeen, requireField, rowsCondition, seenRows, type View } from './condition.ts'
import type { Binding } from './environment.ts'
import { planErrors } from './errors.ts'
import { comparedKeys, searchCondition } from './plan-read.ts'
import { priceOfAggregate } from './price.ts'
import type { AggregatePlan, Condition, GroupColumn, Hop, Measure, MeasureTest, Reached } from './types.ts'

/** Plans an aggregate. Throws `PLAN_TOO_EXPENSIVE` where the price is over the caller's cap. */
export function planAggregate(model: CompiledModel, grant: Grant, query: AggregateQuery, binding: Binding): AggregatePlan {
  const view: View = { model, binding, entity: grant.entity, grant }
  const partial = new Set<string>()
  const currencies = new Set(query.groups.filter(group => group.bucket === null).map(group => group.name))
  const groups = query.groups.map(
    (group): GroupColumn => ({ name: group.name, bucket: group.bucket, value: reach(view, group, false, partial) }),
  )
  const measures = query.measures.map(
    ({ name, fn, of }): Measure => ({ name, fn, value: of === null ? null : reach(view, of, isOriginal(of, currencies), partial) }),
  )
  for (const key of comparedKeys(query.where)) if (grant.fields.get(key)?.everywhere === false) partial.add(key)
  const plan: AggregatePlan = {
    entity: grant.entity,
    tenantId: binding.tenantId,
    trash: query.trash,
    where: all([rowsCondition(view, grant.rows), conditionOf(view, query.where), searchCondition(view, query, partial)]),
    groups,
    measures,
    having: havingOf(query.having, binding),
    order: query.sort,
    limit: query.limit ?? grant.caps.maxGroups,
    whole: query.limit === null,
    timeZone: binding.env.timeZone,
    weekStart: binding.env.weekStart,
    partial: [...partial],
  }
  const cost = priceOfAggregate(plan)
  if (cost > grant.caps.maxCost) throw planErrors.TOO_EXPENSIVE({ cost, cap: grant.caps.maxCost })
  return Object.freeze(plan)
}

/** Refuses an answer with more groups than the plan asked to have whole. */
export function requireGroups(plan: AggregatePlan, found: number): void {
  if (plan.whole && found > plan.limit) throw planErrors.TOO_MANY_GROUPS({ cap: plan.limit })
}

/** Where groups keep currencies apart, amounts count as they were entered. */
function isOriginal({ path, field }: Reach, groups: ReadonlySet<string>): boolean {
  const { definition } = field
  const currency = 'currency_field' in definition ? definition.currency_field : undefined
  return currency !== undefined && groups.has([...path.map(step => step.key), currency].join('.'))
}

function reach(view: View, { path, field }: Reach, original: boolean, partial: Set<string>): Reached {
  const reached = follow(view, path, field, original)
  const limited = reached.when !== null || reached.hops.some(hop => hop.when !== null)
  if (limited) partial.add([...path, field].map(step => step.key).join('.'))
  return reached
}

function follow(view: View, path: readonly CompiledField[], field: CompiledField, original: boolean): Reached {
  const [reference, ...rest] = path
  if (reference !== undefined) {
    const further = follow(behind(view, reference), rest, field, original)
    return { ...further, hops: [hopOf(view, reference, fieldCondition(view, reference)), ...further.hops] }
  }
  if (field.derivation?.kind === 'lookup' && field.derivation.mode === 'live') {
    const through = requireField(view.entity, field.derivation.reference)
    const target = behind(view, through)
    const further = follow(target, [], requireField(target.entity, field.derivation.field), original)
    const when = both(fieldCondition(view, field), fieldCondition(view, through))
    return { ...further, hops: [hopOf(view, through, when), ...further.hops] }
  }
  return {
    hops: [],
    field,
    seen: field.kind === 'id' && field.target !== null ? referenceSeen(view, field) : null,
    when: fieldCondition(view, field),
    original,
  }
}

function hopOf(view: View, reference: CompiledField, when: Condition | null): Hop {
  return { reference, seen: seenRows(behind(view, reference)), when }
}

function both(a: Condition | null, b: Condition | null): Condition | null {
  return a === null || b === null ? (a ?? b) : all([a, b])
}

function havingOf(test: Test, binding: Binding): readonly MeasureTest[] | null {
  if (test.kind === 'false') return null
  const atoms = test.kind === 'all' ? test.of : test.kind === 'true' ? [] : [test]
  return atoms.map(each => {
    const atom = each as Atom
    return {
      measure: atom.field,
      operator: atom.operator,
      operand: resolveOperand(atom, binding.env),
      negated: atom.negated === true,
    }
  })
}
