/** Reads records as they stand in the store, and what each share of the caller's grant says of them. */
import type { Grant, GrantTerm } from '../access/types.ts'
import { commonErrors } from '../kernel/errors.ts'
import { bindingOf, rowsCondition, type View } from '../plan/index.ts'
import type { Condition } from '../plan/types.ts'
import { type ProbeRow, renderProbe } from '../sql/index.ts'
import { linkFields, stateOf } from './record-state.ts'
import type { RecordContext, RecordState } from './types.ts'

/** A record with what each share of the grant says of it. */
export interface Probed {
  readonly state: RecordState
  readonly deleted: boolean
  readonly bits: readonly boolean[]
}

/** So few records are read by their ids as quickly as one. */
const FEW = 4

/** Reads records as stored, with two answers per share of the grant: may it be read, may the operation be done. */
export async function loadStates(
  ctx: RecordContext,
  grant: Grant,
  ids: readonly string[],
  operation: 'update' | 'delete' | 'restore' = 'update',
): Promise<Map<string, Probed>> {
  if (ids.length === 0) return new Map()
  const conditions = termConditions(ctx, grant, operation)
  const relationNos = linkFields(grant.entity).map(each => each.relationNo)
  const rows = await ctx.db.readAs(
    ctx.caller.tenant.id,
    connection => connection.run<ProbeRow>(renderProbe(ctx.caller.tenant.id, grant.entity, ids, conditions, relationNos)),
    ids.length <= FEW ? 'shared' : undefined,
  )
  return new Map(
    rows.map(row => [
      row.id,
      { state: stateOf(grant.entity, row), deleted: row.deleted_at !== null, bits: row.bits.map(bit => bit === true) },
    ]),
  )
}

/** For each share of the grant: its read rule, and its rule for the operation. */
export function termConditions(ctx: RecordContext, grant: Grant, operation: 'create' | 'update' | 'delete' | 'restore'): Condition[] {
  const view: View = { model: ctx.model, binding: bindingOf(ctx), entity: grant.entity, grant: null }
  const rule = (term: GrantTerm, name: 'read' | typeof operation): Condition => {
    const rows = term.rows.get(name)
    return rows === undefined ? { kind: 'false' } : rowsCondition(view, rows)
  }
  return grant.terms.flatMap(term => [rule(term, 'read'), rule(term, operation)])
}

/** A record that is not there, in the trash, or not for the caller's eyes: one answer. */
export function requireVisible(grant: Grant, found: Probed | null): asserts found is Probed {
  const seen = found !== null && !found.deleted && grant.terms.some((_, index) => found.bits[index * 2] === true)
  if (!seen) throw commonErrors.NOT_FOUND({})
}

/** The shares of a grant that allow the operation on the record as it stands. */
export function actingTerms(grant: Grant, operation: 'create' | 'update' | 'delete' | 'restore', found: Probed | null): GrantTerm[] {
  return grant.terms.filter(
    (term, index) =>
      term.operations.has(operation) && (found === null || (found.bits[index * 2] === true && found.bits[index * 2 + 1] === true)),
  )
}
