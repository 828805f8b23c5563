/** API keys on a real database: what they give, from where, until when. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { newId, newSecret } from '../kernel/ids.ts'
import { openNeighbourhood, PASSWORD } from '../test/harness/identity.ts'
import { RECHECK_MS } from './authenticate.ts'
import { requireCurrentEpochs } from './epochs.ts'
import { readStored, writeStored } from './token.ts'

const around = await openNeighbourhood()
const here = around.process()
const there = around.process()
const tenant = await around.tenant(here)
const other = await around.tenant(here)

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? String(error),
  )
const who = (token: string | null, ip = '198.51.100.1', now = new Date(), process = there) =>
  process.identity.authenticate({ authorization: `Bearer ${token}`, ip, now })

/** A fresh holder of two roles, signed in. */
async function holder() {
  const user = await around.user(here, tenant, { roles: ['helper', 'reader'] })
  const { access } = await here.identity.signIn({ tenant: tenant.key, email: user.email, password: PASSWORD }, around.visit())
  return { ...user, ctx: await around.context(here, await who(access.access_token)) }
}

test('a key gives what its roles give, and no more', async () => {
  const { ctx, id } = await holder()
  const made = await here.identity.apiKeys.create(ctx, { name: 'robot', roles: ['reader'] })
  expect(made.key?.startsWith(`${tenant.id}.key.`)).toBe(true)
  const caller = await who(made.key)
  expect(caller).toMatchObject({ userId: id, apiKeyId: made.id, sessionId: null, roles: ['reader'] })
  expect(caller.capabilities.size).toBe(0)
})

test('a key loses what its user loses', async () => {
  const { ctx, id } = await holder()
  const { key } = await here.identity.apiKeys.create(ctx, { name: 'robot', roles: ['helper', 'reader'] })
  expect((await who(key)).roles).toEqual(['helper', 'reader'])
  await here.database.writeAs(tenant.id, c =>
    c.execute({
      text: `update nexus.credential set roles = '{reader}', epoch = epoch + 1 where tenant_id = $1 and user_id = $2`,
      values: [tenant.id, id],
    }),
  )
  await sleep(RECHECK_MS + 50)
  expect((await who(key)).roles).toEqual(['reader'])
  await here.database.writeAs(tenant.id, c =>
    c.execute({ text: 'update nexus.credential set locked = true where tenant_id = $1 and user_id = $2', values: [tenant.id, id] }),
  )
  await sleep(RECHECK_MS + 50)
  expect(await codeOf(who(key))).toBe('IDENTITY_UNAUTHENTICATED')
})

test('a revoked key ends within a second everywhere, and at once for writes', async () => {
  const { ctx } = await holder()
  const { key, id } = await here.identity.apiKeys.create(ctx, { name: 'robot', roles: ['reader'] })
  const caller = await who(key)
  await here.identity.apiKeys.revoke(ctx, id)
  const write = there.database.writeAs(tenant.id, connection => requireCurrentEpochs(connection, caller))
  expect(await codeOf(write)).toBe('IDENTITY_UNAUTHENTICATED')
  await sleep(RECHECK_MS + 50)
  expect(await codeOf(who(key))).toBe('IDENTITY_UNAUTHENTICATED')
  expect(await codeOf(here.identity.apiKeys.revoke(ctx, id))).toBe('NOT_FOUND')
})

test.each([
  [['192.0.2.0/24'], ['192.0.2.1', '::ffff:192.0.2.200'], ['192.0.3.1', '::192.0.2.1', '2001:db8::1']],
  [
    ['2001:db8:1::/48', '203.0.113.5'],
    ['2001:DB8:1:2::3', '203.0.113.5', '::ffff:203.0.113.5'],
    ['2001:db8:2::1', '203.0.113.6'],
  ],
])('a key with the list %j serves from there alone', async (list, inside, outside) => {
  const { ctx } = await holder()
  const { key, ip_allow } = await here.identity.apiKeys.create(ctx, { name: 'robot', roles: ['reader'], ip_allow: list })
  expect(ip_allow).toEqual(list)
  for (const ip of inside) expect(await codeOf(who(key, ip)), ip).toBe('done')
  for (const ip of [...outside, '', 'unknown', '192.0.2.1, 192.0.2.2'])
    expect(await codeOf(who(key, ip)), ip).toBe('IDENTITY_UNAUTHENTICATED')
  for (const ip of inside) expect(await codeOf(who(key, ip)), ip).toBe('done')
})

test('lists are kept in their canonical spelling, and nonsense is refused with its place', async () => {
  const { ctx } = await holder()
  const { ip_allow } = await here.identity.apiKeys.create(ctx, {
    name: 'robot',
    roles: ['reader'],
    ip_allow: ['10.1.2.3/8', '::ffff:192.0.2.9', '2001:DB8::0:1'],
  })
  expect(ip_allow).toEqual(['10.0.0.0/8', '192.0.2.9', '2001:db8::1'])
  const refused = here.identity.apiKeys.create(ctx, { name: 'robot', roles: ['reader'], ip_allow: ['10.0.0.0/8', '010.0.0.1'] })
  await expect(refused).rejects.toMatchObject({ code: 'IDENTITY_ADDRESS_INVALID', errors: [{ pointer: '/ip_allow/1' }] })
})

test('a key ends at its second', async () => {
  const { ctx } = await holder()
  const ends = Date.now() + 3600_000
  const { key } = await here.identity.apiKeys.create(ctx, { name: 'robot', roles: ['reader'], expires_at: new Date(ends).toISOString() })
  expect(await codeOf(who(key, undefined, new Date(ends - 1)))).toBe('done')
  expect(await codeOf(who(key, undefined, new Date(ends)))).toBe('IDENTITY_UNAUTHENTICATED')
  expect(await codeOf(who(key, undefined, new Date(ends), around.process()))).toBe('IDENTITY_UNAUTHENTICATED')
  const past = here.identity.apiKeys.create(ctx, { name: 'robot', roles: ['reader'], expires_at: new Date(0).toISOString() })
  expect(await codeOf(past)).toBe('IDENTITY_EXPIRY_PAST')
})

test('a forged or moved key opens nothing', async () => {
  const { ctx } = await holder()
  const { key } = await here.identity.apiKeys.create(ctx, { name: 'robot', roles: ['reader'] })
  const parts = readStored(key ?? '', 'key')
  if (parts === null || key === null) throw new Error('no key')
  const foreign = [
    key.replace(tenant.id, other.id),
    key.replace('.key.', '.password_reset.'),
    key.replace('.key.', '.access.'),
    `${key}A`,
    key.slice(0, -1),
    key.toUpperCase(),
    writeStored(tenant.id, 'key', parts.id, newSecret()),
    writeStored(tenant.id, 'key', newId(), parts.secret),
    writeStored(newId(), 'key', parts.id, parts.secret),
  ]
  for (const token of foreign) expect(await codeOf(who(token)), token).toBe('IDENTITY_UNAUTHENTICATED')
  for (const authorization of [
    undefined,
    '',
    'Bearer',
    `Basic ${key}`,
    `Bearer  ${key}`,
    `Bearer ${key} `,
    `${key}`,
    `Bearer ${key}, Bearer ${key}`,
  ]) {
    expect(await codeOf(there.identity.authenticate({ authorization, ip: '198.51.100.1', now: new Date() }))).toBe(
      'IDENTITY_UNAUTHENTICATED',
    )
  }
  expect(await codeOf(who(key))).toBe('done')
})

test('nobody makes a key with roles he does not hold', async () => {
  const { ctx } = await holder()
  expect(await codeOf(here.identity.apiKeys.create(ctx, { name: 'robot', roles: ['admin'] }))).toBe('IDENTITY_MORE_THAN_HELD')
  expect(await codeOf(here.identity.apiKeys.create(ctx, { name: 'robot', roles: ['no_such_role'] }))).toBe('IDENTITY_ROLE_UNKNOWN')
  expect(await codeOf(here.identity.apiKeys.create(ctx, { name: 'robot', roles: ['office'] }))).toBe('IDENTITY_ROLE_UNKNOWN')
  const { key } = await here.identity.apiKeys.create(ctx, { name: 'robot', roles: ['reader'] })
  const byKey = await around.context(here, await who(key))
  expect(await codeOf(here.identity.apiKeys.create(byKey, { name: 'robot 2', roles: ['helper'] }))).toBe('IDENTITY_MORE_THAN_HELD')
})

test('the list shows no secret, pages newest first, and knows when a key was used', async () => {
  const { ctx } = await holder()
  const made = await here.identity.apiKeys.create(ctx, { name: 'used', roles: ['reader'] })
  const unused = await here.identity.apiKeys.create(ctx, { name: 'unused', roles: ['reader'] })
  await who(made.key)
  await there.identity.close()
  const { keys, next } = await here.identity.apiKeys.list(ctx, { limit: 1, after: null })
  expect(keys.map(key => [key.id, key.last_used_at])).toEqual([[unused.id, null]])
  const second = await here.identity.apiKeys.list(ctx, { limit: 1, after: next })
  expect(second.keys[0]).toMatchObject({ id: made.id, last_used_at: expect.stringMatching(/^\d{4}-.*Z$/) })
  const stored = await here.database.readAs(tenant.id, c =>
    c.run({ text: 'select to_jsonb(k)::text as row from nexus.api_key k where tenant_id = $1', values: [tenant.id] }),
  )
  expect(JSON.stringify([keys, second, stored])).not.toContain(readStored(made.key ?? '', 'key')?.secret)
})

test('a key makes no key that is good for longer or from elsewhere than itself', async () => {
  const { ctx } = await holder()
  const end = new Date(Date.now() + 3_600_000)
  const limits = { name: 'parent', roles: ['reader'], ip_allow: ['192.0.2.0/24'], expires_at: end.toISOString() }
  const { key } = await here.identity.apiKeys.create(ctx, limits)
  const asKey = await around.context(here, await who(key, '192.0.2.7'))
  const later = new Date(end.getTime() + 1).toISOString()
  for (const wider of [
    { ip_allow: [] },
    { ip_allow: ['192.0.0.0/16'] },
    { ip_allow: ['192.0.2.1', '198.51.100.1'] },
    { expires_at: later },
  ])
    expect(await codeOf(here.identity.apiKeys.create(asKey, { ...limits, ...wider }))).toBe('IDENTITY_MORE_THAN_HELD')
  const { expires_at: _, ...endless } = limits
  expect(await codeOf(here.identity.apiKeys.create(asKey, endless))).toBe('IDENTITY_MORE_THAN_HELD')
  const child = await here.identity.apiKeys.create(asKey, { ...limits, ip_allow: ['192.0.2.128/25'] })
  expect(await codeOf(who(child.key, '192.0.2.200'))).toBe('done')
})
