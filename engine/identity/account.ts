/**
 * The account beside a user's record: address, password, lock, roles, language, epoch. Reads and writes its table and decides nothing.
 */
import type { Database, TenantConnection } from '../platform/types.ts'
import { identityErrors } from './errors.ts'

/** A user as the tables of identity keep him. */
export interface Account {
  readonly [column: string]: unknown
  readonly user_id: string
  readonly email: string
  readonly locked: boolean
  readonly has_password: boolean
  readonly epoch: number
  readonly roles: string[]
  readonly locale: string | null
  readonly time_zone: string | null
  readonly last_sign_in_at: string | null
}

/** What a new account is made of; `hash` is null until the person has chosen a password. */
export interface NewAccount {
  readonly id: string
  readonly email: string
  readonly hash: string | null
  readonly roles: readonly string[]
  readonly locale: string | null
  readonly time_zone: string | null
  readonly now: Date
}

/** What may become different; what is left out stays. */
export interface AccountChange {
  readonly email?: string
  readonly roles?: readonly string[]
  readonly locale?: string
  readonly time_zone?: string
  readonly locked?: boolean
  readonly dropPassword?: true
}

/** The accounts of these users, by id. */
export async function findAccounts(
  database: Database,
  tenantId: string,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, Account>> {
  const rows = await database.readAs(tenantId, connection =>
    connection.run<Account>({
      text: `select user_id, email, locked, password_hash is not null as has_password, epoch, roles, locale, time_zone, last_sign_in_at
        from nexus.credential where tenant_id = $1 and user_id = any($2)`,
      values: [tenantId, userIds],
    }),
  )
  return new Map(rows.map(row => [row.user_id, row]))
}

/** Writes the account of a user whose record the same transaction writes; throws EMAIL_TAKEN. */
export async function insertAccount(connection: TenantConnection, account: NewAccount): Promise<void> {
  const { id, email, hash, roles, locale, time_zone, now } = account
  const inserted = await connection.execute({
    text: `insert into nexus.credential (tenant_id, user_id, email, password_hash, roles, locale, time_zone, created_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
    values: [connection.tenantId, id, email, hash, roles, locale, time_zone, now],
  })
  if (inserted === 0) throw identityErrors.EMAIL_TAKEN({})
}

/**
 * Changes an account as it was read; throws STALE when its rights were changed since. `raise` lifts its epoch, which voids every access
 * token of the user.
 */
export async function changeAccount(connection: TenantConnection, account: Account, change: AccountChange, raise: boolean): Promise<void> {
  const next = { ...account, ...change }
  const changed = await connection.execute({
    text: `update nexus.credential set email = $4, roles = $5, locale = $6, time_zone = $7, locked = $8,
        password_hash = case when $9 then null else password_hash end, epoch = epoch + $10
      where tenant_id = $1 and user_id = $2 and epoch = $3`,
    values: [
      connection.tenantId,
      account.user_id,
      account.epoch,
      next.email,
      next.roles,
      next.locale,
      next.time_zone,
      next.locked,
      change.dropPassword === true,
      raise ? 1 : 0,
    ],
  })
  if (changed === 0) throw identityErrors.STALE({})
}

/** Voids every open link of a user. */
export async function voidLinks(connection: TenantConnection, userId: string, now: Date): Promise<void> {
  await connection.execute({
    text: 'update nexus.one_time_token set used_at = $3 where tenant_id = $1 and user_id = $2 and used_at is null',
    values: [connection.tenantId, userId, now],
  })
}
