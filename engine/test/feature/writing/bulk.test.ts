/** Many operations in one request, and requests that are sent twice. */
import { describe, expect, test } from 'vitest'
import { type Answer, openSales } from '../../harness/sales.ts'
import { complaints, type Fields, holdBack, WORKSHOP } from './workshop.ts'

const sales = await openSales(WORKSHOP)
const boss = await sales.person(['workshop_all_role'], sales.north)
const maker = await sales.person(['maker_role'], sales.north)
const NOWHERE = '0198c0de-0000-7000-8000-000000000000'
const bulk = (operations: unknown, more: object = {}, headers: Record<string, string> = {}): Promise<Answer> =>
  boss.post('/api/records/job/bulk', { operations, ...more }, headers)
let jobs = 0
const job = (values: object = {}): Promise<Fields> => boss.create('job', { title: `Job ${(jobs += 1)}`, ...values })
const read = async (of: Fields): Promise<Answer> => boss.get(`/api/records/job/${of['id']}`)
const count = async (table: string): Promise<number> => (await sales.peek(`select count(*)::int as n from nexus.${table}`))[0].n

describe('what it costs', () => {
  const times = (records: number, of: () => object): object[] => Array.from({ length: records }, of)

  test('is counted with the lines of tables, and refused with the cap before anything is looked at', async () => {
    const known = await job()
    const before = [await count('record'), await count('number_series')]
    const five = Array.from({ length: 5 }, () => ({ part: NOWHERE }))
    for (const operations of [
      times(400, () => ({ op: 'create', values: { title: 'x', lines: five } })),
      times(400, () => ({ op: 'create', values: { title: 'x', lines: { create: five } } })),
    ]) {
      const began = performance.now()
      const answer = await bulk(operations)
      expect([answer.status, complaints(answer)]).toEqual([422, [['/operations', 'VALIDATE_CAP']]])
      expect(answer.json.errors[0]).toMatchObject({
        params: { cap: 'max_bulk_rows', limit: 2000 },
        hint: 'Records and their lines count together: send them in several requests.',
      })
      expect(performance.now() - began).toBeLessThan(500)
    }
    expect([await count('record'), await count('number_series')]).toEqual(before)
    expect((await read(known)).status).toBe(200)
  })

  test('leaves as many records as operations are possible where they have no lines', async () => {
    const answer = await bulk(times(1_000, () => ({ op: 'create', values: { title: `Job ${(jobs += 1)}` } })))
    expect([answer.status, answer.json.data.length]).toEqual([200, 1_000])
  })
})

describe('all or nothing', () => {
  test('creates, changes and deletes happen together and answer in their order', async () => {
    const [a, b] = [await job(), await job()]
    const { status, json } = await bulk([
      { op: 'delete', id: a['id'], version: 1 },
      { op: 'create', values: { title: 'New', discount: '25' } },
      { op: 'update', id: b['id'], version: 1, values: { hours: 3 } },
      { op: 'update', id: (await job())['id'], version: 1, values: {} },
    ])
    expect(status).toBe(200)
    expect(json.data).toMatchObject([
      { op: 'delete', id: a['id'], version: 2 },
      { op: 'create', version: 1, warnings: [{ pointer: '/operations/1/values/discount' }] },
      { op: 'update', version: 2 },
      { op: 'update', version: 1 },
    ])
    expect((await read(a)).status).toBe(404)
    expect((await read(b)).json.data).toMatchObject({ hours: 3, version: 2 })
    expect((await boss.get(`/api/records/job/${json.data[1].id}`)).json.data.title).toBe('New')
  })

  test('one that fails takes all with it, and every field problem is told with its operation', async () => {
    const a = await job()
    const before = [await count('record'), await count('record_history'), await count('outbox'), await count('record_unique')]
    const answer = await bulk([
      { op: 'update', id: a['id'], version: 1, values: { hours: 5 } },
      { op: 'create', values: { title: null } },
      { op: 'create', values: { title: 'x', hours: -1 } },
    ])
    expect(answer.status).toBe(422)
    expect(complaints(answer)).toEqual([
      ['/operations/1/values/title', 'VALIDATE_REQUIRED'],
      ['/operations/2/values/hours', 'VALIDATE_MINIMUM'],
    ])
    expect([await count('record'), await count('record_history'), await count('outbox'), await count('record_unique')]).toEqual(before)
    expect(
      (
        await bulk([
          { op: 'update', id: a['id'], version: 2, values: { hours: 5 } },
          { op: 'create', values: { title: 'x' } },
        ])
      ).status,
    ).toBe(412)
    expect((await read(a)).json.data).toMatchObject({ hours: null, version: 1 })
  })
})

describe('each for itself', () => {
  test('what fails is cut out with its own problem, and the rest is stored', async () => {
    const [stale, gone, fine] = [await job(), await job(), await job()]
    await boss.patch(`/api/records/job/${stale['id']}`, 1, { hours: 1 })
    const firm = await boss.create('firm', { name: 'Needed' })
    await boss.create('job', { title: 'Taken', firm: firm.id })
    const { status, json } = await bulk(
      [
        { op: 'create', values: { title: 'Good' } },
        { op: 'create', values: { title: 'Bad', hours: '10' } },
        { op: 'create', values: { title: 'taken', firm: firm.id } },
        { op: 'create', values: { title: 'Dangling', firm: NOWHERE } },
        { op: 'update', id: stale['id'], version: 1, values: { hours: 2 } },
        { op: 'update', id: NOWHERE, version: 1, values: { hours: 2 } },
        { op: 'delete', id: gone['id'], version: 7 },
        { op: 'delete', id: fine['id'], version: 1 },
      ],
      { atomic: false },
    )
    expect(status).toBe(200)
    expect(json.data.map((each: Fields) => each['error']?.code ?? each['version'])).toEqual([
      1,
      'VALIDATE_FAILED',
      'RECORDS_NOT_UNIQUE',
      'VALIDATE_FAILED',
      'RECORDS_VERSION_STALE',
      'NOT_FOUND',
      'RECORDS_VERSION_STALE',
      2,
    ])
    expect(json.data[1].error).toMatchObject({
      type: '/problems/validate-failed',
      status: 422,
      errors: [{ pointer: '/operations/1/values/hours', code: 'VALIDATE_TYPE' }],
    })
    expect(json.data[1].id).toBeUndefined()
    expect(json.data[4]).toMatchObject({ id: stale['id'], error: { version: 2 } })
    expect([(await read(stale)).json.data.version, (await read(gone)).status, (await read(fine)).status]).toEqual([2, 200, 404])
  })

  test('a record that is being changed meanwhile is read anew, not given up', async () => {
    const made = await job()
    const held = await holdBack(sales, made['id'])
    const line = boss.post('/api/records/job_line', { job: made['id'], what: 'meanwhile', price: '5' })
    await held.waiting(1)
    const many = bulk(
      [
        { op: 'update', id: made['id'], version: 1, values: { hours: 7 } },
        { op: 'create', values: { title: 'Beside' } },
      ],
      { atomic: false },
    )
    await held.waiting(2)
    await held.release()
    expect((await line).status).toBe(201)
    expect((await many).json.data.map((each: Fields) => each['version'])).toEqual([2, 1])
    expect((await read(made)).json.data).toMatchObject({ hours: 7, total: '5.00', gross: '6', version: 2 })
  })

  test('two bulks over the same records in opposite order both come to an end', async () => {
    const made = await Promise.all(Array.from({ length: 20 }, () => job()))
    const operations = (hours: number): object[] => made.map(each => ({ op: 'update', id: each['id'], version: 1, values: { hours } }))
    const answers = await Promise.all([
      bulk(operations(1), { atomic: false }),
      bulk(operations(2).toReversed(), { atomic: false }),
      bulk(operations(3), { atomic: false }),
    ])
    const stored = answers.flatMap(each => each.json.data.filter((item: Fields) => item['error'] === undefined))
    expect(stored).toHaveLength(20)
  })
})

describe('its form', () => {
  test.each([
    ['no operations', []],
    ['an operation that is none', [{ op: 'upsert', values: {} }]],
    ['an update without a version', [{ op: 'update', id: NOWHERE, values: {} }]],
    ['a version as text', [{ op: 'update', id: NOWHERE, version: '1', values: {} }]],
    ['a create with an id', [{ op: 'create', id: NOWHERE, values: {} }]],
    ['a delete with values', [{ op: 'delete', id: NOWHERE, version: 1, values: {} }]],
    ['an unknown member', [{ op: 'create', values: {}, force: true }]],
    ['a text', ['create']],
    ['nothing', [null]],
    [
      'a record named twice',
      [
        { op: 'delete', id: NOWHERE, version: 1 },
        { op: 'update', id: NOWHERE, version: 1, values: {} },
      ],
    ],
  ])('%s is refused with its place', async (_what, operations) => {
    const answer = await bulk(operations)
    expect(answer.status).toBe(422)
    expect(complaints(answer)[0]?.[0]).toMatch(/^\/operations/)
  })

  test('more operations than the tenant allows are refused before any work', async () => {
    const answer = await bulk(Array.from({ length: 1_001 }, () => ({ op: 'create', values: { title: 'x' } })))
    expect([answer.status, answer.json.code]).toEqual([422, 'RECORDS_TOO_MANY_OPERATIONS'])
    expect(answer.json.detail).toContain('1000 operations')
    expect(answer.json.detail).toContain('bulk_operations')
  })

  test('an operation the caller may not do refuses the bulk', async () => {
    const own = await maker.create('job', { title: 'Own' })
    const answer = await maker.post('/api/records/job/bulk', {
      atomic: false,
      operations: [
        { op: 'create', values: { title: 'x' } },
        { op: 'delete', id: own['id'], version: 1 },
      ],
    })
    expect([answer.status, answer.json.code]).toEqual([403, 'ACCESS_OPERATION_FORBIDDEN'])
  })
})

describe('sent twice', () => {
  const key = (name: string): Record<string, string> => ({ 'idempotency-key': name })

  test('a create under one key happens once and answers the same', async () => {
    const send = (): Promise<Answer> => boss.post('/api/records/job', { title: 'Once only', discount: '25' }, key('create-1'))
    const [first, second] = [await send(), await send()]
    expect([first.status, second.status]).toEqual([201, 201])
    expect(second.json.data).toEqual(first.json.data)
    expect(second.headers.get('location')).toBe(first.headers.get('location'))
    expect((await sales.peek(`select count(*)::int as n from nexus.record where data::text like '%Once only%'`))[0].n).toBe(1)
  })

  test('twins that come at the same moment make one record', async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => boss.post('/api/records/job', { title: 'Twins' }, key('create-2'))))
    expect(new Set(answers.map(each => each.json.data.id)).size).toBe(1)
    expect(answers.every(each => each.status === 201)).toBe(true)
  })

  test('the key with another body is refused, and a refused create leaves the key free', async () => {
    await boss.post('/api/records/job', { title: 'First' }, key('create-3'))
    const other = await boss.post('/api/records/job', { title: 'Second' }, key('create-3'))
    expect([other.status, other.json.code]).toEqual([422, 'GUARD_IDEMPOTENCY_KEY_REUSED'])
    expect((await boss.post('/api/records/job', { title: null }, key('create-4'))).status).toBe(422)
    expect((await boss.post('/api/records/job', { title: 'Now' }, key('create-4'))).status).toBe(201)
    expect((await maker.post('/api/records/job', { title: 'Of another' }, key('create-3'))).status).toBe(201)
  })

  test('a bulk under one key happens once, with its failures', async () => {
    const operations = [
      { op: 'create', values: { title: 'Bulk once' } },
      { op: 'create', values: { title: null } },
    ]
    const [first, second] = [
      await bulk(operations, { atomic: false }, key('bulk-1')),
      await bulk(operations, { atomic: false }, key('bulk-1')),
    ]
    expect([first.status, second.status]).toEqual([200, 200])
    expect(second.json.data).toEqual(first.json.data)
    expect(first.json.data.map((each: Fields) => each['error']?.status ?? 'stored')).toEqual(['stored', 422])
    expect((await sales.peek(`select count(*)::int as n from nexus.record where data::text like '%Bulk once%'`))[0].n).toBe(1)
  })
})
