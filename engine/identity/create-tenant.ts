/**
 * Makes a tenant in one transaction: its row, revision 1 of its packs, the root of its org units and its first administrator. The records
 * are written as that administrator, under the profiles of his role: there is no other door to a record, for nobody.
 */
import { type Caller, LOCALES, type Locale } from '../kernel/context.ts'
import { newId, newSecret } from '../kernel/ids.ts'
import type { ModelContext } from '../model/types.ts'
import type { Database, TenantConnection } from '../platform/types.ts'
import { insertAccount } from './account.ts'
import { identityErrors } from './errors.ts'
import { canonicalEmail } from './find-tenant.ts'
import { hashPassword } from './password.ts'
import { findPasswordProblems } from './password-policy.ts'
import { ADMIN_ROLE, administratorRoles, resolveRights } from './rights.ts'
import { requireTimeZone } from './time-zone.ts'
import type { AppendAudit, LiveModel, ModelSource, PeopleRecords, Visit } from './types.ts'

export interface CreateTenantSources {
  readonly database: Database
  readonly models: ModelSource
  readonly people: PeopleRecords
  readonly appendAudit: AppendAudit
}

/** What a new tenant is made of. */
export interface NewTenant {
  readonly key: string
  readonly name: string
  readonly packs: readonly string[]
  readonly admin: { readonly email: string; readonly password: string; readonly name?: string }
  readonly locale: Locale
  readonly currency: string
  readonly time_zone?: string
  readonly week_start?: number
}

/** What came of it. */
export interface CreatedTenant {
  readonly id: string
  readonly key: string
  readonly revision: number
  readonly admin_id: string
  readonly org_unit_id: string
}

/** Creates a tenant; throws TENANT_EXISTS for a taken key, NO_ADMIN_ROLE for packs nobody could administer, and leaves nothing behind then. */
export async function createTenant(sources: CreateTenantSources, input: NewTenant, visit: Visit): Promise<CreatedTenant> {
  const email = canonicalEmail(input.admin.email)
  const errors = findPasswordProblems(input.admin.password, email, visit.locale, '/admin/password')
  if (errors.length > 0) throw identityErrors.PASSWORD_REFUSED({}, { errors })
  if (input.time_zone !== undefined) requireTimeZone(input.time_zone, visit.locale)
  const hash = await hashPassword(input.admin.password)
  const ids = { tenant: newId(visit.now.getTime()), unit: newId(visit.now.getTime()), admin: newId(visit.now.getTime()) }
  return sources.database.writeAs(ids.tenant, async connection => {
    await insertTenant(connection, input, visit.now)
    const live = await sources.models.install(connection, ids.tenant, input.packs)
    if (!administratorRoles(live.model).includes(ADMIN_ROLE)) throw identityErrors.NO_ADMIN_ROLE({})
    const name = input.admin.name ?? email.split('@')[0] ?? email
    const ctx = contextOf(live, firstCaller(live, input, ids, email, name), visit)
    const unit = await sources.people.prepareCreate(ctx, 'org_unit', ids.unit, { name: input.name, kind: 'company' })
    await unit(connection)
    const user = await sources.people.prepareCreate(ctx, 'user', ids.admin, { name, email, actor: 'employee', org_unit_id: ids.unit })
    await user(connection)
    await insertAccount(connection, { id: ids.admin, email, hash, roles: [ADMIN_ROLE], locale: null, time_zone: null, now: visit.now })
    const details = { key: input.key, packs: [...input.packs], admin: ids.admin }
    await sources.appendAudit(connection, visit, { action: 'tenant.created', details })
    return { id: ids.tenant, key: input.key, revision: live.revision, admin_id: ids.admin, org_unit_id: ids.unit }
  })
}

async function insertTenant(connection: TenantConnection, input: NewTenant, now: Date): Promise<void> {
  const inserted = await connection.execute({
    text: `insert into nexus.tenant (id, key, name, locale, currency, time_zone, week_start, packs, key_salt, created_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (key) do nothing`,
    values: [
      connection.tenantId,
      input.key,
      input.name,
      input.locale,
      input.currency,
      input.time_zone ?? 'UTC',
      input.week_start ?? 1,
      JSON.stringify(input.packs),
      newSecret(),
      now,
    ],
  })
  if (inserted === 0) throw identityErrors.TENANT_EXISTS({ name: input.key })
}

/** The administrator as he will be admitted once this transaction has committed. */
function firstCaller(
  live: LiveModel,
  input: NewTenant,
  ids: { tenant: string; unit: string; admin: string },
  email: string,
  name: string,
): Caller {
  const rights = resolveRights(live.model, [ADMIN_ROLE])
  const locale = LOCALES.find(known => known === input.locale) ?? 'en'
  const timeZone = input.time_zone ?? 'UTC'
  return {
    tenant: {
      id: ids.tenant,
      key: input.key,
      name: input.name,
      locale,
      currency: input.currency,
      timeZone,
      weekStart: input.week_start ?? 1,
    },
    userId: ids.admin,
    sessionId: null,
    apiKeyId: null,
    actor: 'employee',
    email,
    name,
    roles: rights.roles,
    profiles: rights.profiles,
    capabilities: rights.capabilities,
    locale,
    timeZone,
    orgUnitId: ids.unit,
    userData: {},
    epochs: { revision: live.revision, tenant: 1, user: 1 },
  }
}

function contextOf(live: LiveModel, caller: Caller, visit: Visit): ModelContext {
  return {
    traceId: visit.traceId,
    traceparent: visit.traceparent,
    route: visit.route,
    ip: visit.ip,
    now: visit.now,
    caller,
    causationId: null,
    stations: { ms: {} },
    model: live.model,
    revision: live.revision,
    building: new Set(),
    within: id => [id],
  }
}
