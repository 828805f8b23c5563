/** What has to hold of a whole record, whichever way it is written: conditions of fields, rules, options, and the steps of a process. */
import { describe, expect, test } from 'vitest'
import { type Answer, openSales } from '../../harness/sales.ts'
import { complaints, type Fields, WORKSHOP } from './workshop.ts'

const sales = await openSales(WORKSHOP)
const boss = await sales.person(['workshop_all_role'], sales.north)
const maker = await sales.person(['maker_role'], sales.north)
let jobs = 0
const make = (values: object = {}): Promise<Fields> => boss.create('job', { title: `Job ${(jobs += 1)}`, ...values })
const patch = (job: Fields, values: object): Promise<Answer> => boss.patch(`/api/records/job/${job['id']}`, job['version'], values)
const refused = async (answer: Promise<Answer>): Promise<[string, string][]> => {
  const got = await answer
  expect(got.status, got.text).toBe(422)
  return complaints(got)
}

describe('conditions of fields', () => {
  test('a field that does not apply takes no value, and what it holds already may stay', async () => {
    expect(await refused(boss.post('/api/records/job', { title: 'x', reason: 'because' }))).toEqual([['/reason', 'VALIDATE_NOT_VISIBLE']])
    const job = await make()
    const dropped = (await patch(job, { stage: 'dropped', reason: 'no money' })).json.data
    const again = (await patch(dropped, { stage: 'draft' })).json.data
    expect(again).toMatchObject({ stage: 'draft', reason: 'no money' })
    expect(await refused(patch(again, { reason: 'other' }))).toEqual([['/reason', 'VALIDATE_NOT_VISIBLE']])
    expect((await patch(again, { reason: null })).status).toBe(200)
  })

  test('what a state requires is asked for when the state is reached', async () => {
    expect(await refused(patch(await make(), { stage: 'dropped' }))).toEqual([['/reason', 'VALIDATE_REQUIRED']])
    expect((await patch(await make({ process: 'quick' }), { stage: 'dropped' })).status).toBe(200)
  })

  test('required values are asked for on create and can not be taken away', async () => {
    expect(await refused(boss.post('/api/records/job', {}))).toEqual([['/title', 'VALIDATE_REQUIRED']])
    expect(await refused(boss.post('/api/records/job', { title: null }))).toEqual([['/title', 'VALIDATE_REQUIRED']])
    expect(await refused(patch(await make(), { title: null }))).toEqual([['/title', 'VALIDATE_REQUIRED']])
  })

  test('a field that is read-only in the present state is changed neither in it nor on the way out of it', async () => {
    const job = await make({ note: 'first' })
    const dropped = (await patch(job, { stage: 'dropped', reason: 'r', note: 'with the drop' })).json.data
    expect((await boss.get(`/api/records/job/${job['id']}?select=note`)).json.data.note).toBe('with the drop')
    expect(await refused(patch(dropped, { note: 'late' }))).toEqual([['/note', 'VALIDATE_READ_ONLY']])
    expect(await refused(patch(dropped, { note: 'late', stage: 'draft' }))).toEqual([['/note', 'VALIDATE_READ_ONLY']])
    expect((await patch(dropped, { note: 'with the drop', stage: 'draft' })).status).toBe(200)
  })
})

describe('rules', () => {
  test('an error keeps the record out, a warning does not, and each says its own words', async () => {
    const answer = await boss.post('/api/records/job', { title: 'Cheap', discount: '31' })
    expect(answer.status).toBe(422)
    expect(answer.json.errors).toMatchObject([
      { pointer: '/discount', code: 'VALIDATE_RULE', message: 'Discounts end at 30 %.', params: { rule: 'discount_cap' } },
    ])
    const warned = await patch(await make(), { discount: '21' })
    expect([warned.status, warned.json.warnings.length]).toEqual([200, 1])
  })

  test('a rule holds only when its condition does', async () => {
    expect(await refused(boss.post('/api/records/job', { title: 'x', starts_on: '2026-05-02', ends_on: '2026-05-01' }))).toEqual([
      ['/ends_on', 'VALIDATE_RULE'],
    ])
    expect((await boss.post('/api/records/job', { title: 'Open end', ends_on: '2026-05-01' })).status).toBe(201)
    const job = await make({ starts_on: '2026-05-01', ends_on: '2026-05-03' })
    expect(await refused(patch(job, { starts_on: '2026-05-04' }))).toEqual([['/ends_on', 'VALIDATE_RULE']])
  })

  test('a rule may forbid a change rather than a state', async () => {
    const job = (await patch(await make({ process: 'quick', stage: 'agreed' }), { stage: 'done' })).json.data
    expect(await refused(patch(job, { title: 'New words' }))).toEqual([['/title', 'VALIDATE_RULE']])
    expect((await patch(job, { title: 'New words', stage: 'done', hours: 1 })).status).toBe(422)
    expect((await patch(job, { hours: 1 })).status).toBe(200)
  })

  test('a rule may look at the record behind a reference', async () => {
    const south = await boss.create('firm', { name: 'Southern', region: 'south' })
    const north = await boss.create('firm', { name: 'Northern', region: 'north' })
    expect(await refused(boss.post('/api/records/job', { title: 'x', firm: south.id, value: '99.99' }))).toEqual([
      ['/value', 'VALIDATE_RULE'],
    ])
    const job = await make({ firm: north.id, value: '50' })
    expect(await refused(patch(job, { firm: south.id }))).toEqual([['/value', 'VALIDATE_RULE']])
    expect((await patch(job, { firm: south.id, value: '100' })).status).toBe(200)
  })

  test('a rule may look at the lines that are written with the record, and read the record from there', async () => {
    const part = await boss.create('part', { name: 'Bolt', price: '7' })
    const line = { what: 'bolts', part: part.id, quantity: '2' }
    const dear = await boss.post('/api/records/job', { title: 'Bolted', hours: 13, lines: [line] })
    expect(dear.json.warnings).toMatchObject([{ pointer: '', message: 'A line is dearer than there are hours.' }])
    const fair = await boss.post('/api/records/job', { title: 'Bolted well', hours: 14, lines: [line] })
    expect([fair.status, fair.json.warnings]).toEqual([201, undefined])
  })
})

describe('warnings', () => {
  test('nobody is warned by what he can not see: a field, a field of another record, a record', async () => {
    const late = await boss.create('firm', { name: 'Late', secret_code: 'late-7', region: 'south' })
    const asleep = await boss.create('firm', { name: 'Asleep' })
    const part = await boss.create('part', { name: 'Beam', price: '20' })
    const lines = [{ what: 'beams', part: part.id }]
    const hidden = await make({ hours: 13, lines, owner_id: maker.id })
    const behind = await make({ firm: late.id, value: '100', owner_id: maker.id })
    const row = await make({ firm: asleep.id, owner_id: maker.id })
    await boss.patch(`/api/records/firm/${asleep.id}`, 1, { active: false })
    const warned = async (of: Fields, person: typeof boss): Promise<unknown> => {
      const { json } = await boss.get(`/api/records/job/${of['id']}?select=version`)
      const answer = await person.patch(`/api/records/job/${of['id']}`, json.data.version, { note: `Read ${(jobs += 1)}` })
      expect(answer.status, answer.text).toBe(200)
      return answer.json.warnings?.map((each: Fields) => each['params'].rule)
    }
    for (const [of, rule] of [
      [hidden, 'one_big_line'],
      [behind, 'firm_without_code'],
      [row, 'quiet_firms'],
    ] as const) {
      expect(await warned(of, boss)).toEqual([rule])
      expect(await warned(of, maker)).toBeUndefined()
    }
  })

  test('a refusal over what is hidden is told without a name', async () => {
    const long = await make({ hours: 600, tags: ['long'], owner_id: maker.id })
    expect(complaints(await maker.patch(`/api/records/job/${long['id']}`, long['version'], { tags: [] }))).toEqual([
      ['', 'VALIDATE_NOT_POSSIBLE'],
    ])
  })
})

describe('options', () => {
  test('a retired option is not given anew, and stays where it is', async () => {
    expect(await refused(boss.post('/api/records/part', { name: 'x', grade: 'rough' }))).toEqual([['/grade', 'VALIDATE_OPTION']])
    expect(await refused(boss.post('/api/records/part', { name: 'x', uses: ['inside', 'attic'] }))).toEqual([['/uses', 'VALIDATE_OPTION']])
    const part = await boss.create('part', { name: 'Old', uses: ['inside'] })
    const data = `jsonb_build_object((select key from jsonb_each(data) where value = '"fine"'), 'rough', (select key from jsonb_each(data) where value = '["inside"]'), '["inside","attic"]'::jsonb)`
    await sales.peek(`update nexus.record set data = data || ${data} where id = $1`, [part.id])
    const at = `/api/records/part/${part.id}`
    expect((await boss.patch(at, 1, { grade: 'rough', uses: ['attic', 'outside'] })).json.data).toMatchObject({
      grade: 'rough',
      uses: ['outside', 'attic'],
    })
    expect((await boss.patch(at, 2, { grade: 'fine', uses: ['outside'] })).status).toBe(200)
    expect(await refused(boss.patch(at, 3, { grade: 'rough' }))).toEqual([['/grade', 'VALIDATE_OPTION']])
    expect(await refused(boss.patch(at, 3, { uses: ['attic', 'outside'] }))).toEqual([['/uses', 'VALIDATE_OPTION']])
  })
})

describe('steps of a process', () => {
  test('a record begins where its process lets it', async () => {
    expect(await refused(boss.post('/api/records/job', { title: 'x', stage: 'agreed' }))).toEqual([['/stage', 'VALIDATE_STATE_INITIAL']])
    expect(await refused(boss.post('/api/records/job', { title: 'x', process: 'quick', stage: 'offered' }))).toEqual([
      ['/stage', 'VALIDATE_STATE_UNKNOWN'],
    ])
    expect((await make({ process: 'quick', stage: 'agreed' }))['stage']).toBe('agreed')
  })

  test('a step that is not there is refused with the names of both states', async () => {
    const answer = await patch(await make(), { stage: 'agreed' })
    expect(answer.json.errors).toMatchObject([
      { pointer: '/stage', code: 'VALIDATE_TRANSITION', message: 'Stage can not change from “draft” to “Agreed”.' },
    ])
  })

  test('a step asks for the fields it requires and for what its guard says', async () => {
    const firm = await boss.create('firm', { name: 'Guarded' })
    const job = await make()
    expect(await refused(patch(job, { stage: 'offered' }))).toEqual([
      ['/firm', 'VALIDATE_REQUIRED'],
      ['/value', 'VALIDATE_REQUIRED'],
    ])
    const offered = (await patch(job, { stage: 'offered', firm: firm.id, value: '0' })).json.data
    const guarded = await patch(offered, { stage: 'agreed' })
    expect(guarded.json.errors).toMatchObject([{ pointer: '/stage', code: 'VALIDATE_GUARD', message: 'An agreed job has a value.' }])
    expect((await patch(offered, { stage: 'agreed', value: '10' })).json.data.stage).toBe('agreed')
  })

  test('steps of one process are not steps of another', async () => {
    expect((await patch(await make({ process: 'quick' }), { stage: 'agreed' })).status).toBe(200)
    expect((await patch(await make(), { stage: 'agreed' })).status).toBe(422)
  })

  test('changing the process is no way round its guards', async () => {
    const job = await make({ process: 'quick', stage: 'agreed' })
    expect(await refused(patch(job, { process: 'plan' }))).toEqual([['/stage', 'VALIDATE_GUARD']])
    expect((await patch(job, { process: 'plan', value: '5' })).status).toBe(200)
    expect((await patch(await make({ process: 'quick', stage: 'agreed' }), { process: 'plan', stage: 'draft' })).status).toBe(200)
  })

  test('whoever enters another process at its end meets what that process asks of it', async () => {
    const deal = await sales.admin.create('deal', { name: 'Switching', sales_process: 'new_business', stage: 'lead' })
    const enter = (values: object): Promise<Answer> => sales.admin.patch(`/api/records/deal/${deal.id}`, 1, values)
    const won = { stage: 'won', closed_on: '2026-05-01' }
    expect(await refused(enter({ sales_process: 'field_sales', stage: 'won' }))).toEqual(
      expect.arrayContaining([
        ['/amount', 'VALIDATE_REQUIRED'],
        ['/closed_on', 'VALIDATE_REQUIRED'],
      ]),
    )
    expect(await refused(enter({ sales_process: 'field_sales', ...won, amount: '0' }))).toContainEqual(['/stage', 'VALIDATE_GUARD'])
    expect(await refused(enter({ sales_process: 'renewal', ...won, amount: '5' }))).toEqual([['/customer', 'VALIDATE_REQUIRED']])
    expect((await enter({ sales_process: 'field_sales', ...won, amount: '5' })).status).toBe(200)
  })

  test('a bulk is judged like single changes', async () => {
    const job = await make()
    const answer = await boss.post('/api/records/job/bulk', {
      atomic: false,
      operations: [
        { op: 'update', id: job['id'], version: 1, values: { stage: 'agreed' } },
        { op: 'create', values: { title: 'x', stage: 'agreed' } },
        { op: 'create', values: { title: 'x', discount: '90' } },
        { op: 'create', values: { title: 'Sound' } },
      ],
    })
    expect(answer.json.data.map((each: Fields) => each['error']?.errors[0].code ?? 'stored')).toEqual([
      'VALIDATE_TRANSITION',
      'VALIDATE_STATE_INITIAL',
      'VALIDATE_RULE',
      'stored',
    ])
  })
})
