/** What a caller may know and change of himself: who he is here, his language, his password. */
import type { AccessProfile } from '../../metadata/generated/types.ts'
import type { Caller, Locale } from '../kernel/context.ts'
import type { CompiledModel, ModelContext } from '../model/types.ts'
import { requireCurrentEpochs } from './epochs.ts'
import { identityErrors } from './errors.ts'
import { findCredential } from './find-tenant.ts'
import { hashPassword, verifyPassword } from './password.ts'
import { type LinkSources, setPassword } from './password-link.ts'
import { findPasswordProblems } from './password-policy.ts'
import { requireTimeZone } from './time-zone.ts'
import { clearAccount, countAttempt, forgiveAttempt, subjectsOf } from './throttle.ts'

export interface MeSources extends LinkSources {
  readonly forget: (tenantId: string, userId: string) => void
}

/** The caller as sign-in and `/api/me` show him. */
export function describeUser(caller: Caller) {
  return {
    id: caller.userId,
    email: caller.email,
    name: caller.name,
    actor: caller.actor,
    org_unit_id: caller.orgUnitId,
    locale: caller.locale,
    time_zone: caller.timeZone,
  }
}

/** User, tenant, roles, capabilities and limits of a caller. */
export function describeMe(caller: Caller, model: CompiledModel) {
  const { id, key, name, locale, currency, timeZone, weekStart } = caller.tenant
  return {
    user: describeUser(caller),
    tenant: { id, key, name, locale, currency, time_zone: timeZone, week_start: weekStart },
    roles: caller.roles,
    profiles: caller.profiles,
    capabilities: [...caller.capabilities].sort(),
    limits: effectiveLimits(caller.profiles.map(profile => model.profiles.get(profile)?.definition.limits ?? {})),
  }
}

type Limits = NonNullable<AccessProfile['limits']>

/** Profiles add up, and so do their limits: the most generous of each. What no profile limits is left to the entity's policy. */
function effectiveLimits(limits: readonly Limits[]): Limits {
  const most: { [name in keyof Limits]: number } = {}
  for (const of of limits) {
    for (const [name, value] of Object.entries(of) as [keyof Limits, number][]) most[name] = Math.max(most[name] ?? 0, value)
  }
  return most
}

/** Changes the caller's own language and time zone. */
export async function changeMe(
  sources: MeSources,
  ctx: ModelContext,
  input: { readonly locale?: Locale; readonly time_zone?: string },
): Promise<void> {
  const { caller } = ctx
  if (input.time_zone !== undefined) requireTimeZone(input.time_zone, caller.locale)
  await sources.database.writeAs(caller.tenant.id, async connection => {
    await requireCurrentEpochs(connection, caller)
    await connection.execute({
      text: 'update nexus.credential set locale = coalesce($3, locale), time_zone = coalesce($4, time_zone) where tenant_id = $1 and user_id = $2',
      values: [caller.tenant.id, caller.userId, input.locale ?? null, input.time_zone ?? null],
    })
    const details = { changed: Object.keys(input).sort() }
    await sources.appendAudit(connection, ctx, { action: 'user.changed', entity: 'user', record_id: caller.userId, details })
  })
  sources.forget(caller.tenant.id, caller.userId)
}

/**
 * Changes the caller's own password by way of the current one. His other sessions end; the one he uses stays, and asks for a new access
 * token by its refresh cookie, for the epoch has risen.
 */
export async function changePassword(
  sources: MeSources,
  ctx: ModelContext,
  input: { readonly current_password: string; readonly password: string },
): Promise<void> {
  const { caller, now } = ctx
  const tenantId = caller.tenant.id
  const errors = findPasswordProblems(input.password, caller.email, caller.locale, '/password')
  if (errors.length > 0) throw identityErrors.PASSWORD_REFUSED({}, { errors })
  // A stolen access token is no free way to guess the password, and who has none does not slow this down.
  const subjects = subjectsOf('change', ctx.ip, caller.tenant.key, caller.email)
  await countAttempt(sources.database, subjects, now)
  const credential = await findCredential(sources.database, tenantId, caller.email)
  if (!(await verifyPassword(input.current_password, credential?.password_hash ?? null))) throw identityErrors.PASSWORD_WRONG({})
  const hash = await hashPassword(input.password)
  await sources.database.writeAs(tenantId, async connection => {
    await requireCurrentEpochs(connection, caller)
    await setPassword(connection, sources, caller.userId, hash, ctx, caller.sessionId)
  })
  await forgiveAttempt(sources.database, subjects)
  await clearAccount(sources.database, [caller.tenant.key, caller.email])
  sources.forget(tenantId, caller.userId)
  sources.securityLog.append({ event: 'password_changed', tenant_id: tenantId, user_id: caller.userId, ip: ctx.ip, trace_id: ctx.traceId })
}
