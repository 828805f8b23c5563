/**
 * Finds records by values of their fields, many at a time, through the list every client uses: the caller's rows, the caller's fields,
 * the operators the query policy gives him. Knows no file.
 */
import type { CompiledField } from '../model/types.ts'
import { listRecords, type RecordContext } from '../records/index.ts'
import { allowedOperators } from '../validate/index.ts'
import { grantOver } from '../access/index.ts'

/** A field and the values it may have; null among them for records without a value. */
export interface Wanted {
  readonly field: CompiledField
  readonly values: readonly unknown[]
}

export type FoundRecord = Readonly<Record<string, unknown>> & { readonly id: string; readonly version: number }

// A list in a condition may be this long.
const VALUES_AT_ONCE = 500
// Values that fit thousands of records recognise none of them.
const MOST_PAGES = 50

/** Every record in which each field has one of its values, with the selected members. */
export async function findRecords(
  ctx: RecordContext,
  entity: string,
  wanted: readonly Wanted[],
  select: readonly string[],
): Promise<FoundRecord[]> {
  const [longest, ...others] = [...wanted].sort((a, b) => b.values.length - a.values.length)
  if (longest === undefined || longest.values.length === 0) return []
  const found: FoundRecord[] = []
  for (let at = 0; at < longest.values.length; at += VALUES_AT_ONCE) {
    const part = { field: longest.field, values: longest.values.slice(at, at + VALUES_AT_ONCE) }
    const where = { and: [part, ...others].flatMap(each => conditionOf(ctx, each)) }
    found.push(...(await listAll(ctx, entity, { select, where })))
  }
  return found
}

async function listAll(ctx: RecordContext, entity: string, query: Readonly<Record<string, unknown>>): Promise<FoundRecord[]> {
  const limit = grantOver(ctx.model, ctx.caller.profiles, entity)?.caps.maxPageSize ?? 1
  const found: FoundRecord[] = []
  let after: string | null = null
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer: Awaited<ReturnType<typeof listRecords>> = await listRecords(ctx, entity, {
      ...query,
      limit,
      ...(after === null ? {} : { after }),
    })
    found.push(...(JSON.parse(answer.dataText) as FoundRecord[]))
    after = answer.page.next
    if (after === null) break
  }
  return found
}

/** A field's part of the condition; none where the policy only lets single values be compared and there are several: they are told apart later. */
function conditionOf(ctx: RecordContext, { field, values }: Wanted): object[] {
  const operators = allowedOperators(ctx.model.policies.get(field.entity), field)
  const present = values.filter(value => value !== null)
  const isAbsent = { [field.key]: { is_null: true } }
  const [only] = present
  if (present.length > (operators.includes('in') ? VALUES_AT_ONCE : 1)) return []
  if (present.length < values.length && !operators.includes('is_null')) return []
  const isOne = operators.includes('in') ? { [field.key]: { in: present.map(literalOf) } } : { [field.key]: { eq: literalOf(only) } }
  if (present.length === values.length) return [isOne]
  return present.length === 0 ? [isAbsent] : [{ or: [isOne, isAbsent] }]
}

/** A text that begins like a variable is meant as it stands. */
function literalOf(value: unknown): unknown {
  return typeof value === 'string' && value.startsWith('$') ? `$${value}` : value
}
