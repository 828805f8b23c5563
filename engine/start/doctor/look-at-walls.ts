/** Looks at what keeps tenants apart: the schema, the roles, and the row security of every table. */
import { readMigrations } from '../../platform/migrate.ts'
import type { LongSession } from '../../platform/long-session.ts'
import { ENGINE_ROLES, rolesSql, SERVING_ROLES } from '../../platform/roles.sql.ts'
import { few, orOk, type Verdict, wordsOf } from './verdict.ts'

/** Whether the schema is that of this program. */
export async function lookAtSchema(session: LongSession, folder: string): Promise<Verdict[]> {
  const say = wordsOf('schema')
  const here = await readMigrations(folder)
  const [is] = await session.run<{ there: boolean }>(`select to_regclass('nexus.migration') is not null as there`)
  if (is?.there !== true)
    return [say.wrong('There is no schema of Nexus in this database', 'npx nexus migrate; or point DATABASE_URL to the right one.')]
  await session.run('begin')
  await session.run('set local role nexus_owner')
  const applied = await session.run<{ number: number; name: string; checksum: string }>(
    'select number, name, checksum from nexus.migration',
  )
  await session.run('commit')
  const found: Verdict[] = []
  const missing = here.filter(step => !applied.some(each => each.number === step.number)).map(step => step.name)
  if (missing.length > 0)
    found.push(say.wrong(`The database lacks ${few(missing)}`, 'npx nexus migrate, after a backup by the version that runs.'))
  const newer = applied.filter(each => !here.some(step => step.number === each.number)).map(each => each.name)
  if (newer.length > 0) found.push(say.wrong(`The database is newer than this program: ${few(newer)}`, 'Run the version that made them.'))
  const changed = here
    .filter(step => applied.some(each => each.number === step.number && each.checksum !== step.checksum))
    .map(step => step.name)
  if (changed.length > 0) found.push(say.wrong(`${few(changed)} was changed after it ran`, 'Put the file back as it was released.'))
  const unusable = await session.run<{ name: string }>(
    `select 'nexus.' || c.relname as name from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace s on s.oid = c.relnamespace
      where s.nspname = 'nexus' and not (i.indisvalid and i.indisready) order by 1`,
  )
  for (const { name } of unusable)
    found.push(say.wrong(`The index ${name} is not used: it is not valid`, `reindex index concurrently ${name};`))
  return orOk(found, say.ok(`${here.at(-1)?.name}, as in this program`))
}

interface Role {
  readonly name: string
  readonly strong: boolean
  readonly login: boolean
  readonly owns: number
}

/** Whether the roles are there, bound by row security, and no more than they should be. */
export async function lookAtRoles(session: LongSession, production: boolean): Promise<Verdict[]> {
  const say = wordsOf('roles')
  const roles = await session.run<Record<string, unknown> & Role>(
    `select r.rolname::text as name, r.rolsuper or r.rolbypassrls as strong, r.rolcanlogin as login,
            (select count(*)::int from pg_class c join pg_namespace s on s.oid = c.relnamespace where c.relowner = r.oid and s.nspname = 'nexus') as owns
       from pg_roles r where r.rolname = any($1)`,
    [ENGINE_ROLES],
  )
  const [who] = await session.run<{ login: string; database: string; superuser: boolean; bypass: boolean }>(
    `select session_user::text as login, current_database()::text as database, rolsuper as superuser, rolbypassrls as bypass from pg_roles where rolname = session_user`,
  )
  const mend = `As a superuser: ${rolesSql(who?.login ?? '', who?.database ?? '')
    .slice(-7)
    .join('; ')};`
  const found: Verdict[] = []
  const missing = ENGINE_ROLES.filter(name => !roles.some(role => role.name === name))
  if (missing.length > 0)
    return [say.wrong(`${few(missing)} missing`, `As a superuser: ${missing.map(name => `create role ${name} nologin;`).join(' ')}`)]
  for (const { name, strong, login, owns } of roles) {
    if (strong) found.push(say.wrong(`${name} is past row security: it sees every tenant`, `alter role ${name} nosuperuser nobypassrls;`))
    if (login) found.push(say.wrong(`${name} can sign in by itself`, `alter role ${name} nologin;`))
    if (owns > 0 && name !== 'nexus_owner')
      found.push(
        say.wrong(
          `${name} owns ${owns} objects of the schema and may undo their row security`,
          `reassign owned by ${name} to nexus_owner;`,
        ),
      )
  }
  const lacking = await session.run<{ name: string }>(
    `select rolname::text as name from pg_roles where rolname = any($1) and not pg_has_role(session_user, oid, 'MEMBER') order by 1`,
    [ENGINE_ROLES],
  )
  if (lacking.length > 0) found.push(say.wrong(`${who?.login} can not become ${few(lacking.map(row => row.name))}`, mend))
  const climbing = await session.run<{ role: string; other: string }>(
    `select a.rolname::text as role, b.rolname::text as other from pg_roles a join pg_roles b on a.oid <> b.oid and pg_has_role(a.oid, b.oid, 'MEMBER')
      where a.rolname = any($1)`,
    [SERVING_ROLES],
  )
  for (const { role, other } of climbing) found.push(say.wrong(`${role} can become ${other}`, `revoke ${other} from ${role};`))
  if (production && (who?.superuser === true || who?.bypass === true))
    found.push(
      say.warning(
        `The login ${who.login} of DATABASE_URL is ${who.superuser ? 'a superuser' : 'past row security'}`,
        'Give Nexus a login that is a member of the nexus_ roles and no more (docs/operations/database.md).',
      ),
    )
  return orOk(found, say.ok(`${ENGINE_ROLES.length} roles, all bound by row security`))
}

interface Table {
  readonly name: string
  readonly enabled: boolean
  readonly forced: boolean
  readonly owner: string
  readonly is_partition: boolean
  readonly policies: number
  readonly open: string[]
  readonly granted: string[]
}

/** Whether every table of tenants has row security, forced, by a policy that asks for the tenant. */
export async function lookAtRowSecurity(session: LongSession): Promise<Verdict[]> {
  const say = wordsOf('row security')
  const tables = await session.run<Record<string, unknown> & Table>(TABLES, [SERVING_ROLES])
  const found: Verdict[] = []
  for (const { name, enabled, forced, owner, is_partition: isPartition, policies, open, granted } of tables) {
    const table = `nexus.${name}`
    if (owner !== 'nexus_owner') found.push(say.wrong(`${table} belongs to ${owner}`, `alter table ${table} owner to nexus_owner;`))
    if (isPartition) {
      // The policies of its parent do not bind whoever names the partition itself.
      if (granted.length > 0)
        found.push(say.wrong(`The partition ${table} is open to ${few(granted)}`, `revoke all on ${table} from ${granted.join(', ')};`))
      continue
    }
    if (!enabled)
      found.push(say.wrong(`${table} has no row security: every tenant's rows are open`, `alter table ${table} enable row level security;`))
    if (!forced)
      found.push(
        say.wrong(`Row security of ${table} is not forced: it does not bind the owner`, `alter table ${table} force row level security;`),
      )
    if (policies === 0)
      found.push(
        say.wrong(`${table} has no policy for nexus_engine`, `Compare with engine/platform/migrations and make ${name}_of_tenant anew.`),
      )
    for (const policy of open)
      found.push(say.wrong(`The policy ${policy} of ${table} does not ask for the tenant`, `drop policy ${policy} on ${table};`))
  }
  return orOk(found, say.ok(`forced on ${tables.filter(table => !table.is_partition).length} tables, each with its policy`))
}

const TABLES = `
  select c.relname::text as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced, pg_get_userbyid(c.relowner)::text as owner,
    c.relispartition as is_partition,
    (select count(*)::int from pg_policy p where p.polrelid = c.oid and 'nexus_engine'::regrole = any(p.polroles)) as policies,
    coalesce((select jsonb_agg(p.polname) from pg_policy p where p.polrelid = c.oid
      and ('nexus_engine'::regrole = any(p.polroles) or 0 = any(p.polroles))
      and (pg_get_expr(p.polqual, c.oid) is distinct from format('(%s = (current_setting(''nexus.tenant_id''::text))::uuid)', case c.relname when 'tenant' then 'id' else 'tenant_id' end))), '[]') as open,
    coalesce((select jsonb_agg(distinct r.rolname::text) from pg_roles r
      where r.rolname = any($1) and has_table_privilege(r.oid, c.oid, 'select, insert, update, delete, truncate')), '[]') as granted
  from pg_class c join pg_namespace s on s.oid = c.relnamespace
  where s.nspname = 'nexus' and c.relkind in ('r', 'p') and c.relname <> 'migration'
  order by 1`
