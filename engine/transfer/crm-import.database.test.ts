/** The sales data of a real company, 8,931 rows in four files, imported by the maps of the sales pack. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ImportHouse, type ImportTenant, openImportHouse, readShared } from '../test/harness/imports.ts'

const FOLDER = 'crm-sales-opportunities'
const names = ['accounts', 'products', 'sales_teams', 'sales_pipeline'] as const
const files = new Map(await Promise.all(names.map(async name => [name, await readShared(`${FOLDER}/${name}.csv`)] as const)))
const isThere = [...files.values()].every(file => file !== null)
if (!isThere)
  console.warn(
    `\n*** SKIPPED: the real sales data (${FOLDER}) is not beside this checkout; set NEXUS_TEST_DATA to the folder that holds it. ***\n`,
  )
const file = (name: (typeof names)[number]): Buffer => files.get(name) ?? Buffer.alloc(0)

let house: ImportHouse
let tenant: ImportTenant
beforeAll(async () => {
  house = await openImportHouse()
  tenant = await house.tenant('crm')
})
afterAll(() => house.close())

const countOf = async (entity: string): Promise<number> => {
  const answer = await house.call('POST', `/api/records/${entity}/query`, tenant.token, { select: ['id'], limit: 1, count: 'exact' })
  return Number(answer.body['page']?.['count'])
}

test.runIf(isThere)('everything arrives', { timeout: 120_000 }, async () => {
  const t0 = performance.now()
  for (const [map, name] of [
    ['crm_accounts', 'accounts'],
    ['crm_products', 'products'],
    ['crm_agents', 'sales_teams'],
    ['crm_deals', 'sales_pipeline'],
  ] as const) {
    const t = performance.now()
    const view = await house.run(tenant, map, file(name))
    console.log(map, view.status, JSON.stringify(view.counts), view.failure, (performance.now() - t).toFixed(0))
  }
  console.log('ALL', await countOf('customer'), await countOf('deal'), performance.now() - t0)
})
