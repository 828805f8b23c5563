/** Sign-in on a real database: who gets in, and that all who do not are told the same, in words and in time. */
import { expect, test } from 'vitest'
import { type House, openNeighbourhood, PASSWORD } from '../test/harness/identity.ts'
import type { EngineError } from '../kernel/errors.ts'
import { NO_TENANT } from '../platform/index.ts'
import { REFUSAL_MS } from './sign-in.ts'
import { subjectsOf } from './throttle.ts'
import type { Visit } from './types.ts'

const around = await openNeighbourhood()
const house = around.process()
const tenant = await around.tenant(house)
const other = await around.tenant(house)

const signIn = (email: string, password = PASSWORD, visit: Partial<Visit> = {}, key = tenant.key, at: House = house) =>
  at.identity.signIn({ tenant: key, email, password }, around.visit(visit))
const refusal = async (work: Promise<unknown>): Promise<EngineError> =>
  work.then(
    () => Promise.reject(new Error('signed in')),
    (error: EngineError) => error,
  )

test('takes an address in any letter case and spelling', async () => {
  const { email, id } = await around.user(house, tenant)
  for (const spelling of [email, email.toUpperCase(), ` ${email} `]) expect((await signIn(spelling)).user.id).toBe(id)
})

test('tells every refusal alike', async () => {
  const locked = await around.user(house, tenant)
  await house.database.writeAs(tenant.id, c =>
    c.execute({ text: 'update nexus.credential set locked = true where tenant_id = $1 and user_id = $2', values: [tenant.id, locked.id] }),
  )
  const invited = await around.user(house, tenant, { password: false })
  const deleted = await around.user(house, tenant)
  await house.database.writeAs(tenant.id, c =>
    c.execute({ text: 'update nexus.record set deleted_at = now() where tenant_id = $1 and id = $2', values: [tenant.id, deleted.id] }),
  )
  const away = await around.user(house, tenant, { roles: ['office'] })
  const neighbour = await around.user(house, other)
  const { email } = await around.user(house, tenant)
  const refusals = [
    await refusal(signIn(email, 'wrong password 1')),
    await refusal(signIn(`nobody@${tenant.key}.test`)),
    await refusal(signIn(email, PASSWORD, {}, 'no_such_tenant')),
    await refusal(signIn(email, PASSWORD, {}, `${tenant.key}' or true --`)),
    await refusal(signIn(locked.email)),
    await refusal(signIn(invited.email)),
    await refusal(signIn(invited.email, '')),
    await refusal(signIn(deleted.email)),
    await refusal(signIn(away.email)),
    await refusal(signIn(neighbour.email)),
    await refusal(signIn('__proto__')),
    await refusal(signIn('ａdmin@house.test'.repeat(20))),
  ]
  const told = new Set(
    refusals.map(({ code, status, title, message, hint, errors, headers, members }) =>
      JSON.stringify({ code, status, title, message, hint, errors, headers, members }),
    ),
  )
  expect(told.size).toBe(1)
  expect(refusals[0]).toMatchObject({ code: 'IDENTITY_SIGN_IN_REFUSED', status: 401 })
}, 30_000)

test('takes the same time whether the user exists or not', async () => {
  const { email } = await around.user(house, tenant)
  const time = async (typed: string, key: string) => {
    const start = performance.now()
    await refusal(signIn(typed, 'wrong password 1', {}, key))
    return performance.now() - start
  }
  const known: number[] = []
  const unknown: number[] = []
  for (let round = 0; round < 6; round++) {
    known.push(await time(email, tenant.key))
    unknown.push(await time(`nobody${round}@x.test`, round % 2 === 0 ? tenant.key : 'no_such_tenant'))
  }
  // A timer may fire a little early by the other clock.
  expect(Math.min(...known, ...unknown)).toBeGreaterThanOrEqual(REFUSAL_MS - 5)
  // The quickest of each: whatever else the machine does only adds.
  const ratio = Math.min(...known) / Math.min(...unknown)
  expect(ratio).toBeGreaterThan(0.7)
  expect(ratio).toBeLessThan(1.4)
}, 30_000)

test('a role with addresses lets its holder in from there alone', async () => {
  const { email } = await around.user(house, tenant, { roles: ['office', 'reader'] })
  expect((await refusal(signIn(email, PASSWORD, { ip: '203.0.113.9' }))).code).toBe('IDENTITY_SIGN_IN_REFUSED')
  const { access } = await signIn(email, PASSWORD, { ip: '::ffff:192.0.2.44' })
  const authorization = `Bearer ${access.access_token}`
  const now = new Date()
  await expect(house.identity.authenticate({ authorization, ip: '192.0.2.1', now })).resolves.toMatchObject({ email })
  await expect(house.identity.authenticate({ authorization, ip: '203.0.113.9', now })).rejects.toMatchObject({
    code: 'IDENTITY_UNAUTHENTICATED',
  })
})

test('guessing at one account is slowed down in every process, also for addresses that do not exist', async () => {
  const second = around.process()
  for (const email of [(await around.user(house, tenant)).email, `ghost@${tenant.key}.test`]) {
    const outcomes = await Promise.all(
      Array.from(
        { length: 24 },
        async (_, n) => (await refusal(signIn(email, `guess number ${n}`, {}, tenant.key, n % 2 === 0 ? house : second))).code,
      ),
    )
    expect(outcomes.filter(code => code === 'IDENTITY_SIGN_IN_REFUSED')).toHaveLength(10)
    expect(outcomes.filter(code => code === 'IDENTITY_THROTTLED')).toHaveLength(14)
  }
}, 30_000)

test('the wait is told, holds for the right password too, doubles, and ends', async () => {
  const { email } = await around.user(house, tenant)
  const start = Date.now()
  const at = (seconds: number) => ({ now: new Date(start + seconds * 1000) })
  await Promise.all(Array.from({ length: 10 }, () => refusal(signIn(email, 'wrong password 1', at(0)))))
  const throttled = await refusal(signIn(email, PASSWORD, at(1)))
  expect(throttled).toMatchObject({ code: 'IDENTITY_THROTTLED', status: 429, headers: { 'retry-after': '1' } })
  expect((await refusal(signIn(email, 'wrong password 1', at(3)))).code).toBe('IDENTITY_SIGN_IN_REFUSED')
  expect(await refusal(signIn(email, PASSWORD, at(4)))).toMatchObject({ headers: { 'retry-after': '3' } })
  expect((await signIn(email, PASSWORD, at(8))).user.email).toBe(email)
  expect((await refusal(signIn(email, 'wrong password 1', at(9)))).code).toBe('IDENTITY_SIGN_IN_REFUSED')
}, 30_000)

test('one source that tries many accounts is slowed down, however its address is spelt', async () => {
  const source = (n: number) => (n % 2 === 0 ? '203.0.113.77' : '::ffff:203.0.113.77')
  const outcomes: string[] = []
  for (let batch = 0; batch < 7; batch++) {
    const tries = Array.from(
      { length: 15 },
      async (_, n) => (await refusal(signIn(`person${batch}_${n}@x.test`, 'wrong password 1', { ip: source(n) }))).code,
    )
    outcomes.push(...(await Promise.all(tries)))
  }
  expect(outcomes.filter(code => code === 'IDENTITY_THROTTLED')).toHaveLength(5)
}, 60_000)

test('signing in well does not use up the attempts of a source', async () => {
  const { email } = await around.user(house, tenant)
  const ip = '203.0.113.88'
  for (let n = 0; n < 12; n++) await signIn(email, PASSWORD, { ip })
  const [source] = subjectsOf('sign_in', ip)
  const rows = await house.database.readAs(NO_TENANT, c =>
    c.run({ text: 'select failed_count from nexus.sign_in_throttle where subject = $1', values: [source] }),
  )
  expect(rows).toEqual([{ failed_count: 0 }])
  await expect(signIn(email, PASSWORD, { ip })).resolves.toBeDefined()
}, 30_000)

test('a password kept at another cost is kept anew at the next sign-in', async () => {
  const { email, id } = await around.user(house, tenant)
  const { argon2Sync } = await import('node:crypto')
  const salt = Buffer.alloc(16, 7)
  const hash = argon2Sync('argon2id', { message: PASSWORD, nonce: salt, tagLength: 32, memory: 8192, passes: 2, parallelism: 1 })
  const kept = `$argon2id$v=19$m=8192,t=2,p=1$${salt.toString('base64').replace(/=+$/, '')}$${hash.toString('base64').replace(/=+$/, '')}`
  await house.database.writeAs(tenant.id, c =>
    c.execute({
      text: 'update nexus.credential set password_hash = $3 where tenant_id = $1 and user_id = $2',
      values: [tenant.id, id, kept],
    }),
  )
  await signIn(email)
  const [row] = await house.database.readAs(tenant.id, c =>
    c.run<{ password_hash: string }>({
      text: 'select password_hash from nexus.credential where tenant_id = $1 and user_id = $2',
      values: [tenant.id, id],
    }),
  )
  expect(row?.password_hash).toMatch(/^\$argon2id\$v=19\$m=47104,t=1,p=1\$/)
  await expect(signIn(email)).resolves.toBeDefined()
})

test('sign-ins and refusals stand in the audit and the security log, without what was typed', async () => {
  const { email, id } = await around.user(house, tenant)
  await signIn(email)
  await refusal(signIn(email, 'typed by mistake'))
  const rows = await house.database.readAs(tenant.id, c =>
    c.run<{ action: string; details: unknown }>({
      text: 'select action, details from nexus.audit where tenant_id = $1 and record_id = $2 order by at, id',
      values: [tenant.id, id],
    }),
  )
  expect(rows.map(row => row.action)).toEqual(['session.signed_in', 'session.sign_in_refused'])
  expect(house.events.filter(event => event.event === 'sign_in_failed' && event.user_id === id)).toHaveLength(1)
  expect(JSON.stringify([rows, house.events])).not.toContain('typed by mistake')
})
