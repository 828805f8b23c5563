import { expect, test } from 'vitest'
import { EngineError } from '../kernel/errors.ts'
import { addressKey, RateGuard, UNLIMITED } from './rate.ts'

function refusal(act: () => void): EngineError | undefined {
  try {
    act()
    return undefined
  } catch (error) {
    if (error instanceof EngineError) return error
    throw error
  }
}

const slow = { perSecond: 0.5, burst: 2 }

test('a principal beyond his pace is told when to come back', () => {
  const guard = new RateGuard({ ...UNLIMITED, principal: slow })
  guard.requirePrincipal('rep')
  guard.requirePrincipal('rep')
  const error = refusal(() => guard.requirePrincipal('rep'))
  expect([error?.code, error?.status, error?.headers]).toEqual(['GUARD_RATE_LIMITED', 429, { 'retry-after': '2' }])
  expect(refusal(() => guard.requirePrincipal('manager'))).toBeUndefined()
})

test('an address is counted whoever speaks from it', () => {
  const guard = new RateGuard({ ...UNLIMITED, address: slow })
  guard.requireAddress('10.0.0.1')
  guard.requireAddress('::ffff:10.0.0.1')
  expect(refusal(() => guard.requireAddress('10.0.0.1'))?.code).toBe('GUARD_RATE_LIMITED')
})

test('refused credentials have a pace of their own', () => {
  const guard = new RateGuard({ ...UNLIMITED, refused: slow })
  guard.countRefused('10.0.0.1')
  guard.countRefused('10.0.0.1')
  expect(refusal(() => guard.countRefused('10.0.0.1'))?.code).toBe('GUARD_RATE_LIMITED')
  expect(refusal(() => guard.requireAddress('10.0.0.1'))).toBeUndefined()
})

test.each([
  ['10.1.2.3', '10.1.2.3'],
  ['::ffff:10.1.2.3', '10.1.2.3'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:0db8:0001:0002::1', '2001:db8:1:2'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['fe80::1%eth0', 'fe80:0:0:0'],
])('the subscriber behind %s is %s', (ip, key) => expect(addressKey(ip)).toBe(key))
