/**
 * Seals audit rows into a hash chain per tenant within a second, with a signed head (contracts: security R26).
 * Any number of processes may run one; a lock per tenant lets only one at a time extend a chain. Knows no request.
 */
import type { Log } from '../kernel/log.ts'
import type { SecurityLog } from '../kernel/security-log.ts'
import { type Steps, untold } from '../kernel/steps.ts'
import type { Database, Row, TenantConnection } from '../platform/index.ts'
import { type AuditRow, hashRow, headAfter, NO_HEAD, type Seal, signSeal } from './canonical.ts'

export interface SealerOptions {
  readonly database: Database
  readonly log: Log
  readonly securityLog: SecurityLog
  /** 32 bytes derived from NEXUS_SECRET; whoever does not know it can not forge a head. */
  readonly key: Buffer
  /** Where its rounds are told; nowhere unless said. */
  readonly steps?: Steps
}

export interface Sealer {
  /** Seals what is there and tells how many rows; for tests and for an orderly end. */
  sealNow(): Promise<number>
  /** Stops after the round that is running. */
  stop(): Promise<void>
}

// A row waits 0.4 s at most for its round to begin, which leaves 0.6 s to seal it.
const ROUND_MS = 400
const ROWS_PER_SEAL = 2000
/** Tenants sealed in one transaction, and how much of each: messages and a commit for every tenant cost more than the rest of its seal. */
const TENANTS_TOGETHER = 8
const ROWS_TOGETHER = 250
const TENANTS_PER_LIST = 500
const FIRST_TENANT = '00000000-0000-0000-0000-000000000000'
// A head told to the second sink now and then is what a chain cut off at its end is found out by.
const ANCHOR_MS = 3_600_000

/** Starts sealing in the background. */
export function startSealer(options: SealerOptions): Sealer {
  const anchored = new Map<string, number>()
  let waiting = 0
  let round: Promise<number> = Promise.resolve(0)

  function sealNow(): Promise<number> {
    waiting += 1
    round = round
      .then(() => sealAll(options, anchored))
      .finally(() => {
        waiting -= 1
      })
    return round
  }

  const timer = setInterval(() => {
    if (waiting === 0) void sealNow()
  }, ROUND_MS)
  timer.unref()
  return {
    sealNow,
    stop: async () => {
      clearInterval(timer)
      await round
    },
  }
}

async function sealAll(options: SealerOptions, anchored: Map<string, number>): Promise<number> {
  let sealed = 0
  // What is told of a step is told of one tenant.
  const together = options.steps?.isTold === true ? 1 : TENANTS_TOGETHER
  try {
    let tenants = await tenantsWithUnsealedRows(options.database, FIRST_TENANT)
    while (tenants.length > 0) {
      for (let n = 0; n < tenants.length; n += together) sealed += await sealSome(options, tenants.slice(n, n + together), anchored)
      tenants = tenants.length < TENANTS_PER_LIST ? [] : await tenantsWithUnsealedRows(options.database, tenants.at(-1) ?? FIRST_TENANT)
    }
  } catch (cause) {
    options.log.warn('Tenants with unsealed audit rows could not be listed; trying again', {}, cause)
  }
  return sealed
}

/** Seals all that is there of some tenants; what keeps one of them from being sealed keeps none of the others: then each goes by itself. */
async function sealSome(options: SealerOptions, tenantIds: readonly string[], anchored: Map<string, number>): Promise<number> {
  const counts = tenantIds.length === 1 ? null : await sealTenants(options, tenantIds, ROWS_TOGETHER, anchored).catch(() => null)
  let sealed = 0
  for (const [n, tenantId] of tenantIds.entries()) {
    const rows = counts?.[n] ?? 0
    sealed += rows + (counts === null || rows === ROWS_TOGETHER ? await sealWhole(options, tenantId, anchored) : 0)
  }
  return sealed
}

async function sealWhole(options: SealerOptions, tenantId: string, anchored: Map<string, number>): Promise<number> {
  let sealed = 0
  try {
    for (let rows = ROWS_PER_SEAL; rows === ROWS_PER_SEAL; sealed += rows)
      rows = (await sealTenants(options, [tenantId], ROWS_PER_SEAL, anchored))[0] ?? 0
  } catch (cause) {
    options.log.warn('Audit rows could not be sealed; trying again', { tenant_id: tenantId }, cause)
  }
  return sealed
}

async function tenantsWithUnsealedRows(database: Database, after: string): Promise<string[]> {
  const rows = await database.asRole('nexus_jobs', run =>
    run({ name: 'unsealed_tenants', text: TENANTS, values: [after, TENANTS_PER_LIST] }),
  )
  return rows.map(row => String(row['tenant_id']))
}

// One index step per tenant instead of a scan over all unsealed rows.
const TENANTS = `with recursive tenant as (
  (select tenant_id from nexus.audit_unsealed where tenant_id > $1 order by tenant_id limit 1)
  union all
  select (select u.tenant_id from nexus.audit_unsealed u where u.tenant_id > t.tenant_id order by u.tenant_id limit 1) from tenant t where t.tenant_id is not null)
select tenant_id from tenant where tenant_id is not null limit $2`

/** Seals some rows of each tenant in one transaction; answers how many of each. */
async function sealTenants(
  { database, securityLog, key, steps = untold }: SealerOptions,
  tenantIds: readonly string[],
  most: number,
  anchored: Map<string, number>,
): Promise<number[]> {
  const [tenantId] = tenantIds
  const of = { job: 'seal_audit', ...(tenantIds.length === 1 && tenantId !== undefined ? { tenantId } : {}) }
  const seals = await steps.run(of, async step => {
    const made = await database.writeAsEach(tenantIds, connections => extendChains(connections, key, most))
    const rows = made.reduce((sum, seal) => sum + (seal?.ids.length ?? 0), 0)
    if (rows > 0) step.did({ 'nexus.rows': rows })
    return made
  })
  for (const seal of seals) {
    if (seal === null) continue
    const sealedAt = Date.parse(seal.sealed_at)
    if (sealedAt - (anchored.get(seal.tenant_id) ?? 0) < ANCHOR_MS) continue
    anchored.set(seal.tenant_id, sealedAt)
    securityLog.append({ event: 'audit_head', tenant_id: seal.tenant_id, reference: `${seal.seal_no}:${seal.head}` })
  }
  return seals.map(seal => seal?.ids.length ?? 0)
}

/** Null where another process seals the tenant, or nothing is left to seal. */
async function extendChains(connections: readonly TenantConnection[], key: Buffer, most: number): Promise<(Seal | null)[]> {
  // One round trip: each lock is tried first, and what is read after it is not used where it was not to be had.
  const seals = await Promise.all(connections.map(connection => nextSeal(connection, most)))
  connections[0]?.commitAfterThis()
  await Promise.all(connections.map((connection, n) => write(connection, key, seals[n] ?? null)))
  return seals
}

async function nextSeal(connection: TenantConnection, most: number): Promise<Seal | null> {
  const { tenantId } = connection
  const [[lock], rows, [before]] = await Promise.all([
    connection.run({ name: 'seal_lock', text: LOCK, values: [tenantId] }),
    connection.run<Row & AuditRow>({ name: 'unsealed', text: UNSEALED, values: [tenantId, most] }),
    connection.run({ name: 'last_seal', text: LAST_SEAL, values: [tenantId] }),
  ])
  const [first, last] = [rows[0], rows.at(-1)]
  if (lock?.['held'] !== true || first === undefined || last === undefined) return null
  const previous = before === undefined ? NO_HEAD : String(before['head'])
  const hashes = rows.map(hashRow)
  return {
    tenant_id: tenantId,
    seal_no: Number(before?.['seal_no'] ?? 0) + 1,
    from_at: first.at,
    to_at: last.at,
    ids: rows.map(row => row.id),
    hashes,
    head: headAfter(previous, hashes),
    previous,
    sealed_at: new Date().toISOString(),
  }
}

async function write(connection: TenantConnection, key: Buffer, seal: Seal | null): Promise<void> {
  if (seal === null) return
  const { tenant_id, seal_no, from_at, to_at, ids, hashes, head, previous, sealed_at } = seal
  await Promise.all([
    connection.execute({
      name: 'seal',
      text: `insert into nexus.audit_seal (tenant_id, seal_no, from_at, to_at, rows, head, previous, signature, sealed_at, ids, hashes)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      values: [tenant_id, seal_no, from_at, to_at, ids.length, head, previous, signSeal(key, seal), sealed_at, ids, hashes],
    }),
    connection.execute({
      name: 'sealed',
      text: 'delete from nexus.audit_unsealed where tenant_id = $1 and id = any($2::uuid[])',
      values: [tenant_id, ids],
    }),
  ])
}

const LOCK = `select pg_try_advisory_xact_lock(hashtextextended('audit ' || $1::text, 0)) as held`

// Row by row through the key, whatever the planner thinks of how many wait: it would go through all of the tenant's audit otherwise.
const UNSEALED = `select a.tenant_id, a.id, a.at, a.actor, a.action, a.entity, a.record_id, a.details, a.trace_id, a.ip
  from (select at, id from nexus.audit_unsealed where tenant_id = $1 order by at, id limit $2) u
  cross join lateral (select * from nexus.audit a where a.tenant_id = $1 and a.at = u.at and a.id = u.id limit 1) a
  order by a.at, a.id`

const LAST_SEAL = 'select seal_no, head from nexus.audit_seal where tenant_id = $1 order by seal_no desc limit 1'
