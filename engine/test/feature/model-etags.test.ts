/**
 * Tags of what is told of a model: whoever asks again with his own tag is spared the answer, and nobody is ever spared one by a tag that
 * was made for other profiles, another language, another tenant, another revision, or by another build of the program.
 */
import { beforeAll, expect, test } from 'vitest'
import { createServer } from '../../http/server.ts'
import { SHARED_LOOP } from '../harness/shared-loop.ts'
import { openWorld, type World, type WorldAnswer } from '../isolation/world.ts'
import { WORLD_BEGAN } from '../isolation/world-template.ts'

/** Callers whose sets of profiles differ from one another. */
const PEOPLE = ['north/admin', 'north/manager', 'north/rep', 'north/clerk', 'north/auditor', 'north/analyst', 'north/client', 'north/union']
/** Somebody of another tenant with the profiles of one of them. */
const NEIGHBOUR = 'south/rep'
const LOCALES = ['en', 'ru']
const ENTITIES = ['deal', 'customer', 'product', 'price_list_item']
const MODES = ['view', 'edit', 'create']
const PATHS = [
  '/api/model',
  '/api/openapi.json',
  ...ENTITIES.flatMap(entity => MODES.map(mode => `/api/model/${entity}/form?mode=${mode}`)),
]

interface Told {
  readonly caller: string
  readonly locale: string
  readonly path: string
  readonly etag: string
  readonly text: string
}

let world: World
let told: readonly Told[]

const ask = (caller: string, path: string, locale: string, tag?: string): Promise<WorldAnswer> =>
  world.send(caller, {
    method: 'GET',
    path,
    headers: { 'accept-language': locale, ...(tag === undefined ? {} : { 'if-none-match': tag }) },
  })

beforeAll(async () => {
  world = await openWorld()
  const found: Told[] = []
  for (const caller of [...PEOPLE, NEIGHBOUR]) {
    for (const locale of LOCALES) {
      for (const path of PATHS) {
        const { status, headers, text } = await ask(caller, path, locale)
        // What he may not do or see has no description for him.
        if (status === 403 || status === 404) continue
        expect(status).toBe(200)
        found.push({ caller, locale, path, etag: headers['etag'] ?? '', text })
      }
    }
  }
  told = found
}, 60_000)

test('every description has a tag of its own, private to whom it was told', async () => {
  expect(told.length).toBeGreaterThan(100)
  expect(new Set(told.map(each => each.etag)).size).toBe(told.length)
  const { headers } = await ask('north/rep', '/api/model', 'en')
  expect(headers['cache-control']).toBe('private, no-cache')
  expect(headers['vary']?.toLowerCase()).toContain('authorization')
  expect(headers['vary']?.toLowerCase()).toContain('accept-language')
})

test('one’s own tag spares the answer', async () => {
  for (const { caller, locale, path, etag } of told) {
    const { status, text, headers } = await ask(caller, path, locale, etag)
    expect([status, text, headers['etag']], `${caller} ${path} ${locale}`).toEqual([304, '', etag])
  }
})

test('a tag made for somebody else never does, and the answer is the caller’s own', async () => {
  for (const path of PATHS) {
    const same = told.filter(each => each.path === path)
    for (const own of same) {
      const others = same.filter(each => each !== own).map(each => each.etag)
      const { status, text, headers } = await ask(own.caller, path, own.locale, others.join(', '))
      expect([status, headers['etag'], text === own.text], `${own.caller} ${path} ${own.locale}`).toEqual([200, own.etag, true])
    }
  }
})

test('people of the same profiles share a description', async () => {
  const mine = await ask('north/rep', '/api/model', 'en')
  expect(await ask('north/rep_two', '/api/model', 'en', mine.headers['etag'])).toMatchObject({ status: 304 })
})

test('another build of the program describes anew, whatever the tag of the one before', async () => {
  const { engine } = world.wired
  const next = await createServer(
    { ...engine, build: { ...engine.build, commit: 'next' }, clock: { now: () => new Date(WORLD_BEGAN.getTime() + 60_000) } },
    SHARED_LOOP,
  )
  const headers = { authorization: `Bearer ${world.token('north/rep')}`, 'accept-language': 'en' }
  for (const url of [...PATHS, '/api/types.ts']) {
    const before = await world.app.inject({ url, headers })
    if (before.statusCode !== 200) continue
    const tag = { 'if-none-match': String(before.headers['etag']) }
    expect([url, (await world.app.inject({ url, headers: { ...headers, ...tag } })).statusCode]).toEqual([url, 304])
    expect([url, (await next.inject({ url, headers: { ...headers, ...tag } })).statusCode]).toEqual([url, 200])
  }
  await next.close()
})

test('after a publish no tag of before spares anybody the answer', async () => {
  const admin = 'north/admin'
  const entity = await world.send(admin, { method: 'GET', path: '/api/studio/documents/entity/deal' })
  const { document } = (entity.json as { data: { document: { fields: object[] } } }).data
  const fields = [...document.fields, { key: 'gate', type: 'text', label: { en: 'Gate' } }]
  const put = await world.send(admin, {
    method: 'PUT',
    path: '/api/studio/draft/entity/deal',
    body: { ...document, fields },
    headers: { 'if-match': '"0"' },
  })
  expect(put.status).toBeLessThan(300)
  expect(await world.send(admin, { method: 'POST', path: '/api/studio/draft/publish', body: { note: 'Gates' } })).toMatchObject({
    status: 200,
  })
  // Every process looks for the live revision every 500 ms of its clock.
  world.tick(1_000)
  for (const { caller, locale, path, etag } of told.filter(each => each.caller.startsWith('north/')))
    expect((await ask(caller, path, locale, etag)).status, `${caller} ${path} ${locale}`).toBe(200)
})
