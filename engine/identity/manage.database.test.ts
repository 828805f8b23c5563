/** Managing users on a real database: nobody beyond what he holds, nobody himself, never the last administrator. */
import { expect, test } from 'vitest'
import { openNeighbourhood, PASSWORD } from '../test/harness/identity.ts'

const around = await openNeighbourhood()
const house = around.process()
const second = around.process()
const tenant = await around.tenant(house)

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? String(error),
  )
const contextOf = async (email: string, at = house, key = tenant.key) => {
  const { access } = await at.identity.signIn({ tenant: key, email, password: PASSWORD }, around.visit())
  return around.context(
    at,
    await at.identity.authenticate({ authorization: `Bearer ${access.access_token}`, ip: '198.51.100.1', now: new Date(), afresh: true }),
  )
}
const { users } = house.identity
const admin = await contextOf(tenant.adminEmail)
const helper = await contextOf((await around.user(house, tenant, { roles: ['helper'] })).email)
const fresh = (roles: string[] = ['reader']) => around.user(house, tenant, { roles })
const newUser = (roles: string[], rest: object = {}) => ({
  email: `new${Math.random()}@x.test`,
  name: 'New',
  roles,
  password: PASSWORD,
  ...rest,
})
const actionsOn = async (id: string) =>
  (
    await house.database.readAs(tenant.id, c =>
      c.run<{ action: string }>({
        text: 'select action from nexus.audit where tenant_id = $1 and record_id = $2 order by at, id',
        values: [tenant.id, id],
      }),
    )
  ).map(row => row.action)

test('an administrator creates a user who can sign in, and it stands in the audit', async () => {
  const made = await users.create(admin, {
    email: 'Olga@Acme.test',
    name: 'Olga',
    roles: ['reader'],
    org_unit_id: tenant.unitId,
    locale: 'uk',
    time_zone: 'Europe/Kyiv',
    password: PASSWORD,
  })
  expect(made).toMatchObject({
    email: 'olga@acme.test',
    name: 'Olga',
    roles: ['reader'],
    org_unit_id: tenant.unitId,
    locale: 'uk',
    locked: false,
    invited: false,
  })
  expect(await users.get(admin, made.id)).toEqual(made)
  expect((await contextOf('olga@acme.test')).caller).toMatchObject({
    name: 'Olga',
    locale: 'uk',
    timeZone: 'Europe/Kyiv',
    orgUnitId: tenant.unitId,
  })
  expect(await actionsOn(made.id)).toEqual(['user.created', 'session.signed_in'])
})

test('a user without a password is invited by mail and chooses one', async () => {
  const { id } = await users.create(admin, { email: 'invited@acme.test', name: 'Ira', roles: ['reader'], locale: 'ru' })
  await house.identity.close()
  const letter = house.mails.find(mail => mail.to === 'invited@acme.test')
  expect(letter?.subject).toMatch(/^Ваш доступ/)
  const token = /#(\S+)/.exec(letter?.text ?? '')?.[1] ?? ''
  await house.identity.resetPassword({ token, password: 'my own new password' }, around.visit())
  expect((await users.get(admin, id)).invited).toBe(false)
})

test('two users never share an address, in any letter case, also when made at once', async () => {
  const { email } = await fresh()
  expect(await codeOf(users.create(admin, newUser(['reader'], { email: email.toUpperCase() })))).toBe('IDENTITY_EMAIL_TAKEN')
  const outcomes = await Promise.all(
    Array.from({ length: 8 }, () => codeOf(users.create(admin, newUser(['reader'], { email: 'twin@x.test' })))),
  )
  expect(outcomes.filter(outcome => outcome === 'done')).toHaveLength(1)
  const someone = await fresh()
  expect(await codeOf(users.change(admin, someone.id, { email }))).toBe('IDENTITY_EMAIL_TAKEN')
  const records = await house.database.readAs(tenant.id, c =>
    c.run({ text: `select 1 from nexus.record where tenant_id = $1 and data::text like '%twin@x.test%'`, values: [tenant.id] }),
  )
  expect(records).toHaveLength(1)
})

test('nobody gives more than he holds', async () => {
  const someone = await fresh()
  for (const roles of [['admin'], ['reader', 'admin'], ['branch_helper', 'admin']]) {
    expect(await codeOf(users.create(helper, newUser(roles)))).toBe('IDENTITY_MORE_THAN_HELD')
    expect(await codeOf(users.change(helper, someone.id, { roles }))).toBe('IDENTITY_MORE_THAN_HELD')
  }
  expect(await codeOf(users.create(helper, newUser(['reader'])))).toBe('done')
  expect(await codeOf(users.create(helper, newUser(['helper', 'reader'])))).toBe('done')
  expect(await codeOf(users.create(helper, newUser(['no_such_role'])))).toBe('IDENTITY_ROLE_UNKNOWN')
  expect((await users.get(admin, someone.id)).roles).toEqual(['reader'])
})

test('nobody manages one who holds more', async () => {
  const boss = await fresh(['admin'])
  const doings = [
    () => users.lock(helper, boss.id),
    () => users.unlock(helper, boss.id),
    () => users.reset(helper, boss.id),
    () => users.change(helper, boss.id, { email: 'mine@x.test' }),
    () => users.change(helper, boss.id, { roles: ['reader'] }),
    () => users.change(helper, boss.id, { name: 'Fool' }),
  ]
  const before = await users.get(admin, boss.id)
  for (const doing of doings) expect(await codeOf(doing())).toBe('IDENTITY_MORE_THAN_HELD')
  expect(await users.get(admin, boss.id)).toEqual(before)
})

test('nobody changes his own rights, though his own name', async () => {
  const self = helper.caller.userId
  const doings = [
    () => users.change(helper, self, { roles: ['reader'] }),
    () => users.change(helper, self, { roles: ['helper'] }),
    () => users.change(helper, self, { org_unit_id: null }),
    () => users.change(helper, self, { actor: 'client' }),
    () => users.lock(helper, self),
    () => users.unlock(helper, self),
    () => users.reset(helper, self),
  ]
  for (const doing of doings) expect(await codeOf(doing())).toBe('IDENTITY_SELF_EDIT')
  expect((await users.change(helper, self, { name: 'Helga' })).name).toBe('Helga')
})

test('whose rows end with his unit manages nobody beyond it, and puts nobody there', async () => {
  const north = await around.unit(house, tenant, tenant.unitId)
  const store = await around.unit(house, tenant, north)
  const south = await around.unit(house, tenant, tenant.unitId)
  const local = await contextOf((await around.user(house, tenant, { roles: ['branch_helper'], unitId: north })).email)
  const near = await around.user(house, tenant, { roles: ['branch_reader'], unitId: store })
  const far = await around.user(house, tenant, { roles: ['branch_reader'], unitId: south })
  expect(await codeOf(users.lock(local, near.id))).toBe('done')
  expect(await codeOf(users.lock(local, far.id))).toBe('IDENTITY_MORE_THAN_HELD')
  expect(await codeOf(users.change(local, near.id, { org_unit_id: south }))).toBe('IDENTITY_MORE_THAN_HELD')
  expect(await codeOf(users.create(local, newUser(['branch_reader'], { org_unit_id: tenant.unitId })))).toBe('IDENTITY_MORE_THAN_HELD')
  expect(await codeOf(users.create(local, newUser(['branch_reader'], { org_unit_id: store })))).toBe('done')
})

test('the last administrator stays, however he would go', async () => {
  const alone = await around.tenant(house)
  const boss = await contextOf(alone.adminEmail, house, alone.key)
  const { key } = await house.identity.apiKeys.create(boss, { name: 'robot', roles: ['admin'] })
  const deputy = await around.user(house, alone, { roles: ['admin'] })
  const deputyCtx = await contextOf(deputy.email, house, alone.key)
  const invited = await around.user(house, alone, { roles: ['admin'], password: false })
  expect(await codeOf(users.lock(deputyCtx, alone.adminId))).toBe('done')
  expect(await codeOf(house.identity.authenticate({ authorization: `Bearer ${key}`, ip: '198.51.100.1', now: new Date() }))).toBe(
    'IDENTITY_UNAUTHENTICATED',
  )
  // A caller who is none of the tenant's administrators any more, but still holds their rights for this moment.
  const ghost = { ...deputyCtx, caller: { ...deputyCtx.caller, userId: invited.id, sessionId: null } }
  for (const doing of [
    () => users.lock(ghost, deputy.id),
    () => users.change(ghost, deputy.id, { roles: ['reader'] }),
    () => users.reset(ghost, deputy.id),
  ]) {
    expect(await codeOf(doing())).toBe('IDENTITY_LAST_ADMIN')
  }
  await expect(contextOf(deputy.email, house, alone.key)).resolves.toBeDefined()
})

test('two administrators who lock each other at once do not both succeed', async () => {
  const pair = await around.tenant(house)
  const deputy = await around.user(house, pair, { roles: ['admin'] })
  const one = await contextOf(pair.adminEmail, house, pair.key)
  const two = await contextOf(deputy.email, second, pair.key)
  const outcomes = await Promise.all([
    codeOf(house.identity.users.lock(one, deputy.id)),
    codeOf(second.identity.users.lock(two, pair.adminId)),
  ])
  expect(outcomes.filter(outcome => outcome === 'done')).toHaveLength(1)
  const [row] = await house.database.readAs(pair.id, c =>
    c.run({ text: 'select count(*)::int as open from nexus.credential where tenant_id = $1 and not locked', values: [pair.id] }),
  )
  expect(row).toEqual({ open: 1 })
})

test('a user of another tenant, or none, is not found', async () => {
  const elsewhere = await around.tenant(house)
  const stranger = await around.user(house, elsewhere)
  for (const id of [stranger.id, elsewhere.adminId, '01980000-0000-7000-8000-000000000000', 'nonsense', '', "' or true --"]) {
    for (const doing of [
      () => users.get(admin, id),
      () => users.lock(admin, id),
      () => users.reset(admin, id),
      () => users.change(admin, id, { roles: ['reader'] }),
    ]) {
      expect(await codeOf(doing()), id).toBe('NOT_FOUND')
    }
    expect(await codeOf(house.identity.sessions.revoke(admin, id))).toBe('NOT_FOUND')
    expect(await codeOf(house.identity.apiKeys.revoke(admin, id))).toBe('NOT_FOUND')
  }
  const { users: listed } = await users.list(admin, { limit: 100, after: null })
  expect(listed.map(user => user.id)).not.toContain(stranger.id)
})

test('sessions of those who hold more can be seen, not ended', async () => {
  const boss = await fresh(['admin'])
  await contextOf(boss.email)
  const { sessions } = await house.identity.sessions.list(helper, { userId: boss.id, limit: 10, after: null })
  expect(sessions).toHaveLength(1)
  expect(JSON.stringify(sessions)).not.toMatch(/hash|secret/)
  expect(await codeOf(house.identity.sessions.revoke(helper, sessions[0]?.id ?? ''))).toBe('IDENTITY_MORE_THAN_HELD')
  expect(await codeOf(house.identity.sessions.revoke(admin, sessions[0]?.id ?? ''))).toBe('done')
  expect(await codeOf(house.identity.sessions.revoke(admin, sessions[0]?.id ?? ''))).toBe('NOT_FOUND')
})

test('roles say whether the asker may give them', async () => {
  const assignable = (ctx: typeof admin) =>
    house.identity.roles
      .list(ctx)
      .filter(role => role.assignable)
      .map(role => role.key)
  expect(assignable(admin)).toEqual(['admin', 'branch_helper', 'branch_reader', 'helper', 'office', 'reader'])
  expect(assignable(helper)).toEqual(['branch_helper', 'branch_reader', 'helper', 'office', 'reader'])
})

test('me tells who, where and how far, and changes only what is one’s own', async () => {
  const someone = await fresh()
  const ctx = await contextOf(someone.email)
  const me = house.identity.me.describe(ctx.caller, ctx.model)
  expect(me).toMatchObject({
    user: { id: someone.id, email: someone.email, locale: 'en' },
    tenant: { key: tenant.key, currency: 'EUR' },
    roles: ['reader'],
    profiles: ['core_directory'],
    capabilities: [],
  })
  await house.identity.me.change(ctx, { locale: 'es', time_zone: 'Europe/Madrid' })
  expect((await contextOf(someone.email)).caller).toMatchObject({ locale: 'es', timeZone: 'Europe/Madrid' })
  expect(
    await codeOf(house.identity.me.changePassword(ctx, { current_password: 'not my password', password: 'a good new password' })),
  ).toBe('IDENTITY_PASSWORD_WRONG')
  expect(await codeOf(house.identity.me.changePassword(ctx, { current_password: PASSWORD, password: 'short' }))).toBe(
    'IDENTITY_PASSWORD_REFUSED',
  )
})
