/** N2: a request that is refused has changed nothing: the rows of every table are what they were. */
import { expect, test } from 'vitest'
import { viewOf } from './caller-view.ts'
import { watchChanges } from './change-watch.ts'
import { CHANGING_ROUTES, OTHER_ROUTES } from './route-table.ts'
import { openWorld } from './world.ts'

const CALLERS = ['rep', 'clerk', 'client', 'warden', 'key', 'auditor']

test('the watch sees what is done, and not what is rolled back', async () => {
  const world = await openWorld()
  const watch = await watchChanges(world)
  const rename = {
    method: 'PATCH',
    path: `/api/records/customer/${world.id('north', 'customer/first')}`,
    headers: { 'if-match': '"1"' },
  } as const
  expect((await world.send('north/rep', { ...rename, body: { name: 'Renamed' } })).status).toBe(200)
  expect(await watch.changes()).toEqual(expect.arrayContaining(['outbox_default 1', 'record 1', 'record_history 1']))
  expect(
    (await world.send('north/rep', { ...rename, headers: { 'if-match': '"2"' }, body: { owner_id: world.id('south', 'user/rep') } }))
      .status,
  ).toBe(422)
  expect(await watch.changes()).toEqual([])
  await world.close()
}, 120_000)

test.each(CALLERS)(
  'what %s is refused leaves every row as it was',
  async person => {
    const caller = `north/${person}`
    const world = await openWorld()
    const view = await viewOf(world, caller)
    const watch = await watchChanges(world)
    const steps = [...Object.values(OTHER_ROUTES), ...Object.values(CHANGING_ROUTES)].flatMap(calls => calls(view))
    const changed: string[] = []
    const broken: string[] = []
    let refused = 0
    for (const { name, request } of steps) {
      const answer = await world.send(caller, request)
      const changes = await watch.changes()
      if (answer.status < 400) continue
      refused += 1
      if (changes.length > 0) changed.push(`${name} → ${answer.status}: ${changes.join(', ')}`)
      if (answer.status >= 500) broken.push(`${name} → ${answer.text}`)
    }
    expect(changed).toEqual([])
    expect(broken).toEqual([])
    expect(refused).toBeGreaterThan(100)
    await world.close()
  },
  120_000,
)
