/** What a process holds of tenants: models nobody asks for go, the rest stays within its bounds, and whoever comes back is served. */
import { afterEach, expect, test, vi } from 'vitest'
import { draft, entity, publish } from '../test/harness/change-set.ts'
import { salesModel } from '../test/harness/read-road.ts'
import { startWorkspace } from '../test/harness/workspace.ts'
import { IDLE_MS, KeptModels, MOST_MODELS } from './kept-models.ts'
import type { CompiledModel } from './types.ts'

const now = performance.now.bind(performance)
/** Time goes on by so much at once. */
const after = (ms: number): void => void vi.spyOn(performance, 'now').mockImplementation(() => now() + ms)
afterEach(() => vi.restoreAllMocks())

test('a model that nobody has asked for in half an hour goes, with what it was made of, and comes back when asked for', async () => {
  const workspace = await startWorkspace()
  const { models } = workspace.wired
  const own = await workspace.createTenant('own', ['core'])
  const other = await workspace.createTenant('other', ['core'])
  const admin = await workspace.signIn('own', 'admin@own.test')
  await draft(admin, entity('thing', [{ key: 'name', type: 'text' }]))
  expect(await publish(admin)).toMatchObject({ status: 200 })
  await models.current(own.id)
  await models.current(other.id)
  const held = models.held()
  expect(held.tenants).toBe(2)

  after(IDLE_MS - 60_000)
  await models.current(other.id)
  expect(models.held()).toMatchObject({ tenants: 2, compiled: held.compiled })
  after(IDLE_MS + 60_000)
  await models.current(other.id)
  // One entry for the packs, and one more where the other tenant keeps numbers of his own.
  expect(models.held().tenants).toBe(1)
  expect(models.held().compiled).toBeLessThan(held.compiled)
  expect((await models.current(own.id)).model.entities.has('thing')).toBe(true)
  expect((await models.current(other.id)).model.entities.has('thing')).toBe(false)
  expect(models.held().tenants).toBe(2)
})

test('of too many models the ones not asked for longest go first; one that many share counts once', () => {
  const shared = salesModel()
  const swept: number[] = []
  const kept = new KeptModels(at => swept.push(at))
  const hold = (tenant: string, model: CompiledModel, at: number): void => {
    const live = { model, revision: 1, building: new Set<string>() }
    kept.set(tenant, { live, model, states: '[]', lookedAt: at, notBefore: 0 }, at)
  }
  for (let n = 0; n < 2_000; n++) hold(`shared ${n}`, shared, 0)
  for (let n = 1; n < MOST_MODELS; n++) hold(`own ${n}`, { ...shared }, n)
  expect(kept.size).toBe(2_000 + MOST_MODELS - 1)
  // The oldest is asked for, the next ones are not.
  expect(kept.ask('own 1', MOST_MODELS)).toBeDefined()
  hold('one more', { ...shared }, MOST_MODELS)
  expect([kept.peek('own 1'), kept.peek('own 2'), kept.peek('one more')].map(each => each !== undefined)).toEqual([true, false, true])
  expect(kept.size).toBe(2_000 + MOST_MODELS * 0.9)
  expect(kept.isUsed(shared)).toBe(true)
  kept.ask('shared 0', IDLE_MS + MOST_MODELS + 1)
  expect([kept.size, kept.isUsed(shared), swept.length]).toEqual([0, false, 1])
})
