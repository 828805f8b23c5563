/**
 * The database of one process: its pools, one per role and face, and the faces themselves.
 * Survives a database that goes away: calls fail as `unavailable` and succeed again by themselves once it is back.
 */
import type pg from 'pg'
import { Turns } from '../kernel/turns.ts'
import { type DatabaseLimits, databaseLimits } from './limits.ts'
import { createPool, type EngineRole } from './pool.ts'
import { SqlFailure } from './sql-failure.ts'
import { sharedReadScope } from './shared-reads.ts'
import { NO_TENANT, readScope, roleScope, writeEachScope, writeScope } from './tenant-scope.ts'
import type { Database, PoolState } from './types.ts'

export interface DatabaseOptions {
  /** A login that is a member of the engine's roles. */
  readonly url: string
  /** Most connections for reads and for writes; made when needed, closed after 30 s unused. */
  readonly readers?: number
  readonly writers?: number
  readonly limits?: Partial<DatabaseLimits>
  readonly onLost?: () => void
}

/** A pool and whose turn it is to take a connection of it. */
interface SharedPool {
  readonly pool: pg.Pool
  readonly size: number
  readonly turns: Turns
}

/** Connections that one tenant alone never takes, in pools that are large enough for it. */
const LEFT_TO_OTHERS = 2

/**
 * Who would wait longer than half of what a connection is waited for is told so at once, by the tenant's own queue and its own pace: his
 * people would wait in vain, and everybody else's do not wait for them. Two dozen are what a few people's pages ask for at once.
 */
const CROWD = { share: 0.5, least: 24 }

/** Tenants take turns: whoever holds fewest connections gets the next one, so that one tenant's slow questions are not everybody's. */
function turnsOf(size: number, connectMs: number): Turns {
  return new Turns({
    places: size,
    each: size > 2 * LEFT_TO_OTHERS ? size - LEFT_TO_OTHERS : size,
    waiting: () => Number.POSITIVE_INFINITY,
    refusal: () => new SqlFailure('unavailable'),
    crowd: { ms: connectMs * CROWD.share, least: CROWD.least, refusal: () => new SqlFailure('crowded') },
  })
}

/** Opens the database; connects at the first use. */
export function createDatabase(options: DatabaseOptions): Database {
  const limits = { ...databaseLimits, ...options.limits }
  const pools = new Map<PoolState['name'], SharedPool>()
  const poolOf = (name: PoolState['name'], role: EngineRole, size: number, readOnly = false): SharedPool => {
    const known = pools.get(name)
    if (known !== undefined) return known
    const pool = createPool({ url: options.url, role, size, limits, readOnly, ...(options.onLost && { onLost: options.onLost }) })
    const shared = { pool, size, turns: turnsOf(size, limits.connectMs) }
    pools.set(name, shared)
    return shared
  }
  // A connection that is free is not always one that is open: making one has its own time.
  const share = <T>({ pool, turns }: SharedPool, tenantId: string, work: (pool: pg.Pool) => Promise<T>, turn?: 'first'): Promise<T> =>
    turns.run(tenantId, () => work(pool), limits.connectMs, turn)
  return {
    readAs: (tenantId, work, turn) =>
      share(
        poolOf('read', 'nexus_engine', options.readers ?? 12, true),
        tenantId,
        pool => (turn === 'shared' ? sharedReadScope : readScope)(pool, tenantId, work),
        turn === 'first' ? 'first' : undefined,
      ),
    writeAs: (tenantId, work) =>
      share(poolOf('write', 'nexus_engine', options.writers ?? 10), tenantId, pool =>
        writeScope(pool, tenantId, limits.transactionMs, work),
      ),
    writeAsEach: (tenantIds, work) =>
      share(poolOf('write', 'nexus_engine', options.writers ?? 10), NO_TENANT, pool =>
        writeEachScope(pool, tenantIds, limits.transactionMs, work),
      ),
    asRole: (role, work) => roleScope(poolOf(role === 'nexus_relay' ? 'relay' : 'jobs', role, 2).pool, work),
    pools: () =>
      [...pools].map(([name, { pool, size, turns }]) => ({
        name,
        open: pool.totalCount,
        idle: pool.idleCount,
        waiting: pool.waitingCount + turns.waitingInAll,
        limit: size,
      })),
    close: async () => {
      await Promise.all([...pools.values()].map(({ pool }) => pool.end()))
      pools.clear()
    },
  }
}
