/** Values that only one record may hold: folded, composite, conditional, and with many who want them at once. */
import { expect, test } from 'vitest'
import { type Answer, openSales } from '../../harness/sales.ts'
import { complaints, type Fields, WORKSHOP } from './workshop.ts'

const sales = await openSales(WORKSHOP)
const boss = await sales.person(['workshop_all_role'], sales.north)
let firms = 0
const firm = (): Promise<Fields> => boss.create('firm', { name: `Firm ${(firms += 1)}` })
const post = (values: object): Promise<Answer> => boss.post('/api/records/job', values)
const patch = (of: Fields, version: number, values: object): Promise<Answer> => boss.patch(`/api/records/job/${of['id']}`, version, values)

test('of many who create the same at once exactly one wins', async () => {
  for (let round = 0; round < 3; round++) {
    const answers = await Promise.all(Array.from({ length: 10 }, () => boss.post('/api/records/firm', { name: `Wanted ${round}` })))
    expect(answers.map(each => each.status).toSorted()).toEqual([201, ...Array.from({ length: 9 }, () => 409)])
    expect((await sales.peek(`select count(*)::int as n from nexus.record_unique where value like $1`, [`%wanted ${round}`]))[0].n).toBe(1)
  }
})

test('case and accents make no difference, and the record’s own words do', async () => {
  await boss.create('firm', { name: 'Müller & Söhne' })
  expect((await boss.post('/api/records/firm', { name: 'MULLER & SOHNE' })).status).toBe(409)
  expect((await boss.post('/api/records/firm', { name: 'Müller & Sohn' })).status).toBe(201)
})

test('a rule over several fields holds where all of them have a value', async () => {
  const [a, b] = [await firm(), await firm()]
  expect((await post({ title: 'Roof', firm: a['id'] })).status).toBe(201)
  expect((await post({ title: 'Roof', firm: b['id'] })).status).toBe(201)
  expect((await post({ title: 'Roof' })).status).toBe(201)
  expect((await post({ title: 'Roof' })).status).toBe(201)
  const twin = await post({ title: 'roof', firm: a['id'] })
  expect(twin.json).toMatchObject({ status: 409, code: 'RECORDS_NOT_UNIQUE' })
  expect(twin.json.errors).toMatchObject([{ pointer: '/firm', message: 'This firm has such a job.' }, { pointer: '/title' }])
})

test('fields do not run into each other', async () => {
  const of = await firm()
  expect((await post({ title: '1:a', firm: of['id'] })).status).toBe(201)
  expect((await post({ title: '1', firm: of['id'] })).status).toBe(201)
})

test('a condition lets a value go and asks for it again', async () => {
  const of = await firm()
  const first = (await post({ title: 'Once', firm: of['id'] })).json.data
  expect((await patch(first, 1, { stage: 'dropped', reason: 'r' })).status).toBe(200)
  const second = (await post({ title: 'Once', firm: of['id'] })).json.data
  expect((await patch(first, 2, { stage: 'draft' })).status).toBe(409)
  expect((await patch(second, 1, { title: 'Twice' })).status).toBe(200)
  expect((await patch(first, 2, { stage: 'draft' })).status).toBe(200)
})

test('a value that was let go in the same change can be taken in it', async () => {
  const of = await firm()
  const [a, b] = [(await post({ title: 'A', firm: of['id'] })).json.data, (await post({ title: 'B', firm: of['id'] })).json.data]
  const swap = await boss.post('/api/records/job/bulk', {
    operations: [
      { op: 'update', id: a.id, version: 1, values: { title: 'B' } },
      { op: 'update', id: b.id, version: 1, values: { title: 'A' } },
    ],
  })
  expect(swap.status).toBe(200)
  expect((await boss.get(`/api/records/job/${a.id}`)).json.data.title).toBe('B')
  const handed = await boss.post('/api/records/job/bulk', {
    operations: [
      { op: 'delete', id: a.id, version: 2 },
      { op: 'create', values: { title: 'B', firm: of['id'] } },
    ],
  })
  expect(handed.status).toBe(200)
})

test('twins within one bulk: the first is kept, the other is told', async () => {
  const twins = Array.from({ length: 3 }, () => ({ op: 'create', values: { name: 'Bulk twin' } }))
  const { json } = await boss.post('/api/records/firm/bulk', { atomic: false, operations: twins })
  expect(json.data.map((each: Fields) => each['error']?.code ?? 'stored').toSorted()).toEqual([
    'RECORDS_NOT_UNIQUE',
    'RECORDS_NOT_UNIQUE',
    'stored',
  ])
  const atomic = await boss.post('/api/records/firm/bulk', {
    operations: [
      { op: 'create', values: { name: 'Atomic twin' } },
      { op: 'create', values: { name: 'Atomic twin' } },
    ],
  })
  expect(atomic.status).toBe(409)
  expect((await sales.peek(`select count(*)::int as n from nexus.record_unique where value like '%atomic twin%'`))[0].n).toBe(0)
})

test('long values are told apart to their end', async () => {
  const long = 'x'.repeat(99)
  expect((await boss.post('/api/records/firm', { name: `${long}a` })).status).toBe(201)
  expect((await boss.post('/api/records/firm', { name: `${long}b` })).status).toBe(201)
  expect(complaints(await boss.post('/api/records/firm', { name: `${long}B` }))).toEqual([['/name', 'VALIDATE_UNIQUE']])
})
