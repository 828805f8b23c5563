/**
 * Unknown and forbidden are one answer in every language: what is told in the reader's words goes another way to him than what is told in
 * English, and must not tell more on that way. Names in every place, records by their id, forms and the model, by the header and by the
 * language of the user himself.
 */
import { beforeAll, describe, expect, test } from 'vitest'
import { type CallerView, viewOf } from './caller-view.ts'
import { type ChangeWatch, watchChanges } from './change-watch.ts'
import { COMPARING, ENTITY_PLACES, NAMING } from './clauses.ts'
import { compare, hiddenNames, tellName } from './hidden-names.ts'
import { FreshIds, normalise } from './transcript.ts'
import { decoyOf, PLAIN } from './spellings.ts'
import { openWorld, type World } from './world.ts'

const CALLERS = ['north/rep', 'north/client', 'north/union']
/** Names that are tried, spread over all that are hidden. */
const NAMES = 8
const NOWHERE = '01980000-0000-7000-8000-00000000000f'

let world: World
let watch: ChangeWatch
beforeAll(async () => {
  world = await openWorld()
  watch = await watchChanges(world)
}, 120_000)

describe.each(['ru', 'uk', 'es'])('%s', locale => {
  const ways = {
    'by the header': async (): Promise<World> => speaking(world, { 'accept-language': locale }),
    'by the user': async (): Promise<World> => {
      for (const caller of CALLERS) {
        expect((await world.send(caller, { method: 'PATCH', path: '/api/me', body: { locale } })).status).toBe(204)
      }
      world.wind(1_000)
      return world
    },
  }

  test.each(Object.entries(ways))(
    'tells nothing more, asked %s',
    async (_way, spoken) => {
      const told = await spoken()
      await watch.changes()
      for (const caller of CALLERS) {
        const view = await viewOf(told, caller)
        await expectLanguage(view, locale)
        expect(await namesToldApart(view)).toEqual([])
        expect(await entitiesToldApart(view)).toEqual([])
        expect(await recordsToldApart(view)).toEqual([])
      }
      expect(await watch.changes()).toEqual([])
    },
    240_000,
  )
})

/** The same world, asked with headers more. */
function speaking(asked: World, more: Readonly<Record<string, string>>): World {
  return { ...asked, send: (caller, request) => asked.send(caller, { ...request, headers: { ...more, ...request.headers } }) }
}

/** Not a word of it would be proved if the answers were English. */
async function expectLanguage(view: CallerView, locale: string): Promise<void> {
  const entity = view.entities[0]?.key ?? ''
  const { text } = await view.world.send(view.caller, { method: 'GET', path: `/api/records/${entity}?select=nothing` })
  const words = { ru: 'Имени «nothing» здесь нет.', uk: 'Назви «nothing» тут немає.', es: 'Aquí no existe «nothing».' }
  expect(text).toContain(words[locale as keyof typeof words])
}

async function namesToldApart(view: CallerView): Promise<string[]> {
  const all = await hiddenNames(view)
  expect(all.length).toBeGreaterThan(NAMES)
  const tried = all.filter((_, index) => index % Math.floor(all.length / NAMES) === 0)
  const found: string[] = []
  for (const each of tried)
    for (const [clause, request] of Object.entries(each.masked ? COMPARING : { ...COMPARING, ...NAMING })) {
      const told = await tellName(each, request, PLAIN)
      if (told !== null) found.push(`${view.caller}: ${each.place.entity.key}.${each.field.name}, ${clause}: ${told}`)
    }
  return found
}

async function entitiesToldApart(view: CallerView): Promise<string[]> {
  const found: string[] = []
  for (const key of view.absent.filter(each => each !== 'nothing')) {
    const field = { name: key, no: '98', slot: 't98' }
    for (const [place, request] of Object.entries(ENTITY_PLACES)) {
      const told = await compare(view, field, decoyOf(field), PLAIN, name => request(name, view.ids(key)[0] ?? NOWHERE))
      if (told !== null) found.push(`${view.caller}: ${key}, ${place}: ${told}`)
    }
  }
  return found
}

/** Records that are there and not for him, against an id that nobody has. */
async function recordsToldApart(view: CallerView): Promise<string[]> {
  const found: string[] = []
  const fresh = new FreshIds(view.world)
  let hidden = 0
  for (const { key } of view.entities) {
    const unseen = await firstUnseen(view, key)
    if (unseen === null) continue
    hidden += 1
    for (const [place, request] of Object.entries(ENTITY_PLACES).filter(([, made]) => made(key, unseen).path.includes(unseen))) {
      const answers = [await view.world.send(view.caller, request(key, unseen)), await view.world.send(view.caller, request(key, NOWHERE))]
      const [told, plain] = answers.map(answer => normalise(answer, fresh).replaceAll(unseen, '<id>').replaceAll(NOWHERE, '<id>'))
      if (told !== plain) found.push(`${view.caller}: ${key}, ${place}:\n  ${told}\n  ${plain}`)
    }
  }
  // The union sees every row of what it knows.
  expect([view.caller, hidden > 0]).toEqual([view.caller, view.caller !== 'north/union'])
  return found
}

async function firstUnseen(view: CallerView, key: string): Promise<string | null> {
  for (const id of view.ids(key))
    if ((await view.world.send(view.caller, { method: 'GET', path: `/api/records/${key}/${id}` })).status === 404) return id
  return null
}
