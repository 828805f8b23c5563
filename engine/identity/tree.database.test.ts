/** The tree of org units on a real database: kept under its epoch, new within a second in every process. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openNeighbourhood, PASSWORD } from '../test/harness/identity.ts'
import { RECHECK_MS } from './authenticate.ts'

const around = await openNeighbourhood()
const here = around.process()
const there = around.process()
const tenant = await around.tenant(here)
const { access } = await here.identity.signIn({ tenant: tenant.key, email: tenant.adminEmail, password: PASSWORD }, around.visit())
const request = (process = there) =>
  process.identity.authenticate({ authorization: `Bearer ${access.access_token}`, ip: '198.51.100.1', now: new Date() })
const within = async (unit: string, process = there) => (await process.identity.trees.of(tenant.id))(unit)

test('a unit made here is within its parents there by the next look', async () => {
  await request()
  expect(await within(tenant.unitId)).toEqual([tenant.unitId])
  const north = await around.unit(here, tenant, tenant.unitId)
  const store = await around.unit(here, tenant, north)
  await sleep(RECHECK_MS + 50)
  await request()
  expect([...(await within(tenant.unitId))].sort()).toEqual([tenant.unitId, north, store].sort())
  expect(await within(north)).toEqual([north, store])
})

test('an unchanged tree is the very same, and read once by many at once', async () => {
  await request()
  const trees = await Promise.all(Array.from({ length: 50 }, () => there.identity.trees.of(tenant.id)))
  expect(new Set(trees).size).toBe(1)
  expect(trees[0]?.(tenant.unitId)).toBe(await within(tenant.unitId))
})

test('units of other tenants are in no tree but theirs', async () => {
  const other = await around.tenant(here)
  const foreign = await around.unit(here, other, tenant.unitId)
  await sleep(RECHECK_MS + 50)
  await request()
  expect(await within(tenant.unitId)).not.toContain(foreign)
})
