/**
 * Who may manage whom (R19): a user is in reach of a caller who sees his record, holds all he holds, and, where the caller's own rows end
 * with his unit, stands above him in the tree. And the tenant is never left without an administrator.
 */
import { commonErrors } from '../kernel/errors.ts'
import { isId } from '../kernel/ids.ts'
import type { ModelContext } from '../model/types.ts'
import type { Database, TenantConnection } from '../platform/types.ts'
import { type Account, findAccounts } from './account.ts'
import { isWithin } from './containment.ts'
import { atPlace, identityErrors } from './errors.ts'
import { userEntity } from './load-caller.ts'
import { administratorRoles, resolveRights, type Rights } from './rights.ts'
import type { PeopleRecords, Person } from './types.ts'

export interface ManageSources {
  readonly database: Database
  readonly people: PeopleRecords
}

/** A user the caller sees, with his account; throws NOT_FOUND for any other. */
export async function findUser(sources: ManageSources, ctx: ModelContext, userId: string): Promise<{ person: Person; account: Account }> {
  if (!isId(userId)) throw commonErrors.NOT_FOUND({})
  const person = await sources.people.find(ctx, userId)
  const account = (await findAccounts(sources.database, ctx.caller.tenant.id, [userId])).get(userId)
  if (account === undefined) throw commonErrors.NOT_FOUND({})
  return { person, account }
}

/** A user in the caller's reach; throws NOT_FOUND for one he does not see, 403 for one who holds more. Oneself is always in reach. */
export async function findManagedUser(
  sources: ManageSources,
  ctx: ModelContext,
  userId: string,
): Promise<{ person: Person; account: Account }> {
  const found = await findUser(sources, ctx, userId)
  if (userId !== ctx.caller.userId) {
    requireHeld(ctx, resolveRights(ctx.model, found.account.roles))
    requireUnitInReach(ctx, found.person.orgUnitId)
  }
  return found
}

/** Resolves roles that are to be given; throws 422 for an unknown one and 403 when they are more than the caller holds. */
export function requireRolesHeld(ctx: ModelContext, roles: readonly string[]): Rights {
  for (const [n, name] of roles.entries()) {
    if (!ctx.model.roles.has(name)) throw atPlace(identityErrors.ROLE_UNKNOWN, { name }, `/roles/${n}`, ctx.caller.locale)
  }
  const rights = resolveRights(ctx.model, roles)
  requireHeld(ctx, rights)
  return rights
}

/** Throws 403 when rights are more than the caller holds. */
export function requireHeld(ctx: ModelContext, rights: Rights): void {
  if (!isWithin(ctx.model, rights, ctx.caller)) throw identityErrors.MORE_THAN_HELD({})
}

/** Throws 403 when the caller's rows end with his unit and the other unit is not within it. */
export function requireUnitInReach(ctx: ModelContext, unitId: string | null): void {
  if (unitId === null || !endsWithUnit(ctx)) return
  const { orgUnitId } = ctx.caller
  if (orgUnitId === null || !ctx.within(orgUnitId).includes(unitId)) throw identityErrors.MORE_THAN_HELD({})
}

function endsWithUnit(ctx: ModelContext): boolean {
  return ctx.caller.profiles.some(key => JSON.stringify(ctx.model.profiles.get(key)?.definition ?? null).includes('"$user.org_unit_id"'))
}

/** Lets one change of the tenant's administrators through at a time, until the transaction ends. */
export async function lockAdministrators(connection: TenantConnection): Promise<void> {
  await connection.run({ text: 'select 1 from nexus.tenant where id = $1 for update', values: [connection.tenantId] })
}

/**
 * Throws LAST_ADMIN when nobody is left who could sign in and manage users and roles. To be asked after the change, in its transaction,
 * under `lockAdministrators`: two administrators who lock each other at once must not both succeed.
 */
export async function requireAdministratorLeft(connection: TenantConnection, ctx: Pick<ModelContext, 'model'>): Promise<void> {
  const left = await connection.run({
    text: `select 1 from nexus.credential c join nexus.record r on r.tenant_id = c.tenant_id and r.entity_no = $3 and r.id = c.user_id
      where c.tenant_id = $1 and c.roles && $2::text[] and not c.locked and c.password_hash is not null and r.deleted_at is null limit 1`,
    values: [connection.tenantId, administratorRoles(ctx.model), userEntity(ctx).no],
  })
  if (left.length === 0) throw identityErrors.LAST_ADMIN({})
}
