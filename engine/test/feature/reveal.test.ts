/** A masked value shown for a reason: to whom, how often, and what is written down of it. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { type Json, openSales, type Person } from '../harness/sales.ts'

// Two reveals a day for managers; a profile that reveals on its own records alone.
const sales = await openSales([
  { kind: 'access_profile', extends: 'sales/sales_manager', limits: { reveals_per_day: 2 } },
  {
    kind: 'access_profile',
    key: 'own_accounts',
    label: { en: 'Own accounts' },
    entities: {
      customer: {
        operations: ['read', 'reveal'],
        rows: { reveal: { owner_id: { eq: '$user.id' } } },
        fields: { name: 'read', bank_account: { mask: 'last4', reveal: true }, tax_id: { mask: 'hash' }, credit_limit: { mask: 'range' } },
      },
    },
  },
  { kind: 'role', key: 'accountant', label: { en: 'Accountant' }, capabilities: [], access_profiles: ['core_directory', 'own_accounts'] },
])
const { admin } = sales
let manager: Person, rep: Person, analyst: Person, accountant: Person
let customer: Json, foreign: Json

beforeAll(async () => {
  manager = await sales.person(['manager'], sales.north)
  rep = await sales.person(['rep'], sales.north)
  analyst = await sales.person(['analyst'], sales.rootUnit)
  accountant = await sales.person(['accountant'], sales.north)
  const values = { party: ['supplier'], bank_account: 'DE02120300000000202051', tax_id: 'DE811907980', credit_limit: '1250.00' }
  customer = await admin.create('customer', { name: 'Lindwerk', org_unit_id: sales.north, owner_id: accountant.id, ...values })
  foreign = await admin.create('customer', { name: 'Elsewhere', org_unit_id: sales.south, ...values, tax_id: 'DE811907981' })
})

const reveal = (person: Person, id: string, body: Json, entity = 'customer') => person.post(`/api/records/${entity}/${id}/reveal`, body)
const FOR_A_CALL = { field: 'bank_account', reason: 'Refund by telephone' }

test('the value comes for a reason, and who asked why stands in the audit and the security log', async () => {
  expect((await manager.get(`/api/records/customer/${customer.id}?select=bank_account`)).json.data.bank_account).toBe('••••2051')
  const answer = await reveal(manager, customer.id, FOR_A_CALL)
  expect([answer.status, answer.json]).toEqual([200, { data: { bank_account: 'DE02120300000000202051' } }])
  expect(answer.headers.get('cache-control')).toBe('no-store')
  const audit = (await admin.get(`/api/admin/audit?action=record.revealed&record_id=${customer.id}`)).json.data
  expect(audit).toMatchObject([
    { actor: manager.id, entity: 'customer', details: { field: 'bank_account', reason: 'Refund by telephone' } },
  ])
  expect(JSON.stringify(audit)).not.toContain('DE0212')
  const log = await readFile(join(sales.folder, 'security.log'), 'utf8')
  expect(log).toContain(`"event":"value_revealed","tenant_id":"${sales.tenantId}","user_id":"${manager.id}"`)
  expect(log).not.toContain('DE0212')
})

test('a day has so many reveals, also for two at once, and refused ones are not counted', async () => {
  expect((await reveal(manager, foreign.id, FOR_A_CALL)).status).toBe(404)
  const answers = await Promise.all([1, 2, 3].map(() => reveal(manager, customer.id, FOR_A_CALL)))
  expect(answers.map(answer => answer.status).sort()).toEqual([200, 429, 429])
  const refused = answers.find(answer => answer.status === 429)
  expect(refused?.json.code).toBe('RECORDS_REVEALS_USED_UP')
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(
    await sales.peek(`select count(*)::int as n from nexus.audit where action = 'record.revealed' and actor = $1`, [manager.id]),
  ).toEqual([{ n: 2 }])
})

test('only where the profile lets it be revealed, on rows where it does', async () => {
  expect((await reveal(accountant, customer.id, FOR_A_CALL)).json.data).toEqual({ bank_account: 'DE02120300000000202051' })
  expect((await reveal(accountant, foreign.id, FOR_A_CALL)).json).toMatchObject({ status: 403, code: 'ACCESS_ROW_FORBIDDEN' })
  for (const field of ['tax_id', 'credit_limit', 'name', 'id'])
    expect((await reveal(accountant, customer.id, { ...FOR_A_CALL, field })).json.errors).toMatchObject([
      { pointer: '/field', code: 'VALIDATE_NOT_REVEALABLE' },
    ])
  expect((await reveal(accountant, customer.id, { ...FOR_A_CALL, field: 'tax_id' })).text).not.toContain('DE8119')
  for (const person of [rep, analyst])
    expect((await reveal(person, customer.id, FOR_A_CALL)).json).toMatchObject({ status: 403, code: 'ACCESS_OPERATION_FORBIDDEN' })
})

test('all masks show in lists, and a mask is no key to a filter', async () => {
  const { data } = (await accountant.get('/api/records/customer?select=tax_id,credit_limit')).json
  expect(data.map((row: Json) => [row.tax_id.length, row.credit_limit])).toEqual([
    [12, '1000–9999'],
    [12, '1000–9999'],
  ])
})

test('a hidden field and one that is not there are the same answer', async () => {
  const strip = ({ json }: Json): string => JSON.stringify({ ...json, trace_id: '' })
  const answers = await Promise.all(
    ['email', 'nothing', '__proto__', "x'--", 'Bank_Account', '10.bank_account'].map(
      async field => [field, await reveal(accountant, customer.id, { ...FOR_A_CALL, field })] as const,
    ),
  )
  for (const [field, answer] of answers) {
    expect(answer.status).toBe(422)
    expect(
      strip(answer)
        .replaceAll(JSON.stringify(field).slice(1, -1), 'X')
        .replaceAll(field, 'X')
        .replace(/,"hint":"Did[^}]*"/, ''),
    ).toBe(strip(answers[1]?.[1]).replaceAll('nothing', 'X'))
  }
})

test.each([
  ['no reason', { field: 'bank_account' }],
  ['a reason of two letters', { field: 'bank_account', reason: ' a b ' }],
  ['a reason of blanks', { field: 'bank_account', reason: '     ' }],
  ['a reason that is a novel', { field: 'bank_account', reason: 'x'.repeat(501) }],
  ['a field that is no text', { field: ['bank_account'], reason: 'Because' }],
  ['an unknown member', { field: 'bank_account', reason: 'Because', fields: [] }],
])('%s is refused before anything is looked at', async (_what, body) => {
  const before = await sales.peek('select count(*)::int as n from nexus.audit where action = $1', ['record.revealed'])
  expect((await reveal(accountant, customer.id, body)).status).toBe(422)
  expect(await sales.peek('select count(*)::int as n from nexus.audit where action = $1', ['record.revealed'])).toEqual(before)
})

test('what is in the trash or nowhere is not found', async () => {
  const gone = await admin.create('customer', { name: 'Gone', party: ['client'], owner_id: accountant.id, bank_account: 'DE1' })
  await admin.send('DELETE', `/api/records/customer/${gone.id}`, undefined, { 'if-match': '"1"' })
  for (const id of [gone.id, '01980000-0000-7000-8000-00000000dead', 'nonsense'])
    expect((await reveal(accountant, id, FOR_A_CALL)).status).toBe(404)
})
