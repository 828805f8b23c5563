/**
 * The database of one process: its pools, one per role and face, and the faces themselves.
 * Survives a database that goes away: calls fail as `unavailable` and succeed again by themselves once it is back.
 */
import type pg from 'pg'
import { type DatabaseLimits, databaseLimits } from './limits.ts'
import { createPool, type EngineRole } from './pool.ts'
import { readScope, roleScope, writeScope } from './tenant-scope.ts'
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

/** Opens the database; connects at the first use. */
export function createDatabase(options: DatabaseOptions): Database {
  const limits = { ...databaseLimits, ...options.limits }
  const pools = new Map<PoolState['name'], { readonly pool: pg.Pool; readonly size: number }>()
  const poolOf = (name: PoolState['name'], role: EngineRole, size: number, readOnly = false): pg.Pool => {
    const known = pools.get(name)
    if (known !== undefined) return known.pool
    const pool = createPool({ url: options.url, role, size, limits, readOnly, ...(options.onLost && { onLost: options.onLost }) })
    pools.set(name, { pool, size })
    return pool
  }
  return {
    readAs: (tenantId, work) => readScope(poolOf('read', 'nexus_engine', options.readers ?? 10, true), tenantId, work),
    writeAs: (tenantId, work) => writeScope(poolOf('write', 'nexus_engine', options.writers ?? 8), tenantId, limits.transactionMs, work),
    asRole: (role, work) => roleScope(poolOf(role === 'nexus_relay' ? 'relay' : 'jobs', role, 2), work),
    pools: () =>
      [...pools].map(([name, { pool, size }]) => ({
        name,
        open: pool.totalCount,
        idle: pool.idleCount,
        waiting: pool.waitingCount,
        limit: size,
      })),
    close: async () => {
      await Promise.all([...pools.values()].map(({ pool }) => pool.end()))
      pools.clear()
    },
  }
}
