/** How conditions are called: words of operators depend on whether they compare times. Pure. */
import type { Operator } from '../../../metadata/operators.ts'
import type { PeriodWord } from '../../../metadata/predicate-types.ts'
import type { ModelField } from '../api/model.ts'
import type { MessageKey } from '../i18n/en.ts'

/** The key of an operator's words for a field. */
export function operatorKey(operator: Operator, field: Pick<ModelField, 'kind'>, operand?: unknown): MessageKey {
  if (operator === 'is_null') return operand === false ? 'operator.is_not_null' : 'operator.is_null'
  const timely = field.kind === 'date' || field.kind === 'datetime'
  if (timely && (operator === 'lt' || operator === 'lte' || operator === 'gt' || operator === 'gte')) return `operator.${operator}_time`
  return `operator.${operator}`
}

/** The calendar words a person chooses from, in the order of time. */
export const PERIODS: readonly PeriodWord[] = [
  'today',
  'yesterday',
  'tomorrow',
  'this_week',
  'last_week',
  'next_week',
  'this_month',
  'last_month',
  'next_month',
  'this_quarter',
  'last_quarter',
  'next_quarter',
  'this_year',
  'last_year',
  'next_year',
]

const UNITS = ['H', 'D', 'W', 'M'] as const

/** A unit a person counts durations in. */
export type DurationUnit = (typeof UNITS)[number]

/** The parts of a simple ISO 8601 duration such as `P30D` or `PT6H`; null where it is not a simple one. */
export function partsOfDuration(duration: unknown): { amount: number; unit: DurationUnit } | null {
  const match = typeof duration === 'string' ? /^P(T?)(\d{1,4})([HDWM])$/.exec(duration) : null
  const unit = UNITS.find(candidate => candidate === match?.[3])
  if (!match || !unit || (match[1] === 'T') !== (unit === 'H')) return null
  return { amount: Number(match[2]), unit }
}

/** The ISO 8601 duration of an amount of units. */
export function durationOf(amount: number, unit: DurationUnit): string {
  return `P${unit === 'H' ? 'T' : ''}${amount}${unit}`
}
