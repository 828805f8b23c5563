/**
 * What administrators do with users: list, create, change. The person is a record and passes the records door; the account is written
 * beside it in the same transaction, with its line in the audit.
 */
import { LOCALES, type Locale } from '../kernel/context.ts'
import { newId } from '../kernel/ids.ts'
import type { ModelContext } from '../model/types.ts'
import { SqlFailure } from '../platform/index.ts'
import { type Account, type AccountChange, changeAccount, findAccounts, insertAccount, voidLinks } from './account.ts'
import { requireCurrentEpochs } from './epochs.ts'
import { identityErrors } from './errors.ts'
import { canonicalEmail } from './find-tenant.ts'
import {
  findManagedUser,
  findUser,
  lockAdministrators,
  type ManageSources,
  requireAdministratorLeft,
  requireRolesHeld,
  requireUnitInReach,
} from './manage.ts'
import { hashPassword } from './password.ts'
import { type Addressee, type LinkSources, makeLink } from './password-link.ts'
import { findPasswordProblems } from './password-policy.ts'
import { requireTimeZone } from './time-zone.ts'
import type { Around, Mail, Person, PersonValues } from './types.ts'

export interface UserSources extends LinkSources, ManageSources {
  /** Drops what this process remembers of a user's standing. */
  readonly forget: (tenantId: string, userId: string) => void
}

/** A user as administrators see him. */
export interface UserView {
  readonly id: string
  readonly email: string | null
  readonly name: string | null
  readonly actor: string | null
  readonly org_unit_id: string | null
  readonly roles: readonly string[]
  readonly locale: string | null
  readonly time_zone: string | null
  readonly locked: boolean
  /** Still without a password. */
  readonly invited: boolean
  readonly last_sign_in_at: string | null
}

/** What a new user is made of. */
export interface NewUser {
  readonly email: string
  readonly name: string
  readonly actor?: 'employee' | 'client' | 'supplier' | 'professional'
  readonly roles: readonly string[]
  readonly org_unit_id?: string | null
  readonly locale?: Locale
  readonly time_zone?: string
  readonly password?: string
}

/** What may be changed of a user; what is left out stays. */
export type UserChange = Partial<Omit<NewUser, 'password'>>

/** One page of the users the caller sees and who have an account. */
export async function listUsers(sources: ManageSources, ctx: ModelContext, page: { limit: number; after: string | null }) {
  const { people, next } = await sources.people.list(ctx, page)
  const accounts = await findAccounts(
    sources.database,
    ctx.caller.tenant.id,
    people.map(person => person.id),
  )
  const users = people.flatMap(person => {
    const account = accounts.get(person.id)
    return account === undefined ? [] : [viewOf(person, account)]
  })
  return { users, next }
}

/** One user the caller sees. */
export async function getUser(sources: ManageSources, ctx: ModelContext, userId: string): Promise<UserView> {
  const { person, account } = await findUser(sources, ctx, userId)
  return viewOf(person, account)
}

/** Creates a user; without a password he gets an invitation by mail. `around` is run inside the transaction, before anything else. */
export async function createUser(
  sources: UserSources,
  ctx: ModelContext,
  input: NewUser,
  around: Around<UserView> = (_, act) => act(),
): Promise<UserView> {
  const { caller, now } = ctx
  const email = canonicalEmail(input.email)
  requireRolesHeld(ctx, input.roles)
  requireUnitInReach(ctx, input.org_unit_id ?? null)
  if (input.time_zone !== undefined) requireTimeZone(input.time_zone, caller.locale)
  const errors = input.password === undefined ? [] : findPasswordProblems(input.password, email, caller.locale, '/password')
  if (errors.length > 0) throw identityErrors.PASSWORD_REFUSED({}, { errors })
  const hash = input.password === undefined ? null : await hashPassword(input.password)
  const id = newId(now.getTime())
  const write = await sources.people.prepareCreate(ctx, 'user', id, recordValues({ actor: 'employee', ...input, email }))
  const account = { id, email, hash, roles: input.roles, locale: input.locale ?? null, time_zone: input.time_zone ?? null, now }
  const letters: Mail[] = []
  const user = await sources.database.writeAs(caller.tenant.id, async connection => {
    await requireCurrentEpochs(connection, caller)
    return around(connection, async () => {
      await insertAccount(connection, account)
      await write(connection)
      const details = { roles: [...input.roles], invited: hash === null }
      await sources.appendAudit(connection, ctx, { action: 'user.created', entity: 'user', record_id: id, details })
      const addressee = addresseeOf(ctx, id, email, input.name, account.locale)
      if (hash === null) letters.push(await makeLink(connection, sources.config, 'invitation', addressee, now))
      const person: Person = { id, email, name: input.name, actor: input.actor ?? 'employee', orgUnitId: input.org_unit_id ?? null }
      return viewOf(person, { ...account, locked: false, has_password: hash !== null, last_sign_in_at: null })
    })
  })
  for (const letter of letters) sources.post(letter)
  return user
}

/** Changes a user. New roles, unit or kind of actor void his access tokens at once. */
export async function changeUser(sources: UserSources, ctx: ModelContext, userId: string, input: UserChange): Promise<UserView> {
  const tenantId = ctx.caller.tenant.id
  const { account } = await findManagedUser(sources, ctx, userId)
  const changesRights = input.roles !== undefined || input.org_unit_id !== undefined || input.actor !== undefined
  if (changesRights && userId === ctx.caller.userId) throw identityErrors.SELF_EDIT({})
  if (input.time_zone !== undefined) requireTimeZone(input.time_zone, ctx.caller.locale)
  if (input.roles !== undefined) requireRolesHeld(ctx, input.roles)
  if (input.org_unit_id !== undefined) requireUnitInReach(ctx, input.org_unit_id)
  const change: AccountChange = {
    ...(input.email === undefined ? {} : { email: canonicalEmail(input.email) }),
    ...(input.roles === undefined ? {} : { roles: input.roles }),
    ...(input.locale === undefined ? {} : { locale: input.locale }),
    ...(input.time_zone === undefined ? {} : { time_zone: input.time_zone }),
  }
  const values = recordValues({ ...input, ...(change.email === undefined ? {} : { email: change.email }) })
  const write = Object.keys(values).length === 0 ? null : await sources.people.prepareUpdate(ctx, 'user', userId, values)
  const details = {
    changed: Object.keys(input).sort(),
    ...(input.roles === undefined ? {} : { roles: [...input.roles], before: account.roles }),
  }
  await refuseTakenEmail(
    sources.database.writeAs(tenantId, async connection => {
      await requireCurrentEpochs(connection, ctx.caller)
      if (input.roles !== undefined) await lockAdministrators(connection)
      await changeAccount(connection, account, change, changesRights)
      if (write !== null) await write(connection)
      if (input.roles !== undefined) await requireAdministratorLeft(connection, ctx)
      // A link that went to the old address must not open the account to whoever reads that mailbox now.
      if (change.email !== undefined && change.email !== account.email) await voidLinks(connection, userId, ctx.now)
      await sources.appendAudit(connection, ctx, { action: 'user.changed', entity: 'user', record_id: userId, details })
    }),
  )
  sources.forget(tenantId, userId)
  return getUser(sources, ctx, userId)
}

/** Whom a letter about a user's account goes to. */
export function addresseeOf(ctx: ModelContext, userId: string, email: string, name: string | null, locale: string | null): Addressee {
  const { tenant } = ctx.caller
  return { userId, email, name: name ?? email, locale: LOCALES.find(known => known === locale) ?? tenant.locale, tenantName: tenant.name }
}

const RECORD_FIELDS = ['name', 'email', 'actor', 'org_unit_id'] as const

/** The part of an input that the user's record keeps. */
function recordValues(input: UserChange): PersonValues {
  return Object.fromEntries(RECORD_FIELDS.filter(key => input[key] !== undefined).map(key => [key, input[key]]))
}

async function refuseTakenEmail(written: Promise<void>): Promise<void> {
  try {
    await written
  } catch (error) {
    if (error instanceof SqlFailure && error.kind === 'unique' && error.constraint?.startsWith('credential_'))
      throw identityErrors.EMAIL_TAKEN({})
    throw error
  }
}

function viewOf(
  person: Person,
  account: Pick<Account, 'locale' | 'time_zone' | 'locked' | 'has_password' | 'last_sign_in_at'> & { roles: readonly string[] },
): UserView {
  return {
    id: person.id,
    email: person.email,
    name: person.name,
    actor: person.actor,
    org_unit_id: person.orgUnitId,
    roles: account.roles,
    locale: account.locale,
    time_zone: account.time_zone,
    locked: account.locked,
    invited: !account.has_password,
    last_sign_in_at: account.last_sign_in_at,
  }
}
