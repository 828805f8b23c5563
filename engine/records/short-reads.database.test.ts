/** Which questions share a connection, against a real server: those that were quick lately, until one of them is slow or fails. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDatabase } from '../platform/postgres.ts'
import type { Database } from '../platform/types.ts'
import { freshDatabase } from '../test/harness/database.ts'
import { readLikeBefore } from './short-reads.ts'
import type { RecordContext } from './types.ts'

let db: Database
beforeAll(async () => {
  db = createDatabase({ url: (await freshDatabase()).url, readers: 6 })
})
afterAll(() => db.close())

const ctxOf = (letter: string): RecordContext =>
  ({ db, caller: { tenant: { id: `00000000-0000-7000-8000-00000000000${letter}` } } }) as unknown as RecordContext
const LOOK = 'select pg_backend_pid() as backend'
const ask = (letter: string, plan: object, text = LOOK): Promise<unknown> =>
  readLikeBefore(ctxOf(letter), plan, async connection => (await connection.run({ text, values: [] }))[0]?.['backend'])
/** Asks until it has been answered quickly. */
const learn = async (letter: string, plan: object): Promise<void> => {
  for (let times = 0; times < 20; times += 1) await ask(letter, plan)
}
const areShared = async (one: object, other: object): Promise<boolean> => {
  const [first, second] = await Promise.all([ask('a', one), ask('b', other)])
  return first === second
}

test('what was answered quickly is asked together with others of its kind, and not before', async () => {
  const [one, other] = [{}, {}]
  await learn('b', other)
  expect(await areShared(one, other)).toBe(false)
  await learn('a', one)
  expect(await areShared(one, other)).toBe(true)
})

test.each(['select pg_sleep(0.3)', 'select 1/0'])('after one %s it is asked alone, until it is quick again', async text => {
  const [one, other] = [{}, {}]
  await learn('a', one)
  await learn('b', other)
  await ask('a', one, text).catch(() => undefined)
  expect(await areShared(one, other)).toBe(false)
  await learn('a', one)
  expect(await areShared(one, other)).toBe(true)
})

test('the time that a tenant waits for his turn is not his question’s', async () => {
  const [one, other] = [{}, {}]
  await learn('a', one)
  await learn('b', other)
  const slow = [1, 2, 3, 4].map(() => ask('a', {}, 'select pg_sleep(0.4)'))
  await ask('a', one)
  await Promise.all(slow)
  expect(await areShared(one, other)).toBe(true)
})
