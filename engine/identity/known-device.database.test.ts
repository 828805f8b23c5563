/** Keeping people out by failing on purpose: strangers slow strangers down, never the browser somebody has signed in from. */
import { expect, test } from 'vitest'
import { openNeighbourhood, PASSWORD } from '../test/harness/identity.ts'
import type { EngineError } from '../kernel/errors.ts'
import { knownDevice, writeDeviceCookie } from './known-device.ts'
import type { Visit } from './types.ts'

const around = await openNeighbourhood()
const house = around.process()
const tenant = await around.tenant(house)

const DAY = 24 * 60 * 60 * 1000
const start = Date.now()
const later = (ms: number): Partial<Visit> => ({ now: new Date(start + ms) })

/** Signs in; gives what a browser sends the next time. */
async function signIn(email: string, password: string, cookies?: string, visit: Partial<Visit> = {}): Promise<string> {
  const { device } = await house.identity.signIn({ tenant: tenant.key, email, password }, around.visit(visit), cookies)
  return `theme=dark; ${device.split(';')[0] ?? ''}`
}
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: EngineError) => error.code,
  )
/** Codes of tries at an account with a wrong password, each from an address of its own. */
const guesses = (email: string, times: number, cookies?: string, visit: Partial<Visit> = {}): Promise<string[]> =>
  Promise.all(Array.from({ length: times }, (_, n) => codeOf(signIn(email, `guess number ${n}`, cookies, visit))))
const refusedOf = (codes: readonly string[]): number => codes.filter(code => code === 'IDENTITY_SIGN_IN_REFUSED').length

test('strangers who fail on purpose do not keep a person out of the browser he uses, and are slowed down all the same', async () => {
  const { email, id } = await around.user(house, tenant)
  const mine = await signIn(email, PASSWORD, undefined, later(0))
  expect(refusedOf(await guesses(email, 14, undefined, later(1_000)))).toBe(10)
  expect(await codeOf(signIn(email, PASSWORD, undefined, later(1_000)))).toBe('IDENTITY_THROTTLED')
  const again = await signIn(email, PASSWORD, mine, later(1_000))
  // His coming in is no help to them.
  expect(refusedOf(await guesses(email, 4, undefined, later(1_500)))).toBe(0)
  await expect(signIn(email, PASSWORD, again, later(2_000))).resolves.toMatch(/nexus_device=/)
  // Nor is a whole office kept out by one who sits there.
  const office = { ...later(2_500), ip: '203.0.113.9' }
  await Promise.all(Array.from({ length: 105 }, (_, n) => guesses(`nobody${n}@x.test`, 1, undefined, office)))
  expect(await codeOf(signIn(email, PASSWORD, undefined, office))).toBe('IDENTITY_THROTTLED')
  expect(await codeOf(signIn(email, PASSWORD, again, office))).toBe('done')
  const caller = await house.identity.callerOf(tenant.id, id, new Date())
  const ctx = await around.context(house, caller)
  const change = { current_password: PASSWORD, password: 'another good password' }
  expect(await codeOf(house.identity.me.changePassword(ctx, change))).toBe('done')
}, 60_000)

test('a browser that was taken away guesses no faster than a stranger, and only at the name it is known for', async () => {
  const { email } = await around.user(house, tenant)
  const second = await around.user(house, tenant)
  const stolen = await signIn(email, PASSWORD, undefined, later(0))
  expect(refusedOf(await guesses(email, 14, stolen, later(1_000)))).toBe(10)
  expect(await codeOf(signIn(email, PASSWORD, stolen, later(1_000)))).toBe('IDENTITY_THROTTLED')
  expect(await codeOf(signIn(email, PASSWORD, stolen, later(6 * 60_000)))).toBe('done')
  for (const name of [second.email, `ghost@${tenant.key}.test`]) {
    const codes = [...(await guesses(name, 7, stolen)), ...(await guesses(name, 7))]
    expect([name, refusedOf(codes)]).toEqual([name, 10])
  }
}, 60_000)

test('a new password, by a link or by the old one, and an unlock free every browser of the person, and nobody else', async () => {
  const { email, id } = await around.user(house, tenant)
  const neighbour = await around.user(house, tenant)
  const mine = [await signIn(email, PASSWORD), await signIn(email, PASSWORD)]
  const his = await signIn(neighbour.email, PASSWORD)
  const { callerOf, me, users, close, forgotPassword, resetPassword } = house.identity
  const contextOf = async (user: string) => around.context(house, await callerOf(tenant.id, user, new Date()))
  let password = PASSWORD
  const acts: Readonly<Record<string, () => Promise<unknown>>> = {
    'a link': async () => {
      await forgotPassword({ tenant: tenant.key, email }, around.visit(), mine[0])
      await close()
      const letter = house.mails.findLast(mail => mail.to === email)
      const token = /\/password#(\S+)/.exec(letter?.text ?? '')?.[1] ?? ''
      password = 'a password by letter'
      return resetPassword({ token, password }, around.visit())
    },
    'the old password': async () => {
      const change = { current_password: password, password: 'a password by the old one' }
      await me.changePassword(await contextOf(id), change)
      password = change.password
    },
    'an unlock': async () => {
      await users.lock(await contextOf(tenant.adminId), id)
      await users.unlock(await contextOf(tenant.adminId), id)
    },
  }
  for (const cookies of mine) expect(refusedOf(await guesses(email, 14, cookies, later(0)))).toBe(10)
  expect(refusedOf(await guesses(neighbour.email, 14, his, later(0)))).toBe(10)
  for (const [name, act] of Object.entries(acts)) {
    for (const cookies of mine)
      expect([name, await codeOf(signIn(email, password, cookies, later(1_000)))]).toEqual([name, 'IDENTITY_THROTTLED'])
    await act()
    for (const cookies of mine) expect([name, await codeOf(signIn(email, password, cookies, later(1_000)))]).toEqual([name, 'done'])
    expect([name, await codeOf(signIn(neighbour.email, PASSWORD, his, later(1_000)))]).toEqual([name, 'IDENTITY_THROTTLED'])
    // As many guesses as before are free again, and no more.
    for (const cookies of mine) expect(refusedOf(await guesses(email, 14, cookies, later(0)))).toBe(10)
  }
}, 60_000)

test('a cookie that was made up, changed, is too old or stands there twice makes no browser known', () => {
  const config = { secret: 'x'.repeat(32), publicUrl: 'https://crm.acme.test' }
  const now = new Date(start)
  const named = ['acme', 'anna@acme.test'] as const
  const set = writeDeviceCookie(config, undefined, named, now)
  expect(set).toMatch(/^nexus_device=[^;]+; Max-Age=7776000; Path=\/api\/auth; HttpOnly; SameSite=Strict; Secure$/)
  const cookie = set.split(';')[0] ?? ''
  const device = knownDevice(config, cookie, named, now)
  expect(device).toMatch(/^[\w-]{43}$/)
  expect(knownDevice(config, cookie, named, new Date(start + 89 * DAY))).toBe(device)
  expect(knownDevice(config, cookie, named, new Date(start + 91 * DAY))).toBeNull()
  expect(knownDevice({ ...config, secret: 'y'.repeat(32) }, cookie, named, now)).toBeNull()
  for (const other of [
    ['acme', 'berta@acme.test'],
    ['apex', 'anna@acme.test'],
  ] as const)
    expect(knownDevice(config, cookie, other, now)).toBeNull()
  const [mark = '', until = '', mac = ''] = cookie.split('=')[1]?.split('.') ?? []
  const forged = [`${mark}.zzzzzzzz.${mac}`, `${'A'.repeat(43)}.${until}.${mac}`, `${mark}.${until}.${'A'.repeat(43)}`, '', '~', '..', mark]
  for (const value of forged) expect([value, knownDevice(config, `nexus_device=${value}`, named, now)]).toEqual([value, null])
  expect(knownDevice(config, `${cookie}; ${cookie}`, named, now)).toBeNull()
})

test('people who share a browser are each known there, the last four of them', () => {
  const config = { secret: 'x'.repeat(32), publicUrl: 'https://crm.acme.test' }
  const now = new Date(start)
  const named = (n: number) => ['acme', `person${n}@acme.test`] as const
  let cookie = ''
  for (let n = 0; n < 6; n++) cookie = writeDeviceCookie(config, cookie, named(n), now).split(';')[0] ?? ''
  const known = Array.from({ length: 6 }, (_, n) => knownDevice(config, cookie, named(n), now) !== null)
  expect(known).toEqual([false, false, true, true, true, true])
  const device = knownDevice(config, cookie, named(5), now)
  const renewed = writeDeviceCookie(config, cookie, named(5), new Date(start + DAY)).split(';')[0]
  expect([renewed?.length, knownDevice(config, renewed, named(5), now)]).toEqual([cookie.length, device])
})
