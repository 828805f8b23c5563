/** Lines of a record: written with it, as an array or by operations, each a record of its own under its own rights. */
import { describe, expect, test } from 'vitest'
import { type Answer, openSales } from '../../harness/sales.ts'
import { complaints, type Fields, WORKSHOP } from './workshop.ts'

const sales = await openSales(WORKSHOP)
const boss = await sales.person(['workshop_all_role'], sales.north)
const maker = await sales.person(['maker_role'], sales.north)
const NOWHERE = '0198c0de-0000-7000-8000-000000000000'
let jobs = 0
const job = (lines?: unknown, values: object = {}): Promise<Fields> =>
  boss.create('job', { title: `Job ${(jobs += 1)}`, ...values, ...(lines === undefined ? {} : { lines }) })
const at = (of: Fields): string => `/api/records/job/${of['id']}`
const linesOf = async (of: Fields): Promise<Fields[]> =>
  (
    await boss.send('POST', '/api/records/job/query', {
      select: ['title', { lines: { select: ['what', 'quantity', 'total'] } }],
      where: { id: { eq: of['id'] } },
    })
  ).json.data[0].lines
const names = async (of: Fields): Promise<string[]> => (await linesOf(of)).map(line => line['what'])
const patch = (of: Fields, lines: unknown, version = of['version'], more: object = {}): Promise<Answer> =>
  boss.patch(at(of), version, { ...more, lines })

describe('by an array', () => {
  test('a record is created with its lines, in their order', async () => {
    const made = await job([{ what: 'c' }, { what: 'a' }, { what: 'b' }])
    expect(made).toMatchObject({ line_count: 3, version: 1 })
    expect(await names(made)).toEqual(['c', 'a', 'b'])
    const history = await sales.peek(
      `select count(*)::int as n from nexus.record_history where op = 'create' and record_id in (select id from nexus.record where created_at = $1)`,
      [made['created_at']],
    )
    expect(history[0].n).toBe(4)
  })

  test('what is wrong with the record and with its lines is told at once, at its place', async () => {
    const answer = await boss.post('/api/records/job', {
      title: null,
      lines: [{ what: 'fine' }, { what: '', quantity: '-1' }, { amount: 3 }],
    })
    expect(answer.status).toBe(422)
    expect(complaints(answer).toSorted()).toEqual(
      [
        ['/title', 'VALIDATE_REQUIRED'],
        ['/lines/1/what', 'VALIDATE_EMPTY'],
        ['/lines/1/quantity', 'VALIDATE_MINIMUM'],
        ['/lines/2/amount', 'VALIDATE_UNKNOWN_NAME'],
        ['/lines/2/what', 'VALIDATE_REQUIRED'],
      ].toSorted(),
    )
  })

  test('an array does not replace lines that are there', async () => {
    expect(complaints(await patch(await job([]), [{ what: 'x' }]))).toEqual([['/lines', 'VALIDATE_TABLE_OPERATIONS']])
  })

  test('a line copies from the record that is being created with it', async () => {
    const rate = await sales.admin.create('exchange_rate', { currency: 'USD', valid_from: '2020-01-01', rate: '0.5' })
    expect(rate.id).toBeDefined()
    const part = await boss.create('part', { name: 'Nut', price: '8' })
    const made = await job([{ what: 'nuts', part: part.id, quantity: '3' }], { currency: 'USD' })
    expect(await linesOf(made)).toMatchObject([{ total: '24.00' }])
    expect(made['total']).toBe('12.00')
  })
})

describe('by operations', () => {
  test('lines are added, changed and taken away in one change of their record', async () => {
    const made = await job([{ what: 'keep' }, { what: 'change' }, { what: 'drop' }])
    const [, change, drop] = await linesOf(made)
    const changed = await patch(
      made,
      { create: [{ what: 'new' }], update: [{ id: change?.['id'], version: 1, what: 'changed', quantity: '2' }], delete: [drop?.['id']] },
      1,
      { hours: 4 },
    )
    expect(changed.json.data).toMatchObject({ version: 2, hours: 4, line_count: 3 })
    expect(await names(made)).toEqual(['keep', 'changed', 'new'])
  })

  test('order puts the named lines where they stand among themselves', async () => {
    const made = await job([{ what: 'a' }, { what: 'b' }, { what: 'c' }, { what: 'd' }])
    const ids = (await linesOf(made)).map(line => line['id'])
    expect((await patch(made, { order: [ids[3], ids[2], ids[1], ids[0]] })).json.data.version).toBe(2)
    expect(await names(made)).toEqual(['d', 'c', 'b', 'a'])
    expect((await patch(made, { order: [ids[0], ids[3]], create: [{ what: 'e' }] }, 2)).status).toBe(200)
    expect(await names(made)).toEqual(['a', 'c', 'b', 'd', 'e'])
    expect((await patch(made, { order: [ids[0], ids[3]] }, 3)).json.data.version).toBe(3)
  })

  test('a line of another record, one that is gone and one that never was are no lines of this record', async () => {
    const [mine, other] = [await job([{ what: 'mine' }]), await job([{ what: 'other' }, { what: 'gone' }])]
    const [foreign, gone] = await linesOf(other)
    await patch(other, { delete: [gone?.['id']] })
    for (const id of [foreign?.['id'], gone?.['id'], NOWHERE]) {
      const answer = await patch(mine, { update: [{ id, version: 1, what: 'x' }], create: [{ what: 'y' }] })
      expect(complaints(answer)).toEqual([['/lines/update/0', 'VALIDATE_TABLE_LINE']])
      expect(complaints(await patch(mine, { delete: [id] }))).toEqual([['/lines/delete/0', 'VALIDATE_TABLE_LINE']])
      expect(complaints(await patch(mine, { order: [id] }))).toEqual([['/lines/order/0', 'VALIDATE_TABLE_LINE']])
    }
    expect(await names(mine)).toEqual(['mine'])
    expect(await names(other)).toEqual(['other'])
  })

  test('a line names no other record than the one it is written with', async () => {
    const [mine, other] = [await job([{ what: 'mine' }]), await job([{ what: 'other' }])]
    const [line] = await linesOf(mine)
    const changed = { id: line?.['id'], version: 1 }
    for (const elsewhere of [other['id'], NOWHERE]) {
      const answer = await patch(mine, { create: [{ what: 'x', job: elsewhere }], update: [{ ...changed, job: elsewhere }] })
      expect(complaints(answer)).toEqual([
        ['/lines/create/0/job', 'VALIDATE_NOT_WRITABLE'],
        ['/lines/update/0/job', 'VALIDATE_NOT_WRITABLE'],
      ])
      const made = await boss.post('/api/records/job', { title: 'another', lines: [{ what: 'x', job: elsewhere }] })
      expect(complaints(made)).toEqual([['/lines/0/job', 'VALIDATE_NOT_WRITABLE']])
    }
    const same = await patch(mine, {
      create: [{ what: 'new', job: mine['id'] }],
      update: [{ ...changed, what: 'changed', job: mine['id'] }],
    })
    expect(same.status).toBe(200)
    expect([await names(mine), await names(other)]).toEqual([['changed', 'new'], ['other']])
  })

  test('a line that was changed meanwhile is not overwritten, and nothing of the change is kept', async () => {
    const made = await job([{ what: 'a' }])
    const [line] = await linesOf(made)
    await boss.patch(`/api/records/job_line/${line?.['id']}`, 1, { what: 'by another door' })
    const late = await patch(made, { update: [{ id: line?.['id'], version: 1, what: 'late' }], create: [{ what: 'new' }] }, 1, { hours: 9 })
    expect([late.status, late.json.code, late.json.version]).toEqual([412, 'RECORDS_VERSION_STALE', 2])
    expect((await boss.get(at(made))).json.data).toMatchObject({ version: 1, hours: null, line_count: 1 })
  })

  test.each([
    ['an unknown member', { insert: [] }, '/lines/insert'],
    ['a member that is no list', { create: {} }, '/lines/create'],
    ['a line without its version', { update: [{ id: NOWHERE, what: 'x' }] }, '/lines/update/0'],
    ['a line without its id', { update: [{ version: 1, what: 'x' }] }, '/lines/update/0'],
    ['an id that is none', { delete: ['x'] }, '/lines/delete/0'],
    ['a text', 'x', '/lines'],
    ['nothing', null, '/lines'],
    ['a line that is no object', { create: ['x'] }, '/lines/create/0'],
  ])('%s is refused at its place', async (_what, lines, pointer) => {
    const made = await job([])
    const answer = await patch(made, lines)
    expect(answer.status).toBe(422)
    expect(complaints(answer).map(each => each[0])).toContain(pointer)
  })

  test('a line is named once', async () => {
    const made = await job([{ what: 'a' }])
    const [line] = await linesOf(made)
    const id = line?.['id']
    expect(
      complaints(
        await patch(made, {
          update: [
            { id, version: 1 },
            { id, version: 1 },
          ],
        }),
      ),
    ).toEqual([['/lines/update/1', 'VALIDATE_TABLE_LINE']])
    expect(complaints(await patch(made, { update: [{ id, version: 1 }], delete: [id] }))).toEqual([
      ['/lines/delete/0', 'VALIDATE_TABLE_LINE'],
    ])
    expect(complaints(await patch(made, { delete: [id], order: [id] }))).toEqual([['/lines/order/0', 'VALIDATE_TABLE_LINE']])
  })

  test('there are not more lines than the table takes', async () => {
    const made = await job(Array.from({ length: 20 }, (_, n) => ({ what: `line ${n}` })))
    expect(complaints(await patch(made, { create: [{ what: 'one more' }] }))).toEqual([['/lines', 'VALIDATE_MAX_ITEMS']])
    const [line] = await linesOf(made)
    expect((await patch(made, { create: [{ what: 'one more' }], delete: [line?.['id']] })).json.data.line_count).toBe(20)
    expect(
      complaints(await boss.post('/api/records/job', { title: 'Many', lines: Array.from({ length: 21 }, () => ({ what: 'x' })) })),
    ).toEqual([['/lines', 'VALIDATE_MAX_ITEMS']])
  })

  test('empty operations change nothing', async () => {
    const made = await job([{ what: 'a' }])
    expect((await patch(made, {})).json.data.version).toBe(1)
    expect((await patch(made, { create: [], update: [], delete: [] })).json.data.version).toBe(1)
  })
})

describe('rights', () => {
  test('lines need the rights of their own entity', async () => {
    const mine = await maker.create('job', { title: 'Without lines' })
    expect((await maker.post('/api/records/job', { title: 'With lines', lines: [{ what: 'x' }] })).json.code).toBe(
      'ACCESS_OPERATION_FORBIDDEN',
    )
    expect((await maker.patch(at(mine), 1, { lines: { create: [{ what: 'x' }] } })).status).toBe(403)
    const theirs = await job([{ what: 'a' }], { owner_id: maker.id })
    const [line] = await linesOf(theirs)
    expect((await maker.patch(at(theirs), 1, { lines: { delete: [line?.['id']] } })).status).not.toBe(200)
    expect(await names(theirs)).toEqual(['a'])
  })

  test('a bulk with lines fails item by item, each as the record it belongs to', async () => {
    const taken = await job([{ what: 'a' }])
    const [line] = await linesOf(taken)
    const part = await boss.create('part', { name: 'Gone' })
    await boss.send('DELETE', `/api/records/part/${part.id}`, undefined, { 'if-match': '"1"' })
    const { json } = await boss.post('/api/records/job/bulk', {
      atomic: false,
      operations: [
        { op: 'create', values: { title: 'Good lines', lines: [{ what: 'x' }, { what: 'y' }] } },
        { op: 'create', values: { title: 'Bad part', lines: [{ what: 'x', part: part.id }] } },
        { op: 'create', values: { title: 'Bad line', lines: [{ what: '' }] } },
        { op: 'update', id: taken['id'], version: 1, values: { lines: { update: [{ id: line?.['id'], version: 1, what: 'changed' }] } } },
      ],
    })
    expect(json.data.map((each: Fields) => each['error']?.errors?.[0]?.pointer ?? 'stored')).toEqual([
      'stored',
      '/operations/1/values/lines/0/part',
      '/operations/2/values/lines/0/what',
      'stored',
    ])
    expect(await names(taken)).toEqual(['changed'])
  })
})
