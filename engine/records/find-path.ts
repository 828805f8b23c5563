/**
 * Chooses the way to the rows of a list by how many rows its conditions have. Counts are asked of Postgres once and kept for a while: a
 * wrong one costs time, never a row. Knows no SQL.
 */
import type { ReadPlan } from '../plan/types.ts'
import type { Database, TenantConnection } from '../platform/types.ts'
import { choosePath, needsSizes, type Path, type Paths, pathsOf, renderSizes } from '../sql/index.ts'

/** How long a count is believed. */
const KEPT_MS = 60_000
/** Counts kept per process, the oldest go first. */
const KEPT_SIZES = 20_000

interface Size {
  readonly rows: number
  readonly at: number
}

const sizesOf = new WeakMap<Database, Map<string, Size>>()

/** The way a plan is run. */
export async function findPath(database: Database, connection: TenantConnection, plan: ReadPlan, now: number): Promise<Path> {
  const paths = pathsOf(plan)
  if (!needsSizes(paths)) return choosePath(paths, [])
  const kept = sizesOf.get(database) ?? new Map<string, Size>()
  sizesOf.set(database, kept)
  return choosePath(paths, await knowSizes(kept, connection, plan, paths, now))
}

async function knowSizes(
  kept: Map<string, Size>,
  connection: TenantConnection,
  plan: ReadPlan,
  paths: Paths,
  now: number,
): Promise<number[]> {
  const keys = paths.fetches.map(fetch => keyOf(plan, fetch))
  const unknown = paths.fetches.filter((_, at) => isOld(kept.get(keys[at] ?? ''), now))
  if (unknown.length > 0) {
    const [row] = await connection.run<Record<string, number>>(renderSizes(plan, unknown))
    for (const [at, fetch] of unknown.entries()) keep(kept, keyOf(plan, fetch), { rows: row?.[`n${at}`] ?? 0, at: now })
  }
  return keys.map(key => kept.get(key)?.rows ?? 0)
}

function keep(kept: Map<string, Size>, key: string, size: Size): void {
  kept.delete(key)
  kept.set(key, size)
  const oldest = kept.keys().next()
  if (kept.size > KEPT_SIZES && oldest.done !== true) kept.delete(oldest.value)
}

function isOld(size: Size | undefined, now: number): boolean {
  return size === undefined || now - size.at > KEPT_MS
}

/** A count belongs to the statement that made it: text and values name columns, operators and operands. */
function keyOf(plan: ReadPlan, fetch: Paths['fetches'][number]): string {
  const { text, values } = renderSizes(plan, [fetch])
  return JSON.stringify([text, values])
}
