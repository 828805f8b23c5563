/** Records that point at others: what may be pointed at, what happens when it goes, and who wins when both happen at once. */
import { describe, expect, test } from 'vitest'
import { type Answer, openSales } from '../../harness/sales.ts'
import { complaints, type Fields, holdBack, WORKSHOP } from './workshop.ts'

const sales = await openSales(WORKSHOP)
const boss = await sales.person(['workshop_all_role'], sales.north)
const maker = await sales.person(['maker_role'], sales.north)
const NOWHERE = '0198c0de-0000-7000-8000-000000000000'
let names = 0
const firm = (values: object = {}): Promise<Fields> => boss.create('firm', { name: `Firm ${(names += 1)}`, ...values })
const part = (values: object = {}): Promise<Fields> => boss.create('part', { name: `Part ${(names += 1)}`, ...values })
const job = (values: object = {}): Promise<Fields> => boss.create('job', { title: `Job ${(names += 1)}`, ...values })
const read = async (entity: string, record: Fields): Promise<Fields> => (await boss.get(`/api/records/${entity}/${record['id']}`)).json.data
const remove = (entity: string, record: Fields, version = record['version']): Promise<Answer> =>
  boss.send('DELETE', `/api/records/${entity}/${record['id']}`, undefined, { 'if-match': `"${version}"` })
const restore = (entity: string, record: Fields): Promise<Answer> => boss.send('POST', `/api/records/${entity}/${record['id']}/restore`)
const patch = (record: Fields, values: object): Promise<Answer> => boss.patch(`/api/records/job/${record['id']}`, record['version'], values)

describe('what may be pointed at', () => {
  test('a record that never was, one in the trash, one of another entity and one that is hidden are refused alike', async () => {
    const gone = await firm()
    await remove('firm', gone)
    const asleep = await firm({ active: false })
    const cases = [NOWHERE, gone['id'], (await part())['id'], asleep['id']]
    const answers = await Promise.all(cases.map(id => maker.post('/api/records/job', { title: 'Pointing', firm: id })))
    expect(answers.map(complaints)).toEqual(cases.map(() => [['/firm', 'VALIDATE_REFERENCE']]))
    expect(new Set(answers.map(each => each.text.replace(/"trace_id":"\w+"/, ''))).size).toBe(1)
  })

  test('what is no id at all is refused as such', async () => {
    for (const id of ['', 'x', 7, {}, [], true, `${NOWHERE} `, NOWHERE.toUpperCase().replace('C', 'Z')]) {
      const answer = await boss.post('/api/records/job', { title: 'Pointing', firm: id })
      expect([answer.status, complaints(answer)[0]?.[0]], JSON.stringify(id)).toEqual([422, '/firm'])
    }
  })

  test('a reference’s own condition is kept, with what it reads of the record', async () => {
    const service = await part({ kind: 'service' })
    expect(complaints(await boss.post('/api/records/job', { title: 'x', wanted_kind: 'good', main_part: service['id'] }))).toEqual([
      ['/main_part', 'VALIDATE_REFERENCE'],
    ])
    const fits = await job({ wanted_kind: 'service', main_part: service['id'] })
    expect(complaints(await patch(fits, { wanted_kind: 'good' }))).toEqual([['/main_part', 'VALIDATE_REFERENCE']])
    expect((await patch(fits, { wanted_kind: 'good', main_part: null })).status).toBe(200)
  })

  test('a hundred records with as many conditions are each judged by their own', async () => {
    const good = await part()
    const operations = Array.from({ length: 100 }, (_, n) => ({
      op: 'create',
      values: { title: `Many ${n}`, wanted_kind: n % 2 === 0 ? 'good' : 'service', main_part: good['id'] },
    }))
    const { json } = await boss.post('/api/records/job/bulk', { operations, atomic: false })
    expect(json.data.map((each: Fields) => each['error'] === undefined)).toEqual(operations.map((_, n) => n % 2 === 0))
  })

  test('links name each target once, carry their own columns, and replace what was there', async () => {
    const [a, b] = [await part(), await part()]
    const made = await job({ parts: [{ id: a['id'], amount: 2 }, b['id']], crew: [boss.id, maker.id] })
    expect((await boss.get(`/api/records/job/${made['id']}?select=parts,crew`)).json.data).toMatchObject({
      parts: [{ id: a['id'], amount: 2 }, { id: b['id'] }],
      crew: [boss.id, maker.id],
    })
    const changed = await patch(made, { parts: [{ id: b['id'], amount: 1, spare: true }], crew: [maker.id] })
    expect(changed.json.data).toMatchObject({ parts: [{ id: b['id'], amount: 1, spare: true }], crew: [maker.id], version: 2 })
    expect(complaints(await boss.patch(`/api/records/job/${made['id']}`, 2, { parts: [a['id'], a['id']] }))).toEqual([
      ['/parts/1', 'VALIDATE_DUPLICATE'],
    ])
    expect(complaints(await boss.patch(`/api/records/job/${made['id']}`, 2, { parts: [{ id: a['id'], amount: 0 }] }))).toEqual([
      ['/parts/0/amount', 'VALIDATE_MINIMUM'],
    ])
    expect(complaints(await boss.patch(`/api/records/job/${made['id']}`, 2, { parts: [{ id: a['id'], weight: 1 }] }))[0]?.[0]).toBe(
      '/parts/0',
    )
    expect(complaints(await boss.patch(`/api/records/job/${made['id']}`, 2, { parts: [NOWHERE] }))).toEqual([
      ['/parts', 'VALIDATE_REFERENCE'],
    ])
    expect((await boss.patch(`/api/records/job/${made['id']}`, 2, { parts: null })).json.data.parts).toEqual([])
  })
})

describe('what happens when a target goes', () => {
  test('a record that others need stays, and it is not said which ones', async () => {
    const needed = await firm()
    const made = await job({ firm: needed['id'] })
    const answer = await remove('firm', await read('firm', needed))
    expect(answer.json).toMatchObject({ status: 409, code: 'RECORDS_NOT_POSSIBLE' })
    expect(answer.text).not.toContain(made['id'])
    await remove('job', made)
    expect((await remove('firm', await read('firm', needed))).status).toBe(204)
  })

  test('a reference that may be let go becomes empty, with what was copied and computed through it', async () => {
    const good = await part({ price: '12.50' })
    const made = await job({ wanted_kind: 'good', main_part: good['id'] })
    expect(made).toMatchObject({ main_price: '12.50', double_price: '25.00' })
    expect((await remove('part', good)).status).toBe(204)
    expect(await read('job', made)).toMatchObject({ main_part: null, main_price: null, double_price: null, version: 2 })
  })

  test('what belongs to a record goes with it and comes back with it, but for what had gone before', async () => {
    const made = await job({ lines: [{ what: 'a' }, { what: 'b' }] })
    const [first, second] = [
      await boss.create('visit', { topic: 'first', job: made['id'] }),
      await boss.create('visit', { topic: 'second', job: made['id'] }),
    ]
    const follow = await boss.create('visit', { topic: 'follow', follow_up: first.id })
    await remove('visit', second)
    expect((await remove('job', await read('job', made))).status).toBe(204)
    expect((await boss.get(`/api/records/visit/${first.id}`)).status).toBe(404)
    expect(await read('visit', follow)).toMatchObject({ follow_up: null, version: 2 })
    const back = await restore('job', made)
    expect(back.status).toBe(200)
    expect(back.json.data).toMatchObject({ line_count: 2, title: made['title'] })
    expect((await boss.get(`/api/records/visit/${first.id}`)).json.data).toMatchObject({ topic: 'first', version: 3 })
    expect((await boss.get(`/api/records/visit/${second.id}`)).status).toBe(404)
    const history = await sales.peek('select op, version from nexus.record_history where record_id = $1 order by version', [first.id])
    expect(history).toEqual([
      { op: 'create', version: 1 },
      { op: 'delete', version: 2 },
      { op: 'restore', version: 3 },
    ])
  })

  test('a record can not come back while what it needs is away', async () => {
    const needed = await firm()
    const made = await job({ firm: needed['id'] })
    await remove('job', made)
    await remove('firm', await read('firm', needed))
    expect((await restore('job', made)).json).toMatchObject({ status: 409, code: 'RECORDS_NOT_POSSIBLE' })
    expect((await restore('firm', needed)).status).toBe(200)
    expect((await restore('job', made)).status).toBe(200)
    expect((await read('firm', needed))['job_count']).toBe(1)
  })

  test('a record that comes back lets go of what has gone for good', async () => {
    const good = await part({ price: '3' })
    const made = await job({ wanted_kind: 'good', main_part: good['id'] })
    await remove('job', made)
    await remove('part', good)
    expect((await restore('job', made)).json.data).toMatchObject({ main_part: null, double_price: null })
  })

  test('a unique value is free while its record is in the trash, and stands against the restore once it is taken', async () => {
    const old = await firm({ name: 'Phoenix' })
    await remove('firm', old)
    const young = await firm({ name: 'phoenix' })
    expect((await restore('firm', old)).json).toMatchObject({ status: 409, code: 'RECORDS_NOT_UNIQUE' })
    await remove('firm', young)
    expect((await restore('firm', old)).status).toBe(200)
  })

  test('restoring twice, or what is live, is not there', async () => {
    const made = await job()
    expect((await restore('job', made)).status).toBe(404)
    await remove('job', made)
    const answers = await Promise.all([restore('job', made), restore('job', made), restore('job', made)])
    expect(answers.map(each => each.status).toSorted()).toEqual([200, 404, 404])
  })
})

describe('at the same time', () => {
  test('a target that is being deleted is gone for who points at it meanwhile', async () => {
    const target = await firm()
    const held = await holdBack(sales, target['id'])
    const removing = remove('firm', target)
    await held.waiting(1)
    const pointing = boss.post('/api/records/job', { title: 'Late', firm: target['id'] })
    await held.waiting(2)
    await held.release()
    expect([(await removing).status, (await pointing).status]).toEqual([204, 422])
  })

  test('a target that is being pointed at can not be deleted meanwhile', async () => {
    const target = await firm()
    const held = await holdBack(sales, target['id'])
    const pointing = boss.post('/api/records/job', { title: 'Early', firm: target['id'] })
    await held.waiting(1)
    const removing = remove('firm', target)
    await held.waiting(2)
    await held.release()
    expect([(await pointing).status, (await removing).status]).toEqual([201, 409])
  })

  test('many who point and one who deletes: either all point at a live record or none does', async () => {
    for (let round = 0; round < 5; round++) {
      const target = await firm()
      const [removed, ...pointed] = await Promise.all([
        remove('firm', target),
        ...Array.from({ length: 6 }, (_, n) => boss.post('/api/records/job', { title: `Storm ${round} ${n}`, firm: target['id'] })),
      ])
      const alive = (await boss.get(`/api/records/firm/${target['id']}`)).status === 200
      expect(removed.status).toBe(alive ? 409 : 204)
      expect(pointed.filter(each => each.status === 201).length > 0).toBe(alive)
      if (alive) expect((await read('firm', target))['job_count']).toBe(pointed.filter(each => each.status === 201).length)
    }
  })
})
