/** Sessions on a real database: rotation, reuse, twins, the end. */
import { expect, test } from 'vitest'
import { newId, newSecret } from '../kernel/ids.ts'
import { openNeighbourhood, PASSWORD, SECRET } from '../test/harness/identity.ts'
import { openRefresh, sealRefresh } from './token.ts'

const around = await openNeighbourhood()
const house = around.process()
const second = around.process()
const tenant = await around.tenant(house)
const other = await around.tenant(house)
const { email } = await around.user(house, tenant)

const DAY = 24 * 3600 * 1000
const start = Date.now()
const at = (ms: number) => around.visit({ now: new Date(start + ms) })
const signIn = (ms = 0) => house.identity.signIn({ tenant: tenant.key, email, password: PASSWORD }, at(ms))
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? String(error),
  )
const refresh = (value: string | null, ms = 0, process = house) => process.identity.refresh(value, at(ms))
const works = (token: string, ms = 0, process = house) =>
  codeOf(process.identity.authenticate({ authorization: `Bearer ${token}`, ip: '198.51.100.1', now: new Date(start + ms), afresh: true }))

test('a refresh gives a new pair, and the new pair works', async () => {
  const first = await signIn()
  const next = await refresh(first.refresh.value, 60_000)
  expect(next.refresh.value).not.toBe(first.refresh.value)
  expect(next.refresh.value.startsWith(`${tenant.id}.refresh.`)).toBe(true)
  expect(next.user).toEqual(first.user)
  expect(await works(next.access.access_token, 60_000)).toBe('done')
  expect(await codeOf(refresh(next.refresh.value, 120_000))).toBe('done')
})

test('an old refresh token ends the family: nobody goes on, neither thief nor user', async () => {
  const first = await signIn()
  const next = await refresh(first.refresh.value, 60_000)
  const newest = await refresh(next.refresh.value, 120_000)
  expect(await codeOf(refresh(first.refresh.value, 180_000))).toBe('IDENTITY_REFRESH_REFUSED')
  expect(await codeOf(refresh(newest.refresh.value, 181_000))).toBe('IDENTITY_REFRESH_REFUSED')
  expect(await works(newest.access.access_token, 181_000, second)).toBe('IDENTITY_UNAUTHENTICATED')
  expect(house.events.filter(event => event.event === 'refresh_token_reused')).toHaveLength(1)
})

test('the token before the last ends the family once the grace is over', async () => {
  const first = await signIn()
  const next = await refresh(first.refresh.value, 60_000)
  expect(await codeOf(refresh(first.refresh.value, 60_000 + 5_001))).toBe('IDENTITY_REFRESH_REFUSED')
  expect(await codeOf(refresh(next.refresh.value, 70_000))).toBe('IDENTITY_REFRESH_REFUSED')
})

test('of twenty at once with one token exactly one gets a pair, the others are told to take it, and the session lives', async () => {
  const first = await signIn()
  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, (_, n) => refresh(first.refresh.value, 1_000, n % 2 === 0 ? house : second)),
  )
  const won = outcomes.filter(outcome => outcome.status === 'fulfilled')
  const codes = outcomes.flatMap(outcome => (outcome.status === 'rejected' ? [outcome.reason.code] : []))
  expect(won).toHaveLength(1)
  expect(new Set(codes)).toEqual(new Set(['IDENTITY_REFRESH_RACED']))
  expect(await codeOf(refresh(won[0]?.value.refresh.value ?? null, 2_000))).toBe('done')
})

test('a token that is not ours, of another tenant or another purpose is refused and ends nothing', async () => {
  const { refresh: mine, access } = await signIn()
  const { claims } = openRefresh(SECRET, mine.value) ?? {}
  if (claims === undefined) throw new Error('not ours')
  const foreign = [
    null,
    '',
    mine.value.slice(0, -1),
    mine.value.replace(tenant.id, other.id),
    access.access_token,
    access.access_token.replace('.access.', '.refresh.'),
    sealRefresh(newSecret(), tenant.id, claims),
    sealRefresh(SECRET, other.id, claims),
    sealRefresh(SECRET, tenant.id, { ...claims, sid: newId() }),
    sealRefresh(SECRET, tenant.id, { ...claims, generation: claims.generation + 1 }),
    sealRefresh(SECRET, tenant.id, { ...claims, secret: newSecret() }),
  ]
  for (const value of foreign) expect(await codeOf(refresh(value, 1_000))).toBe('IDENTITY_REFRESH_REFUSED')
  expect(await codeOf(refresh(mine.value, 2_000))).toBe('done')
})

test('a session ends after a week of silence, and after a month of use', async () => {
  const idle = await signIn()
  expect(await codeOf(refresh(idle.refresh.value, 7 * DAY + 1000))).toBe('IDENTITY_REFRESH_REFUSED')
  let { refresh: token } = await signIn()
  for (const day of [6, 12, 18, 24, 29]) token = (await refresh(token.value, day * DAY)).refresh
  expect(token.expiresAt.getTime()).toBeLessThanOrEqual(start + 30 * DAY + 1000)
  expect(await codeOf(refresh(token.value, 30 * DAY + 1000))).toBe('IDENTITY_REFRESH_REFUSED')
})

test('an access token ends after ten minutes, at the second', async () => {
  const { access } = await signIn()
  const ends = Date.parse(access.expires_at) - start
  expect(ends).toBeGreaterThan(598_000)
  expect(ends).toBeLessThanOrEqual(600_000)
  expect(await works(access.access_token, ends - 1)).toBe('done')
  expect(await works(access.access_token, ends)).toBe('IDENTITY_UNAUTHENTICATED')
})

test('logout by token, by cookie or by both ends this session and no other', async () => {
  for (const by of ['token', 'cookie', 'both', 'old cookie'] as const) {
    const [one, another] = [await signIn(), await signIn()]
    const latest = by === 'old cookie' ? await refresh(one.refresh.value, 100) : one
    const caller = await house.identity.authenticate({
      authorization: `Bearer ${one.access.access_token}`,
      ip: '198.51.100.1',
      now: new Date(),
    })
    await house.identity.signOut(
      { caller: by === 'token' || by === 'both' ? caller : null, cookie: by === 'token' ? null : one.refresh.value },
      false,
      at(200),
    )
    expect(await works(latest.access.access_token), by).toBe('IDENTITY_UNAUTHENTICATED')
    expect(await codeOf(refresh(latest.refresh.value, 300)), by).toBe('IDENTITY_REFRESH_REFUSED')
    expect(await works(another.access.access_token), by).toBe('done')
  }
})

test('logout everywhere ends every session of the user; an exchanged cookie is not enough for it', async () => {
  const [one, another] = [await signIn(), await signIn()]
  const rotated = await refresh(one.refresh.value, 100)
  await house.identity.signOut({ caller: null, cookie: one.refresh.value }, true, at(200))
  expect(await works(another.access.access_token)).toBe('done')
  expect(await works(rotated.access.access_token)).toBe('IDENTITY_UNAUTHENTICATED')
  const third = await signIn()
  await house.identity.signOut({ caller: null, cookie: third.refresh.value }, true, at(200))
  for (const { access } of [another, third]) expect(await works(access.access_token)).toBe('IDENTITY_UNAUTHENTICATED')
  expect(await codeOf(refresh(another.refresh.value, 300))).toBe('IDENTITY_REFRESH_REFUSED')
})

test('logging out with nothing, or with nonsense, is no error and ends nothing', async () => {
  const { access } = await signIn()
  for (const cookie of [null, '', 'nonsense', access.access_token]) await house.identity.signOut({ caller: null, cookie }, true, at(0))
  expect(await works(access.access_token)).toBe('done')
})
