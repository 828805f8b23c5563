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

test('waits while somebody is served, and collects once when nobody is', async () => {
  let collected = 0
  const stop = settleMemory({ firstLookMs: 10, lookMs: 200, collect: () => (collected += 1) })
  for (const until = performance.now() + 500; performance.now() < until; await sleep(1)) {
    for (const busy = performance.now() + 10; performance.now() < busy; );
  }
  expect(collected).toBe(0)
  for (const until = performance.now() + 10_000; performance.now() < until && collected === 0; ) await sleep(50)
  await sleep(500)
  expect(collected).toBe(1)
  stop()
})

test('gives back what starting took', async () => {
  leaveGarbage()
  const full = heapMb()
  const stop = settleMemory({ firstLookMs: 10, lookMs: 200 })
  for (const until = performance.now() + 10_000; performance.now() < until && heapMb() > full * 0.6; ) await sleep(50)
  expect(heapMb()).toBeLessThan(full * 0.6)
  stop()
})
