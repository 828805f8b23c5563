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
  try {
    let tenants = await tenantsWithUnsealedRows(options.database, FIRST_TENANT)
    while (tenants.length > 0) {
      for (const tenantId of tenants) sealed += await sealWhole(options, tenantId, anchored)
      tenants = tenants.length < TENANTS_PER_LIST ? [] : await tenantsWithUnsealedRows(options.database, tenants.at(-1) ?? FIRST_TENANT)
    }
  } catch (cause) {
    options.log.warn('Tenants with unsealed audit rows could not be listed; trying again', {}, cause)
  }
  return sealed
}

/** Seals all of a tenant that is there; a tenant that can not be sealed keeps no other waiting. */
async function sealWhole(options: SealerOptions, tenantId: string, anchored: Map<string, number>): Promise<number> {
  let sealed = 0
  try {
    for (let rows = ROWS_PER_SEAL; rows === ROWS_PER_SEAL; sealed += rows) rows = await sealTenant(options, tenantId, anchored)
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

async function sealTenant(
  { database, securityLog, key, steps = untold }: SealerOptions,
  tenantId: string,
  anchored: Map<string, number>,
): Promise<number> {
  const seal = await steps.run({ job: 'seal_audit', tenantId }, async step => {
    const made = await database.writeAs(tenantId, connection => extendChain(connection, key))
    if (made !== null) step.did({ 'nexus.rows': made.ids.length })
    return made
  })
  if (seal === null) return 0
  const sealedAt = Date.parse(seal.sealed_at)
  if (sealedAt - (anchored.get(tenantId) ?? 0) >= ANCHOR_MS) {
    anchored.set(tenantId, sealedAt)
    securityLog.append({ event: 'audit_head', tenant_id: tenantId, reference: `${seal.seal_no}:${seal.head}` })
  }
  return seal.ids.length
}

/** Null where another process seals the tenant, or nothing is left to seal. */
async function extendChain(connection: TenantConnection, key: Buffer): Promise<Seal | null> {
  const { tenantId } = connection
  // One round trip: the lock is tried first, and what is read after it is not used where it was not to be had.
  const [[lock], rows, [before]] = await Promise.all([
    connection.run({ name: 'seal_lock', text: LOCK, values: [tenantId] }),
    connection.run<Row & AuditRow>({ name: 'unsealed', text: UNSEALED, values: [tenantId, ROWS_PER_SEAL] }),
    connection.run({ name: 'last_seal', text: LAST_SEAL, values: [tenantId] }),
  ])
  const [first, last] = [rows[0], rows.at(-1)]
  if (lock?.['held'] !== true || first === undefined || last === undefined) return null
  const previous = before === undefined ? NO_HEAD : String(before['head'])
  const hashes = rows.map(hashRow)
  const seal: Seal = {
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
  connection.commitAfterThis()
  const written = connection.execute({
    name: 'seal',
    text: `insert into nexus.audit_seal (tenant_id, seal_no, from_at, to_at, rows, head, previous, signature, sealed_at, ids, hashes)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    values: [
      seal.tenant_id,
      seal.seal_no,
      seal.from_at,
      seal.to_at,
      rows.length,
      seal.head,
      previous,
      signSeal(key, seal),
      seal.sealed_at,
      seal.ids,
      seal.hashes,
    ],
  })
  const forgotten = connection.execute({
    name: 'sealed',
    text: 'delete from nexus.audit_unsealed where tenant_id = $1 and id = any($2::uuid[])',
    values: [tenantId, seal.ids],
  })
  await Promise.all([written, forgotten])
  return seal
}

const LOCK = `select pg_try_advisory_xact_lock(hashtextextended('audit ' || $1::text, 0)) as held`

// Row by row through the key, whatever the planner thinks of how many wait: it would go through all of the tenant's audit otherwise.
const UNSEALED = `select a.tenant_id, a.id, a.at, a.actor, a.action, a.entity, a.record_id, a.details, a.trace_id, a.ip
  from (select at, id from nexus.audit_unsealed where tenant_id = $1 order by at, id limit $2) u
  cross join lateral (select * from nexus.audit a where a.tenant_id = $1 and a.at = u.at and a.id = u.id limit 1) a
  order by a.at, a.id`

const LAST_SEAL = 'select seal_no, head from nexus.audit_seal where tenant_id = $1 order by seal_no desc limit 1'
