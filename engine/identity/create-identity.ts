/**
 * Puts identity together for one process: the sources each use case stands on are handed in once, here.
 * Decides nothing itself.
 */
import type { Caller } from '../kernel/context.ts'
import type { Log } from '../kernel/log.ts'
import type { SecurityLog } from '../kernel/security-log.ts'
import { unspanned } from '../kernel/spans.ts'
import type { ModelContext } from '../model/types.ts'
import type { Database } from '../platform/types.ts'
import { createKey, listKeys, type NewKey, type NewKeyView, noteKeyUse, revokeKey } from './api-keys.ts'
import { createAuthentication, type Credentials } from './authenticate.ts'
import { createTenant, type NewTenant } from './create-tenant.ts'
import { listSessions, revokeSession, signOut } from './end-session.ts'
import { identityErrors, unauthenticated } from './errors.ts'
import { canonicalEmail, findCredential, findTenant, isTenant } from './find-tenant.ts'
import { loadCaller, type Principal } from './load-caller.ts'
import { lockUser, resetUser, unlockUser } from './lock-user.ts'
import { changeMe, changePassword, describeMe, describeUser } from './me.ts'
import { forgotPassword, resetPassword } from './password-link.ts'
import { clearRefreshCookie, isSameSite, readRefreshCookie, writeRefreshCookie } from './refresh-cookie.ts'
import { listRoles } from './roles.ts'
import type { RefreshToken } from './session.ts'
import { refresh, type SignedIn, type SignIn, signIn } from './sign-in.ts'
import { listTenants, renameTenant, setTenantStatus } from './tenants.ts'
import { createTrees } from './tree.ts'
import type { AppendAudit, Around, Deliver, IdentityConfig, Mail, ModelSource, PeopleRecords, Visit } from './types.ts'
import { changeUser, createUser, getUser, listUsers, type NewUser, type UserChange, type UserView } from './users.ts'

/** What identity stands on; the upper rooms among it (records, audit, mail) are handed in by the start room. */
export interface IdentityParts {
  readonly config: IdentityConfig
  readonly database: Database
  readonly models: ModelSource
  readonly people: PeopleRecords
  readonly appendAudit: AppendAudit
  readonly securityLog: SecurityLog
  readonly deliver: Deliver
  readonly log: Log
}

export type Identity = ReturnType<typeof createIdentity>

/** By whom a job was begun that no request stands behind: a seed, the command line. */
const NO_SESSION: Pick<Principal, 'sessionId' | 'apiKeyId'> = { sessionId: null, apiKeyId: null }

interface Page {
  readonly limit: number
  readonly after: string | null
}

/** Makes the identity of one process. */
export function createIdentity(parts: IdentityParts) {
  const { config, database, models, log } = parts
  const running = new Set<Promise<void>>()

  /** Work that goes on after an answer, and is no step of its request; `close` waits for it. */
  function later(work: () => Promise<void>): void {
    const task = unspanned(work).catch((cause: unknown) => log.warn('Work after an answer of identity failed', {}, cause))
    running.add(task)
    void task.finally(() => running.delete(task))
  }

  const trees = createTrees(database, models)
  const authentication = createAuthentication({
    config,
    database,
    models,
    noteTree: trees.note,
    noteKeyUse: ({ tenantId, apiKeyId }, now) => {
      if (apiKeyId !== null) later(() => database.writeAs(tenantId, connection => noteKeyUse(connection, apiKeyId, now)))
    },
  })
  const { authenticate, forget } = authentication
  const post = (mail: Mail): void => later(() => parts.deliver(mail))
  const sources = { ...parts, forget, later, post }

  /**
   * A user of whom only the id is known, as of this moment: for jobs that run in his name, with no more than the session or key held that
   * they were begun by. Throws 401 when he, or it, no longer counts.
   */
  async function callerOf(tenantId: string, userId: string, now: Date, via = NO_SESSION): Promise<Caller> {
    const admitted = await loadCaller(sources, { tenantId, userId, ...via }, now)
    if (admitted === null) throw unauthenticated()
    trees.note(tenantId, admitted.treeEpoch)
    return admitted.caller
  }

  /** A user by what an operator types at the command line. Throws 401 when there is none who counts. */
  async function callerByEmail(tenantKey: string, email: string, now: Date): Promise<Caller> {
    const tenantId = await findTenant(database, tenantKey)
    const credential = await findCredential(database, tenantId, canonicalEmail(email))
    if (credential === undefined) throw unauthenticated()
    return callerOf(tenantId, credential.user_id, now)
  }

  return {
    authenticate: (credentials: Credentials) => authenticate(credentials),
    forget,
    callerOf,
    callerByEmail,
    trees,
    cookie: {
      read: readRefreshCookie,
      write: (token: RefreshToken) => writeRefreshCookie(config, token),
      clear: () => clearRefreshCookie(config),
      /** Throws CROSS_SITE 403 unless a request with the cookie comes from our own page, or from no page. */
      requireSameSite: (headers: Parameters<typeof isSameSite>[1]) => {
        if (!isSameSite(config, headers)) throw identityErrors.CROSS_SITE({})
      },
    },
    signIn: async (typed: SignIn, visit: Visit, cookies?: string) => {
      const welcomed = await signIn(sources, typed, visit, cookies)
      return { ...shown(welcomed), device: welcomed.device }
    },
    refresh: async (cookie: string | null, visit: Visit) => shown(await refresh(sources, cookie, visit)),
    signOut: (shown: Parameters<typeof signOut>[1], everywhere: boolean, visit: Visit) => signOut(sources, shown, everywhere, visit),
    forgotPassword: (typed: { tenant: string; email: string }, visit: Visit, cookies?: string) =>
      forgotPassword(sources, typed, visit, cookies),
    resetPassword: async (typed: { token: string; password: string }, visit: Visit) => {
      const { tenantId, userId } = await resetPassword(sources, typed, visit)
      forget(tenantId, userId)
    },
    me: {
      describe: describeMe,
      change: (ctx: ModelContext, input: Parameters<typeof changeMe>[2]) => changeMe(sources, ctx, input),
      changePassword: (ctx: ModelContext, input: Parameters<typeof changePassword>[2]) => changePassword(sources, ctx, input),
    },
    users: {
      list: (ctx: ModelContext, page: Page) => listUsers(sources, ctx, page),
      get: (ctx: ModelContext, id: string) => getUser(sources, ctx, id),
      create: (ctx: ModelContext, input: NewUser, around?: Around<UserView>) => createUser(sources, ctx, input, around),
      change: (ctx: ModelContext, id: string, input: UserChange) => changeUser(sources, ctx, id, input),
      lock: (ctx: ModelContext, id: string) => lockUser(sources, ctx, id),
      unlock: (ctx: ModelContext, id: string) => unlockUser(sources, ctx, id),
      reset: (ctx: ModelContext, id: string) => resetUser(sources, ctx, id),
    },
    roles: { list: listRoles },
    sessions: {
      list: (ctx: ModelContext, page: Page & { userId: string | null }) => listSessions(sources, ctx, page),
      revoke: (ctx: ModelContext, id: string) => revokeSession(sources, ctx, id),
    },
    apiKeys: {
      list: (ctx: ModelContext, page: Page) => listKeys(sources, ctx, page),
      create: (ctx: ModelContext, input: NewKey, around?: Around<NewKeyView>) => createKey(sources, ctx, input, around),
      revoke: (ctx: ModelContext, id: string) => revokeKey(sources, ctx, id),
    },
    tenants: {
      list: (page: Page) => listTenants(database, page),
      exists: (key: string) => isTenant(database, key),
      create: (input: NewTenant, visit: Visit) => createTenant(sources, input, visit),
      rename: (from: string, to: string, visit: Visit) => renameTenant(sources, from, to, visit),
      setStatus: (key: string, input: Parameters<typeof setTenantStatus>[2], visit: Visit) => setTenantStatus(sources, key, input, visit),
    },
    /** Waits for what goes on after answers: letters on their way, notes of key use. */
    close: async () => {
      await Promise.all(running)
    },
  }
}

/** A session as the door hands it out. */
function shown({ access, refresh: token, admitted }: SignedIn) {
  return { access, refresh: token, user: describeUser(admitted.caller) }
}
