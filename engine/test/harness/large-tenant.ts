/**
 * Fills a tenant with many records by one INSERT … SELECT per entity: every field has a frequent value, a rare one, some nulls, and spread
 * values else, all by a hash of the record's place, so that every run is the same. Knows the stored form and no rights.
 */
import pg from 'pg'
import { foldText } from '../../../metadata/fold.ts'
import type { CompiledEntity, CompiledField, CompiledModel } from '../../model/types.ts'
import { slotSqlOf } from '../../sql/field-sql.ts'
import { slotFields, trigramHashes } from '../../sql/index.ts'
import { hasBase } from '../../model/stages/fields.ts'

/** Records whose field holds its frequent value, of all. */
export const FREQUENT_SHARE = 0.5
/** Records whose field holds its rare value. */
export const RARE_ROWS = 12

/** How many records an entity has. */
export type Sizes = Readonly<Record<string, number>>

/** How often a value stands in the field. */
export type Frequency = 'frequent' | 'rare' | 'absent'

/** A tenant and how much is in it; `searched` names the entities whose words are indexed. */
export interface FilledTenant {
  readonly tenantId: string
  readonly sizes: Sizes
  readonly searched?: readonly string[]
}

/** Fills tenants of an empty database and lets Postgres look at what there is. */
export async function fillTenants(adminUrl: string, model: CompiledModel, tenants: readonly FilledTenant[]): Promise<void> {
  const client = new pg.Client(adminUrl)
  await client.connect()
  try {
    // Indexes are made three times as fast when the rows are there.
    const { rows: indexes } = await client.query<{ indexname: string; indexdef: string }>(
      `select indexname, indexdef from pg_indexes where schemaname = 'nexus' and tablename in ('record', 'record_search') and indexname not like '%_pkey'`,
    )
    for (const index of indexes) await client.query(`drop index nexus.${index.indexname}`)
    for (const tenant of tenants) await fillTenant(client, model, tenant)
    await client.query(`set maintenance_work_mem = '256MB'`)
    for (const index of indexes) await client.query(index.indexdef)
    for (const table of ['record', 'record_recent', 'record_value', 'record_link', 'record_search'])
      await client.query(`vacuum analyze nexus.${table}`)
  } finally {
    await client.end()
  }
}

async function fillTenant(client: pg.Client, model: CompiledModel, { tenantId, sizes, searched = [] }: FilledTenant): Promise<void> {
  // Every statement of a list reads the tenant's revision first: without it nothing would be read at all.
  await client.query(
    `insert into nexus.tenant (id, key, name, locale, currency, time_zone, packs, revision, key_salt, created_at)
      values ($1::uuid, 't' || right($1::uuid::text, 12), 'Large', 'en', 'EUR', 'UTC', '[]', 1, '', now()) on conflict do nothing`,
    [tenantId],
  )
  for (const entity of model.entities.values()) {
    const size = sizes[entity.key] ?? 0
    if (size === 0) continue
    await client.query(insertSql(entity, sizes, model, size), [tenantId])
    await client.query(
      `insert into nexus.record_recent select tenant_id, entity_no, id, date_bin('1 minute', updated_at, '2000-01-01T00:00:00Z') from nexus.record where tenant_id = $1 and entity_no = ${entity.no}`,
      [tenantId],
    )
    for (const statement of besideSql(entity)) await client.query(statement, [tenantId])
    if (searched.includes(entity.key)) await insertSearch(client, tenantId, entity)
  }
}

/** The id of a record by its place. */
export function idAt(entityNo: number, place: number): string {
  const time = (BEGIN + place * STEP).toString(16).padStart(12, '0')
  const rest = (entityNo * 2 ** 24 + place).toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${rest}`
}

const BEGIN = Date.UTC(2024, 0, 1)
/** Milliseconds between two records. */
const STEP = 400_000

/** An operand that stands in a field so often; undefined where the field has no such value. */
export function valueOf(
  model: CompiledModel,
  field: CompiledField,
  frequency: Frequency,
  sizes: Sizes,
): string | number | boolean | undefined {
  const definition = field.definition
  if ('options' in definition && Array.isArray(definition.options)) {
    const values = definition.options.map(option => option.value)
    return { frequent: values[0], rare: values.length > 1 ? values.at(-1) : undefined, absent: values.length > 3 ? values[1] : undefined }[
      frequency
    ]
  }
  switch (field.kind) {
    case 'boolean':
      return { frequent: true, rare: false, absent: undefined }[frequency]
    case 'integer':
      return { frequent: 50, rare: 7, absent: 3 }[frequency]
    case 'decimal':
      return { frequent: '50', rare: '7', absent: '3' }[frequency]
    case 'date':
      return { frequent: '2025-06-18', rare: '2001-01-01', absent: '1999-01-01' }[frequency]
    case 'datetime':
      return { frequent: '2025-06-18T09:00:00.000Z', rare: '2001-01-01T00:00:00.000Z', absent: '1999-01-01T00:00:00.000Z' }[frequency]
    case 'id': {
      const target = field.key === 'id' ? field.entity : field.target
      const entity = target === null ? undefined : model.entities.get(target)
      if (entity === undefined) return undefined
      return idAt(entity.no, { frequent: 1, rare: 2, absent: (sizes[entity.key] ?? 0) + 100 }[frequency])
    }
    case 'list':
      return { frequent: 'often', rare: 'seldom', absent: 'never' }[frequency]
    default:
      return { frequent: 'Often', rare: 'Seldom', absent: 'Never' }[frequency]
  }
}

/** A number from 0 to 1 made of the record's place and a seed. */
function chance(seed: number): string {
  return `((hashint8extended(n, ${seed}) & 1048575) / 1048576.0)`
}

function banded(
  seed: number,
  size: number,
  values: { readonly frequent: string; readonly rare: string; readonly spread: string },
  nulls: boolean,
): string {
  const rare = FREQUENT_SHARE + Math.min(0.1, RARE_ROWS / size)
  return `case when ${chance(seed)} < ${FREQUENT_SHARE} then ${values.frequent} when ${chance(seed)} < ${rare} then ${values.rare}${nulls ? ` when ${chance(seed)} > 0.92 then null` : ''} else ${values.spread} end`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

function idSql(entityNo: number, place: string): string {
  const time = `lpad(to_hex(${BEGIN}::int8 + (${place})::int8 * ${STEP}), 12, '0')`
  return `(left(${time}, 8) || '-' || right(${time}, 4) || '-7000-8000-' || lpad(to_hex(${entityNo}::int8 * 16777216 + (${place})::int8), 12, '0'))`
}

/** SQL of the wire value as JSONB, null for fields that are left empty. */
function valueSql(model: CompiledModel, field: CompiledField, sizes: Sizes, size: number): string | null {
  const seed = Number.parseInt(field.no ?? '0', 10)
  const definition = field.definition
  const band = (value: (frequency: Frequency) => string, spread: string): string =>
    banded(seed, size, { frequent: value('frequent'), rare: value('rare'), spread }, !field.required)
  const wire = (frequency: Frequency): string =>
    JSON.stringify(valueOf(model, field, frequency, sizes) ?? valueOf(model, field, 'frequent', sizes))
  const json = (frequency: Frequency): string => `${quoted(wire(frequency))}::jsonb`
  const text = (sql: string): string => `to_jsonb((${sql})::text)`
  if ('options' in definition && Array.isArray(definition.options)) {
    const values = definition.options.map(option => option.value)
    const spread = values.length > 3 ? values.slice(2, -1) : values.slice(0, Math.max(1, values.length - 1))
    const some = `(array[${spread.map(quoted).join(', ')}])[1 + floor(${chance(-seed)} * ${spread.length})::int]`
    return field.kind === 'list'
      ? band(frequency => `jsonb_build_array(${json(frequency)})`, `to_jsonb(array[${some}])`)
      : band(json, text(some))
  }
  switch (field.kind) {
    case 'boolean':
      return band(json, 'to_jsonb(true)')
    case 'integer':
      return band(json, `to_jsonb(100 + floor(${chance(-seed)} * 900000)::int8)`)
    case 'decimal': {
      const scale = 'scale' in definition ? (definition.scale ?? 2) : 2
      const top = definition.type === 'percent' ? 80 : 900_000
      return band(json, text(`round((10 + ${chance(-seed)} * ${top})::numeric, ${scale})`))
    }
    case 'date':
      return band(json, text(`to_char('2024-01-01'::date + floor(${chance(-seed)} * 900)::int, 'YYYY-MM-DD')`))
    case 'datetime':
      return band(
        json,
        text(
          `to_char('2024-01-01'::timestamp + interval '1 second' * floor(${chance(-seed)} * 77760000), 'YYYY-MM-DD"T"HH24:MI:SS".000Z"')`,
        ),
      )
    case 'id': {
      if (field.declared.type === 'parent') return `case when n > 1 then ${text(idSql(field.entityNo, 'n / 4 + 1'))} end`
      const target = field.target === null ? undefined : model.entities.get(field.target)
      const many = target === undefined ? 0 : (sizes[target.key] ?? 0)
      if (target === undefined || many === 0) return null
      const place = `1 + floor(${chance(-seed)} * ${many})::int`
      return band(json, text(idSql(target.no, place)))
    }
    case 'list':
      return field.storage.kind === 'values'
        ? band(frequency => `jsonb_build_array(${json(frequency)})`, `to_jsonb(array['label ' || floor(${chance(-seed)} * 500)::int])`)
        : null
    case 'text':
      return definition.type === 'text' && definition.max_length === 3
        ? text(`'EUR'`)
        : band(
            json,
            text(
              `(array['Globex', 'Initech', 'Umbrella', 'Northwind', 'Acme'])[1 + n % 5] || ' ' || floor(${chance(-seed)} * ${size * 4})::int`,
            ),
          )
    case 'presence':
      return definition.type === 'person_name' ? `jsonb_build_object('given', 'Anna', 'family', 'Berg ' || n)` : null
    default:
      return null
  }
}

function insertSql(entity: CompiledEntity, sizes: Sizes, model: CompiledModel, size: number): string {
  const stored = [...entity.fields.values()].filter(
    field => field.no !== null && field.derivation?.kind !== 'base' && field.storage.kind !== 'links' && field.storage.kind !== 'elsewhere',
  )
  const members = stored.flatMap(field => {
    const value = valueSql(model, field, sizes, size)
    return value === null ? [] : [[field.no ?? '', value, field] as const]
  })
  const bases = members.filter(([, , field]) => hasBase(field.declared)).map(([no, value]) => [`${no}b`, value] as const)
  const all = [...members.map(([no, value]) => [no, value] as const), ...bases]
  const pairs = all.map(([no, value]) => `'${no}', ${value}`)
  const objects = Array.from(
    { length: Math.ceil(pairs.length / 40) },
    (_, at) => `jsonb_build_object(${pairs.slice(at * 40, at * 40 + 40).join(', ')})`,
  )
  const slots = slotFields(entity)
  const system = (key: string, seed: number): string => {
    const target = model.entities.get(key === 'org_unit_id' ? 'org_unit' : 'user')
    const many = target === undefined ? 0 : (sizes[target.key] ?? 0)
    if (target === undefined || many === 0) return 'null::uuid'
    return `(${banded(seed, size, { frequent: idSql(target.no, '1'), rare: idSql(target.no, '2'), spread: idSql(target.no, `3 + floor(${chance(-seed)} * ${Math.max(1, many - 2)})::int`) }, false)})::uuid`
  }
  return `insert into nexus.record (tenant_id, entity_no, id, created_at, created_by, updated_at, updated_by, owner_id, org_unit_id, ${slots.map(slot => `${slot.column}, `).join('')}data)
    select $1::uuid, ${entity.no}, x.id, x.at, x.owner_id, x.changed, x.owner_id, x.owner_id, x.org_unit_id, ${slots.map(slot => `${slotSqlOf(slot.field, 'x.data')}, `).join('')}x.data from (
      select ${idSql(entity.no, 'n')}::uuid as id, to_timestamp((${BEGIN}::int8 + n::int8 * ${STEP}) / 1000.0) as at, to_timestamp((${BEGIN}::int8 + (n::int8 * 7919 % ${size}) * ${STEP}) / 1000.0) as changed, ${system('owner_id', 11)} as owner_id, ${system('org_unit_id', 13)} as org_unit_id,
        jsonb_strip_nulls(${objects.join(' || ') || `'{}'::jsonb`}) as data
      from generate_series(1, ${size}) as n offset 0) x`
}

/** Single values, ancestors and links of what has been inserted. */
function besideSql(entity: CompiledEntity): string[] {
  const from = `from nexus.record r where r.tenant_id = $1 and r.entity_no = ${entity.no}`
  return [...entity.fields.values()].flatMap(field => {
    if (field.storage.kind === 'values') {
      return [
        `insert into nexus.record_value (tenant_id, entity_no, field_no, value, id) select r.tenant_id, r.entity_no, ${field.no}, v.value, r.id from nexus.record r cross join lateral jsonb_array_elements_text(r.data->'${field.no}') as v(value) where r.tenant_id = $1 and r.entity_no = ${entity.no} and jsonb_typeof(r.data->'${field.no}') = 'array' on conflict do nothing`,
      ]
    }
    if (field.declared.type === 'parent') {
      return [
        `insert into nexus.record_value (tenant_id, entity_no, field_no, value, id)
        with recursive up as (select r.id as start, r.id as node ${from} union all select u.start, (p.data->>'${field.no}')::uuid from up u join nexus.record p on p.tenant_id = $1 and p.entity_no = ${entity.no} and p.id = u.node where p.data->>'${field.no}' is not null)
        select $1::uuid, ${entity.no}, ${field.no}, node::text, start from up on conflict do nothing`,
      ]
    }
    return []
  })
}

async function insertSearch(client: pg.Client, tenantId: string, entity: CompiledEntity): Promise<void> {
  const fields = [...entity.fields.values()].filter(field => field.searchable && field.no !== null)
  for (const field of fields) {
    const { rows } = await client.query<{ id: string; s: string }>(
      `select id, data->>'${field.no}' as s from nexus.record where tenant_id = $1 and entity_no = ${entity.no} and data->>'${field.no}' is not null`,
      [tenantId],
    )
    for (let at = 0; at < rows.length; at += 10_000) {
      const some = rows.slice(at, at + 10_000).map(row => {
        const folded = foldText(row.s)
        return { id: row.id, s: folded, g: trigramHashes(tenantId, entity.no, field.no ?? '', folded) }
      })
      await client.query(
        `insert into nexus.record_search (tenant_id, entity_no, field_no, id, s, g) select $1, ${entity.no}, ${field.no}, x.id, x.s, x.g from jsonb_to_recordset($2::jsonb) as x(id uuid, s text, g int[])`,
        [tenantId, JSON.stringify(some)],
      )
    }
  }
}
