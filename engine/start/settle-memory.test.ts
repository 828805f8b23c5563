import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { settleMemory } from './settle-memory.ts'

const heapMb = (): number => process.memoryUsage().heapTotal / 1_048_576

/** Some 100 MB that were needed for a while. */
function leaveGarbage(): void {
  let list: object[] = []
  for (let n = 0; n < 1_500_000; n += 1) list.push({ n, text: `text ${n}` })
  list = []
}

/** A process of which is said what it holds, and that is busy when told to be. */
function watched(): { collected: number; held: number; stop: () => void } {
  const MB = 1_048_576
  const told = { collected: 0, held: 200 * MB, stop: () => undefined as void }
  const collect = (): void => {
    told.collected += 1
    told.held = 120 * MB
  }
  told.stop = settleMemory({ firstLookMs: 10, lookMs: 200, restMs: 1_000, collect, held: () => told.held })
  return told
}

const waitFor = async (done: () => boolean): Promise<void> => {
  for (const until = performance.now() + 10_000; performance.now() < until && !done(); ) await sleep(50)
}

test('waits while somebody is served, and collects once when nobody is', async () => {
  const told = watched()
  for (const until = performance.now() + 500; performance.now() < until; await sleep(1)) {
    for (const busy = performance.now() + 10; performance.now() < busy; );
  }
  expect(told.collected).toBe(0)
  await waitFor(() => told.collected > 0)
  await sleep(600)
  expect(told.collected).toBe(1)
  told.stop()
})

test('collects again after the process has grown, once it has rested', async () => {
  const told = watched()
  await waitFor(() => told.collected === 1)
  told.held = 600 * 1_048_576
  const began = performance.now()
  for (const until = began + 700; performance.now() < until; await sleep(1)) {
    for (const busy = performance.now() + 10; performance.now() < busy; );
  }
  await waitFor(() => told.collected === 2)
  expect(told.collected).toBe(2)
  expect(performance.now() - began).toBeGreaterThan(1_400)
  told.stop()
})

test('gives back what starting took', async () => {
  leaveGarbage()
  const full = heapMb()
  const stop = settleMemory({ firstLookMs: 10, lookMs: 200 })
  for (const until = performance.now() + 10_000; performance.now() < until && heapMb() > full * 0.6; ) await sleep(50)
  expect(heapMb()).toBeLessThan(full * 0.6)
  stop()
})
