/** People through the real records door, with the packs as they are shipped: what administrators can do, and what is refused like any record. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { UNLIMITED } from '../../guard/index.ts'
import { readConfig } from '../../kernel/config.ts'
import { newId } from '../../kernel/ids.ts'
import { createLog } from '../../kernel/log.ts'
import { buildEngine } from '../../start/wiring.ts'
import { createServer } from '../../http/server.ts'
import { freshDatabase } from '../harness/database.ts'
import { SHARED_LOOP } from '../harness/shared-loop.ts'

const PASSWORD = 'correct horse battery'
const folder = await mkdtemp(join(tmpdir(), 'nexus-people-'))
const { url } = await freshDatabase()
const kept = { secret: 'secret-of-the-test-harness-0123456789', operator_token: 'operator-token-of-the-test-harness' }
const { config } = readConfig({ NEXUS_DATA_DIR: folder, NODE_ENV: 'test' }, () => kept)
if (config === undefined) throw new Error('The settings of the test are wrong.')
const wired = await buildEngine({
  config,
  databaseUrl: url,
  redisUrl: undefined,
  background: false,
  log: createLog({ write: () => undefined }),
  rates: UNLIMITED,
})
const app = await createServer(wired.engine, SHARED_LOOP)
afterAll(async () => {
  await app.close()
  await wired.close()
  await rm(folder, { recursive: true })
})

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'
const call = (method: Method, path: string, token: string | null, payload?: object, headers: Record<string, string> = {}) =>
  app.inject({
    method,
    url: path,
    headers: { ...headers, ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
    ...(payload === undefined ? {} : { payload }),
  })
const signIn = async (tenant: string, email: string): Promise<string> => {
  const answer = await call('POST', '/api/auth/login', null, { tenant, email, password: PASSWORD })
  return answer.json().data.access_token
}
const createTenant = async (key: string) =>
  (
    await call('POST', '/api/platform/tenants', config.operatorToken, {
      key,
      name: key,
      packs: ['sales'],
      admin: { email: `admin@${key}.test`, password: PASSWORD },
      locale: 'en',
      currency: 'EUR',
    })
  ).json().data

const acme = await createTenant('acme')
const other = await createTenant('other')
const admin = await signIn('acme', 'admin@acme.test')
let people = 0
const newUser = (rest: object = {}) => ({
  email: `person${(people += 1)}@acme.test`,
  name: 'Person',
  roles: ['rep'],
  password: PASSWORD,
  ...rest,
})

test('the administrator of the shipped packs may give every role they bring', async () => {
  const roles = (await call('GET', '/api/admin/roles', admin)).json().data
  expect(roles.length).toBeGreaterThanOrEqual(9)
  expect(roles.filter((role: { assignable: boolean }) => !role.assignable)).toEqual([])
})

test('a user is a record: made, changed and listed through the same door as any other', async () => {
  const made = await call('POST', '/api/admin/users', admin, newUser({ org_unit_id: acme.org_unit_id, actor: 'employee' }))
  expect(made.statusCode).toBe(201)
  const { id } = made.json().data
  const record = await call('GET', `/api/records/user/${id}`, admin)
  expect(record.json().data).toMatchObject({ id, name: 'Person', org_unit_id: acme.org_unit_id, created_by: acme.admin_id, version: 1 })
  expect((await call('PATCH', `/api/admin/users/${id}`, admin, { name: 'Renamed' })).json().data).toMatchObject({
    name: 'Renamed',
    roles: ['rep'],
  })
  expect((await call('GET', `/api/records/user/${id}`, admin)).json().data).toMatchObject({ name: 'Renamed', version: 2 })
  const history = await call('GET', '/api/admin/users?limit=1', admin)
  expect(history.json().data).toHaveLength(1)
  expect(history.json().page.next).toEqual(expect.any(String))
})

test.each([
  ['a unit that is not there', () => ({ org_unit_id: newId() })],
  ['a unit of another tenant', () => ({ org_unit_id: other.org_unit_id })],
  ['a user for a unit', () => ({ org_unit_id: acme.admin_id })],
])('%s is refused with its place, and nothing is left behind', async (_what, rest) => {
  const user = newUser(rest())
  const refused = await call('POST', '/api/admin/users', admin, user)
  expect(refused.json()).toMatchObject({ status: 422, errors: [{ pointer: '/org_unit_id' }] })
  expect((await call('POST', '/api/auth/login', null, { tenant: 'acme', email: user.email, password: PASSWORD })).statusCode).toBe(401)
  const { id } = (await call('POST', '/api/admin/users', admin, newUser())).json().data
  expect((await call('PATCH', `/api/admin/users/${id}`, admin, { ...rest(), roles: ['clerk'] })).statusCode).toBe(422)
  expect((await call('GET', `/api/admin/users/${id}`, admin)).json().data.roles).toEqual(['rep'])
})

test('a taken address is a conflict, by account and by record alike', async () => {
  const user = newUser()
  expect((await call('POST', '/api/admin/users', admin, user)).statusCode).toBe(201)
  expect((await call('POST', '/api/admin/users', admin, user)).json()).toMatchObject({ status: 409, code: 'IDENTITY_EMAIL_TAKEN' })
  const record = await call('POST', '/api/records/user', admin, { name: 'No account', email: 'record@acme.test', actor: 'client' })
  expect(record.statusCode).toBe(201)
  expect((await call('POST', '/api/admin/users', admin, newUser({ email: 'record@acme.test' }))).statusCode).toBe(409)
})

test('a user deleted as a record is out within a second', async () => {
  const user = newUser()
  const { id } = (await call('POST', '/api/admin/users', admin, user)).json().data
  const token = await signIn('acme', user.email)
  expect((await call('GET', '/api/me', token)).statusCode).toBe(200)
  expect((await call('DELETE', `/api/records/user/${id}`, admin, undefined, { 'if-match': '"1"' })).statusCode).toBeLessThan(300)
  await new Promise(resolve => setTimeout(resolve, 600))
  expect((await call('GET', '/api/me', token)).statusCode).toBe(401)
  expect((await call('POST', '/api/auth/login', null, { tenant: 'acme', email: user.email, password: PASSWORD })).statusCode).toBe(401)
})

test('the records door keeps to the same rules: own rights, one address, nobody deletes himself', async () => {
  const self = `/api/records/user/${acme.admin_id}`
  const unit = (await call('POST', '/api/records/org_unit', admin, { name: 'South', kind: 'branch', parent: acme.org_unit_id })).json().data
  expect((await call('PATCH', self, admin, { org_unit_id: unit.id }, { 'if-match': '"1"' })).json()).toMatchObject({
    status: 403,
    code: 'IDENTITY_SELF_EDIT',
  })
  expect((await call('PATCH', self, admin, { email: 'else@acme.test' }, { 'if-match': '"1"' })).json()).toMatchObject({
    status: 422,
    code: 'IDENTITY_ADDRESS_OF_ACCOUNT',
  })
  expect((await call('DELETE', self, admin, undefined, { 'if-match': '"1"' })).json()).toMatchObject({
    status: 403,
    code: 'IDENTITY_SELF_EDIT',
  })
  expect((await call('PATCH', self, admin, { job_title: 'Boss' }, { 'if-match': '"1"' })).statusCode).toBe(200)
})

test('nobody of one tenant reaches people of the other', async () => {
  for (const [method, path] of [
    ['GET', ''],
    ['POST', '/lock'],
    ['POST', '/unlock'],
    ['POST', '/reset'],
  ] as const) {
    expect((await call(method, `/api/admin/users/${other.admin_id}${path}`, admin)).json()).toMatchObject({
      status: 404,
      code: 'NOT_FOUND',
    })
  }
  expect((await call('PATCH', `/api/admin/users/${other.admin_id}`, admin, { name: 'Fool' })).statusCode).toBe(404)
  const listed = (await call('GET', '/api/admin/users?limit=100', admin)).json().data.map((user: { id: string }) => user.id)
  expect(listed).not.toContain(other.admin_id)
})

test('a new unit is within the tree within a second', async () => {
  const unit = (await call('POST', '/api/records/org_unit', admin, { name: 'North', kind: 'branch', parent: acme.org_unit_id })).json().data
  await new Promise(resolve => setTimeout(resolve, 600))
  const seen = await call('POST', '/api/records/org_unit/query', admin, { where: { id: { eq: unit.id } }, select: ['name'] })
  expect(seen.json().data).toMatchObject([{ name: 'North' }])
  const within = await wired.identity.trees.of(acme.id)
  expect(within(acme.org_unit_id)).toContain(unit.id)
})
