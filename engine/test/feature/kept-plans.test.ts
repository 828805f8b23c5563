/** A question that is asked again is answered by the plan that was made for it: never for somebody else, never after anything it stands on has changed. */
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, test } from 'vitest'
import { openSales, type Person, type Sales } from '../harness/sales.ts'

const LOOK_MS = 1100
const LIST = '/api/records/deal?select=name,amount&sort=-created_at'
const GROUPS = { group_by: ['stage'], measures: { n: { count: '*' } } }

let sales: Sales
let north: Person
let south: Person

beforeAll(async () => {
  sales = await openSales()
  north = await sales.person(['rep'], sales.north)
  south = await sales.person(['rep'], sales.south)
})

const names = async (person: Person, path = LIST): Promise<string[]> =>
  (await person.get(path)).json.data.map((deal: { name: string }) => deal.name)
const twice = async <T>(ask: () => Promise<T>): Promise<T> => {
  const first = await ask()
  expect(await ask()).toEqual(first)
  return first
}

test('two people ask the same and each gets his own rows, in lists, groups and by id', async () => {
  const mine = await north.create('deal', { name: 'Of the north' })
  await south.create('deal', { name: 'Of the south' })
  expect(await twice(() => names(north))).toEqual(['Of the north'])
  expect(await twice(() => names(south))).toEqual(['Of the south'])
  expect(await twice(() => names(sales.admin))).toEqual(['Of the south', 'Of the north'])
  const count = async (person: Person): Promise<number> => (await person.post('/api/records/deal/aggregate', GROUPS)).json.data[0].n
  expect([await twice(() => count(north)), await twice(() => count(sales.admin))]).toEqual([1, 2])
  expect((await south.get(`/api/records/deal/${mine.id}`)).status).toBe(404)
  expect((await twice(async () => (await north.get(`/api/records/deal/${mine.id}`)).json)).data.name).toBe('Of the north')
  expect((await south.get(`/api/records/deal/${mine.id}`)).status).toBe(404)
})

test('who is moved to another branch sees that one, and no longer the one he was in', async () => {
  const manager = await sales.person(['manager'], sales.north)
  expect(await twice(() => names(manager))).toEqual(['Of the north'])
  const { version } = (await sales.admin.get(`/api/records/user/${manager.id}`)).json.data
  expect((await sales.admin.patch(`/api/records/user/${manager.id}`, version, { org_unit_id: sales.south })).status).toBe(200)
  await sleep(LOOK_MS)
  expect(await twice(() => names(manager))).toEqual(['Of the south'])
})

test('a moved branch changes whose records are seen within it', async () => {
  const manager = await sales.person(['manager'], sales.north)
  expect(await twice(() => names(manager))).not.toContain('Of the south')
  const { version } = (await sales.admin.get(`/api/records/org_unit/${sales.south}`)).json.data
  expect((await sales.admin.patch(`/api/records/org_unit/${sales.south}`, version, { parent: sales.north })).status).toBe(200)
  await sleep(LOOK_MS)
  expect(await twice(() => names(manager))).toContain('Of the south')
})

test('what is asked of this moment is asked of each moment', async () => {
  const path = `${LIST}&where=${encodeURIComponent(JSON.stringify({ created_at: { in_last: 'PT1S' } }))}`
  await north.create('deal', { name: 'Just now' })
  expect(await names(north, path)).toEqual(['Just now'])
  await sleep(LOOK_MS)
  expect(await names(north, path)).toEqual([])
})

test('a published field is in the answers of a list that was open before', async () => {
  expect((await north.get('/api/records/deal?limit=1')).json.data[0]).not.toHaveProperty('colour')
  const extended = { kind: 'entity', extends: 'sales/deal', fields: [{ key: 'colour', type: 'text', label: { en: 'Colour' } }] }
  const profile = { kind: 'access_profile', extends: 'sales/sales_rep', entities: { deal: { fields: { colour: 'write' } } } }
  expect((await sales.admin.send('PUT', '/api/studio/draft/entity/deal', extended)).status).toBeLessThan(300)
  expect((await sales.admin.send('PUT', '/api/studio/draft/access_profile/sales_rep', profile)).status).toBeLessThan(300)
  expect((await sales.admin.post('/api/studio/draft/publish', { note: 'Colours' })).status).toBeLessThan(300)
  await sleep(LOOK_MS)
  expect((await north.get('/api/records/deal?limit=1')).json.data[0]).toHaveProperty('colour')
})
