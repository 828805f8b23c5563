/** Who manages roles without managing access: what he may make of roles beside, below and above him, and of his own. */
import { afterEach, expect, test } from 'vitest'
import { draft as draftDocuments, label, publish, STUDIO } from '../harness/change-set.ts'
import { type Client, startWorkspace } from '../harness/workspace.ts'

const workspace = await startWorkspace()
await workspace.createTenant('acme', ['core'])
const admin = await workspace.signIn('acme', 'admin@acme.test')

interface Role {
  readonly key: string
  readonly [member: string]: unknown
}
const OWN = { key: 'keeper', capabilities: [...STUDIO, 'roles.manage'], access_profiles: ['core_directory'], ip_allow: ['127.0.0.0/8'] }
const LOW = { key: 'low', capabilities: ['studio.read'], access_profiles: ['core_directory'] }
const HIGH = { key: 'high', capabilities: ['studio.read', 'audit.read'], access_profiles: ['core_directory'] }
const SEEING = { key: 'seeing', capabilities: [], access_profiles: ['core_directory', 'core_admin'] }

const draft = (client: Client, ...roles: readonly Role[]): Promise<void> =>
  draftDocuments(client, ...roles.map(each => ({ kind: 'role', label: label(each.key), ...each })))

await draft(admin, OWN, LOW, HIGH, SEEING)
expect(await publish(admin)).toMatchObject({ status: 200 })
const person = { email: 'keeper@acme.test', name: 'Keeper', actor: 'employee', roles: ['keeper'], password: 'correct horse battery' }
expect(await admin('POST', '/api/admin/users', person)).toMatchObject({ status: 201 })
const keeper = await workspace.signIn('acme', person.email)

afterEach(async () => {
  await admin('DELETE', '/api/studio/draft')
})

test.each<[string, Role, string]>([
  ['takes a capability he lacks', { ...HIGH, capabilities: ['studio.read'] }, 'AUTHORING_MORE_THAN_HELD'],
  ['takes anything from a role that gives more', { ...HIGH, access_profiles: [] }, 'AUTHORING_MORE_THAN_HELD'],
  ['closes a role that gives more to addresses', { ...HIGH, ip_allow: ['192.0.2.0/24'] }, 'AUTHORING_MORE_THAN_HELD'],
  ['takes a profile he lacks', { ...SEEING, access_profiles: ['core_directory'] }, 'AUTHORING_MORE_THAN_HELD'],
  ['takes from administrators', { key: 'admin', extends: 'core/admin', access_profiles: ['core_directory'] }, 'AUTHORING_MORE_THAN_HELD'],
  ['opens his own role to all addresses', { ...OWN, ip_allow: [] }, 'AUTHORING_OWN_ROLE'],
  ['takes from his own role', { ...OWN, capabilities: OWN.capabilities.slice(1) }, 'AUTHORING_OWN_ROLE'],
])('nobody who manages roles alone %s', async (_, role, code) => {
  await draft(keeper, role)
  const problem = { code: code.replace('AUTHORING', 'MODEL'), document: { kind: 'role', key: role.key } }
  const told = expect.arrayContaining([expect.objectContaining(problem)])
  expect(await keeper('GET', '/api/studio/draft')).toMatchObject({ data: { problems: told } })
  expect(await keeper('POST', '/api/studio/draft/check')).toMatchObject({ data: { problems: told } })
  // It is his refusal: who holds more is told of none.
  expect(await admin('POST', '/api/studio/draft/check')).toMatchObject({ data: { problems: [] } })
  expect(await publish(keeper)).toMatchObject({ status: 403, problem: { code, errors: told } })
})

test('a change of the draft tells at once what its author may not publish, in his language, whoever put it there', async () => {
  const saved = await keeper(
    'PUT',
    '/api/studio/draft/role/high',
    { kind: 'role', label: label('high'), ...HIGH, capabilities: [] },
    { 'if-match': '"0"' },
  )
  expect(saved).toMatchObject({
    status: 201,
    data: { problems: [{ code: 'MODEL_MORE_THAN_HELD', pointer: '/capabilities', params: { names: ['audit.read'] } }] },
  })
  const removed = await keeper('DELETE', '/api/studio/draft/role/seeing')
  expect(removed.data).toMatchObject({
    problems: [{ document: { key: 'high' } }, { document: { key: 'seeing' }, pointer: '', params: { names: ['core_admin'] } }],
  })
  await admin('DELETE', '/api/studio/draft')
  await draftDocuments(admin, { kind: 'access_profile', key: 'new_profile', label: label('New'), entities: {} })
  const { data } = await keeper<{ problems: object[] }>('GET', '/api/studio/draft')
  expect(data.problems).toEqual([
    {
      document: { kind: 'access_profile', key: 'new_profile' },
      pointer: '',
      code: 'MODEL_ACCESS_NEEDED',
      params: { capability: 'access.manage' },
      message: 'Documents of this kind are changed by who has “access.manage”.',
      hint: 'Let somebody with “access.manage” publish it.',
    },
  ])
  expect(await publish(keeper)).toMatchObject({ status: 403, problem: { code: 'ACCESS_CAPABILITY_MISSING' } })
})

test('nobody who manages roles alone takes a role away that gives more', async () => {
  expect(await keeper('DELETE', '/api/studio/draft/role/high')).toMatchObject({ status: 200 })
  expect(await publish(keeper)).toMatchObject({ status: 403, problem: { code: 'AUTHORING_MORE_THAN_HELD' } })
})

test('roles beside and below are his to change, words of every role are, and administrators change their own', async () => {
  await draft(keeper, { ...LOW, capabilities: ['studio.edit'], access_profiles: [] }, { ...HIGH, label: { en: 'High up' } })
  expect(await publish(keeper)).toMatchObject({ status: 200 })
  await draft(
    admin,
    { key: 'admin', extends: 'core/admin', access_profiles: ['core_admin', 'core_directory'] },
    { ...HIGH, capabilities: [] },
  )
  expect(await publish(admin)).toMatchObject({ status: 200 })
})
