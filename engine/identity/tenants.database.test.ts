/** Tenants on a real database: made whole or not at all, suspended and resumed. */
import { expect, test } from 'vitest'
import { openNeighbourhood, PASSWORD } from '../test/harness/identity.ts'

const around = await openNeighbourhood()
const house = around.process()
const input = {
  key: 'acme',
  name: 'Acme',
  packs: ['house'],
  admin: { email: 'Boss@Acme.test', password: PASSWORD },
  locale: 'ru',
  currency: 'EUR',
} as const

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? String(error),
  )

test('a new tenant has its model, the root of its tree and an administrator who can sign in', async () => {
  const made = await house.identity.tenants.create({ ...input, time_zone: 'Europe/Kyiv' }, around.visit())
  expect(made).toMatchObject({ key: 'acme', revision: 1 })
  const { access, user } = await house.identity.signIn({ tenant: 'acme', email: 'boss@acme.test', password: PASSWORD }, around.visit())
  expect(user).toEqual({
    id: made.admin_id,
    email: 'boss@acme.test',
    name: 'boss',
    actor: 'employee',
    org_unit_id: made.org_unit_id,
    locale: 'ru',
    time_zone: 'Europe/Kyiv',
  })
  const caller = await house.identity.authenticate({ authorization: `Bearer ${access.access_token}`, ip: '192.0.2.1', now: new Date() })
  expect(caller.roles).toEqual(['admin'])
  expect(caller.profiles).toEqual(['core_admin'])
  const within = await house.identity.trees.of(made.id)
  expect(within(made.org_unit_id)).toEqual([made.org_unit_id])
})

test('a taken key is refused and leaves nothing behind', async () => {
  expect(await codeOf(house.identity.tenants.create(input, around.visit()))).toBe('IDENTITY_TENANT_EXISTS')
  expect((await house.identity.tenants.list({ limit: 50, after: null })).tenants.map(tenant => tenant.key)).toEqual(['acme'])
})

test('of twenty at once with one key exactly one is made', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, () => codeOf(house.identity.tenants.create({ ...input, key: 'twins' }, around.visit()))),
  )
  expect(outcomes.filter(outcome => outcome === 'done')).toHaveLength(1)
  expect(new Set(outcomes)).toEqual(new Set(['done', 'IDENTITY_TENANT_EXISTS']))
}, 30_000)

test('packs without an administrator, weak passwords and unknown zones are refused before anything is written', async () => {
  expect(
    await codeOf(
      house.identity.tenants.create({ ...input, key: 'weak', admin: { email: 'a@b.test', password: 'password123' } }, around.visit()),
    ),
  ).toBe('IDENTITY_PASSWORD_REFUSED')
  expect(await codeOf(house.identity.tenants.create({ ...input, key: 'zone', time_zone: 'Mars/Base' }, around.visit()))).toBe(
    'IDENTITY_TIME_ZONE_UNKNOWN',
  )
  expect(await codeOf(house.identity.tenants.create({ ...input, key: 'pack', packs: ['nowhere'] }, around.visit()))).toMatch(/^MODEL_/)
  const { tenants } = await house.identity.tenants.list({ limit: 50, after: null })
  expect(tenants.map(tenant => tenant.key)).toEqual(['acme', 'twins'])
})

test('the operator pages through tenants by key', async () => {
  const first = await house.identity.tenants.list({ limit: 1, after: null })
  expect(first.tenants.map(tenant => tenant.key)).toEqual(['acme'])
  const second = await house.identity.tenants.list({ limit: 1, after: first.next })
  expect(second.tenants.map(tenant => tenant.key)).toEqual(['twins'])
  expect(second.next).toBeNull()
})

test('a suspended tenant refuses sign-in like a wrong password, and takes it again when resumed', async () => {
  const credentials = { tenant: 'acme', email: 'boss@acme.test', password: PASSWORD }
  expect(await house.identity.tenants.setStatus('acme', { status: 'suspended', note: 'unpaid' }, around.visit())).toMatchObject({
    status: 'suspended',
  })
  expect(await codeOf(house.identity.signIn(credentials, around.visit()))).toBe('IDENTITY_SIGN_IN_REFUSED')
  await house.identity.tenants.setStatus('acme', { status: 'active' }, around.visit())
  expect(await codeOf(house.identity.signIn(credentials, around.visit()))).toBe('done')
  expect(await codeOf(house.identity.tenants.setStatus('nobody', { status: 'active' }, around.visit()))).toBe('NOT_FOUND')
})

test('a tenant gets another key that is free, and people sign in under it', async () => {
  await house.identity.tenants.rename('acme', 'apex', around.visit())
  const credentials = { email: 'boss@acme.test', password: PASSWORD }
  expect(await codeOf(house.identity.signIn({ tenant: 'acme', ...credentials }, around.visit()))).toBe('IDENTITY_SIGN_IN_REFUSED')
  expect(await codeOf(house.identity.signIn({ tenant: 'apex', ...credentials }, around.visit()))).toBe('done')
  expect(await codeOf(house.identity.tenants.rename('apex', 'twins', around.visit()))).toBe('IDENTITY_TENANT_EXISTS')
  expect(await codeOf(house.identity.tenants.rename('nobody', 'free', around.visit()))).toBe('NOT_FOUND')
  await house.identity.tenants.rename('apex', 'acme', around.visit())
})

test('what the operator did stands in the tenant’s audit', async () => {
  const tenant = (await house.identity.tenants.list({ limit: 1, after: null })).tenants[0]
  const rows = await house.database.readAs(tenant?.id ?? '', connection =>
    connection.run<{ action: string }>({
      text: `select action from nexus.audit where tenant_id = $1 and action like 'tenant.%' order by at, id`,
      values: [tenant?.id],
    }),
  )
  expect(rows.map(row => row.action)).toEqual(['tenant.created', 'tenant.suspended', 'tenant.resumed', 'tenant.renamed', 'tenant.renamed'])
})
