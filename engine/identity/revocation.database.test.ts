/** What is taken away in one process is gone in every other within a second, and at once for whoever writes. */
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeAll, expect, test, vi } from 'vitest'
import { openNeighbourhood, PASSWORD } from '../test/harness/identity.ts'
import type { Caller } from '../kernel/context.ts'
import { RECHECK_MS } from './authenticate.ts'
import { insistOnEpochs, isStale, lockTenantAlone, requireCurrentEpochs, STATE_OF_OVERTAKEN_CALLER } from './epochs.ts'

const around = await openNeighbourhood()
const here = around.process()
const there = around.process()
const tenant = await around.tenant(here)

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? String(error),
  )
const who = (token: string, process = there, ip = '198.51.100.1') =>
  process.identity.authenticate({ authorization: `Bearer ${token}`, ip, now: new Date() })
const signIn = async (email: string, process = here) =>
  (await process.identity.signIn({ tenant: tenant.key, email, password: PASSWORD }, around.visit())).access.access_token
const execute = (text: string, ...values: unknown[]) =>
  here.database.writeAs(tenant.id, c => c.execute({ text, values: [tenant.id, ...values] }))
const write = (caller: Caller, process = there) =>
  process.database.writeAs(tenant.id, connection => requireCurrentEpochs(connection, caller))

/** The first moment at which the other process refuses, in ms after the change. */
async function bitesAfter(token: string, change: () => Promise<unknown>): Promise<number> {
  await who(token)
  await change()
  return refusedAfter(token)
}

/** How long the other process goes on to admit, in ms. */
async function refusedAfter(token: string): Promise<number> {
  const start = performance.now()
  while (performance.now() - start < 3000) {
    if ((await codeOf(who(token))) === 'IDENTITY_UNAUTHENTICATED') return performance.now() - start
    await sleep(20)
  }
  return Number.POSITIVE_INFINITY
}

let admin: Awaited<ReturnType<typeof around.context>>
beforeAll(async () => {
  admin = await around.context(here, await who(await signIn(tenant.adminEmail), here))
})

const fresh = () => around.user(here, tenant, { roles: ['reader'] })

test.each([
  [
    'logout',
    async (_id: string, token: string) => here.identity.signOut({ caller: await who(token, here), cookie: null }, false, around.visit()),
  ],
  [
    'logout everywhere',
    async (_id: string, token: string) => here.identity.signOut({ caller: await who(token, here), cookie: null }, true, around.visit()),
  ],
  ['a lock', (id: string) => here.identity.users.lock(admin, id)],
  ['a reset', (id: string) => here.identity.users.reset(admin, id)],
  ['other roles', (id: string) => here.identity.users.change(admin, id, { roles: ['helper'] })],
  ['the end of his record', (id: string) => execute('update nexus.record set deleted_at = now() where tenant_id = $1 and id = $2', id)],
  [
    'the end of his session by an administrator',
    async (id: string) => {
      const { sessions } = await here.identity.sessions.list(admin, { userId: id, limit: 10, after: null })
      await here.identity.sessions.revoke(admin, sessions[0]?.id ?? '')
    },
  ],
])('%s bites within a second in another process', async (_what, change) => {
  const { id, email } = await fresh()
  const token = await signIn(email, there)
  const ms = await bitesAfter(token, () => change(id, token))
  expect(ms).toBeLessThan(1000)
})

test('in the process that did it, it bites at the next request', async () => {
  const { id, email } = await fresh()
  const token = await signIn(email)
  await who(token, here)
  await here.identity.users.lock(admin, id)
  expect(await codeOf(who(token, here))).toBe('IDENTITY_UNAUTHENTICATED')
})

test('a new password ends the other sessions, keeps the one it was set from, and asks that one to refresh', async () => {
  const { email } = await fresh()
  const mine = await here.identity.signIn({ tenant: tenant.key, email, password: PASSWORD }, around.visit())
  const foreign = await signIn(email, there)
  const ms = await bitesAfter(foreign, async () => {
    const ctx = await around.context(here, await who(mine.access.access_token, here))
    await here.identity.me.changePassword(ctx, { current_password: PASSWORD, password: 'another good password' })
  })
  expect(ms).toBeLessThan(1000)
  expect(await codeOf(who(mine.access.access_token, here))).toBe('IDENTITY_UNAUTHENTICATED')
  const next = await here.identity.refresh(mine.refresh.value, around.visit())
  expect((await who(next.access.access_token)).email).toBe(email)
})

test('suspending the tenant bites within a second for tokens and keys, and resuming gives back only what is fetched anew', async () => {
  const prey = await around.tenant(here)
  const session = await here.identity.signIn({ tenant: prey.key, email: prey.adminEmail, password: PASSWORD }, around.visit())
  const ctx = await around.context(here, await who(session.access.access_token, here))
  const { key } = await here.identity.apiKeys.create(ctx, { name: 'robot', roles: ['admin'] })
  await who(key ?? '')
  const ms = await bitesAfter(session.access.access_token, () =>
    here.identity.tenants.setStatus(prey.key, { status: 'suspended' }, around.visit()),
  )
  expect(ms).toBeLessThan(1000)
  expect(ms + (await refusedAfter(key ?? ''))).toBeLessThan(1000)
  expect(await codeOf(here.identity.refresh(session.refresh.value, around.visit()))).toBe('IDENTITY_REFRESH_REFUSED')
  await here.identity.tenants.setStatus(prey.key, { status: 'active' }, around.visit())
  expect(await codeOf(who(session.access.access_token))).toBe('IDENTITY_UNAUTHENTICATED')
  const next = await here.identity.refresh(session.refresh.value, around.visit())
  expect(await codeOf(who(next.access.access_token))).toBe('done')
})

test('an unchanged standing gives the very same caller, a changed one a new one, within a second', async () => {
  const { id, email } = await fresh()
  const token = await signIn(email)
  const before = await who(token)
  await sleep(RECHECK_MS + 50)
  expect(await who(token)).toBe(before)
  await execute(`update nexus.credential set time_zone = 'Asia/Tokyo' where tenant_id = $1 and user_id = $2`, id)
  await sleep(RECHECK_MS + 50)
  expect((await who(token)).timeZone).toBe('Asia/Tokyo')
})

test('many requests at once look at the database once', async () => {
  const { email } = await fresh()
  const token = await signIn(email)
  await who(token)
  let looks = 0
  const counting = {
    ...there.database,
    readAs: ((...args) => ((looks += 1), there.database.readAs(...args))) as typeof there.database.readAs,
  }
  const { createAuthentication } = await import('./authenticate.ts')
  const config = { secret: 'secret-of-the-test-harness-0123456789', publicUrl: 'http://localhost' }
  const watched = createAuthentication({
    config,
    database: counting,
    models: there.models,
    noteTree: () => undefined,
    noteKeyUse: () => undefined,
  })
  const ask = () => watched.authenticate({ authorization: `Bearer ${token}`, ip: '198.51.100.1', now: new Date() })
  await ask()
  looks = 0
  for (let n = 0; n < 200; n++) await ask()
  expect(looks).toBeLessThanOrEqual(1)
  await sleep(RECHECK_MS)
  looks = 0
  await Promise.all(Array.from({ length: 200 }, ask))
  expect(looks).toBe(1)
})

test('a database that fails admits nobody on the strength of an old look', async () => {
  const { email } = await fresh()
  const token = await signIn(email)
  let broken = false
  const fragile = {
    ...there.database,
    readAs: ((...args) => (broken ? Promise.reject(new Error('gone')) : there.database.readAs(...args))) as typeof there.database.readAs,
  }
  const { createAuthentication } = await import('./authenticate.ts')
  const config = { secret: 'secret-of-the-test-harness-0123456789', publicUrl: 'http://localhost' }
  const watched = createAuthentication({
    config,
    database: fragile,
    models: there.models,
    noteTree: () => undefined,
    noteKeyUse: () => undefined,
  })
  const ask = () => watched.authenticate({ authorization: `Bearer ${token}`, ip: '198.51.100.1', now: new Date() })
  await ask()
  broken = true
  await sleep(RECHECK_MS)
  await expect(ask()).rejects.toThrow('gone')
  await expect(ask()).rejects.toThrow('gone')
  broken = false
  await expect(ask()).resolves.toMatchObject({ email })
})

test('a write learns of a change at once, however young the last look', async () => {
  const { id, email } = await fresh()
  const caller = await who(await signIn(email))
  expect(await codeOf(write(caller))).toBe('done')
  await here.identity.users.change(admin, id, { roles: ['helper'] })
  const stale = await write(caller).catch((error: unknown) => error)
  expect(isStale(stale)).toBe(true)

  const locked = await fresh()
  const lockedCaller = await who(await signIn(locked.email))
  await here.identity.users.lock(admin, locked.id)
  expect(await codeOf(write(lockedCaller))).toBe('IDENTITY_UNAUTHENTICATED')

  const left = await fresh()
  const leftToken = await signIn(left.email)
  const leftCaller = await who(leftToken)
  await here.identity.signOut({ caller: await who(leftToken, here), cookie: null }, false, around.visit())
  expect(await codeOf(write(leftCaller))).toBe('IDENTITY_UNAUTHENTICATED')
})

test('a writer that waited for a publish sees its revision, not the one before', async () => {
  const prey = await around.tenant(here)
  const token = (await here.identity.signIn({ tenant: prey.key, email: prey.adminEmail, password: PASSWORD }, around.visit())).access
    .access_token
  const caller = await who(token)
  const publishing = Promise.withResolvers<void>()
  const held = Promise.withResolvers<void>()
  const publish = here.database.writeAs(prey.id, async connection => {
    await lockTenantAlone(connection)
    held.resolve()
    await publishing.promise
    await connection.execute({ text: 'update nexus.tenant set revision = revision + 1 where id = $1', values: [prey.id] })
  })
  await held.promise
  const waiting = there.database.writeAs(prey.id, connection => requireCurrentEpochs(connection, caller)).catch((error: unknown) => error)
  await sleep(150)
  publishing.resolve()
  await publish
  expect(isStale(await waiting)).toBe(true)
})

test('a write that is sent as a whole is not carried out where its caller stands otherwise', async () => {
  const prey = await around.tenant(here)
  const signedIn = async () =>
    who((await here.identity.signIn({ tenant: prey.key, email: prey.adminEmail, password: PASSWORD }, around.visit())).access.access_token)
  const [admin, left] = [await signedIn(), await signedIn()]
  const insist = (caller: Caller) =>
    there.database
      .writeAs(prey.id, async connection => {
        connection.commitAfterThis()
        await Promise.all([
          insistOnEpochs(connection, caller),
          connection.execute({ text: 'update nexus.tenant set name = name || $2 where id = $1', values: [prey.id, '!'] }),
        ])
      })
      .then(
        () => 'done',
        (error: { sqlState?: string }) => error.sqlState,
      )
  const nameOf = async () =>
    (await there.database.readAs(prey.id, c => c.run({ text: 'select name from nexus.tenant where id = $1', values: [prey.id] })))[0]?.[
      'name'
    ]
  const name = String(await nameOf())
  expect(await insist(admin)).toBe('done')
  await here.identity.signOut({ caller: left, cookie: null }, false, around.visit())
  expect(await insist(left)).toBe(STATE_OF_OVERTAKEN_CALLER)
  for (const epochs of [{ revision: admin.epochs.revision + 1 }, { tenant: admin.epochs.tenant - 1 }, { user: admin.epochs.user + 1 }])
    expect(await insist({ ...admin, epochs: { ...admin.epochs, ...epochs } })).toBe(STATE_OF_OVERTAKEN_CALLER)
  expect(await nameOf()).toBe(`${name}!`)
})

test('a publish waits for the writers before it', async () => {
  const prey = await around.tenant(here)
  const token = (await here.identity.signIn({ tenant: prey.key, email: prey.adminEmail, password: PASSWORD }, around.visit())).access
    .access_token
  const caller = await who(token)
  const order: string[] = []
  const entered = Promise.withResolvers<void>()
  const writing = there.database.writeAs(prey.id, async connection => {
    await requireCurrentEpochs(connection, caller)
    entered.resolve()
    await sleep(150)
    order.push('written')
  })
  await entered.promise
  await here.database.writeAs(prey.id, async connection => {
    await lockTenantAlone(connection)
    order.push('published')
  })
  await writing
  expect(order).toEqual(['written', 'published'])
})

test('people of a tenant who ask at the same time are looked at together, and only who was locked is refused', async () => {
  const people = await Promise.all(Array.from({ length: 12 }, fresh))
  const tokens = await Promise.all(people.map(({ email }) => signIn(email)))
  const askAll = () => Promise.all(tokens.map(token => codeOf(who(token))))
  expect(await askAll()).toEqual(tokens.map(() => 'done'))
  const looks = vi.spyOn(there.database, 'readAs')
  await here.identity.users.lock(admin, people[7]?.id ?? '')
  for (const start = performance.now(); performance.now() - start < 2 * RECHECK_MS; await sleep(20))
    expect((await askAll()).filter((_, at) => at !== 7)).toEqual(tokens.slice(1).map(() => 'done'))
  expect(await askAll()).toEqual(tokens.map((_, at) => (at === 7 ? 'IDENTITY_UNAUTHENTICATED' : 'done')))
  looks.mockClear()
  tokens.splice(7, 1)
  for (const start = performance.now(); performance.now() - start < 2 * RECHECK_MS; await sleep(20)) await askAll()
  expect(looks.mock.calls.length).toBeLessThan(6)
  looks.mockRestore()
})
