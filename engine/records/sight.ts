/**
 * One record as a caller sees it at this moment: is it there for him, and field by field whether he sees the value, a mask or nothing.
 * For use cases that hold stored values in hand (history, conversions) instead of letting Postgres build the answer.
 */
import type { Grant, Rows } from '../access/types.ts'
import { isId } from '../kernel/ids.ts'
import type { CompiledField, MaskName } from '../model/types.ts'
import { bindingOf, rowsCondition, type View } from '../plan/index.ts'
import type { Condition } from '../plan/types.ts'
import { type ProbeRow, renderProbe } from '../sql/index.ts'
import { linkFields, stateOf } from './record-state.ts'
import { requireSameModel } from './same-model.ts'
import type { RecordContext, RecordState } from './types.ts'

/** How a value may be seen: as it is, masked, or not at all. */
export type Look = 'plain' | { readonly mask: MaskName } | null

export interface Sight {
  readonly state: RecordState
  readonly deleted: boolean
  /** How the caller sees a field of this record. */
  look(field: CompiledField): Look
  /** Answers to the conditions that were asked besides, in their order. */
  readonly answers: readonly boolean[]
}

/** Looks at a record; null where it is not there, or not for the caller. `asked` are conditions on the record's own row. */
export async function lookAt(
  ctx: RecordContext,
  grant: Grant,
  id: string,
  asked: readonly Condition[] = [],
  now?: string,
): Promise<Sight | null> {
  if (!isId(id)) return null
  const view: View = { model: ctx.model, binding: bindingOf(ctx, now), entity: grant.entity, grant: null }
  const rules = new Map<string, Condition>()
  const rule = (rows: Rows): string => {
    const key = JSON.stringify(rows)
    if (!rules.has(key)) rules.set(key, rowsCondition(view, rows))
    return key
  }
  const visible = rule(grant.rows)
  for (const { read, mask } of grant.fields.values()) for (const rows of [read, mask?.rows]) if (rows != null) rule(rows)
  const relations = linkFields(grant.entity).map(each => each.relationNo)
  const statement = renderProbe(ctx.caller.tenant.id, grant.entity, [id], [...rules.values(), ...asked], relations)
  const row = await ctx.db.readAs(ctx.caller.tenant.id, async connection => {
    const [found] = await connection.run<ProbeRow>(statement)
    // Revisions only grow: what is the caller's afterwards was so when the row was looked at.
    await requireSameModel(ctx, connection, undefined)
    return found
  })
  if (row === undefined) return null
  const held = new Map([...rules.keys()].map((key, index) => [key, row.bits[index] === true]))
  const holds = (rows: Rows): boolean => held.get(JSON.stringify(rows)) === true
  if (held.get(visible) !== true) return null
  return {
    state: stateOf(grant.entity, row),
    deleted: row.deleted_at !== null,
    look: field => {
      const granted = grant.fields.get(field.key)
      if (granted === undefined) return null
      if (granted.read !== null && (granted.everywhere || holds(granted.read))) return 'plain'
      return granted.mask !== null && holds(granted.mask.rows) ? { mask: granted.mask.mask } : null
    },
    answers: row.bits.slice(rules.size).map(bit => bit === true),
  }
}
