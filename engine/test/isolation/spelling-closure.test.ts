/**
 * N3: a name that does not exist for a caller is refused in every place and every spelling like a name that exists for nobody: status, headers
 * and body are the same but for the name itself.
 */
import { beforeAll, describe, expect, test } from 'vitest'
import { grantOver } from '../../access/index.ts'
import { type CallerView, viewOf } from './caller-view.ts'
import { type ChangeWatch, watchChanges } from './change-watch.ts'
import { type Clause, COMPARING, ENTITY_PLACES, NAMING, type Place } from './clauses.ts'
import { standingOf } from './scramble.ts'
import { decoyOf, type Physical, PLAIN, type Spelling, SPELLINGS } from './spellings.ts'
import { openWorld, type World, type WorldAnswer, type WorldRequest } from './world.ts'

let world: World
let watch: ChangeWatch
beforeAll(async () => {
  world = await openWorld()
  watch = await watchChanges(world)
}, 120_000)

/** A hidden name of an entity the caller knows; masked ones are hidden where values are compared. */
interface Hidden {
  readonly place: Place
  readonly field: Physical
  readonly masked: boolean
}

async function hiddenNames(view: CallerView): Promise<Hidden[]> {
  const { model, profiles } = await standingOf(view.world, view.caller)
  return view.entities.flatMap(shown => {
    const grant = grantOver(model, profiles, shown.key)
    const entity = model.entities.get(shown.key)
    const fields = [...(entity?.fields.values() ?? [])].flatMap((field): Hidden[] => {
      const granted = grant?.fields.get(field.key)
      if (granted !== undefined && granted.read !== null) return []
      const slot = field.storage.kind === 'slot' ? field.storage.column : 't98'
      return [{ place: { view, entity: shown }, field: { name: field.key, no: field.no ?? '98', slot }, masked: granted !== undefined }]
    })
    const relations = [...(entity?.relations.keys() ?? [])].filter(
      key => !shown.relations.some(each => each.key === key) && !entity?.fields.has(key),
    )
    return [
      ...fields,
      ...relations.map((name): Hidden => ({ place: { view, entity: shown }, field: { name, no: '98', slot: 't98' }, masked: false })),
    ]
  })
}

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
            tell(each, request, spell).then(
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

async function tell({ place, field }: Hidden, clause: Clause, spell: Spelling): Promise<string | null> {
  const name = spell(field)
  // A spelling that happens to be a name he knows names that one.
  if (place.entity.fields.some(each => each.key === name) || place.entity.relations.some(each => each.key === name)) return null
  return compare(place.view, field, decoyOf(field), spell, each => clause(place, each))
}

/** What tells the two apart; null where nothing does. */
async function compare(
  view: CallerView,
  field: Physical,
  decoy: Physical,
  spell: Spelling,
  request: (name: string) => WorldRequest | null,
): Promise<string | null> {
  const [asked, control] = [request(spell(field)), request(spell(decoy))]
  if (asked === null || control === null) return null
  const [answer, other] = [await view.world.send(view.caller, asked), await view.world.send(view.caller, control)]
  const [told, plain] = [withoutName(view, answer, [spell(field), field.name]), withoutName(view, other, [spell(decoy), decoy.name])]
  if (answer.status < 400 && told !== plain) return `was not refused: ${answer.status} ${answer.text.slice(0, 200)}`
  if (told === plain) return null
  return `\n  ${told.slice(0, 700)}\n  ${plain.slice(0, 700)}`
}

/** An answer without the name that was asked, and without hints, which may name what the caller knows and nothing else. */
function withoutName(view: CallerView, { status, headers, text }: WorldAnswer, asked: readonly string[]): string {
  const { date: _, 'trace-id': __, 'content-length': ___, ...kept } = headers
  const pointed = asked.map(name => name.replaceAll('~', '~0').replaceAll('/', '~1'))
  const spelled = [...new Set([...asked, ...pointed].flatMap(each => [each, each.slice(0, 64), each.slice(0, 60)]))].filter(
    each => each !== '',
  )
  const blank = (words: string): string => spelled.reduce((rest, each) => rest.replaceAll(each, '<name>'), words)
  const told = JSON.parse(text === '' ? 'null' : text, (key, value: unknown) => {
    if (key === 'trace_id' || (key === 'hint' && isKnown(view, String(value)))) return undefined
    return typeof value === 'string' && key !== 'code' ? blank(value) : value
  }) as unknown
  return `${status} ${JSON.stringify(told)} ${JSON.stringify(kept)}`
}

const names = new WeakMap<CallerView, Set<string>>()

/** Whether every name a hint puts forward exists for the caller. */
function isKnown(view: CallerView, hint: string): boolean {
  const known =
    names.get(view) ??
    new Set(
      view.entities.flatMap(entity => [
        entity.key,
        ...entity.fields.map(field => field.key),
        ...entity.relations.map(relation => relation.key),
      ]),
    )
  names.set(view, known)
  const quoted = [...hint.matchAll(/“([^”]+)”|"([^"]+)"/g)].map(match => match[1] ?? match[2] ?? '')
  const listed = /^(?:Sort by|Group by|It can be taken of|What can be revealed:|Use one of:) (.+)\.$/.exec(hint)?.[1]?.split(', ') ?? []
  return [...quoted, ...listed].every(each => known.has(each) || OPERATORS.has(each))
}

const OPERATORS = new Set([
  'some',
  'every',
  'none',
  'eq',
  'ne',
  'in',
  'not_in',
  'is_null',
  'lt',
  'lte',
  'gt',
  'gte',
  'between',
  'contains',
  'not_contains',
  'starts_with',
  'ends_with',
  'has_any',
  'has_all',
  'has_none',
  'within',
  'in_last',
  'in_next',
  'in_period',
])
