/**
 * The database roles and their creation. None is a superuser, none is past row security, only the owner owns;
 * what each may touch is granted by the migrations. Where the login may not create them, the error holds the SQL to run.
 */
import pg from 'pg'
import { administer, canConnect, isAlreadyThere } from './server-admin.ts'

/** Every role, in the order of creation. */
export const ENGINE_ROLES = ['nexus_owner', 'nexus_engine', 'nexus_relay', 'nexus_search', 'nexus_jobs'] as const

/** Roles a process that serves requests takes on; migrations and the search function's owner are not among them. */
export const SERVING_ROLES = ['nexus_engine', 'nexus_relay', 'nexus_jobs'] as const

/** Processes that start together get in each other's way once or twice. */
const ATTEMPTS = 10

/** The roles are missing and this login can't make them. */
export class RolesMissing extends Error {
  readonly sql: string
  constructor(sql: string, reason: string) {
    super(`The database roles are not as they must be (${reason}). Run this as a superuser, then start again:\n\n${sql}\n`)
    this.name = 'RolesMissing'
    this.sql = sql
  }
}

/** The statements that bring a server to the roles Nexus needs, each one harmless when repeated. */
export function rolesSql(login: string, database: string): string[] {
  const name = pg.escapeIdentifier
  return [
    ...ENGINE_ROLES.map(
      role => `do $$ begin if not exists (select from pg_roles where rolname = '${role}') then create role ${role} nologin; end if; end $$`,
    ),
    ...ENGINE_ROLES.map(role => `grant ${role} to ${name(login)}`),
    // The owner hands the functions that look across tenants to the roles they run as.
    'grant nexus_search, nexus_jobs to nexus_owner',
    `grant connect, create on database ${name(database)} to nexus_owner`,
  ]
}

/** Creates what is missing; does nothing, and needs no right, where all is in place. */
export async function prepareRoles(url: string): Promise<void> {
  await administer(url, async client => {
    for (let attempt = 1; ; attempt++) {
      const state = await readState(client)
      const unsafe = state.unsafe
      if (unsafe.length > 0) {
        throw new RolesMissing(
          unsafe.map(role => `alter role ${role} nosuperuser nobypassrls;`).join('\n'),
          `${unsafe.join(', ')} must not bypass row security`,
        )
      }
      if (state.complete) return
      try {
        for (const statement of rolesSql(state.login, state.database)) await client.query(statement)
      } catch (error) {
        // Another process creates the same roles for another database of this server at this moment.
        if (attempt < ATTEMPTS && isRace(error)) continue
        const reason = isRightMissing(error) ? `${state.login} may not create them` : String((error as Error).message)
        throw new RolesMissing(rolesSql(state.login, state.database).join(';\n') + ';', reason)
      }
    }
  })
}

/**
 * A login that can become the serving roles and nothing more: what the engine uses where it may create one itself.
 * Resetting the role of its connection leads to a user without any right.
 */
export async function prepareServingLogin(adminUrl: string, login: { name: string; password: string }): Promise<string> {
  const serving = new URL(adminUrl)
  serving.username = encodeURIComponent(login.name)
  serving.password = encodeURIComponent(login.password)
  await administer(adminUrl, async client => {
    const name = client.escapeIdentifier(login.name)
    for (let attempt = 1; !(await isServing(client, login.name)) || !(await canConnect(serving.href)); attempt++) {
      try {
        const found = await client.query('select 1 from pg_roles where rolname = $1', [login.name])
        if (found.rowCount === 0) await client.query(`create role ${name} login noinherit`)
        await client.query(`alter role ${name} password ${client.escapeLiteral(login.password)}`)
        for (const role of SERVING_ROLES) await client.query(`grant ${role} to ${name}`)
      } catch (error) {
        if (attempt >= ATTEMPTS || !isRace(error)) throw error
      }
    }
  })
  return serving.href
}

async function isServing(client: pg.Client, login: string): Promise<boolean> {
  const found = await client.query(
    `select from pg_roles login where rolname = $1
        and (select bool_and(pg_has_role(login.oid, role.oid, 'MEMBER')) from pg_roles role where role.rolname = any($2))`,
    [login, SERVING_ROLES],
  )
  return found.rowCount === 1
}

interface RolesState {
  readonly login: string
  readonly database: string
  readonly complete: boolean
  readonly unsafe: string[]
}

async function readState(client: pg.Client): Promise<RolesState> {
  const found = await client.query<{ login: string; database: string; complete: boolean; unsafe: string[] | null }>(
    `select session_user::text as login, current_database()::text as database,
            (select count(*) = $2 and bool_and(pg_has_role(session_user, oid, 'MEMBER')) from pg_roles where rolname = any($1))
              and coalesce((select has_database_privilege(oid, current_database(), 'CREATE')
                                   and (select bool_and(pg_has_role(owner.oid, other.oid, 'MEMBER')) from pg_roles other where other.rolname in ('nexus_search', 'nexus_jobs'))
                              from pg_roles owner where rolname = 'nexus_owner'), false) as complete,
            (select array_agg(rolname::text order by rolname) from pg_roles where rolname = any($1) and (rolsuper or rolbypassrls)) as unsafe`,
    [ENGINE_ROLES, ENGINE_ROLES.length],
  )
  const state = found.rows[0]
  if (state === undefined) throw new Error('The server did not tell its roles.')
  return { ...state, unsafe: state.unsafe ?? [] }
}

function isRace(error: unknown): boolean {
  const told = error as { code?: string; message?: string }
  return isAlreadyThere(told) || (told.message ?? '').includes('tuple concurrently updated')
}

function isRightMissing(error: unknown): boolean {
  return (error as { code?: string }).code === '42501'
}
