/** Plans to read one masked value as it is, on the rows alone where a profile lets it be revealed. Pure; no SQL, no clock. */
import type { CompiledField } from '../model/types.ts'
import { all, referenceSeen, type View } from './condition.ts'
import type { Condition, Projection, ReadPlan } from './types.ts'

/** A plan of single records narrowed to `rows`, with the field's plain value as its only member. */
export function planReveal(plan: ReadPlan, view: View, field: CompiledField, rows: Condition): ReadPlan {
  const seen = field.kind === 'id' && field.target !== null ? referenceSeen(view, field) : null
  const member: Projection = { kind: 'value', name: field.key, field, seen, when: null, masked: null }
  return Object.freeze({ ...plan, where: all([plan.where, rows]), members: [member] })
}
