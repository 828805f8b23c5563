/**
 * Fills an empty database with the benchmark's population, set-based: one INSERT … SELECT per entity for all tenants at once, indexes made
 * afterwards, and beside the records everything the engine keeps of them (unique values, search, single values, minutes of change).
 * The first tenant comes through the operator's door; the others are copies of its metadata. Knows the stored form and no rights.
 */
import pg from 'pg'
import { foldText } from '../../metadata/fold.ts'
import type { CompiledEntity, CompiledModel } from '../model/types.ts'
import { searchFields, valueFields } from '../records/satellite-rows.ts'
import { slotSqlOf } from '../sql/field-sql.ts'
import { slotFields, trigramHashes } from '../sql/index.ts'
import { type BenchTenant, FIRST_AT, idSql, type Kind, STEP_MS } from './population.ts'
import { CUSTOMER, CUSTOMER_OWNED, DEAL, DEAL_OWNED, PRODUCT } from './record-values.ts'

const SESSION_PLACES = { admin: 1, rep: 1001 } as const
/** Rows of search text that go out in one statement. */
const SEARCH_ROWS = 20_000

interface Filling {
  readonly entity: string
  readonly kind: Kind
  /** How many a tenant has, over `t`. */
  readonly count: string
  readonly values: Readonly<Record<string, string>>
  readonly owner: string
  readonly unit: string
}

const text = (sql: string): string => `to_jsonb((${sql})::text)`

const FILLINGS: readonly Filling[] = [
  {
    entity: 'org_unit',
    kind: 'unit',
    count: 't.branches + 1',
    values: {
      name: text(`case n when 1 then 'Company' else 'Branch ' || n end`),
      kind: text(`case n when 1 then 'company' else 'branch' end`),
      parent: `case when n > 1 then ${text(idSql('t.no', 'unit', '1'))} end`,
    },
    owner: 'null',
    unit: 'null',
  },
  {
    entity: 'user',
    kind: 'admin',
    count: 't.admins',
    values: { name: text(`'Admin ' || n`), email: text(`'admin' || n || '@bench.example'`), actor: text(`'employee'`) },
    owner: 'null',
    unit: idSql('t.no', 'unit', '1'),
  },
  {
    entity: 'user',
    kind: 'rep',
    count: 't.reps',
    values: { name: text(`'Rep ' || n`), email: text(`'rep' || n || '@bench.example'`), actor: text(`'employee'`) },
    owner: 'null',
    unit: idSql('t.no', 'unit', '2 + n % t.branches'),
  },
  { entity: 'customer', kind: 'customer', count: 't.customers', values: CUSTOMER, ...CUSTOMER_OWNED },
  { entity: 'product', kind: 'product', count: 't.products', values: PRODUCT, owner: 'null', unit: 'null' },
  { entity: 'deal', kind: 'deal', count: 't.deals', values: DEAL, ...DEAL_OWNED },
]

/** Fills the database; `prototype` is a tenant of it with the packs installed, which is gone afterwards. */
export async function load(
  adminUrl: string,
  prototype: { readonly id: string; readonly model: CompiledModel },
  tenants: readonly BenchTenant[],
  tell: (line: string) => void,
): Promise<void> {
  const client = new pg.Client(adminUrl)
  await client.connect()
  const begun = performance.now()
  const step = (words: string): void => tell(`  ${((performance.now() - begun) / 1000).toFixed(0).padStart(4)} s  ${words}`)
  try {
    await client.query(`set synchronous_commit = off`)
    await client.query(`set maintenance_work_mem = '512MB'`)
    await client.query(`create schema bench`)
    await client.query(
      `create table bench.tenant (no int primary key, id uuid not null, deals int, customers int, products int, reps int, admins int, branches int)`,
    )
    await client.query(`insert into bench.tenant select * from jsonb_populate_recordset(null::bench.tenant, $1)`, [JSON.stringify(tenants)])
    await copyTenants(client, prototype.id)
    const indexes = await dropIndexes(client)
    for (const filling of FILLINGS) {
      const entity = requireEntity(prototype.model, filling.entity)
      await client.query(insertSql(entity, filling))
      for (const statement of besideSql(entity, filling)) await client.query(statement)
      step(`${filling.entity} (${filling.kind})`)
    }
    await client.query(credentialSql('admin'))
    await client.query(credentialSql('rep'))
    await client.query(
      `insert into nexus.number_series select t.id, ${requireEntity(prototype.model, 'deal').no}, ${fieldNo(prototype.model, 'deal', 'number')}, y, t.deals + 1 from bench.tenant t cross join unnest(array['2026', '2027']) y`,
    )
    for (const key of ['deal', 'customer', 'product']) {
      await insertSearch(client, tenants, requireEntity(prototype.model, key))
      step(`search text of ${key}`)
    }
    for (const index of indexes) await client.query(index)
    // The floor's rows come in the order of its keys; here a key's index was filled in any order and would stand half empty.
    await remakeKeys(client)
    step('indexes')
    await client.query('vacuum (analyze, freeze)')
    step('vacuum')
  } finally {
    await client.end()
  }
}

async function copyTenants(client: pg.Client, prototype: string): Promise<void> {
  const key = `case t.no when 1 then 'large' else 'tenant-' || t.no end`
  await client.query(
    `insert into nexus.tenant (id, key, name, status, locale, currency, time_zone, week_start, packs, revision, epoch, tree_epoch, key_salt, created_at)
      select t.id, ${key}, ${key}, p.status, p.locale, p.currency, p.time_zone, p.week_start, p.packs, p.revision, 1, 1, md5(t.no::text) || md5(p.key_salt), p.created_at
      from bench.tenant t, nexus.tenant p where p.id = $1`,
    [prototype],
  )
  await client.query(
    `insert into nexus.revision (tenant_id, revision, note, created_at, created_by, packs, overlay, numbers, diff)
      select t.id, p.revision, p.note, p.created_at, null, p.packs, p.overlay, p.numbers, p.diff from bench.tenant t, nexus.revision p where p.tenant_id = $1`,
    [prototype],
  )
  const { rows } = await client.query<{ name: string }>(
    `select format('%I.%I', c.table_schema, c.table_name) as name from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
      where c.table_schema = 'nexus' and c.column_name = 'tenant_id' and t.table_type = 'BASE TABLE'`,
  )
  for (const { name } of rows) await client.query(`delete from ${name} where tenant_id = $1`, [prototype])
  await client.query('delete from nexus.tenant where id = $1', [prototype])
}

/** Indexes are made three times as fast when the rows are there; answers what makes them again. */
async function dropIndexes(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ indexname: string; indexdef: string }>(
    `select indexname, indexdef from pg_indexes where schemaname = 'nexus' and tablename like 'record%' and indexname not like '%_pkey'`,
  )
  for (const { indexname } of rows) await client.query(`drop index nexus.${indexname}`)
  return rows.map(({ indexdef }) => indexdef)
}

/** Makes the indexes of primary keys anew, as those of the floor are made: over rows that are there. */
async function remakeKeys(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ indexname: string }>(
    `select indexname from pg_indexes where schemaname = 'nexus' and tablename like 'record%' and indexname like '%_pkey'`,
  )
  for (const { indexname } of rows) await client.query(`reindex index nexus.${indexname}`)
}

function insertSql(entity: CompiledEntity, { kind, count, values, owner, unit }: Filling): string {
  const pairs = Object.entries(values).flatMap(([key, sql]) => {
    const field = entity.fields.get(key)
    if (field?.no === null || field === undefined) throw new Error(`${entity.key} has no field ${key} any more.`)
    const base = entity.fields.has(`${key}_base`) ? [`'${field.no}b', ${sql}`] : []
    return [`'${field.no}', ${sql}`, ...base]
  })
  const slots = slotFields(entity)
  return `insert into nexus.record (tenant_id, entity_no, id, created_at, created_by, updated_at, updated_by, owner_id, org_unit_id, ${slots.map(({ column }) => `${column}, `).join('')}data)
    select x.tenant_id, ${entity.no}, x.id, x.at, x.maker, x.at, x.maker, x.owner_id, x.org_unit_id, ${slots.map(({ field }) => `${slotSqlOf(field, 'x.data')}, `).join('')}x.data from (
      select t.id as tenant_id, ${idSql('t.no', kind, 'n')}::uuid as id, to_timestamp((${FIRST_AT}::int8 + n::int8 * ${STEP_MS}) / 1000.0) as at,
        ${idSql('t.no', 'admin', '1')}::uuid as maker, (${owner})::uuid as owner_id, (${unit})::uuid as org_unit_id,
        jsonb_strip_nulls(jsonb_build_object(${pairs.join(', ')})) as data
      from bench.tenant t cross join lateral generate_series(1, ${count}) n offset 0) x`
}

/** What stands beside the records of one filling. */
function besideSql(entity: CompiledEntity, { kind }: Filling): string[] {
  const from = `from nexus.record r where r.entity_no = ${entity.no}`
  const value = (key: string): string => `(r.data->>'${entity.fields.get(key)?.no ?? ''}')`
  const unique = (rule: number, parts: readonly string[], only = 'true'): string =>
    `insert into nexus.record_unique select r.tenant_id, r.entity_no, ${rule}, ${parts.map(part => `length(${part}) || ':' || ${part}`).join(` || `)}, r.id ${from} and ${only} and ${parts.map(part => `${part} is not null`).join(' and ')}`
  const uniques = entity.uniques.flatMap(rule => {
    const parts = rule.fields.map(key => (entity.fields.get(key)?.kind === 'id' ? value(key) : `nexus.fold(${value(key)})`))
    const known: Readonly<Record<string, string>> = {
      'customer/name': `${value('stage')} not in ('won', 'lost')`,
      barcode: 'false',
      tax_id: 'false',
    }
    return [unique(rule.no, parts, known[rule.fields.join('/')] ?? 'true')]
  })
  const lists = valueFields(entity).map(({ no }) => {
    const list = `r.data->'${no}'`
    return `insert into nexus.record_value select r.tenant_id, r.entity_no, ${no}, v, r.id ${from.replace(' where', `, lateral jsonb_array_elements_text(case jsonb_typeof(${list}) when 'array' then ${list} end) v where`)} on conflict do nothing`
  })
  const parent = entity.parentField === null ? undefined : entity.fields.get(entity.parentField)?.no
  const tree =
    parent === undefined
      ? []
      : [
          `insert into nexus.record_value select r.tenant_id, r.entity_no, ${parent}, r.id::text, r.id ${from}`,
          `insert into nexus.record_value select r.tenant_id, r.entity_no, ${parent}, r.data->>'${parent}', r.id ${from} and r.data ? '${parent}'`,
        ]
  const recent = `insert into nexus.record_recent select r.tenant_id, r.entity_no, r.id, date_bin('1 minute', r.updated_at, '2000-01-01T00:00:00Z') ${from}`
  // Admins and reps are one entity, filled in turn: what stands beside them is written once, after the second.
  return kind === 'admin' ? [] : [recent, ...uniques, ...lists, ...tree]
}

function credentialSql(role: 'admin' | 'rep'): string {
  const people = `from bench.tenant t cross join lateral generate_series(1, t.${role}s) n`
  const user = `${idSql('t.no', role, 'n')}::uuid`
  return `with added as (
      insert into nexus.credential (tenant_id, user_id, email, roles, created_at)
      select t.id, ${user}, '${role}' || n || '@bench.example', array['${role}'], now() ${people})
    insert into nexus.session (tenant_id, id, user_id, refresh_hash, created_at, refreshed_at, expires_at)
    select t.id, ${idSql('t.no', 'session', `n + ${SESSION_PLACES[role]}`)}::uuid, ${user}, md5(n::text), now(), now(), now() + interval '10 years' ${people}`
}

/** The place of a person's session. */
export function sessionPlace(role: 'admin' | 'rep', person: number): number {
  return person + SESSION_PLACES[role]
}

async function insertSearch(client: pg.Client, tenants: readonly BenchTenant[], entity: CompiledEntity): Promise<void> {
  const fields = searchFields(entity)
  let waiting: object[] = []
  const flush = async (): Promise<void> => {
    const rows = waiting
    waiting = []
    await client.query(
      `insert into nexus.record_search (tenant_id, entity_no, field_no, id, s, g) select x.t, ${entity.no}, x.f, x.id, x.s, x.g from jsonb_to_recordset($1::jsonb) as x(t uuid, f int, id uuid, s text, g int[])`,
      [JSON.stringify(rows)],
    )
  }
  for (const { id: tenantId } of tenants) {
    for (const field of fields) {
      const { rows } = await client.query<{ id: string; v: unknown }>(
        `select id, data->'${field.no}' as v from nexus.record where tenant_id = $1 and entity_no = ${entity.no} and data ? '${field.no}'`,
        [tenantId],
      )
      for (const { id, v } of rows) {
        const folded = foldText(field.type.searchText?.(v) ?? '')
        if (folded === '') continue
        waiting.push({ t: tenantId, f: Number(field.no), id, s: folded, g: trigramHashes(tenantId, entity.no, field.no ?? '', folded) })
        if (waiting.length === SEARCH_ROWS) await flush()
      }
    }
  }
  if (waiting.length > 0) await flush()
}

function requireEntity(model: CompiledModel, key: string): CompiledEntity {
  const entity = model.entities.get(key)
  if (entity === undefined) throw new Error(`The pack has no entity ${key} any more.`)
  return entity
}

function fieldNo(model: CompiledModel, entity: string, key: string): string {
  return requireEntity(model, entity).fields.get(key)?.no ?? '0'
}
