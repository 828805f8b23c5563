import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '../kernel/ids.ts'
import { createDatabase } from '../platform/postgres.ts'
import type { Database } from '../platform/types.ts'
import { freshDatabase } from '../test/harness/database.ts'
import { fingerprintOf, forgetOldKeys, type KeptAnswer, once, type RepeatedAnswer } from './idempotency.ts'

let database: Database
beforeAll(async () => {
  database = createDatabase({ url: (await freshDatabase()).url })
})
afterAll(() => database.close())

const tenant = newId()
const caller = { userId: newId(), profiles: ['rep'], apiKeyId: null, epochs: { revision: 1, tenant: 1, user: 1 } } as const
const route = 'POST /api/records/:entity'
const address = '/api/records/deal'
type Asker = Parameters<typeof once>[1]
const asker = (changes: object = {}, now = new Date()): Asker => ({ now, caller: { ...caller, ...changes } as unknown as Asker['caller'] })

let effects = 0
async function create(): Promise<KeptAnswer> {
  effects += 1
  await new Promise(resolve => setTimeout(resolve, 30))
  return { status: 201, headers: { etag: '"1"' }, body: `{"n":${effects}}`, entity: 'deal', record_id: newId() }
}

interface Sent {
  readonly by?: Asker
  readonly on?: string
  readonly body?: unknown
  readonly act?: () => Promise<KeptAnswer>
  readonly repeat?: (first: RepeatedAnswer) => Promise<KeptAnswer>
}

function send(key: string, { by = asker(), on = route, body = { name: 'Acme' }, act = create, repeat = async first => first }: Sent = {}) {
  return database.writeAs(tenant, connection =>
    once(connection, by, { key, route: on, fingerprint: fingerprintOf(address, body) }, act, repeat),
  )
}

test('the same key and body get the first answer again, and nothing happens a second time', async () => {
  const key = newId()
  const first = await send(key)
  const before = effects
  expect(await send(key)).toMatchObject({ status: 201, body: first.body, headers: { etag: '"1"' }, record_id: first.record_id })
  expect(effects).toBe(before)
})

test('ten twins at once have one effect', async () => {
  const key = newId()
  const before = effects
  const answers = await Promise.all(Array.from({ length: 10 }, () => send(key)))
  expect(effects).toBe(before + 1)
  expect(new Set(answers.map(answer => answer.body)).size).toBe(1)
})

test('a twin whose other failed does the work itself', async () => {
  const key = newId()
  const failing = send(key, {
    act: async () => {
      await new Promise(resolve => setTimeout(resolve, 50))
      throw new Error('refused')
    },
  })
  const before = effects
  const [failed, twin] = await Promise.allSettled([failing, new Promise(resolve => setTimeout(resolve, 10)).then(() => send(key))])
  expect(failed.status).toBe('rejected')
  expect(twin.status).toBe('fulfilled')
  expect(effects).toBe(before + 1)
})

test('the same key with another body or address is refused', async () => {
  const key = newId()
  await send(key)
  await expect(send(key, { body: { name: 'Other' } })).rejects.toMatchObject({ code: 'GUARD_IDEMPOTENCY_KEY_REUSED', status: 422 })
})

test('a key belongs to its user and its route', async () => {
  const key = newId()
  const before = effects
  await send(key)
  await send(key, { by: asker({ userId: newId() }) })
  await send(key, { on: 'POST /api/records/:entity/bulk' })
  expect(effects).toBe(before + 3)
})

test('a repetition is judged anew, and told whether the rights are still those of the first answer', async () => {
  const key = newId()
  await send(key)
  const seen: boolean[] = []
  const repeat = async (first: RepeatedAnswer) => {
    seen.push(first.sameRights)
    return first
  }
  await send(key, { repeat })
  await send(key, { by: asker({ epochs: { revision: 2, tenant: 1, user: 1 } }), repeat })
  await send(key, { by: asker({ profiles: ['auditor'] }), repeat })
  expect(seen).toEqual([true, false, false])
  const refused = send(key, { repeat: async () => Promise.reject(new Error('not for you any more')) })
  await expect(refused).rejects.toThrow('not for you any more')
})

test('after a day a key is free again', async () => {
  const key = newId()
  await send(key)
  const before = effects
  const tomorrow = new Date(Date.now() + 24 * 60 * 60 * 1000 + 1000)
  await send(key, { by: asker({}, tomorrow), body: { name: 'Other' } })
  expect(effects).toBe(before + 1)
  const dayAfter = new Date(tomorrow.getTime() + 48 * 60 * 60 * 1000)
  expect(await database.writeAs(tenant, connection => forgetOldKeys(connection, dayAfter))).toBeGreaterThan(0)
  expect(await database.writeAs(tenant, connection => forgetOldKeys(connection, dayAfter))).toBe(0)
})
