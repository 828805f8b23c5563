/** Answers one record. A record that is not there and one that is not for the caller are the same: NOT_FOUND. */
import { decideAccess } from '../access/index.ts'
import type { Grant } from '../access/types.ts'
import { at } from '../kernel/context.ts'
import { commonErrors } from '../kernel/errors.ts'
import { isId } from '../kernel/ids.ts'
import { bindingOf, planRead } from '../plan/index.ts'
import type { ReadPlan } from '../plan/types.ts'
import { renderOne } from '../sql/index.ts'
import type { TenantConnection } from '../platform/types.ts'
import { parseOneQuery, parseQuery } from '../validate/index.ts'
import { askerOf } from './asker.ts'
import { keptPlan } from './kept-plans.ts'
import { requireSameModel } from './same-model.ts'
import { requireSorted } from './require-sorted.ts'
import type { RecordContext } from './types.ts'

/** A record as JSON text and the version it stood at. */
export interface Found {
  readonly dataText: string
  readonly version: number
}

/** Reads a record by id with an optional `select`. */
export async function readRecord(ctx: RecordContext, entityKey: string, id: string, input: unknown = {}): Promise<Found> {
  const grant = at(ctx.stations, 'access', 'decideAccess', { entity: entityKey }, () => decideAccess(ctx, entityKey, 'read'))
  const select = at(ctx.stations, 'validate', 'parseQuery', input, () => parseOneQuery(input))
  const plan = at(ctx.stations, 'plan', 'planRead', select, () => planOne(ctx, grant, select))
  if (!isId(id)) throw commonErrors.NOT_FOUND({})
  const found = await at(ctx.stations, 'sql', 'runOne', id, () =>
    ctx.db.readAs(
      ctx.caller.tenant.id,
      async connection => {
        const { statement, read } = renderOne(plan, id)
        const row = read(await connection.rows(statement))
        await requireSameModel(ctx, connection, row?.revision)
        requireSorted(row?.tied)
        return row === null ? null : { dataText: row.text, version: row.version }
      },
      'shared',
    ),
  )
  if (found === null) throw commonErrors.NOT_FOUND({})
  return found
}

/** The plan that reads records of a grant one by one, all readable members if none are named. */
export function planOne(ctx: RecordContext, grant: Grant, input: { readonly select?: unknown } = {}): ReadPlan {
  return keptPlan(ctx, 'one', grant.entity.key, input, () => {
    const query = parseQuery(ctx, grant, { ...input, limit: 1 }, askerOf(ctx), ctx.cursors)
    const binding = bindingOf(ctx)
    return { made: planRead(ctx.model, grant, query, binding), lasting: !binding.isTimely() }
  })
}

/** The record as the plan shows it to a transaction that holds the tenant's lock, null where the plan's rows do not hold it. */
export async function fetchOne(connection: TenantConnection, plan: ReadPlan, id: string): Promise<Found | null> {
  const { statement, read } = renderOne(plan, id)
  const row = read(await connection.rows(statement))
  requireSorted(row?.tied)
  return row === null ? null : { dataText: row.text, version: row.version }
}
