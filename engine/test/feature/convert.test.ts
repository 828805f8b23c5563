/** A lead becomes a customer, a contact and a deal by one call: whole or not at all, and under whose rights. */
import { beforeAll, expect, test } from 'vitest'
import { type Json, openSales, type Person } from '../harness/sales.ts'

// One who may change leads and make customers, but no deals; one who may not read the address of a lead.
const sales = await openSales([
  {
    kind: 'access_profile',
    key: 'lead_desk',
    label: { en: 'Lead desk' },
    entities: {
      lead: { operations: ['create', 'read', 'update'], fields: { '*': 'write' } },
      customer: { operations: ['create', 'read'], fields: { '*': 'write' } },
      contact: { operations: ['create', 'read'], fields: { '*': 'write' } },
      deal: { operations: ['read'], fields: { '*': 'read' } },
    },
  },
  {
    kind: 'access_profile',
    key: 'lead_blind',
    label: { en: 'Lead, blind' },
    entities: {
      lead: { operations: ['read', 'update'], fields: { '*': 'write', phone: 'none', email: { mask: 'email' } } },
      customer: { operations: ['create', 'read'], fields: { '*': 'write' } },
      contact: { operations: ['create', 'read'], fields: { '*': 'write' } },
      deal: { operations: ['create', 'read'], fields: { '*': 'write' } },
    },
  },
  { kind: 'role', key: 'desk', label: { en: 'Desk' }, capabilities: [], access_profiles: ['core_directory', 'lead_desk'] },
  { kind: 'role', key: 'blind', label: { en: 'Blind' }, capabilities: [], access_profiles: ['core_directory', 'lead_blind'] },
])
const { admin } = sales
let rep: Person, stranger: Person, analyst: Person, desk: Person, blind: Person, client: Person

beforeAll(async () => {
  rep = await sales.person(['rep'], sales.north)
  stranger = await sales.person(['rep'], sales.north)
  analyst = await sales.person(['analyst'], sales.rootUnit)
  desk = await sales.person(['desk'], sales.north)
  blind = await sales.person(['blind'], sales.north)
  client = await sales.person(['client'], sales.north, 'client')
})

let leads = 0
const newLead = async (values: object = {}): Promise<Json> => {
  leads += 1
  const lead = await rep.create('lead', {
    name: `Roof ${leads}`,
    company: `Lindwerk ${leads}`,
    contact_name: 'Anna Weiss',
    email: `anna${leads}@lindwerk.example`,
    rating: 'hot',
    estimated_amount: '1250.50',
    ...values,
  })
  const started = await rep.patch(`/api/records/lead/${lead.id}`, 1, { status: 'working' })
  return started.json.data
}
const convert = (
  person: Person,
  lead: Json,
  body: Json = { conversion: 'to_customer' },
  headers: Record<string, string> = { 'if-match': `"${lead.version}"` },
) => person.post(`/api/records/lead/${lead.id}/convert`, body, headers)
const everything = () => sales.peek(`select entity_no, id, version, data, deleted_at from nexus.record order by entity_no, id`)
const of = async (person: Person, entity: string, id: string, select: string): Promise<Json> =>
  (await person.get(`/api/records/${entity}/${id}?select=${select}`)).json.data

test('one call makes what the conversion names and writes it to the record', async () => {
  const lead = await newLead()
  const answer = await convert(rep, lead)
  expect([answer.status, answer.headers.get('etag')]).toEqual([200, '"3"'])
  const { steps, record } = answer.json.data
  expect(record).toMatchObject({
    id: lead.id,
    version: 3,
    status: 'converted',
    converted_customer: steps.customer,
    converted_contact: steps.contact,
    converted_deal: steps.deal,
  })
  expect(record.converted_at).toMatch(/^20\d\d-/)
  expect(await of(rep, 'customer', steps.customer, 'name,status,party,email,owner_id,org_unit_id')).toMatchObject({
    name: lead.company,
    status: 'prospect',
    party: ['client'],
    email: lead.email,
    owner_id: rep.id,
    org_unit_id: sales.north,
  })
  expect(await of(rep, 'contact', steps.contact, 'name,customers')).toMatchObject({
    name: 'Anna Weiss',
    customers: [{ id: steps.customer }],
  })
  expect(await of(rep, 'deal', steps.deal, 'name,stage,customer,contact,amount')).toMatchObject({
    name: lead.name,
    stage: 'lead',
    customer: steps.customer,
    contact: steps.contact,
    amount: '1250.50',
  })
  const audit = (await admin.get(`/api/admin/audit?record_id=${lead.id}&action=record.converted`)).json.data
  expect(audit).toMatchObject([{ actor: rep.id, entity: 'lead', details: { conversion: 'to_customer', steps } }])
})

test('who may convert is offered it, with what it makes of his own names; who may not is not', async () => {
  const offered = async (person: Person): Promise<Json> =>
    (await person.get('/api/model')).json.data.entities.find((each: Json) => each.key === 'lead')?.conversions
  const [toCustomer, ...others] = await offered(rep)
  expect(others).toEqual([])
  expect(toCustomer).toMatchObject({
    key: 'to_customer',
    label: 'Convert to customer and deal',
    when: { status: { in: ['working', 'qualified'] }, company: { is_null: false } },
    steps: [
      { as: 'customer', entity: 'customer', label: 'Customer', when: null, values: { name: '$record.company', party: ['client'] } },
      { as: 'contact', entity: 'contact', values: { name: '$record.contact_name', customers: ['$steps.customer.id'] } },
      { as: 'deal', entity: 'deal', values: { name: '$record.name', customer: '$steps.customer.id' } },
    ],
  })
  // Whoever may not make the deal, or may not change leads, would be refused.
  expect([await offered(desk), await offered(analyst)]).toEqual([[], []])
  // Whom the lead's address is hidden from is not shown where it would be copied to.
  const [blindly] = await offered(blind)
  expect(blindly.steps[0].values).toHaveProperty('website')
  for (const field of ['email', 'phone']) expect(blindly.steps[0].values).not.toHaveProperty(field)
  const lead = await newLead()
  expect((await convert(blind, lead)).status).toBe(200)
})

test('the client may have it otherwise, step by step', async () => {
  const answer = await convert(rep, await newLead(), {
    conversion: 'to_customer',
    values: { customer: { name: 'Lindwerk Holding' }, deal: { expected_close_on: '2026-12-01' } },
  })
  const { steps } = answer.json.data
  expect(await of(rep, 'customer', steps.customer, 'name')).toMatchObject({ name: 'Lindwerk Holding' })
  expect(await of(rep, 'deal', steps.deal, 'expected_close_on,customer')).toMatchObject({
    expected_close_on: '2026-12-01',
    customer: steps.customer,
  })
})

test('what is wrong is told with its place in all steps at once, and nothing is made', async () => {
  const lead = await newLead()
  const before = await everything()
  const answer = await convert(rep, lead, {
    conversion: 'to_customer',
    values: { customer: { name: '' }, contact: { email: 'nonsense', nothing: 1 }, deal: { amount: '-1' } },
  })
  expect([answer.status, answer.json.code]).toEqual([422, 'VALIDATE_FAILED'])
  expect(answer.json.errors.map((each: Json) => each.pointer)).toEqual(
    expect.arrayContaining(['/values/customer/name', '/values/contact/email', '/values/contact/nothing', '/values/deal/amount']),
  )
  expect(await everything()).toEqual(before)
})

test('a value that is taken takes everything back', async () => {
  await rep.create('contact', { name: 'Twin', email: 'twin@lindwerk.example' })
  const lead = await newLead({ email: 'twin@lindwerk.example' })
  const before = await everything()
  expect((await convert(rep, lead)).status).toBe(409)
  expect(await everything()).toEqual(before)
})

test('who may not create what is made in any case is told that there is no such conversion, as of any other name', async () => {
  const lead = await newLead()
  const before = await everything()
  const answer = await convert(desk, lead)
  const other = await convert(desk, lead, { conversion: 'to_harbours' })
  expect(answer.json).toMatchObject({ status: 422, errors: [{ code: 'VALIDATE_UNKNOWN_NAME' }] })
  const said = ({ text, json }: typeof answer, key: string) => text.replaceAll(key, '').replace(json.trace_id, '')
  expect(said(answer, 'to_customer')).toBe(said(other, 'to_harbours'))
  expect((await convert(analyst, lead)).json).toMatchObject({ status: 403, code: 'ACCESS_OPERATION_FORBIDDEN' })
  for (const person of [stranger, client]) expect((await convert(person, lead)).status).toBe(404)
  expect(await everything()).toEqual(before)
})

test('what the caller may not read is not copied for him', async () => {
  const lead = await newLead({ phone: '+49 30 7654321' })
  const answer = await convert(blind, lead, { conversion: 'to_customer', values: { contact: { email: 'own@lindwerk.example' } } })
  expect(answer.status).toBe(200)
  const made = await of(admin, 'customer', answer.json.data.steps.customer, 'name,phone,email')
  expect(made).toMatchObject({ name: lead.company, phone: null, email: null })
})

test('a record is converted once, at the version that was seen, in a state that allows it', async () => {
  const lead = await newLead()
  expect((await convert(rep, lead, undefined, {})).status).toBe(428)
  expect((await convert(rep, { ...lead, version: 1 })).json).toMatchObject({ status: 412, code: 'RECORDS_VERSION_STALE', version: 2 })
  expect((await convert(rep, lead)).status).toBe(200)
  expect((await convert(rep, { ...lead, version: 3 })).json).toMatchObject({ status: 409, code: 'RECORDS_NOT_CONVERTIBLE' })
  const raw = await rep.create('lead', { name: 'Raw', contact_name: 'Nobody', email: 'raw@lindwerk.example' })
  expect((await convert(rep, raw)).json.code).toBe('RECORDS_NOT_CONVERTIBLE')
})

test('sent twice with one key it happens once and answers alike; another body with that key is refused', async () => {
  const lead = await newLead()
  const headers = { 'if-match': '"2"', 'idempotency-key': 'once-only' }
  const [first, twin] = await Promise.all([convert(rep, lead, undefined, headers), convert(rep, lead, undefined, headers)])
  expect([first.status, twin.status]).toEqual([200, 200])
  expect(twin.json).toEqual(first.json)
  const later = await convert(rep, lead, undefined, headers)
  expect([later.json, later.headers.get('etag')]).toEqual([first.json, first.headers.get('etag')])
  expect((await convert(rep, lead, { conversion: 'to_customer', values: {} }, headers)).json.code).toBe('GUARD_IDEMPOTENCY_KEY_REUSED')
  expect(
    await sales.peek(`select count(*)::int as n from nexus.audit where action = 'record.converted' and record_id = $1`, [lead.id]),
  ).toEqual([{ n: 1 }])
})

test('two at the same time make one customer', async () => {
  const lead = await newLead()
  const answers = await Promise.all([convert(rep, lead), convert(rep, lead), convert(rep, lead)])
  expect(answers.map(answer => answer.status).sort()).toEqual([200, 412, 412])
  expect(
    (await rep.post('/api/records/lead/aggregate', { where: { id: { eq: lead.id } }, measures: { n: { count: '*' } } })).json.data,
  ).toEqual([{ n: 1 }])
  expect(
    await sales.peek(`select count(*)::int as n from nexus.audit where action = 'record.converted' and record_id = $1`, [lead.id]),
  ).toEqual([{ n: 1 }])
})

test.each([
  ['no conversion', {}, 422],
  ['one that is not there', { conversion: 'to_deal' }, 422],
  ['one of the prototype', { conversion: '__proto__' }, 422],
  ['a step that is not there', { conversion: 'to_customer', values: { invoice: {} } }, 422],
  ['a step that is no object', { conversion: 'to_customer', values: { deal: [] } }, 422],
  ['an unknown member', { conversion: 'to_customer', steps: [] }, 422],
])('%s is refused', async (_what, body, status) => {
  const lead = await newLead()
  expect((await convert(rep, lead, body)).status).toBe(status)
})
