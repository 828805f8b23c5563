/** Links to choose a password, on a real database: one use, one purpose, one hour, and no word about who exists. */
import { expect, test } from 'vitest'
import { newId, newSecret } from '../kernel/ids.ts'
import { type House, openNeighbourhood, PASSWORD } from '../test/harness/identity.ts'
import { readStored, writeStored } from './token.ts'

const around = await openNeighbourhood()
const house = around.process()
const second = around.process()
const tenant = await around.tenant(house)
const other = await around.tenant(house)
const NEW = 'a wholly new password'

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? String(error),
  )
const signIn = (email: string, password: string, at: House = house) =>
  codeOf(at.identity.signIn({ tenant: tenant.key, email, password }, around.visit()))
const reset = (token: string, password = NEW, at: House = house, ms = 0) =>
  at.identity.resetPassword({ token, password }, around.visit({ now: new Date(Date.now() + ms) }))

/** Asks for a link and reads it from the letter. */
async function linkFor(email: string): Promise<string> {
  await house.identity.forgotPassword({ tenant: tenant.key, email }, around.visit())
  await house.identity.close()
  const letter = house.mails.findLast(mail => mail.to === email)
  return /http:\/\/localhost:8080\/password#(\S+)/.exec(letter?.text ?? '')?.[1] ?? ''
}

test('a link sets a new password once; the old one and every session end with it', async () => {
  const { email } = await around.user(house, tenant)
  const session = await house.identity.signIn({ tenant: tenant.key, email, password: PASSWORD }, around.visit())
  const link = await linkFor(email)
  expect(await codeOf(reset(link))).toBe('done')
  expect(await signIn(email, PASSWORD)).toBe('IDENTITY_SIGN_IN_REFUSED')
  expect(await signIn(email, NEW)).toBe('done')
  expect(await codeOf(house.identity.refresh(session.refresh.value, around.visit()))).toBe('IDENTITY_REFRESH_REFUSED')
  expect(await codeOf(reset(link, 'yet another password'))).toBe('IDENTITY_LINK_INVALID')
  expect(await signIn(email, NEW)).toBe('done')
})

test('of twenty at once with one link exactly one succeeds', async () => {
  const { email, id } = await around.user(house, tenant)
  const link = await linkFor(email)
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, n) => codeOf(reset(link, `parallel password ${n}`, n % 2 === 0 ? house : second))),
  )
  expect(outcomes.filter(outcome => outcome === 'done')).toHaveLength(1)
  const rows = await house.database.readAs(tenant.id, c =>
    c.run({
      text: `select 1 from nexus.audit where tenant_id = $1 and record_id = $2 and action = 'password.changed'`,
      values: [tenant.id, id],
    }),
  )
  expect(rows).toHaveLength(1)
})

test('a link lasts an hour, an invitation a week', async () => {
  const { email } = await around.user(house, tenant)
  expect(await codeOf(reset(await linkFor(email), NEW, house, 3600_001))).toBe('IDENTITY_LINK_INVALID')
  const invited = await around.user(house, tenant, { password: false })
  const invitation = await linkFor(invited.email)
  expect(readStored(invitation, 'invitation')).not.toBeNull()
  expect(await codeOf(reset(invitation, NEW, house, 6 * 24 * 3600_000))).toBe('done')
})

test('a newer link, a new password, a lock or a new address voids an older link', async () => {
  const person = () => around.user(house, tenant)
  const admin = await around.context(
    house,
    await house.identity.authenticate({
      authorization: `Bearer ${(await house.identity.signIn({ tenant: tenant.key, email: tenant.adminEmail, password: PASSWORD }, around.visit())).access.access_token}`,
      ip: '198.51.100.1',
      now: new Date(),
    }),
  )
  const newer = await person()
  const [old, fresh] = [await linkFor(newer.email), await linkFor(newer.email)]
  expect(await codeOf(reset(old))).toBe('IDENTITY_LINK_INVALID')
  expect(await codeOf(reset(fresh))).toBe('done')

  const changed = await person()
  const before = await linkFor(changed.email)
  await house.identity.users.reset(admin, changed.id)
  expect(await codeOf(reset(before))).toBe('IDENTITY_LINK_INVALID')

  const locked = await person()
  const open = await linkFor(locked.email)
  await house.identity.users.lock(admin, locked.id)
  expect(await codeOf(reset(open))).toBe('IDENTITY_LINK_INVALID')
  expect(await linkFor(locked.email)).toBe(open)

  const moved = await person()
  const toOldAddress = await linkFor(moved.email)
  await house.identity.users.change(admin, moved.id, { email: `moved.${moved.email}` })
  expect(await codeOf(reset(toOldAddress))).toBe('IDENTITY_LINK_INVALID')
})

test('a forged, moved or repurposed link opens nothing', async () => {
  const { email } = await around.user(house, tenant)
  const link = await linkFor(email)
  const parts = readStored(link, 'password_reset')
  if (parts === null) throw new Error('no link')
  const foreign = [
    '',
    'nonsense',
    `${link}x`,
    link.slice(0, -1),
    link.replace(tenant.id, other.id),
    link.replace('password_reset', 'key'),
    writeStored(tenant.id, 'password_reset', parts.id, newSecret()),
    writeStored(tenant.id, 'password_reset', newId(), parts.secret),
    writeStored('00000000-0000-0000-0000-000000000000', 'password_reset', parts.id, parts.secret),
  ]
  for (const token of foreign) expect(await codeOf(reset(token)), token).toBe('IDENTITY_LINK_INVALID')
  expect(await codeOf(reset(link))).toBe('done')
})

test('a refused password leaves the link usable', async () => {
  const { email } = await around.user(house, tenant)
  const link = await linkFor(email)
  expect(await codeOf(reset(link, 'password12'))).toBe('IDENTITY_PASSWORD_REFUSED')
  expect(await codeOf(reset(link, email))).toBe('IDENTITY_PASSWORD_REFUSED')
  expect(await codeOf(reset(link))).toBe('done')
})

test('asking for a link never tells who exists, and writes only to who does', async () => {
  const { email } = await around.user(house, tenant)
  const stranger = await around.user(house, other)
  const mails = house.mails.length
  for (const [key, address] of [
    [tenant.key, 'nobody@x.test'],
    ['no_such_tenant', email],
    [tenant.key, stranger.email],
    [`${tenant.key}'--`, email],
  ] as const) {
    expect(await house.identity.forgotPassword({ tenant: key, email: address }, around.visit())).toBeUndefined()
  }
  await house.identity.close()
  expect(house.mails.length).toBe(mails)
  expect(await house.identity.forgotPassword({ tenant: tenant.key, email }, around.visit())).toBeUndefined()
  await house.identity.close()
  expect(house.mails.length).toBe(mails + 1)
  await house.identity.tenants.setStatus(other.key, { status: 'suspended' }, around.visit())
  await house.identity.forgotPassword({ tenant: other.key, email: stranger.email }, around.visit())
  await house.identity.close()
  expect(house.mails.length).toBe(mails + 1)
})

test('nobody can fill a mailbox', async () => {
  const { email } = await around.user(house, tenant)
  const mails = house.mails.length
  const outcomes = await Promise.all(
    Array.from({ length: 30 }, () => codeOf(house.identity.forgotPassword({ tenant: tenant.key, email }, around.visit()))),
  )
  await house.identity.close()
  expect(outcomes.filter(outcome => outcome === 'IDENTITY_THROTTLED')).toHaveLength(20)
  expect(house.mails.length).toBe(mails + 10)
})

test('a reset ends the wait of an account that was guessed at', async () => {
  const { email } = await around.user(house, tenant)
  const link = await linkFor(email)
  await Promise.all(Array.from({ length: 14 }, (_, n) => signIn(email, `guess number ${n}`)))
  expect(await signIn(email, PASSWORD)).toBe('IDENTITY_THROTTLED')
  await reset(link)
  expect(await signIn(email, NEW)).toBe('done')
})

test('the links are kept as hashes', async () => {
  const { email } = await around.user(house, tenant)
  const secret = readStored(await linkFor(email), 'password_reset')?.secret ?? ''
  const rows = await house.database.readAs(tenant.id, c =>
    c.run({ text: 'select to_jsonb(l)::text as row from nexus.one_time_token l where tenant_id = $1', values: [tenant.id] }),
  )
  expect(secret).toHaveLength(43)
  expect(JSON.stringify(rows)).not.toContain(secret)
})
