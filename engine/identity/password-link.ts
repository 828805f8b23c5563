/**
 * Links by which a person chooses a password: the invitation of a new user and the reset of a forgotten one.
 * A link is kept by hash, bound to the user's epoch, replaced by the next one, and consumed by one conditional UPDATE; asking for one
 * never tells whether the address exists.
 */
import type { SecurityLog } from '../kernel/security-log.ts'
import { LOCALES, type Locale } from '../kernel/context.ts'
import { newId, newSecret } from '../kernel/ids.ts'
import type { Database, TenantConnection } from '../platform/types.ts'
import { voidLinks } from './account.ts'
import { identityErrors } from './errors.ts'
import { canonicalEmail, findCredential, findTenant } from './find-tenant.ts'
import { knownDevice, type Named } from './known-device.ts'
import { writeLetter } from './mail-texts.ts'
import { hashPassword } from './password.ts'
import { findPasswordProblems } from './password-policy.ts'
import { endSessionsOf } from './session.ts'
import { clearAccount, countAttempt, subjectsFrom, subjectsOf } from './throttle.ts'
import { hashSecret, matchesHash, readStored, writeStored } from './token.ts'
import type { AppendAudit, IdentityConfig, Mail, Origin, Visit } from './types.ts'

export type LinkPurpose = 'invitation' | 'password_reset'

const LIFE_MS: Readonly<Record<LinkPurpose, number>> = { invitation: 7 * 24 * 3600 * 1000, password_reset: 3600 * 1000 }

export interface LinkSources {
  readonly config: IdentityConfig
  readonly database: Database
  readonly appendAudit: AppendAudit
  readonly securityLog: SecurityLog
  /** Hands a letter over once its transaction has committed; a mailer in trouble never fails the act. */
  readonly post: (mail: Mail) => void
  /** Runs work that the answer must not wait for. */
  readonly later: (work: () => Promise<void>) => void
}

/** Whom a letter goes to. */
export interface Addressee {
  readonly userId: string
  readonly email: string
  readonly name: string
  readonly locale: Locale
  readonly tenantName: string
}

/** Makes a link inside a transaction, voiding older ones; gives the letter to deliver after the commit. */
export async function makeLink(
  connection: TenantConnection,
  config: IdentityConfig,
  purpose: LinkPurpose,
  person: Addressee,
  now: Date,
): Promise<Mail> {
  const { tenantId } = connection
  await voidLinks(connection, person.userId, now)
  const id = newId(now.getTime())
  const secret = newSecret()
  await connection.execute({
    text: `insert into nexus.one_time_token (tenant_id, id, user_id, purpose, secret_hash, expires_at, user_epoch)
      select $1, $2, $3, $4, $5, $6, c.epoch from nexus.credential c where c.tenant_id = $1 and c.user_id = $3`,
    values: [tenantId, id, person.userId, purpose, hashSecret(secret), new Date(now.getTime() + LIFE_MS[purpose])],
  })
  // Behind the #: browsers keep that part to themselves, no log and no referrer sees it.
  const link = `${config.publicUrl.replace(/\/+$/, '')}/password#${writeStored(tenantId, purpose, id, secret)}`
  return writeLetter(purpose, person.locale, { to: person.email, name: person.name, tenant: person.tenantName, link })
}

/** Sends a reset link if there is such a user; all but the counting is done after the answer, which therefore takes the same time. */
export async function forgotPassword(
  sources: LinkSources,
  typed: { readonly tenant: string; readonly email: string },
  visit: Visit,
  cookies?: string,
): Promise<void> {
  const email = canonicalEmail(typed.email)
  const named: Named = [typed.tenant, email]
  const device = knownDevice(sources.config, cookies, named, visit.now)
  await countAttempt(sources.database, subjectsFrom('forgot', visit.ip, device, named), visit.now)
  sources.later(async () => {
    const tenantId = await findTenant(sources.database, typed.tenant)
    const credential = await findCredential(sources.database, tenantId, email)
    if (credential === undefined) return
    const mail = await sources.database.writeAs(tenantId, async connection => {
      const person = await findAddressee(connection, credential.user_id)
      if (person === null) return null
      await sources.appendAudit(connection, visit, { action: 'password.reset_requested', entity: 'user', record_id: credential.user_id })
      const purpose = credential.password_hash === null ? 'invitation' : 'password_reset'
      return makeLink(connection, sources.config, purpose, person, visit.now)
    })
    if (mail !== null) sources.post(mail)
  })
}

/** Sets a password by a link; every session and access token of the user ends with it. */
export async function resetPassword(
  sources: LinkSources,
  typed: { readonly token: string; readonly password: string },
  visit: Visit,
): Promise<{ tenantId: string; userId: string }> {
  const link = readStored(typed.token, 'password_reset') ?? readStored(typed.token, 'invitation')
  if (link === null) throw identityErrors.LINK_INVALID({})
  await countAttempt(sources.database, subjectsOf('link', visit.ip, link.tenantId, link.id), visit.now)
  const user = await readLink(sources.database, link, visit.now)
  if (user === null) throw identityErrors.LINK_INVALID({})
  const locale = LOCALES.find(known => known === user.locale) ?? visit.locale
  const errors = findPasswordProblems(typed.password, user.email, locale, '/password')
  if (errors.length > 0) throw identityErrors.PASSWORD_REFUSED({}, { errors })
  const hash = await hashPassword(typed.password)
  const { tenantId } = link
  const userId = await sources.database.writeAs(tenantId, async connection => {
    const [used] = await connection.run<{ user_id: string }>({
      text: CONSUME,
      values: [tenantId, link.id, hashSecret(link.secret), visit.now],
    })
    if (used === undefined) return null
    await setPassword(connection, sources, used.user_id, hash, { ...visit, caller: { userId: used.user_id } }, null)
    return used.user_id
  })
  if (userId === null) throw identityErrors.LINK_INVALID({})
  await clearAccount(sources.database, [user.tenant_key, user.email])
  sources.securityLog.append({ event: 'password_changed', tenant_id: tenantId, user_id: userId, ip: visit.ip, trace_id: visit.traceId })
  return { tenantId, userId }
}

/** Keeps a new password: the epoch rises, sessions end (but for `keepSession`), open links are void. */
export async function setPassword(
  connection: TenantConnection,
  sources: Pick<LinkSources, 'appendAudit'>,
  userId: string,
  hash: string,
  origin: Origin,
  keepSession: string | null,
): Promise<void> {
  const { tenantId } = connection
  await connection.execute({
    text: 'update nexus.credential set password_hash = $3, epoch = epoch + 1 where tenant_id = $1 and user_id = $2',
    values: [tenantId, userId, hash],
  })
  const ended = await endSessionsOf(connection, userId, 'password', origin.now, keepSession)
  await sources.appendAudit(connection, origin, {
    action: 'password.changed',
    entity: 'user',
    record_id: userId,
    details: { sessions_ended: ended },
  })
}

const CONSUME = `update nexus.one_time_token l set used_at = $4
  where l.tenant_id = $1 and l.id = $2 and l.secret_hash = $3 and l.used_at is null and l.expires_at > $4
    and exists (select 1 from nexus.credential c join nexus.tenant t on t.id = c.tenant_id
      where c.tenant_id = $1 and c.user_id = l.user_id and c.epoch = l.user_epoch and not c.locked and t.status = 'active')
  returning l.user_id`

interface LinkUser {
  readonly [column: string]: unknown
  readonly secret_hash: string
  readonly email: string
  readonly locale: string | null
  readonly tenant_key: string
}

/** The user behind a link that could still be consumed: looked at first, so that guesses cost no hash. */
async function readLink(database: Database, link: { tenantId: string; id: string; secret: string }, now: Date): Promise<LinkUser | null> {
  const [row] = await database.readAs(link.tenantId, connection =>
    connection.run<LinkUser>({
      text: `select l.secret_hash, c.email, coalesce(c.locale, t.locale) as locale, t.key as tenant_key
        from nexus.one_time_token l join nexus.credential c on c.tenant_id = l.tenant_id and c.user_id = l.user_id join nexus.tenant t on t.id = l.tenant_id
        where l.tenant_id = $1 and l.id = $2 and l.used_at is null and l.expires_at > $3`,
      values: [link.tenantId, link.id, now],
    }),
  )
  return row !== undefined && matchesHash(link.secret, row.secret_hash) ? row : null
}

async function findAddressee(connection: TenantConnection, userId: string): Promise<Addressee | null> {
  const [row] = await connection.run<{ email: string; locale: string; tenant_name: string }>({
    text: `select c.email, coalesce(c.locale, t.locale) as locale, t.name as tenant_name
      from nexus.credential c join nexus.tenant t on t.id = c.tenant_id
      where c.tenant_id = $1 and c.user_id = $2 and not c.locked and t.status = 'active'`,
    values: [connection.tenantId, userId],
  })
  if (row === undefined) return null
  return {
    userId,
    email: row.email,
    name: row.email,
    locale: LOCALES.find(locale => locale === row.locale) ?? 'en',
    tenantName: row.tenant_name,
  }
}
