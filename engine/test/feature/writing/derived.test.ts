/** What the engine itself puts into records: copies, formulas, amounts in the tenant's currency, numbers, sums over other records. */
import { describe, expect, test } from 'vitest'
import { type Answer, openSales } from '../../harness/sales.ts'
import { complaints, type Fields, WORKSHOP } from './workshop.ts'

const sales = await openSales(WORKSHOP)
const boss = await sales.person(['workshop_all_role'], sales.north)
let names = 0
const create = (entity: string, values: object): Promise<Fields> => boss.create(entity, values)
const firm = (values: object = {}): Promise<Fields> => create('firm', { name: `Firm ${(names += 1)}`, ...values })
const job = (values: object = {}): Promise<Fields> => create('job', { title: `Job ${(names += 1)}`, ...values })
const read = async (entity: string, record: Fields, select = ''): Promise<Fields> =>
  (await boss.get(`/api/records/${entity}/${record['id']}${select === '' ? '' : `?select=${select}`}`)).json.data
const patch = (entity: string, record: Fields, version: number, values: object): Promise<Answer> =>
  boss.patch(`/api/records/${entity}/${record['id']}`, version, values)
const remove = (entity: string, record: Fields, version: number): Promise<Answer> =>
  boss.send('DELETE', `/api/records/${entity}/${record['id']}`, undefined, { 'if-match': `"${version}"` })

describe('lookups', () => {
  test('a copied value is what it was when the reference was set', async () => {
    const of = await firm({ region: 'south' })
    const made = await job({ firm: of['id'], value: '200' })
    expect(made['firm_region']).toBe('south')
    await patch('firm', of, (await read('firm', of))['version'], { region: 'north' })
    await patch('job', made, 1, { hours: 1 })
    expect(await read('job', made)).toMatchObject({ firm_region: 'south', hours: 1 })
    const other = await firm({ region: 'north' })
    expect((await patch('job', made, 2, { firm: other['id'] })).json.data.firm_region).toBe('north')
    expect((await patch('job', made, 3, { firm: null })).json.data.firm_region).toBeNull()
  })

  test('a value that may be overridden stays overridden until the reference changes', async () => {
    const [cheap, dear] = [await create('part', { name: 'Cheap', price: '1' }), await create('part', { name: 'Dear', price: '9' })]
    const made = await job({ wanted_kind: 'good', main_part: cheap['id'], main_price: '5' })
    expect(made).toMatchObject({ main_price: '5.00', double_price: '10.00' })
    expect((await patch('job', made, 1, { hours: 1 })).json.data.main_price).toBe('5.00')
    expect((await patch('job', made, 2, { main_part: dear['id'] })).json.data).toMatchObject({ main_price: '9.00', double_price: '18.00' })
    expect((await patch('job', made, 3, { main_price: '6.5' })).json.data.double_price).toBe('13.00')
  })

  test('a live value is always that of the other record', async () => {
    const of = await firm()
    const made = await job({ firm: of['id'] })
    await patch('firm', of, (await read('firm', of))['version'], { name: 'Renamed' })
    expect(await read('job', made)).toMatchObject({ firm_name: 'Renamed', version: 1 })
  })
})

describe('formulas', () => {
  test('decimals are exact', async () => {
    const made = await job({
      lines: [
        { what: 'a', quantity: '0.1', price: '1.00' },
        { what: 'b', quantity: '0.2', price: '1.00' },
      ],
    })
    expect(made).toMatchObject({ total: '0.30', gross: '0.36' })
  })

  test('a text made behind the fence follows its inputs, also those that other records move', async () => {
    const of = await firm({ name: 'Fenced' })
    expect(of['praise']).toBe('FENCED (0)')
    await job({ firm: of['id'] })
    expect(await read('firm', of)).toMatchObject({ praise: 'FENCED (1)', rank: 10, version: 1 })
    await patch('firm', of, 1, { name: 'Fences' })
    expect((await read('firm', of))['praise']).toBe('FENCES (1)')
  })

  test('what gets too large is refused where it comes from', async () => {
    const answer = await boss.post('/api/records/job', {
      title: 'Huge',
      lines: [{ what: 'x', quantity: '999999999999', price: '99999999999.99' }],
    })
    expect(answer.status).toBe(422)
    expect(complaints(answer)).toEqual([['/lines/0/total', 'VALIDATE_RANGE']])
  })

  test('a sum that gets too large refuses the line that would make it so', async () => {
    const line = { what: 'x', quantity: '50000', price: '9999999999.99' }
    const made = await job({ lines: [line] })
    const second = await patch('job', made, 1, { lines: { create: [line] } })
    expect([second.status, complaints(second)]).toEqual([422, [['', 'VALIDATE_NOT_POSSIBLE']]])
    expect(await read('job', made)).toMatchObject({ line_count: 1, version: 1 })
  })
})

describe('amounts', () => {
  test('an amount is kept in the tenant’s currency too, at the rate of its day', async () => {
    for (const [valid_from, rate] of [
      ['2026-01-01', '0.90'],
      ['2026-03-01', '0.80'],
    ])
      await sales.admin.create('exchange_rate', { currency: 'USD', valid_from, rate })
    const at = async (starts_on: string): Promise<string> =>
      (await read('job', await job({ currency: 'USD', value: '100.05', starts_on }), 'value_base'))['value_base']
    expect([await at('2026-02-28'), await at('2026-03-01'), await at('2025-01-01')]).toEqual(['90.04', '80.04', '90.04'])
    const made = await job({ value: '7' })
    expect((await read('job', made, 'value_base'))['value_base']).toBe('7.00')
    await patch('job', made, 1, { currency: 'USD', starts_on: '2026-03-02' })
    expect((await read('job', made, 'value_base'))['value_base']).toBe('5.60')
  })

  test('an amount is found by what it is worth now, though nothing but its currency or its day changed', async () => {
    const found = async (record: Fields, value: object): Promise<number> => {
      const answer = await boss.post('/api/records/job/query', { select: ['id'], where: { id: { eq: record['id'] }, value } })
      if (answer.status !== 200) throw new Error(JSON.stringify(answer.json))
      return answer.json.data.length
    }
    const made = await job({ value: '70' })
    expect([await found(made, { gte: '70' }), await found(made, { lt: '70' })]).toEqual([1, 0])
    await patch('job', made, 1, { currency: 'USD' })
    expect((await read('job', made, 'value_base'))['value_base']).toBe('56.00')
    expect([await found(made, { gte: '70' }), await found(made, { lt: '70' })]).toEqual([0, 1])
    await patch('job', made, 2, { starts_on: '2026-01-15' })
    expect((await read('job', made, 'value_base'))['value_base']).toBe('63.00')
    expect([await found(made, { gte: '60' }), await found(made, { lt: '60' })]).toEqual([1, 0])
  })

  test('a currency without a rate is refused, and nothing is stored', async () => {
    const answer = await boss.post('/api/records/job', { title: 'Lost in conversion', currency: 'XTS', value: '1' })
    expect(complaints(answer)).toEqual([['/value', 'VALIDATE_RATE']])
    expect((await boss.post('/api/records/job', { title: 'No amount', currency: 'XTS' })).status).toBe(201)
  })
})

describe('numbers', () => {
  test('numbers are given once, whoever creates at the same time', async () => {
    const made = await Promise.all(Array.from({ length: 30 }, (_, n) => job({ title: `Numbered ${n}` })))
    const numbers = made.map(each => each['number'])
    expect(new Set(numbers).size).toBe(30)
    expect(numbers.every(number => /^J-20\d\d-\d{4}$/.test(number))).toBe(true)
  })

  test('a gapless series has no gaps, whatever was refused in between', async () => {
    const before = Number((await job())['slip'].slice(2))
    const taken = await firm()
    await job({ title: 'Same', firm: taken['id'] })
    const answers = await Promise.all(
      Array.from({ length: 24 }, (_, n) =>
        boss.post(
          '/api/records/job',
          n % 3 === 0 ? { title: 'Same', firm: taken['id'] } : n % 3 === 1 ? { title: `Fine ${n}` } : { title: 'x', discount: '77' },
        ),
      ),
    )
    expect(answers.filter(each => each.status === 201)).toHaveLength(8)
    const bulk = await boss.post('/api/records/job/bulk', {
      atomic: false,
      operations: [
        { op: 'create', values: { title: 'Bulk 1' } },
        { op: 'create', values: { title: 'Same', firm: taken['id'] } },
        { op: 'create', values: { title: 'Bulk 2' } },
      ],
    })
    expect(bulk.json.data.filter((each: Fields) => each['error'] === undefined)).toHaveLength(2)
    const rows = await sales.peek(
      `select (regexp_match(value, '^S-(\\d+)$'))[1]::int as n from nexus.record r, jsonb_each_text(r.data) where value ~ '^S-\\d+$' and r.created_at > now() - interval '1 hour' order by 1`,
    )
    const slips = rows.map(row => row.n).filter(n => n >= before)
    expect(slips).toEqual(Array.from({ length: slips.length }, (_, n) => before + n))
    expect(slips).toHaveLength(12)
  })

  test('what is computed from a gapless number is there with it, and found by it', async () => {
    const made = await job()
    expect(made['slip_text']).toBe(`slip ${made['slip']}`)
    expect(
      (
        await sales.peek('select count(*)::int as n from nexus.record_search where id = $1 and s like $2', [
          made['id'],
          `%${made['slip'].toLowerCase()}%`,
        ])
      )[0].n,
    ).toBe(1)
  })
})

describe('sums over other records', () => {
  test('count, sum, minimum and maximum follow lines that come, change, go and come back', async () => {
    const made = await job({
      lines: [
        { what: 'a', quantity: '2', price: '10', due_on: '2026-05-02' },
        { what: 'b', price: '30', due_on: '2026-05-01', done: true },
      ],
    })
    expect(made).toMatchObject({ total: '50.00', line_count: 2, open_count: 1, first_on: '2026-05-01', dearest: '30.00', gross: '60' })
    const extra = await create('job_line', { job: made['id'], what: 'c', price: '40', due_on: '2026-04-01' })
    expect(await read('job', made)).toMatchObject({
      total: '90.00',
      line_count: 3,
      open_count: 2,
      first_on: '2026-04-01',
      dearest: '40.00',
      gross: '108',
      version: 1,
    })
    await patch('job_line', extra, 1, { done: true, price: '1', due_on: null })
    expect(await read('job', made)).toMatchObject({ total: '51.00', open_count: 1, first_on: '2026-05-01', dearest: '30.00' })
    await remove('job_line', extra, 2)
    expect(await read('job', made)).toMatchObject({ total: '50.00', line_count: 2 })
    await boss.send('POST', `/api/records/job_line/${extra['id']}/restore`)
    expect(await read('job', made)).toMatchObject({ total: '51.00', line_count: 3 })
  })

  test('a record that changes its parent moves the sums of both', async () => {
    const [from, to] = [await job(), await job()]
    const line = await create('job_line', { job: from['id'], what: 'x', price: '5' })
    await patch('job_line', line, 1, { job: to['id'] })
    expect([await read('job', from), await read('job', to)]).toMatchObject([
      { total: '0.00', line_count: 0, dearest: null },
      { total: '5.00', line_count: 1 },
    ])
  })

  test('sums of sums reach every level, without touching version, time of change or history', async () => {
    const of = await firm()
    const made = await job({ firm: of['id'], value: '10' })
    await patch('job', made, 1, { value: '20' })
    const now = await read('firm', of)
    expect(now).toMatchObject({ job_count: 1, job_value: '20.00', rank: 10, version: 1, updated_at: of['updated_at'] })
    expect((await sales.peek('select count(*)::int as n from nexus.record_history where record_id = $1', [of['id']]))[0].n).toBe(1)
    const events = await sales.peek(
      `select envelope->'data'->'changed' as changed from nexus.outbox where envelope->>'type' like '%derived' and envelope->'data'->>'id' = $1::text order by written`,
      [of['id']],
    )
    expect(events).toHaveLength(2)
    expect(events[1].changed.toSorted()).toEqual(['job_value'])
  })

  test('a parent that is changed while its lines change keeps both', async () => {
    const made = await job()
    for (let round = 1; round <= 5; round++) {
      const answers = await Promise.all([
        patch('job', made, round, { hours: round }),
        ...Array.from({ length: 4 }, (_, n) =>
          boss.post('/api/records/job_line', { job: made['id'], what: `${round}/${n}`, price: '1.50' }),
        ),
      ])
      expect(answers.map(each => each.status)).toEqual([200, 201, 201, 201, 201])
    }
    expect(await read('job', made)).toMatchObject({ hours: 5, version: 6, line_count: 20, total: '30.00', gross: '36' })
  })

  test('a change of nothing that is summed leaves the parent alone', async () => {
    const made = await job({ lines: [{ what: 'a', price: '1' }] })
    const [line] = (
      await boss.send('POST', '/api/records/job/query', {
        select: ['title', { lines: { select: ['what'] } }],
        where: { id: { eq: made['id'] } },
      })
    ).json.data[0].lines
    const derived = async (): Promise<number> =>
      (
        await sales.peek(
          `select count(*)::int as n from nexus.outbox where envelope->>'type' like '%derived' and envelope->'data'->>'id' = $1::text`,
          [made['id']],
        )
      )[0].n
    const before = await derived()
    await patch('job_line', line, 1, { what: 'renamed' })
    expect(await derived()).toBe(before)
  })
})
