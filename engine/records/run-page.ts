/** Runs the statements of a page: rows with a first key, then, if there is room, rows without; and the count if asked for. */
import { at } from '../kernel/context.ts'
import type { TenantConnection } from '../platform/types.ts'
import type { ReadPlan } from '../plan/types.ts'
import { type Fetched, type Page, shapePage } from '../shape/index.ts'
import { type CountRow, phasesOf, renderCount, renderRead } from '../sql/index.ts'
import { findPath } from './find-path.ts'
import { requireSameModel } from './same-model.ts'
import { requireSorted } from './require-sorted.ts'
import { readLikeBefore } from './short-reads.ts'
import type { RecordContext } from './types.ts'

/** Fetches and shapes a planned page. */
export async function runPage(
  ctx: RecordContext,
  plan: ReadPlan,
  seal: (last: { keys: readonly (string | null)[]; id: string }) => string,
): Promise<Page> {
  const { shares, counted } = await at(ctx.stations, 'sql', 'runPage', plan, () =>
    readLikeBefore(ctx, plan, connection => fetchPage(ctx, connection, plan)),
  )
  return at(ctx.stations, 'shape', 'shapePage', shares.length, () => shapePage(plan, shares, counted, seal))
}

async function fetchPage(
  ctx: RecordContext,
  connection: TenantConnection,
  plan: ReadPlan,
): Promise<{ shares: Fetched[]; counted: number | null }> {
  const shares: Fetched[] = []
  let room = plan.limit
  let begun = plan.after === null
  const path = await findPath(ctx.db, connection, plan, ctx.now.getTime())
  for (const phase of phasesOf(plan, path)) {
    const { statement, read } = renderRead(plan, path, phase, room, !begun)
    ctx.stations.trace?.push({ station: 'sql', name: 'renderRead', input: phase, output: statement, ms: 0 })
    const share = read(await connection.rows(statement))
    await requireSameModel(ctx, connection, share.revision)
    requireSorted(share.tied)
    shares.push(share)
    room -= Math.min(room, share.rows)
    begun = true
    if (share.rows > 0 && room === 0 && shares.reduce((sum, each) => sum + each.rows, 0) > plan.limit) break
  }
  if (plan.count.kind === 'none') return { shares, counted: null }
  const [counted] = await connection.run<CountRow>(renderCount(plan, path))
  await requireSameModel(ctx, connection, counted?.revision)
  return { shares, counted: counted?.n ?? 0 }
}
