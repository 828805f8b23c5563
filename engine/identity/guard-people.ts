/**
 * What holds for records of `user` besides the rules of any record, whichever door wrote them: nobody changes what his own rights depend on,
 * nor what those of somebody who holds more than he does depend on; record and account keep one address, and an administrator stays.
 */
import type { ModelContext } from '../model/types.ts'
import type { TenantConnection } from '../platform/types.ts'
import { atPlace, identityErrors } from './errors.ts'
import { userEntity } from './load-caller.ts'
import { lockAdministrators, requireAdministratorLeft, requireHeld } from './manage.ts'
import { resolveRights } from './rights.ts'

/** A change of a user's record, as far as it matters here. */
export interface PersonChange {
  readonly op: 'create' | 'update' | 'delete' | 'restore'
  readonly id: string
  /** Field keys that the change sets. */
  readonly given: Iterable<string>
}

/**
 * To be asked inside the transaction that wrote records of `user`, after the rows are written and before the commit.
 * Throws SELF_EDIT 403, MORE_THAN_HELD 403, ADDRESS_OF_ACCOUNT 422, LAST_ADMIN 409.
 */
export async function guardPeople(connection: TenantConnection, ctx: ModelContext, changes: readonly PersonChange[]): Promise<void> {
  const mine = changes.filter(change => change.id === ctx.caller.userId)
  if (mine.some(change => touchesRights(ctx, ctx.caller.profiles, change))) throw identityErrors.SELF_EDIT({})
  await requireHeldByMe(
    connection,
    ctx,
    changes.filter(change => change.id !== ctx.caller.userId && change.op !== 'create'),
  )
  const readdressed = changes.filter(change => change.op !== 'delete' && [...change.given].includes('email')).map(change => change.id)
  if (readdressed.length > 0) await requireOneAddress(connection, ctx, readdressed)
  if (changes.some(change => change.op === 'delete')) {
    await lockAdministrators(connection)
    await requireAdministratorLeft(connection, ctx)
  }
}

/** Whose record it is decides as at the administrators' own door (R19): what somebody with more rights may do is not for less to take or give back. */
async function requireHeldByMe(connection: TenantConnection, ctx: ModelContext, changes: readonly PersonChange[]): Promise<void> {
  if (changes.length === 0) return
  const accounts = await connection.run<{ user_id: string; roles: string[] }>({
    text: 'select user_id, roles from nexus.credential where tenant_id = $1 and user_id = any($2::uuid[])',
    values: [connection.tenantId, changes.map(change => change.id)],
  })
  const rightsOf = new Map(accounts.map(account => [account.user_id, resolveRights(ctx.model, account.roles)]))
  for (const change of changes) {
    const rights = rightsOf.get(change.id)
    if (rights !== undefined && touchesRights(ctx, rights.profiles, change)) requireHeld(ctx, rights)
  }
}

/** Whether a change gives or takes access: the person comes or goes, or a field changes that his rights read. */
function touchesRights(ctx: ModelContext, profiles: readonly string[], change: PersonChange): boolean {
  if (change.op === 'delete' || change.op === 'restore') return true
  const fixed = fieldsOfRights(ctx, profiles)
  return change.op === 'update' && [...change.given].some(key => fixed.has(key))
}

/** The fields of a user that his rules read (`$user.territory`), with those that identity itself goes by. */
function fieldsOfRights(ctx: ModelContext, profiles: readonly string[]): ReadonlySet<string> {
  const rules = profiles.map(key => JSON.stringify(ctx.model.profiles.get(key)?.definition ?? null)).join()
  return new Set(['actor', 'org_unit_id', ...[...rules.matchAll(/"\$user\.([a-z][a-z0-9_]*)"/g)].map(found => found[1] ?? '')])
}

async function requireOneAddress(connection: TenantConnection, ctx: ModelContext, ids: readonly string[]): Promise<void> {
  const user = userEntity(ctx)
  const apart = await connection.run({
    text: `select 1 from nexus.credential c join nexus.record r on r.tenant_id = c.tenant_id and r.entity_no = $2 and r.id = c.user_id
      where c.tenant_id = $1 and c.user_id = any($3) and lower(r.data->>$4::text) is distinct from c.email limit 1`,
    values: [connection.tenantId, user.no, ids, user.fields.get('email')?.no],
  })
  if (apart.length > 0) throw atPlace(identityErrors.ADDRESS_OF_ACCOUNT, {}, '/email', ctx.caller.locale)
}
