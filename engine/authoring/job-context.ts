/**
 * The context in which stored fields are made anew: the tenant's model and calendar, and a caller who holds nothing. What is computed is what the
 * model says of the record itself; nobody's rights are used and nothing is shown to anybody.
 */
import type { Caller, Tenant } from '../kernel/context.ts'
import { newId } from '../kernel/ids.ts'
import { NO_TENANT } from '../platform/index.ts'
import type { RecordContext } from '../records/index.ts'
import type { CursorBox } from '../validate/index.ts'
import type { AuthoringParts } from './change-set.ts'

/** Where a tenant's tree of org units is found. */
export interface TenantTrees {
  of(tenantId: string): Promise<(orgUnitId: string) => readonly string[]>
}

type TenantRow = { key: string; name: string; locale: Tenant['locale']; currency: string; time_zone: string; week_start: number }

/** A context for work of the engine's own on a tenant's records. */
export async function jobContext(
  parts: AuthoringParts & { readonly trees: TenantTrees; readonly cursors: CursorBox },
  tenantId: string,
  runAs: string | null,
): Promise<RecordContext> {
  const [[row], live, within] = await Promise.all([
    parts.database.readAs(tenantId, connection =>
      connection.run<TenantRow>({
        text: 'select key, name, locale, currency, time_zone, week_start from nexus.tenant where id = $1',
        values: [tenantId],
      }),
    ),
    parts.models.current(tenantId),
    parts.trees.of(tenantId),
  ])
  if (row === undefined) throw new Error('A job belongs to a tenant that does not exist.')
  const tenant: Tenant = {
    id: tenantId,
    key: row.key,
    name: row.name,
    locale: row.locale,
    currency: row.currency,
    timeZone: row.time_zone,
    weekStart: row.week_start,
  }
  const caller: Caller = {
    tenant,
    userId: runAs ?? NO_TENANT,
    sessionId: null,
    apiKeyId: null,
    actor: 'employee',
    email: '',
    name: '',
    roles: [],
    profiles: [],
    capabilities: new Set(),
    locale: tenant.locale,
    timeZone: tenant.timeZone,
    orgUnitId: null,
    userData: {},
    epochs: { revision: live.revision, tenant: 0, user: 0 },
  }
  const traceId = newId().replaceAll('-', '')
  const traceparent = `00-${traceId}-${traceId.slice(16)}-00`
  return {
    traceId,
    traceparent,
    route: 'job',
    ip: '',
    now: new Date(),
    caller,
    causationId: null,
    stations: { ms: {} },
    ...live,
    within,
    db: parts.database,
    cursors: parts.cursors,
  }
}
