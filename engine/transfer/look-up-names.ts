/**
 * Resolves names to records, set-based, under the caller's grants. What was found stays known for the rest of the import;
 * what was not is asked again, for a later row may have brought it.
 */
import { momentOf, type RecordContext } from '../records/index.ts'
import { findRecords } from './find-records.ts'
import type { LookupPlan } from './plan-import.ts'

/** What a name leads to. */
export type Named = { readonly kind: 'one'; readonly id: string } | { readonly kind: 'none' } | { readonly kind: 'several' }

/** The names of one import. */
export interface NameBook {
  /** Looks up what is not known yet; the answer holds every name asked for. */
  resolve(
    ctx: RecordContext,
    wanted: readonly { readonly lookup: LookupPlan; readonly text: string }[],
  ): Promise<(lookup: LookupPlan, text: string) => Named>
}

// Names of a catalogue, not of a census: beyond this an import asks again.
const MOST_KNOWN = 50_000

/** Makes an empty book. */
export function createNameBook(): NameBook {
  const known = new Map<string, string>()
  return {
    async resolve(ctx, wanted) {
      const groups = new Map<string, { lookup: LookupPlan; values: Map<string, unknown> }>()
      for (const { lookup, text } of wanted) {
        const value = nameValue(ctx, lookup, text)
        if (value === undefined || known.has(keyOf(lookup, value))) continue
        const place = `${lookup.target.key}.${lookup.by.key}`
        const group = groups.get(place) ?? { lookup, values: new Map<string, unknown>() }
        group.values.set(keyOf(lookup, value), value)
        groups.set(place, group)
      }
      const several = new Set<string>()
      const fresh = new Map<string, string>()
      for (const { lookup, values } of groups.values()) {
        const { target, by } = lookup
        for (const record of await findRecords(ctx, target.key, [{ field: by, values: [...values.values()] }], ['id', by.key])) {
          const key = keyOf(lookup, record[by.key])
          if (fresh.has(key)) several.add(key)
          fresh.set(key, record.id)
        }
      }
      for (const [key, id] of fresh) if (!several.has(key) && known.size < MOST_KNOWN) known.set(key, id)
      return (lookup, text) => {
        const value = nameValue(ctx, lookup, text)
        const key = value === undefined ? null : keyOf(lookup, value)
        const id = key === null ? undefined : (known.get(key) ?? fresh.get(key))
        if (key === null || id === undefined) return { kind: 'none' }
        return several.has(key) ? { kind: 'several' } : { kind: 'one', id }
      }
    },
  }
}

/** A name as the field that bears it spells it; undefined where it can not be one. */
export function nameValue(ctx: RecordContext, { by }: Pick<LookupPlan, 'by'>, text: string): unknown {
  const scope = { locale: ctx.caller.locale, timeZone: ctx.caller.tenant.timeZone }
  const cell = by.type.parseCell(text, by.definition, scope)
  if (!cell.ok) return undefined
  const read = by.type.canonical(cell.value, by.definition, momentOf(ctx))
  return read.ok ? read.value : undefined
}

function keyOf({ target, by }: LookupPlan, value: unknown): string {
  return `${target.key}.${by.key}=${JSON.stringify(value)}`
}
