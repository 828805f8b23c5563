import { expect, test } from 'vitest'
import { BUSIEST, BusiestTenants } from './busiest-tenants.ts'

const MINUTE = 60_000

test('tells the busiest of the last whole minute, and no more than its length', () => {
  const busiest = new BusiestTenants(0)
  for (let tenant = 0; tenant < 500; tenant++) for (let n = 0; n <= tenant; n++) busiest.add(`t${String(tenant).padStart(3, '0')}`, 2, 1)
  expect(busiest.list(MINUTE - 1)).toEqual([])
  const listed = busiest.list(MINUTE)
  expect(listed).toHaveLength(BUSIEST)
  expect(listed[0]).toEqual({ tenantId: 't499', requests: 500, seconds: 1 })
  expect(listed.at(-1)?.tenantId).toBe('t490')
  expect(busiest.active(MINUTE)).toBe(500)
})

test('forgets a minute once the next one is over', () => {
  const busiest = new BusiestTenants(0)
  busiest.add('old', 1, 10)
  busiest.add('new', 1, MINUTE + 10)
  expect(busiest.list(2 * MINUTE).map(each => each.tenantId)).toEqual(['new'])
  expect(busiest.list(3 * MINUTE)).toEqual([])
  busiest.add('later', 1, 10 * MINUTE + 1)
  expect(busiest.list(10 * MINUTE + 2)).toEqual([])
  expect(busiest.list(11 * MINUTE)).toHaveLength(1)
})

test('holds a bounded number of tenants, however many come', () => {
  const busiest = new BusiestTenants(0)
  for (let n = 0; n < 12_000; n++) busiest.add(`t${n}`, 1, 1)
  expect(busiest.active(MINUTE)).toBe(10_000)
})
