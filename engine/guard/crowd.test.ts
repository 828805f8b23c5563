import { expect, test } from 'vitest'
import { CROWD_LIMITS, CrowdGuard } from './crowd.ts'

const { smallest } = CROWD_LIMITS

/** A guard where, for some seconds, so many were answered each second. */
function answering(perSecond: number, seconds: number): { guard: CrowdGuard; now: number } {
  const guard = new CrowdGuard()
  let now = 10_000
  for (let n = 0; n < perSecond * seconds; n++, now += 1_000 / perSecond) {
    guard.enter(now)
    guard.leave(true, now)
  }
  return { guard, now }
}

test('who would wait longer than a second and a half at the pace of the last answers is refused, and nobody before him', () => {
  const { guard, now } = answering(100, 3)
  let came = 0
  while (!guard.isCrowded(now) && came < 1_000) {
    guard.enter(now)
    came += 1
  }
  // The pace is trusted to be 100 a second as long as the crowd is new.
  expect(came).toBe(151)
  expect(guard.isCrowded(now + 900)).toBe(true)
})

test('once a crowd has lasted a second only what was answered counts', () => {
  const { guard } = answering(1, 1)
  for (let n = 0; n < 110; n++) guard.enter(20_000)
  expect(guard.isCrowded(20_500)).toBe(false)
  let now = 20_000
  for (let n = 0; n < 100; n++, now += 20) {
    guard.enter(now)
    guard.leave(true, now)
  }
  // 50 a second, 110 wait: more than two seconds.
  expect(guard.isCrowded(now)).toBe(true)
  for (let n = 0; n < 50; n++) guard.leave(true, now)
  expect(guard.isCrowded(now)).toBe(false)
})

test('a few are never a crowd, even where nothing is answered at all', () => {
  const guard = new CrowdGuard()
  for (let n = 1; n < smallest; n++) guard.enter(0)
  expect(guard.isCrowded(60_000)).toBe(false)
  guard.enter(60_000)
  expect([guard.isCrowded(60_500), guard.isCrowded(62_000)]).toEqual([false, true])
})

test('who goes away unanswered makes room and no pace', () => {
  const guard = new CrowdGuard()
  for (let n = 0; n < 100; n++) guard.enter(0)
  expect(guard.isCrowded(2_000)).toBe(true)
  for (let n = 0; n < 10; n++) guard.leave(false, 2_000)
  expect([guard.waiting, guard.isCrowded(2_000)]).toEqual([90, true])
  for (let n = 0; n < 60; n++) guard.leave(false, 2_000)
  expect(guard.isCrowded(2_000)).toBe(false)
})

test('a loop that stood still for a second is no crowd', () => {
  const { guard, now } = answering(100, 3)
  for (let n = 0; n < 60; n++) guard.enter(now)
  expect(guard.isCrowded(now + 1_050)).toBe(false)
})
