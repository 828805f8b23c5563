/** Every route the door declares is known to this suite, and called by everybody: nobody without a token gets in, nobody learns of what is not his. */
import { beforeAll, describe, expect, test } from 'vitest'
import { routes } from '../../http/index.ts'
import { nameOf } from '../../http/route.ts'
import { viewOf } from './caller-view.ts'
import { forbiddenTo, foreignTo, leaksIn } from './leaks.ts'
import { ROUTE_TABLE, type RouteCalls } from './route-table.ts'
import { openWorld, type World } from './world.ts'

test('every declared route has its line in the table, and every line its route', () => {
  expect(Object.keys(ROUTE_TABLE).sort()).toEqual(routes.map(nameOf).sort())
})

const NORTH = ['admin', 'manager', 'rep', 'clerk', 'auditor', 'analyst', 'client', 'supplier', 'professional', 'warden', 'union', 'key']
const CALLERS = [...NORTH.map(person => `north/${person}`), 'south/admin', 'south/rep', 'south/client', 'south/key']
/** Requests per route and caller here; the other tests of the suite send them all. */
const SOME = 8

/** Routes that ask who is there; the open ones answer everybody alike. */
const guarded = (): { name: string; calls: RouteCalls }[] =>
  routes.filter(route => route.access !== 'open').map(route => ({ name: nameOf(route), calls: ROUTE_TABLE[nameOf(route)] ?? (() => []) }))

let world: World
beforeAll(async () => {
  world = await openWorld()
})

describe.each(CALLERS)('%s', caller => {
  test('learns nothing of another tenant or another’s model, and breaks nothing', async () => {
    const view = await viewOf(world, caller)
    const forbidden = await forbiddenTo(view)
    const found: string[] = []
    // What a tenant's own people have asked for comes back in its audit.
    let asked = ''
    for (const { name: route, calls } of guarded()) {
      const steps = calls(view)
      const stride = Math.max(1, Math.floor(steps.length / SOME))
      expect([route, steps.length > 0]).toEqual([route, true])
      for (const { name, request } of steps.filter((_, index) => index % stride === 0)) {
        const answer = await world.send(caller, request)
        asked += `${request.path} ${JSON.stringify(request.body ?? '')}`
        const leaks = leaksIn(asked, `${answer.text} ${JSON.stringify(answer.headers)}`, forbidden)
        if (leaks.length > 0) found.push(`${name} told ${leaks.join(', ')}`)
        if (answer.status >= 500) found.push(`${name} broke: ${answer.text}`)
      }
    }
    expect(found).toEqual([])
  }, 120_000)
})

describe('without a token that counts', () => {
  test('every route that is not open refuses alike, before it looks at anything', async () => {
    const view = await viewOf(world, 'north/rep')
    const [tenant = '', purpose = '', claims = '', signature = ''] = world.token('north/rep').split('.')
    const bearers = [
      undefined,
      'Bearer nothing',
      `Bearer ${[world.tenantId('south'), purpose, claims, signature].join('.')}`,
      `Bearer ${[tenant, 'refresh', claims, signature].join('.')}`,
      `Bearer ${[tenant, purpose, claims, `${signature.slice(0, -2)}AA`].join('.')}`,
      `Bearer ${world.token('north/key').replace(world.tenantId('north'), world.tenantId('south'))}`,
      `Basic ${Buffer.from('admin:admin').toString('base64')}`,
    ]
    for (const route of routes.filter(each => each.access !== 'open' && each.access !== 'operator')) {
      const name = nameOf(route)
      const bodies = new Set<string>()
      for (const authorization of bearers) {
        const request = ROUTE_TABLE[name]?.(view)[0]?.request
        if (request === undefined) throw new Error(`${name} has no request.`)
        const answer = await world.send(null, {
          ...request,
          headers: { ...request.headers, ...(authorization === undefined ? {} : { authorization }) },
        })
        expect([name, authorization, answer.status]).toEqual([name, authorization, 401])
        bodies.add(answer.text.replace(/"trace_id":"\w+"/, ''))
      }
      expect([name, bodies.size]).toEqual([name, 1])
    }
  })

  test('open routes tell nothing of any tenant, and those that are no sign-in answer a caller as they answer anybody', async () => {
    const view = await viewOf(world, 'north/rep')
    for (const route of routes.filter(each => each.access === 'open')) {
      for (const { request } of ROUTE_TABLE[nameOf(route)]?.(view) ?? []) {
        const [nobody, somebody] = [await world.send(null, request), await world.send('north/rep', request)]
        const tells = (answer: typeof nobody): string => `${answer.status} ${answer.text.replace(/"trace_id":"\w+"/, '')}`
        expect([nameOf(route), tells(somebody)]).toEqual([nameOf(route), tells(nobody)])
        expect(leaksIn(JSON.stringify(request), nobody.text, [...foreignTo(world, 'north'), ...foreignTo(world, 'south')])).toEqual([])
      }
    }
  })

  test('the operator’s routes take no caller’s token, and callers’ routes not the operator’s', async () => {
    const view = await viewOf(world, 'north/admin')
    for (const route of routes.filter(each => each.access === 'operator')) {
      for (const { request } of ROUTE_TABLE[nameOf(route)]?.(view) ?? [])
        expect([nameOf(route), (await world.send('north/admin', request)).status]).toEqual([nameOf(route), 401])
    }
    const operator = { authorization: `Bearer ${world.operatorToken}` }
    for (const path of ['/api/me', '/api/records/deal', '/api/admin/users'])
      expect((await world.send(null, { method: 'GET', path, headers: operator })).status).toBe(401)
  })
})
