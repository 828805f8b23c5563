/**
 * Chooses the way to the rows of a list by how many rows its conditions have. Counts are asked of Postgres once and kept for a while: a
 * wrong one costs time, never a row. Knows no SQL.
 */
import type { ReadPlan } from '../plan/types.ts'
import type { Database, TenantConnection } from '../platform/types.ts'
import { choosePath, needsSizes, type Path, type Paths, pathsOf, renderSizes } from '../sql/index.ts'

/** How long a count is believed: of a condition, of a whole entity. */
const KEPT_MS = 60_000
const WHOLE_KEPT_MS = 600_000
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
  if (!needsSizes(paths)) return choosePath(paths, plan.limit, { whole: 0, fetches: [] })
  const kept = sizesOf.get(database) ?? new Map<string, Size>()
  sizesOf.set(database, kept)
  const [whole = 0, ...fetches] = await knowSizes(kept, connection, plan, ['whole', ...paths.fetches], now)
  return choosePath(paths, plan.limit, { whole, fetches })
}

type Asked = Paths['fetches'][number] | 'whole'

async function knowSizes(
  kept: Map<string, Size>,
  connection: TenantConnection,
  plan: ReadPlan,
  asked: readonly Asked[],
  now: number,
): Promise<number[]> {
  const keys = asked.map(each => keyOf(plan, each))
  const unknown = asked.flatMap((each, at) =>
    isOld(kept.get(keys[at] ?? ''), now, each === 'whole' ? WHOLE_KEPT_MS : KEPT_MS) ? [{ each, key: keys[at] ?? '' }] : [],
  )
  if (unknown.length > 0) {
    const [row] = await connection.run<Record<string, number>>(
      renderSizes(
        plan,
        unknown.map(({ each }) => each),
      ),
    )
    for (const [at, { key }] of unknown.entries()) keep(kept, key, { rows: row?.[`n${at}`] ?? 0, at: now })
  }
  return keys.map(key => kept.get(key)?.rows ?? 0)
}

function keep(kept: Map<string, Size>, key: string, size: Size): void {
  kept.delete(key)
  kept.set(key, size)
  const oldest = kept.keys().next()
  if (kept.size > KEPT_SIZES && oldest.done !== true) kept.delete(oldest.value)
}

function isOld(size: Size | undefined, now: number, keptMs: number): boolean {
  return size === undefined || now - size.at > keptMs
}

const keys = new WeakMap<object, string>()

/** A count belongs to the statement that made it: text and values name columns, operators and operands. */
function keyOf(plan: ReadPlan, asked: Asked): string {
  const owner = asked === 'whole' ? plan : asked
  const known = keys.get(owner)
  if (known !== undefined) return known
  const { text, values } = renderSizes(plan, [asked])
  const key = JSON.stringify([text, values])
  keys.set(owner, key)
  return key
}
