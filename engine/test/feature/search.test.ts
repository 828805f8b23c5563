/** One search over several entities: what different people find, and under which title. */
import { beforeAll, expect, test } from 'vitest'
import { type Json, openSales, type Person } from '../harness/sales.ts'

const sales = await openSales()
const { admin } = sales
let rep: Person, analyst: Person, client: Person
let mine: Json, theirs: Json, contact: Json, deal: Json

beforeAll(async () => {
  rep = await sales.person(['rep'], sales.north)
  analyst = await sales.person(['analyst'], sales.rootUnit)
  client = await sales.person(['client'], sales.north, 'client')
  mine = await rep.create('customer', { name: 'Lindwerk Nord', party: ['client'] })
  theirs = await admin.create('customer', { name: 'Lindwerk Süd', party: ['client'], org_unit_id: sales.south, portal_users: [client.id] })
  contact = await rep.create('contact', {
    name: 'Anna Lindwerk',
    email: 'anna@lindwerk.example',
    job_title: 'Lindwerkleiterin',
    customers: [mine.id],
  })
  deal = await rep.create('deal', { name: 'Lindwerk roof', customer: mine.id, amount: '1000' })
})

const search = (person: Person, query: string) => person.get(`/api/search?${query}`)
const found = async (person: Person, query: string) =>
  (await search(person, query)).json.data.map((hit: Json) => `${hit.entity} ${hit.title}`)

test('a search looks everywhere the caller may search, and nowhere else', async () => {
  expect((await search(rep, 'q=lindwerk')).json.data).toEqual([
    { entity: 'contact', id: contact.id, title: 'Anna Lindwerk' },
    { entity: 'customer', id: mine.id, title: 'Lindwerk Nord' },
    { entity: 'deal', id: deal.id, title: 'Lindwerk roof' },
  ])
  expect(await found(admin, 'q=LINDWERK s%C3%BCd')).toEqual(['customer Lindwerk Süd'])
  expect(await found(client, 'q=lindwerk')).toEqual(['customer Lindwerk Süd'])
})

test('what is masked is neither found by nor told as a title', async () => {
  expect(await found(analyst, 'q=anna')).toEqual([])
  expect(await found(analyst, 'q=lindwerkleiterin')).toEqual(['contact Lindwerkleiterin'])
  expect(JSON.stringify((await search(analyst, 'q=lindwerk')).json)).not.toContain('Anna')
})

test('entities can be chosen, and hits of each are as many as asked for', async () => {
  expect(await found(admin, 'q=lindwerk&entities=customer&limit=1')).toEqual(['customer Lindwerk Süd'])
  expect(await found(rep, 'q=lindwerk&entities=deal,customer')).toEqual(['deal Lindwerk roof', 'customer Lindwerk Nord'])
  expect(theirs.id).not.toBe(mine.id)
})

test('an entity that is not there and one that is not for the caller are the same answer', async () => {
  const strip = ({ json: { trace_id: _, ...rest } }: Json): Json => rest
  const [hidden, unknown, hostile] = await Promise.all([
    search(client, 'q=lindwerk&entities=lead'),
    search(client, 'q=lindwerk&entities=nothing'),
    search(client, 'q=lindwerk&entities=__proto__'),
  ])
  expect(hidden?.status).toBe(404)
  expect([strip(unknown), strip(hostile)]).toEqual([strip(hidden), strip(hidden)])
})

test.each([
  ['nothing to look for', '', 422],
  ['blanks', 'q=%20%20', 422],
  ['a text of 201 characters', `q=${'x'.repeat(201)}`, 422],
  ['too many hits', 'q=a&limit=21', 422],
  ['an unknown parameter', 'q=a&sort=name', 422],
  ['an entity where nothing can be searched', 'q=abc&entities=stock_balance', 422],
])('%s is refused', async (_what, query, status) => {
  expect((await search(admin, query)).status).toBe(status)
})

test.each(['%27%3B drop table nexus.record', '%25', '_', '%5C', '()*|', '%F0%9F%98%80', '%EF%BF%BF'])(
  'the text %s finds nothing and breaks nothing',
  async text => {
    const answer = await search(admin, `q=${text}`)
    expect([answer.status, answer.json.data]).toEqual([200, []])
  },
)

test('what lies in the trash is found by its words, in any order', async () => {
  const lost = await admin.create('deal', { name: 'Grünspan roof', customer: mine.id, amount: '2000' })
  expect((await admin.send('DELETE', `/api/records/deal/${lost.id}`, undefined, { 'if-match': '"1"' })).status).toBe(204)
  const asked = [{ where: { name: { contains: 'grünspan' } } }, { search: 'grünspan' }]
  const sorts = [undefined, ['name'], ['-amount'], ['updated_at'], ['stage', 'name'], ['-created_at']]
  for (const words of asked)
    for (const sort of sorts) {
      const { json } = await admin.post('/api/records/deal/query', { ...words, trash: true, count: 'exact', ...(sort && { sort }) })
      expect([sort, json.data.map((each: Json) => each.id), json.page.count]).toEqual([sort, [lost.id], 1])
    }
})
