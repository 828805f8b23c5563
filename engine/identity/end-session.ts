/** The ways a person or an administrator ends sessions: logout here, logout everywhere, revocation of another's. */
import { commonErrors } from '../kernel/errors.ts'
import type { Caller } from '../kernel/context.ts'
import { isId } from '../kernel/ids.ts'
import type { ModelContext } from '../model/types.ts'
import type { Database, Row, TenantConnection } from '../platform/types.ts'
import { requireCurrentEpochs } from './epochs.ts'
import { pageInSight } from './in-sight.ts'
import { findManagedUser, type ManageSources } from './manage.ts'
import { bumpUserEpoch, endSession, endSessionsOf, type SessionSources } from './session.ts'
import { hashSecret, openRefresh } from './token.ts'
import type { Visit } from './types.ts'

export interface EndSources extends SessionSources {
  readonly forget: (tenantId: string, userId: string) => void
}

/** A session as administrators see it. */
export interface SessionView {
  readonly id: string
  readonly user_id: string
  readonly created_at: string
  readonly refreshed_at: string
  readonly expires_at: string
  readonly ip: string | null
  readonly user_agent: string | null
}

/**
 * Ends the session of the access token or of the refresh cookie, whichever came. `everywhere` ends all of the user's sessions and voids
 * his access tokens; a cookie that was already exchanged is not enough for that. Never tells whether there was a session.
 */
export async function signOut(
  sources: EndSources,
  shown: { readonly caller: Caller | null; readonly cookie: string | null },
  everywhere: boolean,
  visit: Visit,
): Promise<void> {
  const { caller } = shown
  const ofToken = caller?.sessionId == null ? null : { tenantId: caller.tenant.id, sessionId: caller.sessionId, userId: caller.userId }
  const opened = shown.cookie === null ? null : openRefresh(sources.config.secret, shown.cookie)
  const ofCookie = opened === null ? null : { tenantId: opened.tenantId, sessionId: opened.claims.sid }
  if (everywhere) {
    const whose = ofToken ?? (opened === null ? null : await ownerOfCurrent(sources.database, opened, visit.now))
    if (whose !== null) return signOutEverywhere(sources, whose.tenantId, whose.userId, visit)
  }
  for (const ending of [ofToken, ofCookie]) {
    if (ending === null) continue
    const userId = await sources.database.writeAs(ending.tenantId, connection => endOwn(connection, sources, ending.sessionId, visit))
    if (userId !== null) sources.forget(ending.tenantId, userId)
  }
}

async function endOwn(connection: TenantConnection, sources: EndSources, sessionId: string, visit: Visit): Promise<string | null> {
  const [row] = await connection.run<{ user_id: string }>({
    text: 'select user_id from nexus.session where tenant_id = $1 and id = $2',
    values: [connection.tenantId, sessionId],
  })
  return row === undefined ? null : endSession(connection, sources, sessionId, 'signed_out', { ...visit, caller: { userId: row.user_id } })
}

async function signOutEverywhere(sources: EndSources, tenantId: string, userId: string, visit: Visit): Promise<void> {
  await sources.database.writeAs(tenantId, async connection => {
    await bumpUserEpoch(connection, userId)
    const sessions_ended = await endSessionsOf(connection, userId, 'signed_out_everywhere', visit.now)
    const origin = { ...visit, caller: { userId } }
    await sources.appendAudit(connection, origin, {
      action: 'session.signed_out_everywhere',
      entity: 'user',
      record_id: userId,
      details: { sessions_ended },
    })
  })
  sources.forget(tenantId, userId)
}

/** The user behind a refresh token that could still be exchanged. */
async function ownerOfCurrent(database: Database, opened: NonNullable<ReturnType<typeof openRefresh>>, now: Date) {
  const { tenantId, claims } = opened
  const [row] = await database.readAs(tenantId, connection =>
    connection.run<{ user_id: string }>({
      text: `select user_id from nexus.session
        where tenant_id = $1 and id = $2 and generation = $3 and refresh_hash = $4 and revoked_at is null and expires_at > $5`,
      values: [tenantId, claims.sid, claims.generation, hashSecret(claims.secret), now],
    }),
  )
  return row === undefined ? null : { tenantId, userId: row.user_id }
}

/** Sessions that are alive, newest first, of one user or of all whom the caller sees. */
export async function listSessions(
  { database, people }: ManageSources,
  ctx: ModelContext,
  page: { userId: string | null; limit: number; after: string | null },
) {
  const tenantId = ctx.caller.tenant.id
  const read = (after: string | null, limit: number) =>
    database.readAs(tenantId, connection =>
      connection.run<SessionView & Row>({
        text: `select id, user_id, created_at, refreshed_at, expires_at, ip, user_agent from nexus.session
        where tenant_id = $1 and revoked_at is null and expires_at > $2 and ($3::uuid is null or user_id = $3) and ($4::uuid is null or id < $4)
        order by id desc limit $5`,
        values: [tenantId, ctx.now, page.userId, after, limit],
      }),
    )
  const { rows: sessions, next } = await pageInSight(people, ctx, page, read)
  return { sessions, next }
}

/** Ends a session of a user in the caller's reach, or one of his own; throws NOT_FOUND for any that is not alive. */
export async function revokeSession(sources: EndSources & ManageSources, ctx: ModelContext, sessionId: string): Promise<void> {
  if (!isId(sessionId)) throw commonErrors.NOT_FOUND({})
  const tenantId = ctx.caller.tenant.id
  const [row] = await sources.database.readAs(tenantId, connection =>
    connection.run<{ user_id: string }>({
      text: 'select user_id from nexus.session where tenant_id = $1 and id = $2 and revoked_at is null',
      values: [tenantId, sessionId],
    }),
  )
  if (row === undefined) throw commonErrors.NOT_FOUND({})
  if (row.user_id !== ctx.caller.userId) await findManagedUser(sources, ctx, row.user_id)
  await sources.database.writeAs(tenantId, async connection => {
    await requireCurrentEpochs(connection, ctx.caller)
    const ended = await endSession(connection, sources, sessionId, 'administrator', ctx)
    if (ended === null) throw commonErrors.NOT_FOUND({})
  })
  sources.forget(tenantId, row.user_id)
  const { ip, traceId: trace_id } = ctx
  sources.securityLog.append({
    event: 'session_revoked',
    tenant_id: tenantId,
    user_id: row.user_id,
    ip,
    trace_id,
    reference: ctx.caller.userId,
  })
}
