import { expect, test } from 'vitest'
import { refuseOldPostgres } from './postgres-version.ts'

test.each([180006, 180012, 170011, 160015, 150019, 190000])('takes %i', version => {
  expect(refuseOldPostgres(version)).toBeUndefined()
})

test.each([
  [180005, 'update to 18.6'],
  [170010, 'update to 17.11'],
  [160000, 'update to 16.15'],
  [150018, 'update to 15.19'],
  [140024, 'too old'],
  [96024, 'too old'],
])('refuses %i', (version, words) => {
  expect(refuseOldPostgres(version)).toContain(words)
})
