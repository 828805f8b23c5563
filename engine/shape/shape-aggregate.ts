/** Station 8 of an aggregate: groups as Postgres computed them → values as they travel. Knows no rights: what is here may be seen. */
import { normaliseDecimal, scaledToDecimal } from '../../metadata/decimal.ts'
import type { AggregatePlan, GroupColumn, Measure, Reached } from '../plan/types.ts'

/** What an aggregate answers. */
export interface Groups {
  readonly data: readonly Readonly<Record<string, unknown>>[]
  readonly page?: { readonly partial: readonly string[] }
}

/** Columns `g0 …` and `m0 …` as text. */
type Row = Readonly<Record<string, string | null>>

/** Puts the answer together; `meanDigits` is how many digits a mean has beyond its field. */
export function shapeAggregate(plan: AggregatePlan, rows: readonly Row[], meanDigits: number): Groups {
  const data = rows
    .slice(0, plan.limit)
    .map(row =>
      Object.fromEntries([
        ...plan.groups.map((group, index) => [group.name, groupValue(group, row[`g${index}`] ?? null)] as const),
        ...plan.measures.map((measure, index) => [measure.name, measureValue(measure, row[`m${index}`] ?? null, meanDigits)] as const),
      ]),
    )
  return { data, ...(plan.partial.length === 0 ? {} : { page: { partial: plan.partial } }) }
}

function groupValue({ bucket, value }: GroupColumn, text: string | null): unknown {
  if (text === null) return null
  return bucket === null ? wireOf(value, text) : text
}

function measureValue({ fn, value }: Measure, text: string | null, meanDigits: number): unknown {
  if (text === null) return null
  if (value === null || fn === 'count' || fn === 'count_distinct') return Number(text)
  if (fn !== 'avg') return wireOf(value, text)
  const { type, definition } = value.field
  return normaliseDecimal(scaledToDecimal(text, (type.scaleOf?.(definition) ?? 0) + meanDigits))
}

/** Texts and ids are what they are; everything else stood in a slot. */
function wireOf({ field }: Reached, text: string): unknown {
  return field.key === 'id' || field.type.wireOf === undefined ? text : field.type.wireOf(text, field.definition)
}
