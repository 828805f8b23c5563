/**
 * The wall between tenants with the application taken away: statements of the engine's own role, without any `tenant_id = …` of the
 * engine's making. What the schema itself refuses, for every table there is, so that a new table without a wall fails here.
 */
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openWorld, type World } from './world.ts'

let world: World
let engine: pg.Client
let north: string
let south: string

interface Table {
  readonly name: string
  readonly kind: string
  readonly owner: string
  readonly is_partition: boolean
  readonly guarded: boolean
  readonly forced: boolean
  readonly tenant_column: string | null
}

let tables: Table[]

beforeAll(async () => {
  world = await openWorld()
  north = world.tenantId('north')
  south = world.tenantId('south')
  engine = new pg.Client({ connectionString: world.url })
  await engine.connect()
  await engine.query('set role nexus_engine')
  await engine.query('set search_path = nexus')
  tables = await world.peek<Table>(
    `select c.relname as name, c.relkind::text as kind, pg_get_userbyid(c.relowner)::text as owner, c.relispartition as is_partition,
       c.relrowsecurity as guarded, c.relforcerowsecurity as forced,
       (select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attname = case when c.relname = 'tenant' then 'id' else 'tenant_id' end and not a.attisdropped) as tenant_column
     from pg_class c where c.relnamespace = 'nexus'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f') order by 1`,
  )
})
afterAll(() => engine.end())

const as = (tenant: string | null): Promise<unknown> =>
  engine.query(tenant === null ? 'reset nexus.tenant_id' : `set nexus.tenant_id = '${tenant}'`)
const failure = async (text: string): Promise<string> =>
  engine.query(text).then(
    () => 'no failure',
    (error: { code?: string }) => error.code ?? 'unknown',
  )

/** No right at all. */
const DENIED = '42501'
/** `current_setting` of what is not set, and the cast of an empty one. */
const CLOSED = ['42704', '22P02']

/** Tables that belong to no tenant, named one by one: what Nexus knows of itself. */
const WITHOUT_TENANT: readonly string[] = ['migration']

test('every table of the schema belongs to the owner and is behind forced row security', async () => {
  expect(tables.length).toBeGreaterThan(25)
  const bare = tables.filter(table => !table.is_partition && !WITHOUT_TENANT.includes(table.name))
  expect(bare.filter(table => !table.guarded || !table.forced)).toEqual([])
  expect(bare.filter(table => table.tenant_column === null)).toEqual([])
  expect(tables.filter(table => table.owner !== 'nexus_owner')).toEqual([])
  expect(tables.filter(table => !['r', 'p'].includes(table.kind))).toEqual([])
  for (const name of WITHOUT_TENANT) expect([name, await failure(`select * from nexus.${name}`)]).toEqual([name, DENIED])
})

test('a partition, whose parent’s policies would not bind whoever names it, is open to nobody', async () => {
  const partitions = tables.filter(table => table.is_partition)
  expect(partitions.length).toBeGreaterThan(1)
  await as(north)
  for (const { name } of partitions)
    for (const text of [`select * from nexus.${name}`, `delete from nexus.${name}`])
      expect([name, await failure(text)]).toEqual([name, DENIED])
  const granted = await world.peek(
    `select table_name, grantee, privilege_type from information_schema.role_table_grants where table_schema = 'nexus' and table_name = any($1) and grantee <> 'nexus_owner'`,
    [partitions.map(table => table.name)],
  )
  expect(granted).toEqual([])
})

describe('with the application’s own filter gone', () => {
  test('each table shows one tenant and no other', async () => {
    const filled: string[] = []
    for (const { name, tenant_column: column } of tables.filter(table => !table.is_partition && table.tenant_column !== null)) {
      const [truth] = await world.peek<{ north: number; south: number }>(
        `select count(*) filter (where ${column} = $1)::int as north, count(*) filter (where ${column} = $2)::int as south from nexus.${name}`,
        [north, south],
      )
      if (truth !== undefined && truth.south > 0) filled.push(name)
      await as(north)
      const seen = await engine.query<{ tenant: string; n: number }>(
        `select ${column} as tenant, count(*)::int as n from nexus.${name} group by 1`,
      )
      expect([name, seen.rows]).toEqual([name, truth === undefined || truth.north === 0 ? [] : [{ tenant: north, n: truth.north }]])
    }
    // A table that is empty proves nothing; these are the ones that hold what people wrote.
    for (const name of [
      'record',
      'record_link',
      'record_unique',
      'record_value',
      'record_search',
      'record_history',
      'credential',
      'session',
      'api_key',
      'revision',
      'outbox',
      'audit',
      'number_series',
      'tenant',
    ]) {
      expect(filled).toContain(name)
    }
  })

  test('joins, set operations, locks, counts and copies see no more', async () => {
    await as(north)
    const foreign = world.id('south', 'deal/mine')
    for (const text of [
      `select 1 from nexus.record where id = '${foreign}'`,
      `select 1 from nexus.record where id = '${foreign}' for update`,
      `select 1 from nexus.record a join nexus.record b on b.id = '${foreign}'`,
      `select 1 from nexus.record where tenant_id = '${south}'`,
      `select 1 from nexus.record where tenant_id <> '${north}'`,
      `select 1 from (select * from nexus.record union all select * from nexus.record) x where tenant_id = '${south}'`,
      `with x as materialized (select * from nexus.record) select 1 from x where tenant_id = '${south}'`,
      `select 1 from nexus.record where data::text like '%Austral%'`,
      `select 1 from nexus.record_search where s like '%austral%'`,
      `select 1 from nexus.audit where details::text like '%Austral%' or tenant_id = '${south}'`,
      `select 1 from nexus.tenant where key = 'south'`,
      `select 1 from lateral (select * from nexus.record offset 0) r where r.tenant_id = '${south}'`,
    ]) {
      expect([text, (await engine.query(text)).rowCount]).toEqual([text, 0])
    }
    for (const text of [`copy nexus.record to program 'cat'`, `copy nexus.record to '/tmp/x'`])
      expect([text, await failure(text)]).toEqual([text, DENIED])
  })

  test('a function of the query’s own, which might be run before the policy, is not run on foreign rows', async () => {
    await as(north)
    await engine.query(
      `create function pg_temp.tells(t text) returns boolean language plpgsql cost 0.0000001 as $$ begin if t like '%Austral%' then raise exception 'seen'; end if; return true; end $$`,
    )
    expect(await failure('select count(*) from nexus.record where pg_temp.tells(data::text)')).toBe('no failure')
    // Errors of casts and divisions are oracles of the same kind.
    expect(
      await failure(
        `select count(*) from nexus.record where (case when data::text like '%Austral%' then 1 / (length(data::text) - length(data::text)) else 1 end) = 1`,
      ),
    ).toBe('no failure')
  })

  test('nothing of another tenant can be changed or taken away, and nothing planted there', async () => {
    await as(north)
    const before = await world.peek<{ digest: string }>(
      `select md5(string_agg(r::text, '' order by r.id)) as digest from nexus.record r where tenant_id = $1`,
      [south],
    )
    for (const { name, tenant_column: column } of tables.filter(table => !table.is_partition && table.tenant_column !== null)) {
      await engine.query('begin')
      const updated = await engine.query(`update nexus.${name} set ${column} = ${column} where ${column} = '${south}'`).then(
        done => done.rowCount,
        (error: { code?: string }) => error.code,
      )
      await engine.query('rollback')
      expect([name, updated === 0 || updated === DENIED]).toEqual([name, true])
      const deleted = await engine.query(`delete from nexus.${name} where ${column} = '${south}'`).then(
        done => done.rowCount,
        (error: { code?: string }) => error.code,
      )
      expect([name, deleted === 0 || deleted === DENIED]).toEqual([name, true])
      await engine.query('begin')
      const moved = await failure(`update nexus.${name} set ${column} = '${south}'`)
      await engine.query('rollback')
      const [own] = await world.peek<{ n: number }>(`select count(*)::int as n from nexus.${name} where ${column} = $1`, [north])
      expect([name, moved === DENIED || own?.n === 0]).toEqual([name, true])
    }
    expect(
      await failure(
        `insert into nexus.record select (jsonb_populate_record(r, jsonb_build_object('tenant_id', '${south}'))).* from nexus.record r limit 1`,
      ),
    ).toBe(DENIED)
    expect(
      await failure(
        `insert into nexus.record_unique (tenant_id, entity_no, rule_no, value, record_id) values ('${south}', 1, 1, 'x', '${south}')`,
      ),
    ).toBe(DENIED)
    expect(
      await world.peek(`select md5(string_agg(r::text, '' order by r.id)) as digest from nexus.record r where tenant_id = $1`, [south]),
    ).toEqual(before)
  })

  test.each([
    ['never set', async () => void (await engine.query('discard all').then(() => engine.query('set role nexus_engine')))],
    ['reset', () => as(null)],
    ['empty', () => engine.query(`set nexus.tenant_id = ''`)],
    ['no id', () => engine.query(`set nexus.tenant_id = '*'`)],
  ])('a tenant that is %s is no tenant: every table refuses', async (_what, prepare) => {
    await prepare()
    for (const { name } of tables.filter(table => !table.is_partition && table.tenant_column !== null)) {
      const [row] = await world.peek<{ n: number }>(`select count(*)::int as n from nexus.${name}`)
      if (row?.n === 0) continue
      expect([name, CLOSED.includes(await failure(`select * from nexus.${name}`))]).toEqual([name, true])
    }
    expect(CLOSED).toContain(await failure(`select * from nexus.search_ids(1, array[1], array[array[1]], 'x', 10)`))
    await engine.query('set search_path = nexus')
  })

  test('the nil tenant, under which sign-in counts its failures, holds nothing else', async () => {
    await as('00000000-0000-0000-0000-000000000000')
    for (const { name, tenant_column: column } of tables.filter(
      table => !table.is_partition && table.tenant_column !== null && table.name !== 'sign_in_throttle',
    )) {
      expect([name, (await engine.query(`select ${column} from nexus.${name} limit 1`)).rowCount]).toEqual([name, 0])
    }
  })
})

describe('the roles', () => {
  test('none is a superuser, past row security, or may make roles and databases; only the owner owns', async () => {
    const roles = await world.peek<{ name: string; strong: boolean; owns: number }>(
      `select rolname::text as name, rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication or rolcanlogin as strong,
         (select count(*) from pg_class c where c.relowner = r.oid)::int as owns from pg_roles r where rolname like 'nexus\\_%' and rolname not in ('nexus_test', 'nexus_owner') and not rolcanlogin order by 1`,
    )
    expect(roles).toEqual(['nexus_engine', 'nexus_jobs', 'nexus_relay', 'nexus_search'].map(name => ({ name, strong: false, owns: 0 })))
  })

  test('the login of a process can become the serving roles and neither the owner nor the search role', async () => {
    for (const role of ['nexus_owner', 'nexus_search', 'postgres', 'nexus'])
      expect([role, ['42501', '22023'].includes(await failure(`set role ${role}`))]).toEqual([role, true])
    await engine.query('set role nexus_engine')
    for (const text of [
      'create table nexus.mine (n int)',
      'alter table nexus.record disable row level security',
      'alter table nexus.record no force row level security',
      'drop policy record_of_tenant on nexus.record',
      'truncate nexus.record',
      'set session_replication_role = replica',
      'set row_security = off; select * from nexus.record',
    ]) {
      expect([text, await failure(text)]).toEqual([text, expect.stringMatching(/^42501$/)])
    }
    await engine.query('reset row_security')
  })

  test('what crosses tenants is this list and no more', async () => {
    const open = await world.peek<{ policy: string }>(
      `select tablename || ': ' || array_to_string(roles, ',') || ' ' || lower(cmd) as policy from pg_policies where schemaname = 'nexus'
         and (qual is null or qual not like '%current_setting%' or (cmd <> 'SELECT' and coalesce(with_check, '') not like '%current_setting%')) order by 1`,
    )
    expect(open.map(row => row.policy)).toEqual([
      'audit_unsealed: nexus_jobs select',
      'job: nexus_jobs select',
      'outbox: nexus_relay select',
      'outbox_relay: nexus_relay select',
      'record_search: nexus_search select',
      'tenant: nexus_jobs select',
    ])
    const columns = await world.peek<{ granted: string }>(
      `select grantee || ': ' || table_name || '.' || column_name || ' ' || lower(privilege_type) as granted from information_schema.role_column_grants
         where table_schema = 'nexus' and grantee in ('nexus_jobs', 'nexus_relay') order by 1`,
    )
    const wide = columns.map(row => row.granted).filter(granted => !/(tenant|audit_unsealed|outbox_relay)\.\w+ select$/.test(granted))
    expect(wide).toEqual([
      'nexus_jobs: job.created_at select',
      'nexus_jobs: job.id select',
      'nexus_jobs: job.kind select',
      'nexus_jobs: job.leased_until select',
      'nexus_jobs: job.status select',
      'nexus_jobs: job.tenant_id select',
      'nexus_relay: outbox.at select',
      'nexus_relay: outbox.sequence select',
      'nexus_relay: outbox.tenant_id select',
      'nexus_relay: outbox.written select',
    ])
  })

  test('each policy of the engine’s role binds reading and writing to the one setting', async () => {
    const policies = await world.peek<{ name: string; qual: string; with_check: string | null; permissive: string; cmd: string }>(
      `select tablename as name, qual, with_check, permissive, cmd from pg_policies where schemaname = 'nexus' and 'nexus_engine' = any(roles) order by 1`,
    )
    expect(policies.map(policy => policy.name)).toEqual(
      tables.filter(table => !table.is_partition && !WITHOUT_TENANT.includes(table.name)).map(table => table.name),
    )
    for (const policy of policies) {
      const rule = `(${policy.name === 'tenant' ? 'id' : 'tenant_id'} = (current_setting('nexus.tenant_id'::text))::uuid)`
      expect(policy).toEqual({ name: policy.name, qual: rule, with_check: rule, permissive: 'PERMISSIVE', cmd: 'ALL' })
    }
  })

  test('history, audit and revisions can be added to and never changed', async () => {
    await as(north)
    for (const table of ['audit', 'audit_seal', 'record_history', 'revision']) {
      for (const text of [`update nexus.${table} set tenant_id = tenant_id`, `delete from nexus.${table}`, `truncate nexus.${table}`])
        expect([text, await failure(text)]).toEqual([text, DENIED])
    }
  })

  test('the public may do nothing', async () => {
    expect(
      await world.peek(`select table_name from information_schema.role_table_grants where table_schema = 'nexus' and grantee = 'PUBLIC'`),
    ).toEqual([])
    expect(await world.peek(`select nspname from pg_namespace n, aclexplode(nspacl) a where nspname = 'nexus' and a.grantee = 0`)).toEqual(
      [],
    )
  })
})

describe('functions', () => {
  interface Fn {
    readonly name: string
    readonly owner: string
    readonly definer: boolean
    readonly path: string | null
    readonly may: string[]
  }
  let functions: Fn[]
  beforeAll(async () => {
    functions = await world.peek<Fn>(
      `select p.proname::text as name, pg_get_userbyid(p.proowner)::text as owner, p.prosecdef as definer, (select c from unnest(p.proconfig) c where c like 'search_path=%') as path,
         array(select coalesce(nullif(pg_get_userbyid(a.grantee)::text, 'unknown (OID=0)'), 'PUBLIC') from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee <> p.proowner and a.privilege_type = 'EXECUTE' order by 1) as may
       from pg_proc p where p.pronamespace = 'nexus'::regnamespace order by 1`,
    )
  })

  test('those that run with another’s rights are known by name, owner and caller', () => {
    expect(functions.filter(each => each.definer).map(({ name, owner, may }) => `${name} as ${owner} for ${may.join(', ')}`)).toEqual([
      'drop_old_events as nexus_owner for nexus_jobs',
      'ensure_partitions as nexus_owner for nexus_jobs',
      'search_ids as nexus_search for nexus_engine',
      'tenant_by_key as nexus_jobs for nexus_engine',
    ])
  })

  test('all but plain arithmetic name their search path, and none can be called by everybody', () => {
    expect(functions.filter(each => each.path !== 'search_path=pg_catalog' && each.name !== 'fold')).toEqual([])
    expect(functions.filter(each => each.may.includes('PUBLIC'))).toEqual([])
  })

  test('search takes the tenant from the setting alone: the hashes of another tenant’s words find nothing', async () => {
    const [row] = await world.peek<{ entity_no: number; field_no: number; g: number[]; s: string }>(
      `select entity_no, field_no, g, s from nexus.record_search where tenant_id = $1 and s like '%deal%' limit 1`,
      [south],
    )
    const search = (tenant: string): Promise<pg.QueryResult> =>
      as(tenant).then(() =>
        engine.query('select * from nexus.search_ids($1, $2, $3, $4, 100)', [row?.entity_no, [row?.field_no], [row?.g], row?.s]),
      )
    expect((await search(south)).rowCount).toBeGreaterThan(0)
    expect((await search(north)).rowCount).toBe(0)
  })

  test('a tenant is found by its key with its id and standing, and nothing else of it', async () => {
    const found = await engine.query(`select * from nexus.tenant_by_key('south')`)
    expect(found.rows).toEqual([{ id: south, status: 'active' }])
  })
})
