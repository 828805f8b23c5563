/**
 * What a connection's session is set to: whose tenant it is and how the server plans. A setting goes out together with the statement that
 * needs it, and what is not known for sure is set anew.
 */
import type pg from 'pg'
import type { Planning } from './run-statement.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** The one place where an id becomes part of SQL text. */
export function requireTenantId(tenantId: string): void {
  if (!UUID.test(tenantId)) throw new TypeError('A tenant id is a lower-case UUID.')
}

/** What a session's settings were last; null where that is not known. */
export interface Session {
  readonly tenantId: string | null
  readonly planning: Planning | null
}

/** Nothing is known of it: something that sets it is on its way, or has failed. */
export const UNKNOWN: Session = { tenantId: null, planning: null }
/** As the pool has connections made. */
const FRESH: Session = { tenantId: null, planning: 'force_generic_plan' }

const sessions = new WeakMap<pg.ClientBase, Session>()

/** The settings of a connection as far as they are known. */
export function sessionOf(client: pg.ClientBase): Session {
  return sessions.get(client) ?? FRESH
}

/** Notes what a connection is set to by now. */
export function noteSession(client: pg.ClientBase, session: Session): void {
  sessions.set(client, session)
}

/**
 * The commands that bring a session from what it is to what a statement needs; no tenant, for a role with policies of its own, and no
 * planning, for a statement without values, are left as they are. The tenant is a UUID, checked where the connection was asked for.
 */
export function settingCommands(is: Session, tenantId: string | null, planning: Planning | null): string[] {
  const commands: string[] = []
  if (tenantId !== null && is.tenantId !== tenantId) commands.push(`set nexus.tenant_id = '${tenantId}'`)
  if (planning !== null && is.planning !== planning) commands.push(`set plan_cache_mode = ${planning}`)
  return commands
}
