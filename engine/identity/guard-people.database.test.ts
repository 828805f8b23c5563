/** What holds for user records whichever door wrote them, on a real database. */
import { expect, test } from 'vitest'
import { openNeighbourhood, PASSWORD } from '../test/harness/identity.ts'
import { guardPeople, type PersonChange } from './guard-people.ts'

const around = await openNeighbourhood()
const house = around.process()
const tenant = await around.tenant(house)
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? String(error),
  )

async function contextOf(email: string, key = tenant.key) {
  const { access } = await house.identity.signIn({ tenant: key, email, password: PASSWORD }, around.visit())
  return around.context(
    house,
    await house.identity.authenticate({ authorization: `Bearer ${access.access_token}`, ip: '198.51.100.1', now: new Date() }),
  )
}
const admin = await contextOf(tenant.adminEmail)

/** Writes something and asks the guard before the commit, as the records door does. */
const writing = (ctx: typeof admin, change: PersonChange, text = 'select 1', ...values: unknown[]) =>
  codeOf(
    house.database.writeAs(ctx.caller.tenant.id, async connection => {
      await connection.run({ text, values })
      await guardPeople(connection, ctx, [change])
    }),
  )
const setEmail = 'update nexus.record set data = data || jsonb_build_object($3::text, $4::text) where tenant_id = $1 and id = $2'
const emailNo = admin.model.entities.get('user')?.fields.get('email')?.no

test.each(['org_unit_id', 'actor'])('nobody changes his own %s', async field => {
  expect(await writing(admin, { op: 'update', id: tenant.adminId, given: ['name', field] })).toBe('IDENTITY_SELF_EDIT')
  const { id } = await around.user(house, tenant)
  expect(await writing(admin, { op: 'update', id, given: [field] })).toBe('done')
})

test('nobody changes a field that his own rules read, though his name', async () => {
  const local = await contextOf((await around.user(house, tenant, { roles: ['branch_helper'] })).email)
  const rules = { ...local, model: { ...local.model, profiles: new Map(local.model.profiles) } }
  const definition = {
    kind: 'access_profile',
    key: 'branch_directory',
    entities: { user: { operations: ['read'], fields: {}, rows: { read: { territory: { eq: '$user.territory' } } } } },
  } as const
  rules.model.profiles.set('branch_directory', {
    key: 'branch_directory',
    entities: new Map(),
    definition: structuredClone(definition) as never,
  })
  expect(await writing(rules, { op: 'update', id: local.caller.userId, given: ['territory'] })).toBe('IDENTITY_SELF_EDIT')
  expect(await writing(rules, { op: 'update', id: local.caller.userId, given: ['name', 'phone'] })).toBe('done')
})

test('the record’s address is the account’s: it changes where users are managed', async () => {
  const { id, email } = await around.user(house, tenant)
  expect(await writing(admin, { op: 'update', id, given: ['email'] }, setEmail, tenant.id, id, emailNo, 'other@x.test')).toBe(
    'IDENTITY_ADDRESS_OF_ACCOUNT',
  )
  expect(await writing(admin, { op: 'update', id, given: ['email'] }, setEmail, tenant.id, id, emailNo, email.toUpperCase())).toBe('done')
  expect(await writing(admin, { op: 'create', id: tenant.unitId, given: ['email'] })).toBe('done')
})

const setDeleted = 'update nexus.record set deleted_at = now() where tenant_id = $1 and id = $2'

test('the last administrator’s record can’t be deleted: of two who delete each other at once, one stays', async () => {
  const pair = await around.tenant(house)
  const deputy = await around.user(house, pair, { roles: ['admin'] })
  const contexts = [await contextOf(pair.adminEmail, pair.key), await contextOf(deputy.email, pair.key)]
  const remove = (ctx: typeof admin, id: string) => writing(ctx, { op: 'delete', id, given: [] }, setDeleted, pair.id, id)
  const [first, second] = contexts
  if (first === undefined || second === undefined) throw new Error('Two are needed.')
  const outcomes = await Promise.all([remove(first, deputy.id), remove(second, pair.adminId)])
  expect(outcomes.sort()).toEqual(['IDENTITY_LAST_ADMIN', 'done'])
})

test('nobody deletes himself', async () => {
  const { id, email } = await around.user(house, tenant)
  expect(await writing(await contextOf(email), { op: 'delete', id, given: [] })).toBe('IDENTITY_SELF_EDIT')
})

test.each([
  { op: 'delete', given: [] },
  { op: 'restore', given: [] },
  { op: 'update', given: ['actor'] },
  { op: 'update', given: ['org_unit_id'] },
] as const)('the record of somebody who holds more is not for less: $op $given', async change => {
  const clerk = await contextOf((await around.user(house, tenant)).email)
  const boss = await around.user(house, tenant, { roles: ['admin'] })
  const colleague = await around.user(house, tenant)
  expect(await writing(clerk, { ...change, id: boss.id })).toBe('IDENTITY_MORE_THAN_HELD')
  expect(await writing(clerk, { ...change, id: colleague.id })).toBe('done')
  expect(await writing(admin, { ...change, id: boss.id })).toBe('done')
  expect(await writing(clerk, { op: 'update', id: boss.id, given: ['name', 'phone'] })).toBe('done')
})
