/**
 * Gives autonumbers. Numbers come from a counter per (field, period), reserved in a short transaction of their own, so that writers
 * of one series do not wait for each other; what a failed write reserved stays a gap (storage rule 10).
 */
import { periodOf, renderNumber } from '../field-types/index.ts'
import type { CompiledEntity } from '../model/types.ts'
import { renderReserveNumbers } from '../sql/index.ts'
import type { Draft } from './compute-record.ts'
import { momentOf } from './moment.ts'
import type { RecordContext } from './types.ts'

/** Numbers every draft that has none. */
export async function assignNumbers(ctx: RecordContext, entity: CompiledEntity, drafts: readonly Draft[]): Promise<void> {
  const { today } = momentOf(ctx)
  for (const field of entity.fields.values()) {
    const { declared } = field
    if (declared.type !== 'autonumber' || field.no === null) continue
    const open = drafts.filter(draft => draft.values[field.key] === undefined || draft.values[field.key] === null)
    if (open.length === 0) continue
    const statement = renderReserveNumbers(ctx.caller.tenant.id, entity.no, Number(field.no), periodOf(declared.template, today), declared.start ?? 1, open.length)
    const [row] = await ctx.db.writeAs(ctx.caller.tenant.id, connection => connection.run<{ first: string }>(statement))
    const first = BigInt(row?.first ?? '1')
    for (const [index, draft] of open.entries()) draft.values[field.key] = renderNumber(declared.template, today, first + BigInt(index))
  }
}
