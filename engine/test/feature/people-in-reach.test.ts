/** Keys, sessions and records of people, as those see and end them who hold less than these people do (R19), over every door there is. */
import { beforeAll, describe, expect, test } from 'vitest'
import { type Client, PASSWORD, startWorkspace } from '../harness/workspace.ts'

const workspace = await startWorkspace()
let admin: Client
let adminId: string
/** Manages the people he sees: clients. */
let keeper: Client
let keyKeeper: Client
/** Has rights on the records of people and no capability. */
let hr: Client
let hrId: string
let clientId: string

interface Listed {
  readonly id: string
  readonly user_id: string
}

async function put(kind: string, key: string, document: object): Promise<void> {
  const { status, problem } = await admin('PUT', `/api/studio/draft/${kind}/${key}`, { kind, key, label: { en: key }, ...document })
  if (status > 201) throw new Error(JSON.stringify(problem))
}

async function person(email: string, roles: readonly string[], actor = 'employee'): Promise<{ id: string; client: Client }> {
  const made = await admin<{ id: string }>('POST', '/api/admin/users', { email, name: email, actor, roles, password: PASSWORD })
  if (made.status !== 201) throw new Error(JSON.stringify(made.problem))
  return { id: made.data.id, client: await workspace.signIn('acme', email) }
}

beforeAll(async () => {
  const tenant = await workspace.createTenant('acme')
  adminId = tenant.admin_id
  admin = await workspace.signIn('acme', 'admin@acme.test')
  const clients = { actor: { eq: 'client' } }
  await put('access_profile', 'clients_only', {
    entities: { user: { operations: ['read'], rows: { read: clients }, fields: { name: 'read', email: 'read', actor: 'read' } } },
  })
  await put('access_profile', 'all_people', {
    entities: {
      user: { operations: ['read', 'update', 'delete', 'restore'], fields: { name: 'write', actor: 'write', org_unit_id: 'write' } },
    },
  })
  await put('role', 'keeper', { capabilities: ['users.manage'], access_profiles: ['clients_only'] })
  await put('role', 'key_keeper', { capabilities: ['api_keys.manage'], access_profiles: ['clients_only'] })
  await put('role', 'hr', { capabilities: [], access_profiles: ['all_people'] })
  await put('role', 'visitor', { capabilities: [], access_profiles: [] })
  const published = await admin('POST', '/api/studio/draft/publish', { note: 'People' })
  if (published.status !== 200) throw new Error(JSON.stringify(published.problem))
  admin = await workspace.signIn('acme', 'admin@acme.test')
  keeper = (await person('keeper@acme.test', ['keeper'])).client
  keyKeeper = (await person('keys@acme.test', ['key_keeper'])).client
  const made = await person('hr@acme.test', ['hr'])
  hr = made.client
  hrId = made.id
  clientId = (await person('client@acme.test', ['visitor'], 'client')).id
})

describe('keys', () => {
  test('of people who do not exist for him are neither listed nor revoked, one’s own are', async () => {
    const { data: key } = await admin<{ id: string; key: string }>('POST', '/api/admin/api_keys', { name: 'nightly', roles: ['admin'] })
    const { data: own } = await keyKeeper<{ id: string }>('POST', '/api/admin/api_keys', { name: 'mine', roles: ['key_keeper'] })
    const listed = await keyKeeper<Listed[]>('GET', '/api/admin/api_keys')
    expect(listed.data.map(each => each.id)).toEqual([own.id])
    const refused = await keyKeeper('DELETE', `/api/admin/api_keys/${key.id}`)
    const unknown = await keyKeeper('DELETE', '/api/admin/api_keys/01980000-0000-7000-8000-000000000000')
    expect([refused.status, { ...refused.problem, trace_id: '' }]).toEqual([404, { ...unknown.problem, trace_id: '' }])
    expect((await workspace.client(key.key)('GET', '/api/me')).status).toBe(200)
    expect((await keyKeeper('DELETE', `/api/admin/api_keys/${own.id}`)).status).toBe(204)
    const all = await admin<Listed[]>('GET', '/api/admin/api_keys')
    expect(all.data.map(each => each.user_id)).toEqual([adminId])
  })
})

describe('sessions', () => {
  test('of people who do not exist for him are not listed, by no page and by no name', async () => {
    for (let n = 0; n < 3; n++) await workspace.signIn('acme', 'admin@acme.test')
    const all = await keeper<Listed[]>('GET', '/api/admin/sessions?limit=1')
    const me = await keeper<{ user: { id: string } }>('GET', '/api/me')
    expect(all.data.map(each => each.user_id)).toEqual([clientId])
    const rest = await keeper<Listed[]>('GET', `/api/admin/sessions?limit=50&after=${all.data[0]?.id}`)
    expect(new Set(rest.data.map(each => each.user_id))).toEqual(new Set([me.data.user.id]))
    const hidden = await keeper<Listed[]>('GET', `/api/admin/sessions?user_id=${adminId}`)
    const unknown = await keeper<Listed[]>('GET', '/api/admin/sessions?user_id=01980000-0000-7000-8000-000000000000')
    expect([hidden.status, hidden.data]).toEqual([unknown.status, unknown.data])
    expect(hidden.data).toEqual([])
    expect((await admin<Listed[]>('GET', `/api/admin/sessions?user_id=${adminId}`)).data.length).toBeGreaterThan(3)
  })
})

describe('records of people', () => {
  const versionOf = async (id: string) => (await hr<{ version: number }>('GET', `/api/records/user/${id}?select=version`)).data.version
  const withVersion = async (id: string) => ({ 'if-match': `"${await versionOf(id)}"` })

  test('an administrator is neither deleted, nor moved, nor made a client by who holds less, and not in a batch either', async () => {
    const boss = (await person('boss@acme.test', ['admin'])).id
    const url = `/api/records/user/${boss}`
    const refusals = [
      await hr('DELETE', url, undefined, await withVersion(boss)),
      await hr('PATCH', url, { actor: 'client' }, await withVersion(boss)),
      await hr('PATCH', url, { org_unit_id: null }, await withVersion(boss)),
    ]
    for (const { status, problem } of refusals) expect([status, problem.code]).toEqual([403, 'IDENTITY_MORE_THAN_HELD'])
    for (const atomic of [true, false]) {
      const operations = [{ op: 'delete', id: boss, version: await versionOf(boss) }]
      const batch = await hr<unknown>('POST', '/api/records/user/bulk', { operations, atomic })
      expect(JSON.stringify([batch.problem, batch.data])).toContain('IDENTITY_MORE_THAN_HELD')
    }
    expect((await admin('GET', url)).status).toBe(200)
    expect(
      (await workspace.client('')('POST', '/api/auth/login', { tenant: 'acme', email: 'boss@acme.test', password: PASSWORD })).status,
    ).toBe(200)
    expect((await hr('PATCH', url, { name: 'The boss' }, await withVersion(boss))).status).toBe(200)
  })

  test('one who was deleted by an administrator comes back only by somebody who holds as much', async () => {
    const boss = (await person('second@acme.test', ['admin'])).id
    const { data } = await admin<{ version: number }>('GET', `/api/records/user/${boss}?select=version`)
    expect((await admin('DELETE', `/api/records/user/${boss}`, undefined, { 'if-match': `"${data.version}"` })).status).toBe(204)
    const refused = await hr('POST', `/api/records/user/${boss}/restore`)
    expect([refused.status, refused.problem.code]).toEqual([403, 'IDENTITY_MORE_THAN_HELD'])
    expect((await admin('POST', `/api/records/user/${boss}/restore`)).status).toBe(200)
  })

  test('who holds as much or less is his to manage; he himself is not', async () => {
    const url = `/api/records/user/${clientId}`
    expect((await hr('PATCH', url, { actor: 'supplier' }, await withVersion(clientId))).status).toBe(200)
    expect((await hr('DELETE', url, undefined, await withVersion(clientId))).status).toBe(204)
    expect((await hr('POST', `${url}/restore`)).status).toBe(200)
    const self = await hr('DELETE', `/api/records/user/${hrId}`, undefined, await withVersion(hrId))
    expect([self.status, self.problem.code]).toEqual([403, 'IDENTITY_SELF_EDIT'])
  })
})
