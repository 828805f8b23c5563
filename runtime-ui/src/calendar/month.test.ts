import { expect, test } from 'vitest'
import { shiftMonth, weeksOf } from './month.ts'

test('a month is shown in whole weeks', () => {
  const weeks = weeksOf('2025-03', 1)
  expect(weeks).toHaveLength(6)
  expect(weeks[0]?.[0]).toEqual({ date: '2025-02-24', inMonth: false })
  expect(weeks[0]?.[5]).toEqual({ date: '2025-03-01', inMonth: true })
  expect(weeks.at(-1)?.at(-1)).toEqual({ date: '2025-04-06', inMonth: false })
})

test('the week begins where the tenant’s does', () => {
  expect(weeksOf('2025-03', 7)[0]?.[0]?.date).toBe('2025-02-23')
  expect(weeksOf('2026-02', 7)).toHaveLength(4)
})

test('months roll over the year', () => {
  expect(shiftMonth('2025-12', 1)).toBe('2026-01')
  expect(shiftMonth('2025-01', -1)).toBe('2024-12')
})
