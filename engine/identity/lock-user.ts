/** How administrators end a user's access and give it back: lock, unlock, reset. Each raises his epoch and ends his sessions. */
import type { ModelContext } from '../model/types.ts'
import { type Account, changeAccount } from './account.ts'
import { requireCurrentEpochs } from './epochs.ts'
import { identityErrors } from './errors.ts'
import { findManagedUser, lockAdministrators, requireAdministratorLeft } from './manage.ts'
import { makeLink } from './password-link.ts'
import { endSessionsOf } from './session.ts'
import { clearAccount } from './throttle.ts'
import { addresseeOf, getUser, type UserSources, type UserView } from './users.ts'

/** Locks a user out: his sessions end, his tokens and keys are void. */
export async function lockUser(sources: UserSources, ctx: ModelContext, userId: string): Promise<UserView> {
  await setLock(sources, ctx, userId, true)
  return getUser(sources, ctx, userId)
}

/** Lets a locked user sign in again, and forgets his failed attempts. */
export async function unlockUser(sources: UserSources, ctx: ModelContext, userId: string): Promise<UserView> {
  const account = await setLock(sources, ctx, userId, false)
  await clearAccount(sources.database, [ctx.caller.tenant.key, account.email])
  return getUser(sources, ctx, userId)
}

async function setLock(sources: UserSources, ctx: ModelContext, userId: string, locked: boolean): Promise<Account> {
  const { account } = await findOtherUser(sources, ctx, userId)
  const tenantId = ctx.caller.tenant.id
  await sources.database.writeAs(tenantId, async connection => {
    await requireCurrentEpochs(connection, ctx.caller)
    if (locked) await lockAdministrators(connection)
    await changeAccount(connection, account, { locked }, true)
    if (locked) await requireAdministratorLeft(connection, ctx)
    const sessions_ended = locked ? await endSessionsOf(connection, userId, 'locked', ctx.now) : 0
    const action = locked ? 'user.locked' : 'user.unlocked'
    await sources.appendAudit(connection, ctx, { action, entity: 'user', record_id: userId, details: { sessions_ended } })
  })
  sources.forget(tenantId, userId)
  const event = locked ? 'account_locked' : 'account_unlocked'
  sources.securityLog.append({
    event,
    tenant_id: tenantId,
    user_id: userId,
    ip: ctx.ip,
    trace_id: ctx.traceId,
    reference: ctx.caller.userId,
  })
  return account
}

/** Takes a user's password away, ends his sessions, and sends him a link to choose another; one who never signed in is invited again. */
export async function resetUser(sources: UserSources, ctx: ModelContext, userId: string): Promise<void> {
  const { person, account } = await findOtherUser(sources, ctx, userId)
  const tenantId = ctx.caller.tenant.id
  const letter = await sources.database.writeAs(tenantId, async connection => {
    await requireCurrentEpochs(connection, ctx.caller)
    await lockAdministrators(connection)
    await changeAccount(connection, account, { dropPassword: true }, true)
    await requireAdministratorLeft(connection, ctx)
    const sessions_ended = await endSessionsOf(connection, userId, 'password', ctx.now)
    await sources.appendAudit(connection, ctx, { action: 'user.reset', entity: 'user', record_id: userId, details: { sessions_ended } })
    const purpose = account.last_sign_in_at === null ? 'invitation' : 'password_reset'
    return makeLink(connection, sources.config, purpose, addresseeOf(ctx, userId, account.email, person.name, account.locale), ctx.now)
  })
  sources.forget(tenantId, userId)
  sources.securityLog.append({
    event: 'password_changed',
    tenant_id: tenantId,
    user_id: userId,
    ip: ctx.ip,
    trace_id: ctx.traceId,
    reference: ctx.caller.userId,
  })
  sources.post(letter)
}

async function findOtherUser(sources: UserSources, ctx: ModelContext, userId: string) {
  if (userId === ctx.caller.userId) throw identityErrors.SELF_EDIT({})
  return findManagedUser(sources, ctx, userId)
}
