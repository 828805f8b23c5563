/**
 * Takes one tenant out of a backup into the database, in one transaction: all of it is there at the end, or nothing was changed. Rows are
 * written as the engine's role under the tenant's own row security, and read back and compared before the transaction is committed.
 */
import { append as appendAudit, auditKeyOf } from '../audit/index.ts'
import { newId, newSecret } from '../kernel/ids.ts'
import { append as appendEvents, type NewEvent } from '../outbox/index.ts'
import { dataRowOf, type LongSession, NO_TENANT, type TenantConnection } from '../platform/index.ts'
import { type ChainVerdict, checkChain } from './check-chain.ts'
import type { BackupHead, BackupTenant, SectionHead, SectionTail } from './format.ts'
import { digestOf, loadRows, type RowLoader, stageOf } from './load-rows.ts'
import { BackupRefused, damaged } from './refusal.ts'
import { type Rewrite, rewriteFor } from './rewrite-rows.ts'
import { clearContent, keepSince, STEPS_FORWARD, stepForward } from './set-back.ts'
import { type CarriedTable, LEDGERS, NOT_IN_A_COPY, requireId, SEALS } from './tables.ts'

/** How a tenant is taken back: as itself where it is not, over itself where it is, or beside itself under another key. */
export type RestoreMode = 'new' | 'replace' | 'copy'

export interface TenantPlan {
  readonly mode: RestoreMode
  readonly backup: BackupHead
  readonly source: BackupTenant
  readonly target: { readonly id: string; readonly key: string }
  /** Whether this installation made the backup: its seals can be verified, and stay. */
  readonly isOurs: boolean
  readonly secret: string
  /** Nothing is added, stepped forward or sealed: the rows of the file, and no others. */
  readonly asItWas: boolean
}

/** What came of a tenant. */
export interface RestoredTenant {
  readonly id: string
  readonly key: string
  readonly mode: RestoreMode
  readonly rows: number
  /** Tables whose rows were read back and are those of the backup. */
  readonly compared: readonly string[]
  /** Where the audit is sealed anew: what was found of the old seals. */
  readonly chain: ChainVerdict | null
}

/** One tenant being restored: sections in the order of the file, then `finish`. */
export interface TenantRestore {
  section(section: SectionHead): Promise<void>
  rows(lines: Buffer): Promise<void>
  tail(tail: SectionTail): Promise<void>
  finish(): Promise<RestoredTenant>
}

/** What is done with a section. */
type Handling = 'load' | 'stage' | 'pass'

/** Begins the transaction. Throws BackupRefused where the tenant came or went meanwhile. */
export async function beginTenant(session: LongSession, tables: readonly CarriedTable[], plan: TenantPlan): Promise<TenantRestore> {
  const { mode, source, target } = plan
  const isResealed = !plan.asItWas && (mode === 'copy' || !plan.isOurs)
  const chainKey = plan.isOurs ? auditKeyOf(plan.secret) : null
  const mine = `tenant_id = '${requireId(target.id)}'`
  await session.run('begin')
  await session.run('set local role nexus_engine')
  await session.run(`set local nexus.tenant_id = '${target.id}'`)
  // Nobody writes to the tenant meanwhile, and no other restore does; readers see what was there until the end.
  await session.run('select pg_advisory_xact_lock(nexus.tenant_lock())')
  const [there] = await session.run(`select 1 from nexus.tenant where id = '${target.id}'`)
  if (mode === 'replace' && there === undefined) throw new BackupRefused('not_there', `There is no tenant “${target.key}” to be replaced.`)
  if (mode !== 'replace' && there !== undefined) throw new BackupRefused('there_already', `The tenant “${target.key}” is there already.`)
  if (mode === 'replace') await clearContent(session, tables, target.id)

  let current: { table: CarriedTable; section: SectionHead; handling: Handling; loader: RowLoader | null; rewrite: Rewrite | null } | null =
    null
  let rows = 0
  const compared: string[] = []
  const staged = new Set<string>()

  function handlingOf(name: string): Handling {
    if (mode === 'copy' && NOT_IN_A_COPY.includes(name)) return 'pass'
    if (mode === 'replace') return LEDGERS.includes(name) ? 'pass' : STEPS_FORWARD.includes(name) ? 'stage' : 'load'
    if (isResealed && SEALS.includes(name)) return name === 'audit_seal' ? 'stage' : 'pass'
    return 'load'
  }

  return {
    async section(section) {
      const table = tables.find(each => each.name === section.table)
      if (table === undefined || table.columns.join() !== section.columns.join())
        throw new BackupRefused('older', `The table ${section.table} of the backup is not that of this version.`)
      const handling = handlingOf(table.name)
      const texts = table.name === 'tenant' ? { key: target.key, key_salt: newSecret() } : {}
      // Seals are looked at as they were made.
      const rewrite = mode === 'copy' && handling === 'load' ? rewriteFor(section, target.id, texts) : null
      const loader = handling === 'pass' ? null : await loadRows(session, table, handling === 'stage')
      if (handling === 'stage') staged.add(table.name)
      current = { table, section, handling, loader, rewrite }
    },
    async rows(lines) {
      await current?.loader?.add(current.rewrite === null ? lines : current.rewrite(lines))
    },
    async tail(tail) {
      if (current === null) return
      const { table, section, handling, loader } = current
      await loader?.end()
      current = null
      if (handling !== 'load') return
      rows += tail.rows
      // The copy's own row differs by its key and its salt.
      if (mode === 'copy' && table.name === 'tenant') return
      const back = mode === 'copy' ? rewriteFor(section, source.id) : null
      if ((await digestOf(session, table, target.id, back)) !== tail.sha256)
        throw damaged(`what was read back from ${table.name} is not what it holds`)
      compared.push(table.name)
    },
    async finish() {
      if (plan.asItWas) {
        await session.run('commit')
        return { id: target.id, key: target.key, mode, rows, compared, chain: null }
      }
      const sealed = tables.find(each => each.name === 'audit_seal')
      let chain: ChainVerdict | null = null
      if (isResealed && mode !== 'replace') {
        if (sealed !== undefined && staged.has('audit_seal')) chain = await checkChain(session, stageOf(sealed), target.id, chainKey)
        await session.run(`insert into nexus.audit_unsealed (tenant_id, at, id) select tenant_id, at, id from nexus.audit where ${mine}`)
      }
      const connection = connectionOf(session, target.id)
      const now = new Date()
      const origin = { now, traceId: newId().replaceAll('-', ''), ip: null, caller: null }
      let revisions: { previous: number; revision: number } | null = null
      if (mode === 'replace') {
        revisions = await stepForward(session, tables, target.id, `Restored from the backup of ${plan.backup.taken_at}`)
        await keepSince(session, target.id)
      } else {
        await session.run(`update nexus.tenant set epoch = epoch + 1 where id = '${target.id}'`)
      }
      if (mode === 'copy') await endWhatRuns(session, mine)
      await appendAudit(connection, origin, {
        action: 'tenant.restored',
        details: {
          backup: plan.backup.id,
          taken_at: plan.backup.taken_at,
          mode,
          from: { id: source.id, key: source.key },
          rows,
          ...(chain === null ? {} : { seals: chain.seals, head: chain.head, intact: chain.first_break === null }),
        },
      })
      if (revisions !== null && revisions.revision !== revisions.previous) {
        const caller = { userId: NO_TENANT, epochs: { revision: revisions.revision } }
        const event: NewEvent = { type: 'model.published', data: { ...revisions, documents: [] } }
        await appendEvents(connection, { now, traceparent: '', causationId: null, caller }, event)
      }
      await session.run('commit')
      return { id: target.id, key: target.key, mode, rows, compared, chain }
    },
  }
}

/** A copy has keys of its own, and its imports have no files: whoever knew a key of the original gets nowhere with it. */
async function endWhatRuns(session: LongSession, mine: string): Promise<void> {
  await session.run(`update nexus.api_key set revoked_at = now() where ${mine} and revoked_at is null`)
  await session.run(
    `update nexus.job set status = 'cancelled', leased_until = null, leased_by = null, updated_at = now()
       where ${mine} and status in ('queued', 'running') and kind in ('import', 'import_undo')`,
  )
  await session.run(`delete from nexus.import_key where ${mine}`)
}

function connectionOf(session: LongSession, tenantId: string): TenantConnection {
  return {
    tenantId,
    run: ({ text, values }) => session.run(text, values),
    rows: async ({ text, values }) => (await session.texts(text, values)).map(dataRowOf),
    execute: ({ text, values }) => session.execute(text, values),
    // The session's own work commits.
    commitAfterThis: () => undefined,
  }
}
