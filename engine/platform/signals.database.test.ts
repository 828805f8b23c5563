/** Signals between two processes, played by two connections of one. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { freshDatabase } from '../test/harness/database.ts'
import { administer } from './server-admin.ts'
import { createSignals, type Signals } from './signals.ts'

let adminUrl: string
let here: Signals
let there: Signals
const heard: (string | undefined)[] = []

beforeAll(async () => {
  const fresh = await freshDatabase()
  adminUrl = fresh.adminUrl
  here = createSignals(fresh.url)
  there = createSignals(fresh.url)
  there.on('model', () => {
    throw new Error('a broken listener')
  })
  there.on('model', payload => heard.push(payload))
  await vi.waitFor(() => expect(heard).toContain(undefined), { timeout: 5_000 })
})
afterAll(() => Promise.all([here.close(), there.close()]))

test('tells the other process, equal signals once, in spite of a listener that throws', async () => {
  heard.length = 0
  for (const payload of ['one', 'two', 'one', 'one']) here.send('model', payload)
  here.send('other', 'three')
  await vi.waitFor(() => expect(heard).toEqual(['one', 'two']), { timeout: 5_000 })
})

test('comes back after its connection was cut, and says that something may have been missed', async () => {
  heard.length = 0
  await administer(adminUrl, client =>
    client.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'nexus_signals' and datname = current_database()`,
    ),
  )
  await vi.waitFor(() => expect(heard).toEqual([undefined]), { timeout: 5000 })
  here.send('model', 'after')
  await vi.waitFor(() => expect(heard).toEqual([undefined, 'after']), { timeout: 5000 })
})

test('ends at once where its connection is still being made', async () => {
  const { url } = await freshDatabase()
  const started = performance.now()
  for (const waitMs of [0, 1, 5, 20, 50]) {
    const signals = createSignals(url)
    await new Promise(done => setTimeout(done, waitMs))
    await signals.close()
  }
  expect(performance.now() - started).toBeLessThan(5_000)
})
