/** The OpenAPI document as callers of different rights get it: whose it is, what is in it, when it is sent again. */
import { beforeAll, expect, test } from 'vitest'
import { openSales, type Person, type Sales } from '../harness/sales.ts'

let sales: Sales
let rep: Person
let other: Person
let client: Person

beforeAll(async () => {
  sales = await openSales()
  rep = await sales.person(['rep'], sales.north)
  other = await sales.person(['rep'], sales.south)
  client = await sales.person(['client'], sales.north, 'client')
})

const documentOf = async (person: Person, headers: Readonly<Record<string, string>> = {}) =>
  person.send('GET', '/api/openapi.json', undefined, headers)

test('each caller is told of what he may do, and of nothing else', async () => {
  const operations = async (person: Person): Promise<string[]> => {
    const { paths } = (await documentOf(person)).json as { paths: Record<string, Record<string, { operationId: string }>> }
    return Object.values(paths).flatMap(path => Object.values(path).map(operation => operation.operationId))
  }
  const [admin, seller, buyer] = [await operations(sales.admin), await operations(rep), await operations(client)]
  expect(admin).toEqual(expect.arrayContaining(['list_deal', 'create_deal', 'admin_users_create', 'studio_draft_publish']))
  expect(seller).toEqual(expect.arrayContaining(['list_deal', 'create_deal', 'update_deal', 'convert_lead', 'me_get']))
  expect(seller.filter(id => /^(?:admin|studio)_/.test(id))).toEqual([])
  expect(buyer.length).toBeLessThan(seller.length)
  expect(buyer).not.toContain('create_deal')
  // His cap lets no operation into a bulk: one that must be empty and may not be is none.
  expect([buyer.includes('update_customer'), buyer.filter(id => id.startsWith('bulk_'))]).toEqual([true, []])
  expect(admin.filter(id => id.includes('tenant'))).toEqual([])
  for (const ids of [admin, seller, buyer]) expect(new Set(ids).size).toBe(ids.length)
})

test('a field that is not for the caller is in no schema, example or parameter', async () => {
  const margin = '"margin"'
  expect((await documentOf(sales.admin)).text).toContain(margin)
  expect((await documentOf(client)).text).not.toContain(margin)
})

test('it is sent again only when something changed, and never by the tag of another profile or language', async () => {
  const first = await documentOf(rep)
  const etag = first.headers.get('etag') ?? ''
  expect(first.headers.get('cache-control')).toBe('private, no-cache')
  expect((await documentOf(rep, { 'if-none-match': etag })).status).toBe(304)
  expect((await documentOf(other, { 'if-none-match': etag })).status).toBe(304)
  expect((await documentOf(rep, { 'if-none-match': etag, 'accept-language': 'ru' })).status).toBe(200)
  for (const person of [sales.admin, client]) expect((await documentOf(person, { 'if-none-match': etag })).status).toBe(200)
})

test('speaks the caller’s language where the model does', async () => {
  const labels = async (locale: string) => {
    const { components } = (await documentOf(rep, { 'accept-language': locale })).json as {
      components: { schemas: Record<string, { properties: Record<string, { 'x-enum-labels': Record<string, string> }> }> }
    }
    return components.schemas['deal']?.properties['stage']?.['x-enum-labels']
  }
  const [english, russian] = [await labels('en'), await labels('ru')]
  expect(Object.keys(english ?? {})).toEqual(Object.keys(russian ?? {}))
  expect(english).not.toEqual(russian)
})

/** Titles, summaries and descriptions wherever they stand; examples are data. */
function wordsOf(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) =>
    ['title', 'summary', 'description'].includes(name) && typeof member === 'string'
      ? [member]
      : name === 'examples' || name === 'example'
        ? []
        : wordsOf(member),
  )
}

test('says of operations, answers and problems what they are in the caller’s language, and of the program the same in each', async () => {
  type Described = { description?: string }
  type Operation = {
    operationId: string
    summary: string
    description: string
    responses: Record<string, Described>
    parameters?: (Described & { name?: string })[]
  }
  const read = async (locale: string) => {
    const { json } = await documentOf(sales.admin, { 'accept-language': locale })
    const { paths, tags, info, components } = json as {
      paths: Record<string, Record<string, Operation>>
      tags: { name: string; description: string }[]
      info: { description: string }
      components: Record<'responses' | 'headers' | 'parameters', Record<string, Described>>
    }
    const operations = Object.values(paths).flatMap(path => Object.values(path))
    return {
      ids: operations.map(each => each.operationId),
      said: [
        ...operations.flatMap(each => [
          each.summary,
          each.description,
          ...Object.values(each.responses).flatMap(answer => answer.description ?? []),
        ]),
        ...tags.map(tag => tag.description),
        info.description,
        ...[components.responses, components.headers, components.parameters].flatMap(each =>
          Object.values(each).flatMap(part => part.description ?? []),
        ),
        ...(operations.find(each => each.operationId === 'list_deal')?.parameters ?? []).flatMap(({ name, description }) =>
          name === 'where' ? [] : (description ?? []),
        ),
      ],
      list: operations.find(each => each.operationId === 'list_deal')?.summary,
      every: wordsOf({ paths, components, info }),
    }
  }
  const english = await read('en')
  // What is a name and nothing else may read alike: of a label in two languages, of JSON Schema in all.
  const isName = (text: string): boolean => text.split(' ').length <= 2
  for (const locale of ['ru', 'uk', 'es']) {
    const other = await read(locale)
    expect(other.ids).toEqual(english.ids)
    expect(other.said.length).toBe(english.said.length)
    // Members too, of whatever schema: what no language but English has is a name, such as the tenant's.
    expect(other.every.length).toBe(english.every.length)
    expect([...new Set(other.every.filter((text, n) => text === english.every[n] && !isName(text)))]).toEqual([])
    expect(other.said.filter((text, n) => text === english.said[n] && !isName(text))).toEqual([])
    for (const text of locale === 'es' ? [] : other.said.filter(each => !isName(each))) expect(text).toMatch(/\p{Script=Cyrillic}/u)
    expect(other.said.filter(text => text.includes('{label}') || text.includes('{plural}'))).toEqual([])
  }
  expect([english.list, (await read('es')).list]).toEqual(['List Deals', expect.stringMatching(/^Listar: /)])
})
