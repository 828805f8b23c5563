/** Who may write what: rows before and after, fields by share, value checks, handing over, and what is not said about hidden things. */
import { describe, expect, test } from 'vitest'
import { type Answer, openSales, type Person } from '../../harness/sales.ts'
import { complaints, type Fields, WORKSHOP } from './workshop.ts'

const sales = await openSales(WORKSHOP)
const boss = await sales.person(['workshop_all_role'], sales.north)
const maker = await sales.person(['maker_role'], sales.north)
const colleague = await sales.person(['maker_role'], sales.north)
const stranger = await sales.person(['maker_role'], sales.south)
const passer = await sales.person(['passer_role'], sales.north)
const planner = await sales.person(['planner_role'], sales.south)
const both = await sales.person(['maker_role', 'planner_role'], sales.north)
const at = (job: Fields): string => `/api/records/job/${job['id']}`
const patch = (who: Person, job: Fields, values: object): Promise<Answer> => who.patch(at(job), job['version'], values)
const codeOf = (answer: Answer): [number, string] => [answer.status, answer.json?.code]
const stored = async (job: Fields): Promise<Fields> => (await boss.get(at(job))).json.data

describe('rows', () => {
  test('who reads a record and may not change it is told so; who can not read it hears that it is not there', async () => {
    const job = await maker.create('job', { title: 'Mine' })
    expect(codeOf(await patch(colleague, job, { tags: ['x'] }))).toEqual([403, 'ACCESS_ROW_FORBIDDEN'])
    expect(codeOf(await patch(stranger, job, { tags: ['x'] }))).toEqual([404, 'NOT_FOUND'])
    expect(codeOf(await maker.send('DELETE', at(job), undefined, { 'if-match': '"1"' }))).toEqual([403, 'ACCESS_OPERATION_FORBIDDEN'])
    expect(await stored(job)).toMatchObject({ version: 1, tags: null })
  })

  test('an owner gives a record to a colleague and changes it no more', async () => {
    const job = await boss.create('job', { title: 'Moving', owner_id: maker.id })
    expect((await patch(maker, job, { owner_id: colleague.id })).status).toBe(200)
    const now = await stored(job)
    expect(now['owner_id']).toBe(colleague.id)
    expect(codeOf(await patch(maker, now, { tags: ['back'] }))).toEqual([403, 'ACCESS_ROW_FORBIDDEN'])
  })

  test('a change that would take a record out of its writer’s sight is undone', async () => {
    const firm = await maker.create('firm', { name: 'Sleepy' })
    expect(codeOf(await maker.patch(`/api/records/firm/${firm.id}`, 1, { active: false }))).toEqual([403, 'ACCESS_RESULT_FORBIDDEN'])
    expect(codeOf(await maker.post('/api/records/firm', { name: 'Born asleep', active: false }))).toEqual([403, 'ACCESS_RESULT_FORBIDDEN'])
    expect((await boss.get(`/api/records/firm/${firm.id}`)).json.data).toMatchObject({ active: true, version: 1 })
  })

  test('who may hand over gives a record away and sees it no more: 204', async () => {
    const job = await passer.create('job', { title: 'Pass it on' })
    const given = await patch(passer, job, { owner_id: maker.id })
    expect([given.status, given.text]).toEqual([204, ''])
    expect(codeOf(await passer.get(at(job)))).toEqual([404, 'NOT_FOUND'])
    expect(await stored(job)).toMatchObject({ owner_id: maker.id, version: 2 })
  })

  test('handing over is no licence to create what may not be created', async () => {
    const before = await sales.peek('select count(*)::int as n from nexus.record')
    expect(codeOf(await passer.post('/api/records/job', { title: 'Keep it' }))).toEqual([403, 'ACCESS_RESULT_FORBIDDEN'])
    expect(codeOf(await passer.post('/api/records/job', { title: 'Keep it', owner_id: maker.id }))).toEqual([
      403,
      'ACCESS_RESULT_FORBIDDEN',
    ])
    expect(await sales.peek('select count(*)::int as n from nexus.record')).toEqual(before)
  })
})

describe('fields', () => {
  test('what is settable at creation only stays as it was made', async () => {
    const job = await maker.create('job', { title: 'Priced', value: '10' })
    expect(complaints(await patch(maker, job, { value: '11' }))).toEqual([['/value', 'VALIDATE_NOT_WRITABLE']])
  })

  test('each profile acts on its own fields of its own rows, and no union writes what none of them may', async () => {
    const foreign = await boss.create('job', { title: 'Of the boss' })
    const own = await both.create('job', { title: 'Own' })
    expect((await patch(both, own, { tags: ['t'], starts_on: '2026-01-01' })).status).toBe(200)
    expect((await patch(both, foreign, { starts_on: '2026-01-01' })).status).toBe(200)
    const mixed = await both.patch(at(foreign), 2, { starts_on: '2026-01-02', tags: ['t'] })
    expect(complaints(mixed)).toEqual([['/tags', 'VALIDATE_NOT_WRITABLE_HERE']])
    expect(await stored(foreign)).toMatchObject({ version: 2, starts_on: '2026-01-01', tags: null })
  })

  test('a field that only one profile writes stays within what that profile sees afterwards', async () => {
    const southern = await boss.create('job', { title: 'Southern', org_unit_id: sales.south, owner_id: both.id })
    expect((await patch(planner, southern, { ends_on: '2026-02-02' })).status).toBe(200)
    expect(complaints(await both.patch(at(southern), 2, { tags: ['t'] }))).toEqual([['/tags', 'VALIDATE_NOT_WRITABLE_HERE']])
  })

  test('presets fill what was left out, and what was given counts', async () => {
    expect(await maker.create('job', { title: 'Preset' })).toMatchObject({ discount: '5', owner_id: maker.id })
    expect(await maker.create('job', { title: 'Given', discount: null })).toMatchObject({ discount: null })
    expect(await maker.create('job', { title: 'Other', discount: '7', owner_id: colleague.id })).toMatchObject({
      discount: '7',
      owner_id: colleague.id,
    })
  })

  test('values beyond what a profile allows are refused on create, patch and in bulk', async () => {
    expect(codeOf(await maker.post('/api/records/job', { title: 'Generous', discount: '16' }))).toEqual([403, 'ACCESS_VALUES_FORBIDDEN'])
    const job = await maker.create('job', { title: 'Fair', discount: '15' })
    expect(codeOf(await patch(maker, job, { discount: '16' }))).toEqual([403, 'ACCESS_VALUES_FORBIDDEN'])
    const bulk = await maker.post('/api/records/job/bulk', {
      atomic: false,
      operations: [
        { op: 'update', id: job['id'], version: 1, values: { discount: '20' } },
        { op: 'create', values: { title: 'Fine' } },
      ],
    })
    expect(bulk.json.data.map((each: Fields) => each['error']?.code ?? null)).toEqual(['ACCESS_VALUES_FORBIDDEN', null])
  })

  test('what others were allowed to set does not stand in the way of other changes', async () => {
    const job = await maker.create('job', { title: 'Generously', discount: '15' })
    expect((await patch(boss, job, { discount: '25' })).status).toBe(200)
    expect((await maker.patch(at(job), 2, { tags: ['t'] })).status).toBe(200)
    expect(codeOf(await maker.patch(at(job), 3, { discount: '24' }))).toEqual([403, 'ACCESS_VALUES_FORBIDDEN'])
  })

  test('owner and unit are written only where a profile names them', async () => {
    const job = await maker.create('job', { title: 'Owned' })
    expect(complaints(await patch(maker, job, { org_unit_id: sales.south }))).toEqual([['/org_unit_id', 'VALIDATE_NOT_WRITABLE']])
    expect((await patch(boss, job, { org_unit_id: sales.south, owner_id: stranger.id })).status).toBe(200)
    expect((await stranger.get(at(job))).status).toBe(200)
  })
})

describe('what is not said', () => {
  test('a unique conflict names its fields to those who read them, and nothing to others', async () => {
    await boss.create('firm', { name: 'Twin', secret_code: 'S1' })
    const named = await boss.post('/api/records/firm', { name: 'TWIN' })
    expect(named.json).toMatchObject({ status: 409, code: 'RECORDS_NOT_UNIQUE', errors: [{ pointer: '/name', code: 'VALIDATE_UNIQUE' }] })
    const secret = await boss.post('/api/records/firm', { name: 'Other', secret_code: 's1' })
    expect(complaints(secret)).toEqual([['/secret_code', 'VALIDATE_UNIQUE']])
    // The maker's profile preset can not reach the hidden code, but a record of his own may collide by its name.
    const hidden = await maker.post('/api/records/firm', { name: 'twin' })
    expect(hidden.json).toMatchObject({ status: 409, code: 'RECORDS_NOT_UNIQUE' })
  })

  test('a broken rule about a field that is hidden is told without its name', async () => {
    const job = await boss.create('job', { title: 'Long', hours: 600, tags: ['long'], owner_id: maker.id })
    const told = await patch(boss, job, { tags: null })
    expect(told.json.errors).toMatchObject([{ pointer: '/hours', message: 'Jobs of 500 hours have a tag.' }])
    const untold = await patch(maker, job, { tags: null })
    expect(untold.json.errors).toEqual([{ pointer: '', code: 'VALIDATE_NOT_POSSIBLE', message: 'These values are not possible here.' }])
  })

  test('denied is unchanged', async () => {
    const job = await maker.create('job', { title: 'Untouched' })
    const rows = (): Promise<unknown> =>
      sales.peek(
        `select md5(string_agg(r::text, '' order by r.id)) as h, (select count(*) from nexus.record_history) as n, (select count(*) from nexus.outbox) as o, (select count(*) from nexus.record_unique) as u, (select count(*) from nexus.record_search) as s from nexus.record r`,
      )
    const before = await rows()
    await patch(stranger, job, { title: 'No' })
    await patch(colleague, job, { title: 'No' })
    await patch(maker, job, { discount: '99' })
    await maker.post('/api/records/job', { title: 'No', discount: '16' })
    await passer.post('/api/records/job', { title: 'No' })
    await planner.post('/api/records/job', { title: 'No' })
    expect(await rows()).toEqual(before)
  })
})
