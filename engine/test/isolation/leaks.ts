/**
 * Words that must not stand in any answer to a caller: names of the model that exist for others only, and whatever belongs to the other tenant.
 * Two worlds can not show these, for they are the same in both.
 */
import { FIXED_SCHEMAS } from '../../http/openapi/fixed-schemas.ts'
import { inWordsOf } from '../../http/openapi/own-words.ts'
import { LOCALES } from '../../kernel/context.ts'
import type { CallerView } from './caller-view.ts'
import type { World } from './world.ts'

/** A word and how it would stand in an answer. */
interface Forbidden {
  readonly what: string
  readonly text: string
}

/** Names of fields and labels that are words of the HTTP contract, or of a menu, as well. */
const HOUSE_WORDS: ReadonlySet<string> = new Set([
  'origin',
  'rate',
  'code',
  'name',
  'email',
  'locale',
  'status',
  'source',
  'actor',
  'kind',
  'title',
  'head',
  'parent',
  'currency',
  'description',
  'number',
  'subject',
  'customers',
  'Employees',
  // Members of an OpenAPI operation.
  'summary',
  'tags',
])

/** What the description of the API says to everybody in these very words of his language: `total` in it counts the rows of an import. The longest first. */
const HOUSE_SCHEMAS: readonly string[] = LOCALES.flatMap(locale =>
  Object.values(FIXED_SCHEMAS).map(schema => JSON.stringify(inWordsOf(schema, locale))),
)
  .filter(text => text.includes('"properties"'))
  .toSorted((a, b) => b.length - a.length)

/** Everything that would be a leak. */
export async function forbiddenTo(view: CallerView): Promise<readonly Forbidden[]> {
  const { model } = await view.world.wired.models.current(view.world.tenantId(view.tenant))
  const seen = new Set(
    view.entities.flatMap(entity => [
      entity.key,
      ...entity.fields.map(field => field.key),
      ...entity.relations.map(relation => relation.key),
    ]),
  )
  const said = new Set(JSON.stringify(view.entities).match(/"[^"]*"/g) ?? [])
  const forbidden = new Map<string, Forbidden>()
  const forbid = (what: string, text: string): void => {
    if (!said.has(`"${text}"`) && !HOUSE_WORDS.has(text)) forbidden.set(text, { what, text: `"${text}"` })
  }
  for (const entity of model.entities.values()) {
    if (!seen.has(entity.key)) forbid('entity', entity.key)
    const shown = view.entities.find(each => each.key === entity.key)
    for (const field of entity.fields.values()) {
      if (seen.has(field.key) || field.system) continue
      forbid('field', field.key)
      if (shown !== undefined && field.labels['en'] !== undefined) forbid(`label of ${field.key}`, field.labels['en'])
    }
    for (const rule of entity.rules) if (rule.field !== null && !seen.has(rule.field)) forbid('rule', rule.key)
  }
  return [...forbidden.values(), ...foreignTo(view.world, view.tenant)]
}

/** What belongs to the other tenant: its words, its ids, itself. */
export function foreignTo(world: World, tenant: string): Forbidden[] {
  const [foreign, word] = tenant === 'north' ? ['south', 'Austral'] : ['north', 'Boreal']
  const ids = Object.entries(world.ids(foreign)).map(([ref, id]) => ({ what: `${foreign} ${ref}`, text: id }))
  return [
    { what: foreign, text: word },
    { what: foreign, text: word.toLowerCase() },
    { what: `${foreign} itself`, text: world.tenantId(foreign) },
    ...ids,
  ]
}

/** A description without its schemas for everybody, and without whom to turn to: the contact of its `info` is the tenant. */
function withoutHouse(description: string): string {
  const rest = description.replace(/"contact":\{"name":"[^"]*"\},(?="license":)/, '')
  return HOUSE_SCHEMAS.reduce((text, schema) => text.replaceAll(schema, '{}'), rest)
}

/** Forbidden words in an answer that the question did not bring along. */
export function leaksIn(question: string, answer: string, forbidden: readonly Forbidden[]): string[] {
  const told = answer.includes('"openapi":') ? withoutHouse(answer) : answer
  return forbidden
    .filter(({ text }) => told.includes(text) && !question.includes(text.replaceAll('"', '')))
    .map(({ what, text }) => `${what}: ${text}`)
}
