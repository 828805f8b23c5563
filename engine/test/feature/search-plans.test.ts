/** Answers for: looking words up costs a large tenant the same whoever looked before him over the same connection. */
import pg from 'pg'
import { beforeAll, expect, test } from 'vitest'
import { foldText } from '../../../metadata/fold.ts'
import { trigramHashes } from '../../sql/index.ts'
import { fillTenants } from '../harness/large-tenant.ts'
import { openReadRoad, type ReadRoad, requireEntity, salesModel } from '../harness/read-road.ts'

const model = salesModel()
const deal = requireEntity(model, 'deal')
const sizesOf = (deals: number) => ({ ...Object.fromEntries([...model.entities.keys()].map(key => [key, 20])), deal: deals })
const LARGE = { tenantId: '0190abcd-0000-7000-8000-0000000000e1', sizes: sizesOf(30_000), searched: ['deal'] }
const SMALL = { tenantId: '0190abcd-0000-7000-8000-0000000000e2', sizes: sizesOf(100), searched: ['deal'] }

let road: ReadRoad
beforeAll(async () => {
  road = await openReadRoad()
  await fillTenants(road.adminUrl, model, [LARGE, SMALL])
}, 120_000)

/** Pages that are looked at for a word of one record of the large tenant, where each of `before` has looked for it over the same connection. */
async function pagesRead(before: readonly string[]): Promise<number> {
  const client = new pg.Client(road.adminUrl)
  await client.connect()
  try {
    const { rows } = await client.query<{ field_no: number; s: string }>(
      `select field_no, s from nexus.record_search where tenant_id = $1 and entity_no = $2 and length(s) > 8
        group by field_no, s having count(*) = 1 order by s limit 1`,
      [LARGE.tenantId, deal.no],
    )
    const [word] = rows
    if (word === undefined) throw new Error('No word stands in one record alone.')
    await client.query('set role nexus_engine')
    await client.query('set plan_cache_mode = force_generic_plan')
    const look = async (tenantId: string): Promise<number> => {
      await client.query(`set nexus.tenant_id = '${tenantId}'`)
      const grams = trigramHashes(tenantId, deal.no, String(word.field_no), foldText(word.s))
      const { rows: told } = await client.query<{ 'QUERY PLAN': { Plan: Record<string, number> }[] }>(
        `explain (analyze, buffers, format json) select * from nexus.search_ids(${deal.no}, array[${word.field_no}], array[array[${grams.join(',')}]], '${word.s.replaceAll("'", "''")}', 2147483647)`,
      )
      const plan = told[0]?.['QUERY PLAN'][0]?.Plan ?? {}
      expect(tenantId === LARGE.tenantId ? plan['Actual Rows'] : 1).toBe(1)
      return (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0)
    }
    for (const tenantId of before) await look(tenantId)
    return await look(LARGE.tenantId)
  } finally {
    await client.end()
  }
}

test('a word of a large tenant is looked up by its index, also after a small one', async () => {
  const alone = await pagesRead([LARGE.tenantId, LARGE.tenantId])
  expect(alone).toBeLessThan(200)
  expect(await pagesRead([SMALL.tenantId, SMALL.tenantId])).toBeLessThan(alone * 2 + 20)
})
