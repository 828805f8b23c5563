/** Every kind of broken value: one documented problem at its place, on create, patch and in bulk alike, and nothing is stored. */
import { expect, test } from 'vitest'
import { openSales } from '../../harness/sales.ts'
import { brokenWrites } from './broken-writes.cases.ts'
import { complaints, type Fields, WORKSHOP } from './workshop.ts'

const sales = await openSales(WORKSHOP)
const boss = await sales.person(['workshop_all_role'], sales.north)
const sound: Record<string, Fields> = {
  job: await boss.create('job', { title: 'Stays' }),
  firm: await boss.create('firm', { name: 'Stays' }),
  place: await boss.create('place', { name: 'Stays' }),
}
const everything = (): Promise<unknown> =>
  sales.peek('select count(*)::int as n, md5(string_agg(r::text, $1 order by r.id)) as h from nexus.record r', [''])
const before = await everything()

test.each(brokenWrites)('$group: $input → $code', async ({ entity, body, pointer, code }) => {
  const made = await boss.post(`/api/records/${entity}`, body)
  expect(made.status, made.text).toBe(422)
  expect(complaints(made)).toContainEqual([pointer, code])
  expect(complaints(made)).toHaveLength(1)
  const bulk = await boss.post(`/api/records/${entity}/bulk`, { atomic: false, operations: [{ op: 'create', values: body }] })
  expect(complaints({ json: bulk.json.data[0].error })).toEqual([[`/operations/0/values${pointer}`, code]])
})

// What a patch may leave out it does not miss, lines are sent otherwise, and a record that is there has begun already.
const onlyOnCreate = new Set(['VALIDATE_REQUIRED', 'VALIDATE_TABLE_ARRAY', 'VALIDATE_STATE_INITIAL'])
const patchable = brokenWrites.filter(
  each => !onlyOnCreate.has(each.code) && !each.pointer.startsWith('/lines') && !(each.entity === 'firm' && each.pointer === '/name'),
)

test.each(patchable)('as a patch, $group: $input → $code', async ({ entity, body, pointer, code }) => {
  const of = sound[entity]
  const changed = await boss.patch(`/api/records/${entity}/${of?.['id']}`, 1, body)
  expect(changed.status, changed.text).toBe(422)
  expect(complaints(changed)).toEqual([[pointer, code]])
})

test('after all of it nothing was stored and nothing has changed', async () => {
  expect(await everything()).toEqual(before)
})
