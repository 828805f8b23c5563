/**
 * The tables of the hand-written application that the engine is measured against: one typed table per entity with the indexes its nine
 * endpoints would want, filled from the same records. Knows the stored form of the engine only to copy out of it.
 */
import pg from 'pg'
import type { CompiledEntity, CompiledModel } from '../model/types.ts'

/** Column types by field; what is not here is not in the table. */
const DEAL_COLUMNS: Readonly<Record<string, string>> = {
  number: 'text',
  name: 'text',
  sales_process: 'text',
  pipeline: 'uuid',
  stage: 'text',
  customer: 'uuid',
  contact: 'uuid',
  amount: 'numeric(18,2)',
  currency: 'text',
  probability: 'numeric(3,0)',
  weighted_amount: 'numeric(18,2)',
  expected_close_on: 'date',
  engaged_on: 'date',
  closed_on: 'date',
  source: 'text',
  lost_reason: 'text',
  competitor: 'text',
  product: 'uuid',
  sales_agent: 'uuid',
  price_list: 'uuid',
  discount: 'numeric(5,2)',
  lines_total: 'numeric(18,2)',
  margin_total: 'numeric(18,2)',
  next_step: 'text',
  next_step_on: 'date',
  team: 'uuid[]',
  external_id: 'text',
  tags: 'text[]',
  description: 'text',
}
const CUSTOMER_COLUMNS: Readonly<Record<string, string>> = {
  number: 'text',
  name: 'text',
  party: 'text[]',
  status: 'text',
  industry: 'text',
  email: 'text',
  billing_address: 'jsonb',
  currency: 'text',
  open_deals: 'int',
}
const PRODUCT_COLUMNS: Readonly<Record<string, string>> = {
  sku: 'text',
  name: 'text',
  kind: 'text',
  price: 'numeric(18,2)',
  active: 'boolean',
}

const SYSTEM =
  'version int not null default 1, created_at timestamptz not null, created_by uuid, updated_at timestamptz not null, updated_by uuid, owner_id uuid, org_unit_id uuid'

const INDEXES: readonly string[] = [
  'create unique index deal_number on floor.deal (tenant_id, number)',
  'create unique index deal_external_id on floor.deal (tenant_id, external_id) where external_id is not null',
  `create unique index deal_open_name on floor.deal (tenant_id, customer, lower(name)) where stage not in ('won', 'lost')`,
  'create index deal_stage_amount on floor.deal (tenant_id, stage, amount, id)',
  'create index deal_owner on floor.deal (tenant_id, owner_id, id)',
  'create index deal_owner_stage_amount on floor.deal (tenant_id, owner_id, stage, amount, id)',
  'create index deal_expected on floor.deal (tenant_id, expected_close_on, id)',
  'create index deal_product on floor.deal (tenant_id, product)',
  'create index deal_name on floor.deal using gin (tenant_id, name gin_trgm_ops)',
  'create unique index customer_number on floor.customer (tenant_id, number)',
  'create index customer_name on floor.customer using gin (tenant_id, name gin_trgm_ops)',
  'create index customer_unit on floor.customer (tenant_id, org_unit_id, id)',
  'create unique index product_sku on floor.product (tenant_id, sku)',
]

/** Makes and fills the floor's schema. */
export async function loadFloor(adminUrl: string, model: CompiledModel): Promise<void> {
  const client = new pg.Client(adminUrl)
  await client.connect()
  try {
    await client.query(`set synchronous_commit = off`)
    await client.query(`set maintenance_work_mem = '512MB'`)
    await client.query('create extension if not exists pg_trgm')
    await client.query('create extension if not exists btree_gin')
    await client.query('create schema floor')
    await client.query('create sequence floor.deal_numbers start 1000000')
    for (const [table, columns] of [
      ['customer', CUSTOMER_COLUMNS],
      ['product', PRODUCT_COLUMNS],
      ['deal', DEAL_COLUMNS],
    ] as const) {
      const references =
        table === 'deal'
          ? ', foreign key (tenant_id, customer) references floor.customer, foreign key (tenant_id, product) references floor.product'
          : ''
      await client.query(
        `create table floor.${table} (tenant_id uuid not null, id uuid not null, ${SYSTEM}, ${Object.entries(columns)
          .map(([key, type]) => `${key} ${type}`)
          .join(', ')}, primary key (tenant_id, id)${references}) with (fillfactor = 85)`,
      )
      await client.query(copySql(model.entities.get(table), table, columns))
    }
    for (const index of INDEXES) await client.query(index)
    await client.query('vacuum (analyze, freeze) floor.deal, floor.customer, floor.product')
  } finally {
    await client.end()
  }
}

function copySql(entity: CompiledEntity | undefined, table: string, columns: Readonly<Record<string, string>>): string {
  if (entity === undefined) throw new Error(`The pack has no entity ${table} any more.`)
  const value = ([key, type]: readonly [string, string]): string => {
    const no = entity.fields.get(key)?.no ?? ''
    if (type.endsWith('[]')) return `case when r.data ? '${no}' then array(select jsonb_array_elements_text(r.data->'${no}'))::${type} end`
    return type === 'jsonb' ? `r.data->'${no}'` : `(r.data->>'${no}')::${type}`
  }
  return `insert into floor.${table} (tenant_id, id, created_at, created_by, updated_at, updated_by, owner_id, org_unit_id, ${Object.keys(columns).join(', ')})
    select r.tenant_id, r.id, r.created_at, r.created_by, r.updated_at, r.updated_by, r.owner_id, r.org_unit_id, ${Object.entries(columns).map(value).join(', ')}
    from nexus.record r where r.entity_no = ${entity.no} order by r.tenant_id, r.id`
}
