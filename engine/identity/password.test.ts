import { expect, test } from 'vitest'
import { processorMsAwaited } from '../test/harness/processor-time.ts'
import { ARGON2_COST, hashPassword, isOutdated, verifyPassword } from './password.ts'

test('keeps a password as argon2id and knows it again, in any Unicode spelling', async () => {
  const kept = await hashPassword('Café am Fluß')
  expect(kept).toMatch(/^\$argon2id\$v=19\$m=47104,t=1,p=1\$/)
  expect(await verifyPassword('Café am Fluß', kept)).toBe(true)
  expect(await verifyPassword('Café am Fluss', kept)).toBe(false)
  expect(await verifyPassword('', kept)).toBe(false)
})

test('two equal passwords are kept as different texts', async () => {
  expect(await hashPassword('nexus-demo-1')).not.toBe(await hashPassword('nexus-demo-1'))
})

test('knows a hash of another cost, and that it is outdated', async () => {
  const weak = (await hashPassword('nexus-demo-1')).replace(`m=${ARGON2_COST.memory}`, 'm=19456')
  expect(isOutdated(weak)).toBe(true)
  expect(isOutdated(await hashPassword('nexus-demo-1'))).toBe(false)
  expect(await verifyPassword('nexus-demo-1', weak)).toBe(false)
})

test('where there is no password, checking costs the same and nothing fits', async () => {
  const kept = await hashPassword('nexus-demo-1')
  const cost = (text: string | null) => processorMsAwaited(async () => expect(await verifyPassword('something-else', text)).toBe(false))
  // The quickest of each: whatever else the machine does only adds.
  const known: number[] = []
  const unknown: number[] = []
  for (let round = 0; round < 7; round++) {
    known.push(await cost(kept))
    unknown.push(await cost(null))
  }
  const ratio = Math.min(...known) / Math.min(...unknown)
  expect(ratio).toBeGreaterThan(0.5)
  expect(ratio).toBeLessThan(2)
})

test('turns away whoever would wait too long', async () => {
  const outcomes = await Promise.allSettled(Array.from({ length: 90 }, () => verifyPassword('x', null)))
  const refused = outcomes.filter(outcome => outcome.status === 'rejected')
  expect(refused).toHaveLength(8)
  expect(refused[0]).toMatchObject({ reason: { code: 'IDENTITY_BUSY', status: 503, headers: { 'retry-after': '2' } } })
}, 60_000)
