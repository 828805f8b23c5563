/** The tenant that the examples of the papers speak about: the demo tenant's key and people, and a handful of records. Made through the API alone. */

/** Sends a request to the engine and gives status and body. */
export type Call = (method: string, path: string, token: string, body?: unknown) => Promise<{ status: number; body: { data?: unknown } }>

/** What the pages say the password of everybody is. */
export const SAMPLE_PASSWORD = 'nexus-demo-1'

const CUSTOMERS = [
  { name: 'Acme Stores', industry: 'retail', party: ['client'] },
  { name: 'Globex', industry: 'manufacturing', party: ['client', 'supplier'] },
  { name: 'Ökohof Lindau', industry: 'agriculture', party: ['client'] },
]

/** Six deals; the customer is a place in the list above. */
const DEALS = [
  { name: 'Shelves for three shops', stage: 'proposal', amount: '18000.00', customer: 0, expected_close_on: '2030-03-31', tags: ['shops'] },
  {
    name: 'Cold store',
    stage: 'won',
    amount: '42500.50',
    customer: 2,
    closed_on: '2029-12-01',
    engaged_on: '2029-10-01',
    expected_close_on: '2029-12-15',
  },
  {
    name: 'Maintenance plan',
    stage: 'won',
    amount: '1200.00',
    customer: 0,
    closed_on: '2029-11-03',
    engaged_on: '2029-10-20',
    expected_close_on: '2029-11-30',
    tags: ['service', 'yearly'],
  },
  {
    name: 'Packing line',
    stage: 'negotiation',
    amount: '96000.00',
    customer: 1,
    expected_close_on: '2030-06-30',
    tags: ['machines', 'service'],
  },
  {
    name: 'Trial order',
    stage: 'lost',
    amount: '300.00',
    customer: 1,
    lost_reason: 'price',
    closed_on: '2029-09-30',
    engaged_on: '2029-09-01',
    expected_close_on: '2029-09-30',
  },
  { name: 'First talk', stage: 'lead' },
]

/** Creates the tenant with its administrator and the records; gives the administrator's token. */
export async function makeSample(call: Call, operatorToken: string): Promise<string> {
  const admin = { email: 'admin@demo.test', password: SAMPLE_PASSWORD, name: 'Administrator' }
  const tenant = { key: 'demo', name: 'Sample', packs: ['sales'], admin, locale: 'en', currency: 'EUR', time_zone: 'Europe/Berlin' }
  await requireStatus(call('POST', '/api/platform/tenants', operatorToken, tenant), 201)
  const signedIn = await requireStatus(
    call('POST', '/api/auth/login', '', { tenant: 'demo', email: admin.email, password: SAMPLE_PASSWORD }),
    200,
  )
  const token = (signedIn as { access_token: string }).access_token
  await requireStatus(
    call('POST', '/api/admin/users', token, { email: 'rep@demo.test', name: 'Rep', roles: ['rep'], password: SAMPLE_PASSWORD }),
    201,
  )
  const customers = await createAll(call, token, 'customer', CUSTOMERS)
  await createAll(call, token, 'contact', [
    { name: 'Ann Archer', email: 'ann@acme.test', customers: [{ id: customers[0] }] },
    { name: 'Bo Berg', email: 'bo@globex.test', customers: [{ id: customers[1] }] },
  ])
  const deals = DEALS.map(({ customer, ...deal }) => ({ ...deal, ...(customer === undefined ? {} : { customer: customers[customer] }) }))
  await createAll(call, token, 'deal', deals)
  return token
}

async function createAll(call: Call, token: string, entity: string, records: readonly object[]): Promise<string[]> {
  const operations = records.map(values => ({ op: 'create', values }))
  const made = await requireStatus(call('POST', `/api/records/${entity}/bulk`, token, { operations }), 200)
  return (made as { id: string }[]).map(each => each.id)
}

async function requireStatus(sent: ReturnType<Call>, status: number): Promise<unknown> {
  const answer = await sent
  if (answer.status !== status) throw new Error(`The sample could not be made: ${JSON.stringify(answer.body)}`)
  return answer.body.data
}
