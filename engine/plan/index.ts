/** Face of the plan room: grants and queries become plans. */
export { any as anyCondition, conditionOf, referenceSeen, rowsCondition, type View } from './condition.ts'
export { bindingOf, withRecord } from './environment.ts'
export { planAggregate, requireGroups } from './plan-aggregate.ts'
export { planExport } from './plan-export.ts'
export { planRead } from './plan-read.ts'
export { planReveal } from './plan-reveal.ts'
