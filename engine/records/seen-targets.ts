/** Which of the records that references point at exist for a caller: one statement per entity that hides some from him. */
import type { Grant } from '../access/types.ts'
import type { CompiledField } from '../model/types.ts'
import { bindingOf, referenceSeen, type View } from '../plan/index.ts'
import type { Seen } from '../plan/types.ts'
import { renderSeenIds } from '../sql/index.ts'
import { linkedIdsOf } from './record-state.ts'
import type { RecordContext } from './types.ts'

/** Shows values of references without what is hidden: null for an id, left out of a list. */
export interface SeenTargets {
  show(field: CompiledField, value: unknown): unknown
}

/** Looks up the targets of stored values. */
export async function seeTargets(
  ctx: RecordContext,
  grant: Grant,
  values: readonly { readonly field: CompiledField; readonly value: unknown }[],
  now?: string,
): Promise<SeenTargets> {
  const view: View = { model: ctx.model, binding: bindingOf(ctx, now), entity: grant.entity, grant }
  const wanted = new Map<string, { readonly seen: Seen; readonly ids: Set<string> }>()
  for (const { field, value } of values) {
    const seen = pointsAtRecords(field) ? referenceSeen(view, field) : null
    if (seen === null) continue
    const entry = wanted.get(seen.entity.key) ?? { seen, ids: new Set<string>() }
    for (const id of idsOf(value)) entry.ids.add(id)
    wanted.set(seen.entity.key, entry)
  }
  const found = new Map<string, ReadonlySet<string>>()
  await ctx.db.readAs(ctx.caller.tenant.id, async connection => {
    for (const [key, { seen, ids }] of wanted) {
      const rows = ids.size === 0 ? [] : await connection.run<{ id: string }>(renderSeenIds(ctx.caller.tenant.id, seen, [...ids]))
      found.set(key, new Set(rows.map(row => row.id)))
    }
  })
  return {
    show: (field, value) => {
      const visible = pointsAtRecords(field) && field.target !== null ? found.get(field.target) : undefined
      if (visible === undefined) return value
      if (Array.isArray(value)) return value.filter(link => idsOf(link).every(id => visible.has(id)))
      return idsOf(value).every(id => visible.has(id)) ? value : null
    },
  }
}

/** References, users and parents hold an id, multi references a list. */
function pointsAtRecords(field: CompiledField): boolean {
  return field.target !== null && (field.kind === 'id' || field.storage.kind === 'links')
}

function idsOf(value: unknown): string[] {
  return typeof value === 'string' ? [value] : linkedIdsOf(Array.isArray(value) ? value : [value])
}
