/** The sales data of a real company, 8,927 rows in four files, imported by the maps of the sales pack. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ImportMap } from '../../metadata/generated/types.ts'
import { type ImportHouse, type ImportTenant, openImportHouse, readShared } from '../test/harness/imports.ts'

const FOLDER = 'crm-sales-opportunities'
const names = ['accounts', 'products', 'sales_teams', 'sales_pipeline'] as const
const files = new Map(await Promise.all(names.map(async name => [name, await readShared(`${FOLDER}/${name}.csv`)] as const)))
const isThere = [...files.values()].every(file => file !== null)
if (!isThere)
  console.warn(
    `\n*** SKIPPED: the real sales data (${FOLDER}) is not beside this checkout; set NEXUS_TEST_DATA to the folder that holds it. ***\n`,
  )
const fileOf = (name: (typeof names)[number]): Buffer => files.get(name) ?? Buffer.alloc(0)

let house: ImportHouse
let tenant: ImportTenant
beforeAll(async () => {
  house = await openImportHouse()
  tenant = await house.tenant('crm')
})
afterAll(() => house.close())

const query = async (entity: string, body: object) => (await house.call('POST', `/api/records/${entity}/query`, tenant.token, body)).body
const countOf = async (entity: string): Promise<number> =>
  Number((await query(entity, { select: ['id'], limit: 1, count: 'exact' }))['page']?.['count'])
const stagesOf = async (): Promise<unknown> => {
  const answer = await house.call('POST', '/api/records/deal/aggregate', tenant.token, {
    group_by: ['stage'],
    measures: { n: { count: '*' }, total: { sum: 'amount' } },
  })
  return Object.fromEntries(
    (answer.body['data'] as unknown as { stage: string; n: number; total: string | null }[]).map(each => [
      each.stage,
      each.stage === 'won' ? [each.n, each.total] : [each.n],
    ]),
  )
}
/** Everything an import could leave, apart from its own job. */
const footprint = () =>
  house.sql(
    `select (select count(*) from nexus.record where tenant_id = $1)::int as records, (select sum(version) from nexus.record where tenant_id = $1)::int as versions,
    (select count(*) from nexus.record_history where tenant_id = $1)::int as history, (select count(*) from nexus.outbox where tenant_id = $1)::int as events,
    (select count(*) from nexus.record_unique where tenant_id = $1)::int as uniques, (select count(*) from nexus.audit where tenant_id = $1 and action not like 'import.%')::int as audit,
    (select jsonb_agg(to_jsonb(s) order by s.field_no, s.period) from nexus.number_series s where tenant_id = $1) as numbers`,
    [tenant.id],
  )
/** The deals' map with its word for the product that the file calls otherwise. */
const mended = (): ImportMap => {
  const map = structuredClone(dealsMap)
  Object.assign(map.columns['product'] ?? {}, { values: { GTXPro: 'GTX Pro' } })
  return map
}
let dealsMap: ImportMap

test.runIf(isThere)('85 accounts arrive, each subsidiary under its parent, whichever stands first in the file', async () => {
  const view = await house.run(tenant, 'crm_accounts', fileOf('accounts'))
  expect(view).toMatchObject({ status: 'done', counts: { created: 85, updated: 0, unchanged: 0, failed: 0, incomplete: 0 } })
  const lines = fileOf('accounts').toString('utf8').trim().split('\n').slice(1)
  const told = lines.map(line => line.split(',')).map(cells => [cells[0], cells.at(-1) === '' ? null : cells.at(-1)] as const)
  const found = (await query('customer', { select: ['name', 'subsidiary_of.name'], limit: 200 }))['data'] as unknown as {
    name: string
    subsidiary_of: { name: string } | null
  }[]
  expect(new Map(found.map(each => [each.name, each.subsidiary_of?.name ?? null]))).toEqual(new Map(told))
  expect(told.filter(([, parent]) => parent !== null)).toHaveLength(15)
})

test.runIf(isThere)('turned upside down the accounts are the same', async () => {
  const other = await house.tenant('upside')
  const [head = '', ...lines] = fileOf('accounts').toString('utf8').trim().split('\n')
  const turned = [head, ...lines.reverse()].join('\n')
  const tried = await house.run(other, 'crm_accounts', turned, { dryRun: true })
  const view = await house.run(other, 'crm_accounts', turned)
  expect(view.counts).toEqual({ created: 85, updated: 0, unchanged: 0, failed: 0, incomplete: 0 })
  expect(tried.counts).toEqual(view.counts)
  const pairs = (id: string) =>
    house.sql(
      `select r.data->>'1054' as name, p.data->>'1054' as parent from nexus.record r left join nexus.record p on p.tenant_id = r.tenant_id and p.id = r.r1 and p.entity_no = r.entity_no
      where r.tenant_id = $1 and r.entity_no = 1052 order by 1`,
      [id],
    )
  expect(await pairs(other.id)).toEqual(await pairs(tenant.id))
})

test.runIf(isThere)('7 products and 35 agents arrive', async () => {
  expect((await house.run(tenant, 'crm_products', fileOf('products'))).counts.created).toBe(7)
  expect((await house.run(tenant, 'crm_agents', fileOf('sales_teams'))).counts.created).toBe(35)
  expect([await countOf('product'), await countOf('agent')]).toEqual([7, 35])
})

test.runIf(isThere)(
  'a dry run of 8,800 deals tells what the real run will do, and leaves nothing but its answer',
  { timeout: 120_000 },
  async () => {
    const before = await footprint()
    const view = await house.run(tenant, 'crm_deals', fileOf('sales_pipeline'), { dryRun: true })
    expect(view).toMatchObject({
      status: 'done',
      dry_run: true,
      counts: { created: 7320, updated: 0, unchanged: 0, failed: 1480, incomplete: 0 },
    })
    expect(await footprint()).toEqual(before)
  },
)

test.runIf(isThere)(
  'of 8,800 deals those 1,480 with the unknown product are reported, the others arrive',
  { timeout: 120_000 },
  async () => {
    const started = performance.now()
    const view = await house.run(tenant, 'crm_deals', fileOf('sales_pipeline'))
    const seconds = (performance.now() - started) / 1000
    console.log(`8,800 deals imported in ${seconds.toFixed(1)} s`)
    expect(seconds).toBeLessThan(60)
    expect(view).toMatchObject({
      status: 'done',
      counts: { created: 7320, updated: 0, unchanged: 0, failed: 1480, incomplete: 0 },
      progress: { total: 8800, done: 8800, percent: 100 },
    })
    const problems = await house.sql<{ problems: unknown }>(
      'select distinct problems from nexus.import_row where tenant_id = $1 and job_id = $2',
      [tenant.id, view.id],
    )
    expect(problems.filter(each => each.problems !== null)).toEqual([
      {
        problems: [
          { column: 'product', code: 'TRANSFER_LOOKUP_MISSING', message: 'Main product: there is no Product with Name “GTXPro”.' },
        ],
      },
    ])
    const errors = await house.call('GET', `/api/import/${view.id}/errors`, tenant.token)
    expect(errors.headers).toMatchObject({ 'content-type': 'text/csv; charset=utf-8' })
    expect(errors.text.trimEnd().split('\r\n')).toHaveLength(1481)
    expect(errors.text.split('\r\n')[1]).toBe(
      'Z063OYW0,Darcel Schlecht,GTXPro,Isdom,Won,2016-10-25,2017-03-11,4514,3,product: Main product: there is no Product with Name “GTXPro”.',
    )
    const { wired } = house
    dealsMap = structuredClone((await wired.models.current(tenant.id)).model.importMaps.get('crm_deals')) as ImportMap

    const again = await house.run(tenant, mended(), errors.text)
    expect(again).toMatchObject({ status: 'done', counts: { created: 1480, failed: 0 }, file: { ignored_columns: ['row', 'problem'] } })
  },
)

test.runIf(isThere)('stages and the sum of what was won are those of the file', async () => {
  expect(await stagesOf()).toEqual({ won: [4238, '10005534.00'], lost: [2473], engaging: [1589], prospecting: [500] })
})

test.runIf(isThere)('rollups of customers and agents follow', async () => {
  const sum = async (entity: string): Promise<number> => {
    const rows = (await query(entity, { select: ['won_total'], limit: 200 }))['data'] as unknown as { won_total: string | null }[]
    return rows.reduce((total, row) => total + Number(row.won_total ?? 0), 0)
  }
  expect(await sum('agent')).toBe(10_005_534)
})

test.runIf(isThere)('a second run of every file changes nothing: no version, no history, no event', { timeout: 120_000 }, async () => {
  const before = await footprint()
  for (const [map, name] of [
    ['crm_accounts', 'accounts'],
    ['crm_products', 'products'],
    ['crm_agents', 'sales_teams'],
    [mended(), 'sales_pipeline'],
  ] as const) {
    const { counts } = await house.run(tenant, map, fileOf(name))
    expect(counts).toMatchObject({ created: 0, updated: 0, failed: 0, incomplete: 0 })
  }
  expect(await footprint()).toEqual(before)
})

test.runIf(isThere)('no file of an import that has ended is kept, and none of its claims', async () => {
  expect(await readdir(join(house.dataDir, 'imports'))).toEqual([])
  expect(await house.sql('select 1 from nexus.import_key where tenant_id = $1 limit 1', [tenant.id])).toEqual([])
})
