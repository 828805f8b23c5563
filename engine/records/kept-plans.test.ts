/** How long plans are kept: by what they stand on they are tried in engine/test/feature/kept-plans.test.ts. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { keptPlan } from './kept-plans.ts'
import type { RecordContext } from './types.ts'

const START = Date.parse('2026-11-20T08:00:00Z')
const [caller, model, building, within] = [{}, {}, new Set(), (id: string) => [id]]
const at = (ms: number): RecordContext => ({ caller, model, building, within, stations: {}, now: new Date(START + ms) }) as never

/** Asks a question and tells whether its plan had to be made. */
const isMade = (ms: number, limit: number): boolean => {
  let made = false
  keptPlan(at(ms), 'list', 'deal', { limit }, () => {
    made = true
    return { made: limit, lasting: true }
  })
  return made
}

test('a plan is kept from the second time on that its question is asked', () => {
  expect([isMade(0, 0), isMade(0, 0), isMade(0, 0), isMade(0, 0)]).toEqual([true, true, false, false])
})

test('a question that was asked once is forgotten after many others', () => {
  isMade(0, 100_000)
  for (let limit = 200_000; limit < 210_100; limit++) isMade(0, limit)
  expect([isMade(0, 100_000), isMade(0, 100_000), isMade(0, 100_000)]).toEqual([true, true, false])
})

test('a plan that nobody asks for goes, and one that is asked for stays', () => {
  for (const limit of [1, 2, 3]) isMade(0, limit)
  expect([isMade(0, 1), isMade(0, 2), isMade(60_000, 1)]).toEqual([true, true, false])
  expect(isMade(150_000, 3)).toBe(true)
  expect([isMade(150_000, 1), isMade(150_000, 2)]).toEqual([false, true])
})

test('of more plans than are kept, those unused for longest go, but none for a question that comes while all are in use', () => {
  const asked = Array.from({ length: 2_499 }, (_, at) => 10 + at)
  for (const limit of asked) for (const time of [300_000, 300_000]) isMade(time, limit)
  for (const limit of [5_000, 5_001]) isMade(300_000, limit)
  expect(isMade(300_000, 10)).toBe(false)
  expect([isMade(300_000, 5_000), isMade(300_000, 5_001), isMade(300_000, 5_001)]).toEqual([true, true, true])
  expect([isMade(300_000, 10), isMade(300_000, 11)]).toEqual([false, false])
  expect([isMade(312_000, 10), isMade(312_000, 5_001), isMade(312_000, 5_001)]).toEqual([false, true, false])
  expect([isMade(312_000, 10), isMade(312_000, 12)]).toEqual([false, true])
})

test('questions that are asked once leave nothing of their text behind, however long they are', () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const heldBytes = (): number => {
    collect()
    return process.memoryUsage().heapUsed
  }
  const before = heldBytes()
  for (let no = 0; no < 10_000; no += 1)
    keptPlan(at(0), 'list', 'deal', { where: `${no}${'x'.repeat(1_900)}` }, () => ({ made: no, lasting: true }))
  expect(heldBytes() - before).toBeLessThan(4 * 1024 * 1024)
})
