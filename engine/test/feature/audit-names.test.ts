/** An auditor is told who did what to which record, and of fields only the names that exist for him: changed, taken out or revealed. */
import { expect, test } from 'vitest'
import { type Client, startWorkspace } from '../harness/workspace.ts'

const workspace = await startWorkspace()
await workspace.createTenant('acme')
const admin = await workspace.signIn('acme', 'admin@acme.test')
const documents = [
  {
    kind: 'access_profile',
    key: 'names',
    entities: {
      deal: { operations: ['read'], fields: { name: 'read', customer: 'read', contact: { mask: 'hash' } } },
      customer: { operations: ['read'], fields: { name: 'read' } },
    },
  },
  { kind: 'role', key: 'watcher', label: { en: 'Watcher' }, capabilities: ['audit.read'], access_profiles: ['core_directory', 'names'] },
]
for (const document of documents)
  expect((await admin('PUT', `/api/studio/draft/${document.kind}/${document.key}`, document)).problem).toMatchObject({
    data: { problems: [] },
  })
expect((await admin('POST', '/api/studio/draft/publish', { note: 'A watcher' })).status).toBe(200)
const email = 'watcher@acme.test'
const person = { email, name: 'Watcher', actor: 'employee', roles: ['watcher'], password: 'correct horse battery' }
expect((await admin('POST', '/api/admin/users', person)).status).toBe(201)
const watcher = await workspace.signIn('acme', email)

const customer = (await admin<{ id: string }>('POST', '/api/records/customer', { name: 'Acme Stores', phone: '+49 30 123456' })).data.id
const deal = (await admin<{ id: string }>('POST', '/api/records/deal', { name: 'Shelves', customer, amount: '1250.00' })).data.id
await admin('PATCH', `/api/records/deal/${deal}`, { name: 'More shelves', amount: '1300.00', next_step: 'Call' }, { 'if-match': '"1"' })
const query = { select: ['name', 'amount', 'customer.name', 'customer.phone'] }
expect((await admin('POST', '/api/records/deal/export', { format: 'json', query })).status).toBe(200)

interface Row {
  readonly action: string
  readonly record_id: string | null
  readonly details: { readonly fields?: readonly string[] }
}
const rowsOf = async (client: Client): Promise<Record<string, readonly string[] | undefined>> => {
  const { data } = await client<Row[]>('GET', '/api/admin/audit?entity=deal')
  return Object.fromEntries(data.map(row => [row.action, row.details.fields]))
}

test('names of hidden fields are told to nobody, by the pages nor by the file', async () => {
  const seen = await rowsOf(admin)
  expect(seen['record.updated']).toEqual(expect.arrayContaining(['amount', 'next_step']))
  expect(seen['record.exported']).toEqual(['name', 'amount', 'customer.name', 'customer.phone'])
  const told = await rowsOf(watcher)
  expect(told['record.updated']).toEqual(['name'])
  expect(told['record.exported']).toEqual(['name', 'customer.name'])
  for (const address of ['/api/admin/audit', '/api/admin/audit?entity=customer', `/api/admin/audit?record_id=${deal}`]) {
    const text = JSON.stringify((await watcher('GET', address)).problem)
    for (const hidden of ['amount', 'next_step', 'phone', 'amount_base', 'stage']) expect(text).not.toContain(`"${hidden}"`)
  }
  const { payload } = await workspace.app.inject({
    method: 'POST',
    url: '/api/auth/login',
    payload: { tenant: 'acme', email, password: person.password },
  })
  const { access_token: token } = (JSON.parse(payload) as { data: { access_token: string } }).data
  const file = await workspace.app.inject({ url: '/api/admin/audit/export?entity=deal', headers: { authorization: `Bearer ${token}` } })
  expect([file.statusCode, file.payload.includes('"fields":["name","customer.name"]')]).toEqual([200, true])
  expect(file.payload).not.toContain('amount')
})
