/**
 * What the operator does with tenants that exist: list, suspend, resume, rename. Suspension raises the tenant's epoch, so that every token of it
 * is void within a second in every process, and refuses sign-in and refresh until it is lifted.
 */
import { commonErrors } from '../kernel/errors.ts'
import type { SecurityLog } from '../kernel/security-log.ts'
import { type Database, NO_TENANT, type Row, SqlFailure } from '../platform/index.ts'
import { identityErrors } from './errors.ts'
import { findTenant } from './find-tenant.ts'
import type { AppendAudit, Visit } from './types.ts'

export interface TenantSources {
  readonly database: Database
  readonly appendAudit: AppendAudit
  readonly securityLog: SecurityLog
  readonly forget: (tenantId: string) => void
}

/** A tenant as the operator sees it. */
export interface TenantView {
  readonly id: string
  readonly key: string
  readonly name: string
  readonly status: 'active' | 'suspended'
  readonly locale: string
  readonly currency: string
  readonly time_zone: string
  readonly revision: number
  readonly created_at: string
}

type TenantRow = TenantView & Row

const COLUMNS = 'id, key, name, status, locale, currency, time_zone, revision, created_at'

/** Tenants by key; `after` is the key of the last one of the page before. */
export async function listTenants(database: Database, page: { limit: number; after: string | null }) {
  const rows = (await database.asRole('nexus_jobs', run =>
    run({
      text: `select ${COLUMNS} from nexus.tenant where $1::text is null or key > $1 order by key limit $2`,
      values: [page.after, page.limit + 1],
    }),
  )) as TenantRow[]
  const tenants = rows.slice(0, page.limit)
  return { tenants, next: rows.length > page.limit ? (tenants.at(-1)?.key ?? null) : null }
}

/**
 * Gives a tenant another key; throws NOT_FOUND for an unknown one, TENANT_EXISTS for one that is taken. Tokens are bound to the id, so whoever
 * is signed in stays so; his caller is read anew.
 */
export async function renameTenant(
  { database, appendAudit, forget }: TenantSources,
  from: string,
  to: string,
  visit: Visit,
): Promise<void> {
  const tenantId = await findTenant(database, from)
  if (tenantId === NO_TENANT) throw commonErrors.NOT_FOUND({})
  await database
    .writeAs(tenantId, async connection => {
      await connection.execute({ text: 'update nexus.tenant set key = $2, epoch = epoch + 1 where id = $1', values: [tenantId, to] })
      await appendAudit(connection, visit, { action: 'tenant.renamed', details: { from, to } })
    })
    .catch((error: unknown) => {
      throw error instanceof SqlFailure && error.kind === 'unique' ? identityErrors.TENANT_EXISTS({ name: to }) : error
    })
  forget(tenantId)
}

/** Suspends or resumes a tenant; throws NOT_FOUND for an unknown key. Doing it twice is doing it once. */
export async function setTenantStatus(
  sources: TenantSources,
  key: string,
  input: { readonly status: 'active' | 'suspended'; readonly note?: string },
  visit: Visit,
): Promise<TenantView> {
  const tenantId = await findTenant(sources.database, key)
  if (tenantId === NO_TENANT) throw commonErrors.NOT_FOUND({})
  const tenant = await sources.database.writeAs(tenantId, async connection => {
    const changed = await connection.execute({
      text: 'update nexus.tenant set status = $2, operator_note = $3, epoch = epoch + 1 where id = $1 and status <> $2',
      values: [tenantId, input.status, input.note ?? null],
    })
    if (changed > 0) {
      const action = input.status === 'suspended' ? 'tenant.suspended' : 'tenant.resumed'
      await sources.appendAudit(connection, visit, { action, details: { note: input.note ?? null } })
    }
    const [row] = await connection.run<TenantRow>({ text: `select ${COLUMNS} from nexus.tenant where id = $1`, values: [tenantId] })
    return row
  })
  if (tenant === undefined) throw commonErrors.NOT_FOUND({})
  sources.forget(tenantId)
  if (input.status === 'suspended')
    sources.securityLog.append({ event: 'tenant_suspended', tenant_id: tenantId, ip: visit.ip, trace_id: visit.traceId })
  return tenant
}
