/** Records that form a tree: no circles, no depths beyond what is allowed, and everything below moves along. */
import { expect, test } from 'vitest'
import { type Answer, openSales } from '../../harness/sales.ts'
import { complaints, type Fields, WORKSHOP } from './workshop.ts'

const sales = await openSales(WORKSHOP)
const boss = await sales.person(['workshop_all_role'], sales.north)
let names = 0
const place = (parent: Fields | null = null): Promise<Fields> =>
  boss.create('place', { name: `Place ${(names += 1)}`, parent: parent?.['id'] ?? null })
const version = async (of: Fields): Promise<number> => (await boss.get(`/api/records/place/${of['id']}`)).json.data.version
const move = async (what: Fields, to: Fields | null): Promise<Answer> =>
  boss.patch(`/api/records/place/${what['id']}`, await version(what), { parent: to?.['id'] ?? null })
const ancestors = async (of: Fields): Promise<string[]> =>
  (await sales.peek(`select value from nexus.record_value where id = $1 order by value`, [of['id']])).map(row => row.value)
const ids = (...of: Fields[]): string[] => of.map(each => each['id']).toSorted()

test('a record lies within itself and all that is above it', async () => {
  const [a, b] = [await place(), await place()]
  const below = await place(a)
  const lowest = await place(below)
  expect(await ancestors(lowest)).toEqual(ids(a, below, lowest))
  expect(await ancestors(b)).toEqual(ids(b))
  const jobs = await Promise.all([lowest, below, b].map((at, n) => boss.create('job', { title: `At ${n} ${at['id']}`, place: at['id'] })))
  expect(jobs).toHaveLength(3)
})

test('what lies below a record moves with it', async () => {
  const [a, b] = [await place(), await place()]
  const under = await place(a)
  const [left, right] = [await place(under), await place(under)]
  expect((await move(under, b)).status).toBe(200)
  expect(await ancestors(left)).toEqual(ids(b, under, left))
  expect(await ancestors(right)).toEqual(ids(b, under, right))
  expect((await move(under, null)).status).toBe(200)
  expect(await ancestors(left)).toEqual(ids(under, left))
})

test('a record is not its own ancestor, near or far', async () => {
  const a = await place()
  const b = await place(a)
  const c = await place(b)
  for (const to of [a, b, c]) expect(complaints(await move(a, to))).toEqual([['/parent', 'VALIDATE_CYCLE']])
  expect(await ancestors(c)).toEqual(ids(a, b, c))
})

test('a tree ends where its depth ends, also for what would come along', async () => {
  const chain = [await place()]
  for (let depth = 0; depth < 4; depth++) chain.push(await place(chain.at(-1)))
  const last = chain.at(-1)
  expect(complaints(await boss.post('/api/records/place', { name: 'Too deep', parent: last?.['id'] }))).toEqual([
    ['/parent', 'VALIDATE_CYCLE'],
  ])
  const top = await place()
  expect(complaints(await move(chain[0] ?? top, top))).toEqual([['/parent', 'VALIDATE_CYCLE']])
})

test('two moves that would close a circle together do not both happen', async () => {
  for (let round = 0; round < 4; round++) {
    const [a, b] = [await place(), await place()]
    const answers = await Promise.all([move(a, b), move(b, a)])
    expect(answers.map(each => each.status).toSorted()).toEqual([200, 422])
  }
})

test('a branch that holds others stays; a reference beside the tree lets go', async () => {
  const a = await place()
  const b = await place(a)
  const neighbour = await boss.create('place', { name: 'Neighbour', near: b['id'] })
  const remove = async (what: Fields): Promise<Answer> =>
    boss.send('DELETE', `/api/records/place/${what['id']}`, undefined, { 'if-match': `"${await version(what)}"` })
  expect((await remove(a)).status).toBe(409)
  expect((await remove(b)).status).toBe(204)
  expect((await boss.get(`/api/records/place/${neighbour.id}`)).json.data).toMatchObject({ near: null, version: 2 })
  expect((await remove(a)).status).toBe(204)
  expect((await boss.send('POST', `/api/records/place/${b['id']}/restore`)).status).toBe(409)
})

test('units that move are seen where they are now by everyone’s row rules', async () => {
  const branch = (await sales.admin.create('org_unit', { name: 'Shop', kind: 'store', parent: sales.south })).id
  const northern = await sales.person(['maker_role'], sales.north)
  await boss.create('job', { title: 'In the shop', org_unit_id: branch })
  const seen = async (): Promise<number> =>
    (await northern.get('/api/records/job?select=title')).json.data.filter((each: Fields) => each['title'] === 'In the shop').length
  expect(await seen()).toBe(0)
  expect((await sales.admin.patch(`/api/records/org_unit/${branch}`, 1, { parent: sales.north })).status).toBe(200)
  await expect.poll(seen, { timeout: 3_000 }).toBe(1)
})
