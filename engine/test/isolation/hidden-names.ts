/**
 * Names that exist and not for a caller, and what would tell them from names that exist for nobody: an answer is compared with the answer to a
 * decoy, without the name itself and without hints that put forward what the caller knows.
 */
import { QUERY_SENTENCES } from '../../../metadata/sentences/queries.ts'
import { grantOver } from '../../access/index.ts'
import type { CallerView } from './caller-view.ts'
import type { Clause, Place } from './clauses.ts'
import { standingOf } from './scramble.ts'
import { decoyOf, type Physical, type Spelling } from './spellings.ts'
import type { WorldAnswer, WorldRequest } from './world.ts'

/** A hidden name of an entity the caller knows; masked ones are hidden where values are compared. */
export interface Hidden {
  readonly place: Place
  readonly field: Physical
  readonly masked: boolean
}

/** Every hidden name of what a caller knows. */
export async function hiddenNames(view: CallerView): Promise<Hidden[]> {
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

/** What tells a hidden name from one that is not there, in one place and spelling; null where nothing does. */
export async function tellName({ place, field }: Hidden, clause: Clause, spell: Spelling): Promise<string | null> {
  const name = spell(field)
  // A spelling that happens to be a name he knows names that one.
  if (place.entity.fields.some(each => each.key === name) || place.entity.relations.some(each => each.key === name)) return null
  return compare(place.view, field, decoyOf(field), spell, each => clause(place, each))
}

/** What tells the answers to two names apart; null where nothing does. */
export async function compare(
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
  const quoted = [...hint.matchAll(/“([^”]+)”|"([^"]+)"|«([^»]+)»/g)].map(match => match[1] ?? match[2] ?? match[3] ?? '')
  const listed = LISTINGS.map(listing => listing.exec(hint)?.[1]?.split(', ') ?? []).flat()
  return [...quoted, ...listed].every(each => known.has(each) || OPERATORS.has(each))
}

/** Hints that list names, in every language. */
const LISTINGS = Object.entries(QUERY_SENTENCES)
  .filter(([english]) => english.endsWith('{names}.'))
  .flatMap(([english, translations]) => [english, ...translations])
  .map(text => new RegExp(`^${text.replaceAll(/[.?]/g, String.raw`\$&`).replace('{names}', '(.+)')}$`, 'u'))

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
