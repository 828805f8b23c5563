/**
 * N3: a name that does not exist for a caller is refused in every place and every spelling like a name that exists for nobody: status, headers
 * and body are the same but for the name itself.
 */
import { beforeAll, describe, expect, test } from 'vitest'
import { viewOf } from './caller-view.ts'
import { type ChangeWatch, watchChanges } from './change-watch.ts'
import { COMPARING, ENTITY_PLACES, NAMING } from './clauses.ts'
import { compare, hiddenNames, tellName } from './hidden-names.ts'
import { decoyOf, PLAIN, SPELLINGS } from './spellings.ts'
import { openWorld, type World } from './world.ts'

let world: World
let watch: ChangeWatch
beforeAll(async () => {
  world = await openWorld()
  watch = await watchChanges(world)
}, 120_000)

const CALLERS = ['rep', 'client', 'analyst', 'warden', 'union', 'key']
/** Names that are tried in every spelling, and in every place as they are; the others in the places where leaks have been found elsewhere. */
const SPELLED = 2
const EVERYWHERE = 20
const ELSEWHERE = ['select', 'where', 'sort', 'group', 'sum', 'include', 'body of a change']

describe.each(CALLERS.map(person => `north/${person}`))('%s', caller => {
  test('can not tell hidden names of fields and relations from names that are not there', async () => {
    const view = await viewOf(world, caller)
    const hidden = await hiddenNames(view)
    expect(hidden.length).toBeGreaterThan(5)
    const found: string[] = []
    const tried: Promise<void>[] = []
    for (const [index, each] of hidden.entries()) {
      const isOneOf = (count: number): boolean => index % Math.max(1, Math.floor(hidden.length / count)) === 0
      const all = Object.entries(each.masked ? COMPARING : { ...COMPARING, ...NAMING })
      const clauses = isOneOf(EVERYWHERE) || isOneOf(SPELLED) ? all : all.filter(([clause]) => ELSEWHERE.includes(clause))
      const spellings = Object.entries(isOneOf(SPELLED) ? SPELLINGS : { plain: PLAIN })
      for (const [clause, request] of clauses)
        for (const [spelling, spell] of spellings)
          tried.push(
            tellName(each, request, spell).then(
              told => void (told === null ? 0 : found.push(`${each.place.entity.key}.${each.field.name}, ${clause}, ${spelling}: ${told}`)),
            ),
          )
      if (tried.length > 60) await Promise.all(tried.splice(0))
    }
    await Promise.all(tried)
    expect(found).toEqual([])
    expect(await watch.changes()).toEqual([])
  }, 120_000)

  test('can not tell entities that are hidden from entities that are not there', async () => {
    const view = await viewOf(world, caller)
    const found: string[] = []
    for (const key of view.absent.filter(each => each !== 'nothing')) {
      const field = { name: key, no: '98', slot: 't98' }
      const id = view.ids(key)[0] ?? '01980000-0000-7000-8000-00000000000f'
      for (const [place, request] of Object.entries(ENTITY_PLACES)) {
        for (const [spelling, spell] of Object.entries(SPELLINGS).filter(([name]) => name === 'plain' || name.length % 3 === 0)) {
          const told = await compare(view, field, decoyOf(field), spell, name => request(name, id))
          if (told !== null) found.push(`${key}, ${place}, ${spelling}: ${told}`)
        }
      }
    }
    expect(found).toEqual([])
    expect(await watch.changes()).toEqual([])
  }, 120_000)
})
