/** The id of a new record: made of the instant it was created at, so that the order of ids is the order of creation. */
import { idAt, newId } from '../kernel/ids.ts'

/** An id for the values of a create; an imported record takes the instant it says it was created at. */
export function newRecordId(values: unknown): string {
  const told = typeof values === 'object' && values !== null && 'created_at' in values ? values.created_at : undefined
  const at = typeof told === 'string' ? Date.parse(told) : Number.NaN
  return Number.isNaN(at) ? newId() : idAt(at)
}
