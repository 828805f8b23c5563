/** One record at a time: what a create begins with, what a merge-patch leaves alone, versions, and bodies that ask for more than they may. */
import { expect, test } from 'vitest'
import { openSales } from '../../harness/sales.ts'
import { complaints, WORKSHOP } from './workshop.ts'

const sales = await openSales(WORKSHOP)
const boss = await sales.person(['workshop_all_role'], sales.north)
const path = (job: { id: string }): string => `/api/records/job/${job.id}`
const traces = async (id: string): Promise<number[]> => {
  const count = async (text: string): Promise<number> => Number((await sales.peek(text, [id]))[0].n)
  return [
    await count('select count(*)::int as n from nexus.record_history where record_id = $1'),
    await count('select count(*)::int as n from nexus.audit where record_id = $1'),
    await count(`select count(*)::int as n from nexus.outbox where envelope->'data'->>'id' = $1::text`),
  ]
}

test('a create answers 201 with the record, where it is and its version', async () => {
  const made = await boss.post('/api/records/job', { title: 'Roof' })
  expect(made.status).toBe(201)
  expect(made.headers.get('location')).toBe(`/api/records/job/${made.json.data.id}`)
  expect(made.headers.get('etag')).toBe('"1"')
  expect(made.json.data).toMatchObject({ title: 'Roof', version: 1, created_by: boss.id, owner_id: boss.id, org_unit_id: sales.north })
  expect((await boss.get(path(made.json.data))).json.data).toEqual(made.json.data)
})

test('what is left out gets its default, what is null stays empty, and nothing is 0 where nothing was counted', async () => {
  const job = await boss.create('job', { title: 'Defaults', process: null })
  expect(job).toMatchObject({ stage: 'draft', process: null, total: '0.00', line_count: 0, first_on: null, gross: '0' })
})

test('a change tells history, audit and the stream of events, together with the record', async () => {
  const job = await boss.create('job', { title: 'Traces' })
  expect(await traces(job.id)).toEqual([1, 1, 1])
  expect((await boss.patch(path(job), 1, { hours: 3 })).json.data).toMatchObject({ hours: 3, version: 2 })
  expect(await traces(job.id)).toEqual([2, 2, 2])
  const [last] = await sales.peek(`select changes, op, actor from nexus.record_history where record_id = $1 and version = 2`, [job.id])
  expect(last.op).toBe('update')
  expect(last.actor).toBe(boss.id)
  expect(Object.values(last.changes)).toEqual([[null, 3]])
})

test('what is told of a create has no values from before, and its audit row names the version alone', async () => {
  const job = await boss.create('job', { title: 'First of all' })
  const [told] = await sales.peek(
    `select o.envelope->'data' as data, h.changes, a.details from nexus.outbox o, nexus.record_history h, nexus.audit a
      where o.envelope->'data'->>'id' = $1::text and h.record_id = $1::uuid and a.record_id = $1::uuid`,
    [job.id],
  )
  expect(told.data).toMatchObject({ version: 1, before: null, after: { title: 'First of all', owner_id: boss.id } })
  expect(Object.keys(told.data.after).sort()).toEqual([...told.data.changed].sort())
  expect(Object.values(told.changes['+'])).toContain('First of all')
  expect(told.details).toEqual({ version: 1 })
  const [entry] = (await boss.get(`${path(job)}/history`)).json.data
  expect(entry).toMatchObject({ op: 'create', version: 1, changes: { title: { before: null, after: 'First of all' } } })
})

test('a patch that changes nothing leaves version, history, audit and events as they are', async () => {
  const job = await boss.create('job', { title: 'Idle', address: { line1: 'A street 1', city: 'Kyiv' }, tags: ['a', 'b'] })
  const before = await traces(job.id)
  const same = await boss.patch(path(job), 1, { title: 'Idle', address: { city: 'Kyiv' }, tags: ['a', 'b'], hours: null })
  expect(same.status).toBe(200)
  expect(same.json.data).toEqual(job)
  expect(await traces(job.id)).toEqual(before)
})

test('a change needs the version it was made from', async () => {
  const job = await boss.create('job', { title: 'Versions' })
  const bare = await boss.send('PATCH', path(job), { hours: 1 })
  expect([bare.status, bare.json.code]).toEqual([428, 'HTTP_IF_MATCH_REQUIRED'])
  expect((await boss.send('DELETE', path(job))).status).toBe(428)
})

test('a stale version answers 412 with the version that stands and the fields that differ', async () => {
  const job = await boss.create('job', { title: 'Stale' })
  await boss.patch(path(job), 1, { hours: 2, tags: ['x'] })
  await boss.patch(path(job), 2, { title: 'Stale still' })
  const late = await boss.patch(path(job), 1, { title: 'Mine' })
  expect(late.status).toBe(412)
  expect(late.json).toMatchObject({ code: 'RECORDS_VERSION_STALE', version: 3 })
  expect(late.json.fields.toSorted()).toEqual(['hours', 'tags', 'title'])
  const gone = await boss.send('DELETE', path(job), undefined, { 'if-match': '"1"' })
  expect([gone.status, gone.json.version]).toEqual([412, 3])
  expect((await boss.get(path(job))).json.data.title).toBe('Stale still')
})

test('of two changes from one version one wins', async () => {
  const job = await boss.create('job', { title: 'Race' })
  const answers = await Promise.all(Array.from({ length: 6 }, (_, n) => boss.patch(path(job), 1, { hours: n + 1 })))
  expect(answers.map(each => each.status).toSorted()).toEqual([200, 412, 412, 412, 412, 412])
  expect((await boss.get(path(job))).json.data.version).toBe(2)
})

test('a patch merges: null takes away, what is not named stays, inside of objects too', async () => {
  const job = await boss.create('job', {
    title: 'Merge',
    hours: 5,
    address: { line1: 'A street 1', city: 'Kyiv', country: 'UA' },
    contact_name: { given: 'Ada', family: 'Byron' },
    extra: { colour: 'red', size: { width: 1, height: 2 }, list: [1, 2] },
  })
  const changed = await boss.patch(path(job), 1, {
    hours: null,
    address: { city: 'Lviv', country: null },
    contact_name: { family: 'Lovelace' },
    extra: { size: { height: null, depth: 3 }, list: [3] },
  })
  expect(changed.json.data).toMatchObject({
    title: 'Merge',
    hours: null,
    address: { line1: 'A street 1', city: 'Lviv' },
    contact_name: { given: 'Ada', family: 'Lovelace' },
  })
  expect((await boss.get(`${path(job)}?select=extra`)).json.data.extra).toEqual({ colour: 'red', size: { width: 1, depth: 3 }, list: [3] })
  expect(Object.keys(changed.json.data.address)).not.toContain('country')
  expect((await boss.patch(path(job), 2, { address: null, extra: null })).json.data.address).toBeNull()
})

test('values are kept in one spelling', async () => {
  const job = await boss.create('job', { title: '  Cafe\u0301 ', value: '10', discount: '2.50', currency: 'EUR' })
  expect(job).toMatchObject({ title: 'Café', value: '10.00', discount: '2.5' })
  expect((await boss.get(`${path(job)}?select=value_base`)).json.data).toMatchObject({ value_base: '10.00' })
})

test('a name that is not there and a name that is not his get the same answer, and nothing is written', async () => {
  const maker = await sales.person(['maker_role'], sales.north)
  const before = await sales.peek('select count(*)::int as n from nexus.record')
  const answer = (name: string): Promise<{ status: number; text: string }> =>
    maker.post('/api/records/job', { title: 'Names', [name]: 'x' })
  const [hidden, absent] = [await answer('hours'), await answer('hourz')]
  expect(hidden.status).toBe(422)
  const neutral = (text: string): string => text.replaceAll('hourz', 'hours').replace(/"trace_id":"\w+"/, '')
  expect(neutral(absent.text)).toBe(neutral(hidden.text))
  expect(await sales.peek('select count(*)::int as n from nexus.record')).toEqual(before)
})

test.each([
  'id',
  'version',
  'created_at',
  'created_by',
  'updated_at',
  'updated_by',
  'deleted_at',
  'number',
  'slip',
  'total',
  'gross',
  'firm_name',
  'firm_region',
  'value_base',
])('the engine’s own %s can not be set', async name => {
  const job = await boss.create('job', { title: `Own ${name}` })
  for (const answer of [
    await boss.post('/api/records/job', { title: 'x', [name]: job[name] ?? 'x' }),
    await boss.patch(path(job), 1, { [name]: job[name] ?? 'x' }),
  ]) {
    expect(answer.status).toBe(422)
    expect(complaints(answer)).toEqual([[`/${name}`, 'VALIDATE_NOT_WRITABLE']])
  }
  expect((await boss.get(path(job))).json.data).toEqual(job)
})

test.each(['constructor', 'toString', 'hasOwnProperty', 'TITLE', 'title ', 'ti\u200btle', 'tіtle', 'data', "title'--", 'x'.repeat(10_000)])(
  '%j is no field',
  async name => {
    const answer = await boss.post('/api/records/job', { title: 'Hostile', [name]: { polluted: true } })
    expect(answer.status).toBe(422)
    expect(complaints(answer).map(each => each[1])).toEqual(['VALIDATE_UNKNOWN_NAME'])
    expect('polluted' in {}).toBe(false)
  },
)

test('a record of another tenant, of another entity, in the trash and one that never was are one and the same: not there', async () => {
  const firm = await boss.create('firm', { name: 'Elsewhere' })
  const gone = await boss.create('job', { title: 'Gone' })
  await boss.send('DELETE', path(gone), undefined, { 'if-match': '"1"' })
  const answers = await Promise.all(
    [firm.id, gone.id, '0198c0de-0000-7000-8000-000000000000', 'nonsense'].map(id => boss.patch(`/api/records/job/${id}`, 1, { hours: 1 })),
  )
  const neutral = answers.map(each => each.text.replace(/"trace_id":"\w+"/, ''))
  expect(answers.map(each => each.status)).toEqual([404, 404, 404, 404])
  expect(new Set(neutral).size).toBe(1)
})

test('a record answers with warnings beside it, and is kept', async () => {
  const made = await boss.post('/api/records/job', { title: 'Warned', discount: '25' })
  expect(made.status).toBe(201)
  expect(made.json.warnings).toMatchObject([{ pointer: '/discount', code: 'VALIDATE_RULE', message: 'That is much.' }])
})
