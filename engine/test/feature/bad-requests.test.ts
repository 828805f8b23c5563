/** Every row of the page of bad input that is about a request: it comes as the page says, and nothing is stored. */
import { expect, test } from 'vitest'
import { badRequests, PROBE_DOCUMENTS } from '../docs-bad-requests.ts'
import { startWorkspace } from '../harness/workspace.ts'

const workspace = await startWorkspace()
await workspace.createTenant('acme')
await workspace.createTenant('other')
const client = await workspace.signIn('acme', 'admin@acme.test')
const stranger = await workspace.signIn('other', 'admin@other.test')

for (const document of PROBE_DOCUMENTS) {
  const [kind, key] = [String(document['kind']), String(document['key'] ?? String(document['extends']).split('/')[1])]
  expect((await client('PUT', `/api/studio/draft/${kind}/${key}`, document)).problem).toMatchObject({ data: { problems: [] } })
}
expect((await client('POST', '/api/studio/draft/publish', { note: 'Probe' })).status).toBe(200)

async function made(by: typeof client, entity: string, values: object): Promise<string> {
  const { status, data, problem } = await by<{ id: string }>('POST', `/api/records/${entity}`, values)
  if (status !== 201) throw new Error(JSON.stringify(problem))
  return data.id
}

const nextOf = (body: Readonly<Record<string, unknown>>): string => (body['page'] as { next: string }).next

const customer = await made(client, 'customer', { name: 'Acme Stores' })
const category = await made(client, 'product_category', { name: 'Shelves', code: 'S' })
const deal = await made(client, 'deal', { name: 'Shelves for three shops', customer, external_id: 'X-1' })
await made(client, 'deal', { name: 'Cold store', customer })
const known: Readonly<Record<string, string>> = {
  customer,
  category,
  deal,
  below: await made(client, 'product_category', { name: 'Steel', code: 'ST', parent: category }),
  foreign: await made(stranger, 'customer', { name: 'Not yours' }),
  customer_version: String((await client<{ version: number }>('GET', `/api/records/customer/${customer}`)).data.version),
  cursor: nextOf((await client('POST', '/api/records/deal/query', { limit: 1 })).problem),
}
const fill = <T>(sent: T): T =>
  JSON.parse(JSON.stringify(sent).replaceAll(/\{([a-z_]+)\}/g, (whole, name: string) => known[name] ?? whole)) as T

test('the probe computes what is sound', async () => {
  expect((await client('POST', '/api/records/probe', { name: 'plain' })).data).toMatchObject({ looping: 'sound', bulging: 'sound' })
})

const named = badRequests.map(each => [`${each.group}: ${each.input}`, each] as const)

test.each(named)(
  '%s',
  async (_name, bad) => {
    const { method, path, body, headers } = fill(bad)
    const { status, problem } = await client(method, path, body, headers)
    expect({ status, code: problem.code }).toEqual({ status: bad.status, code: bad.code })
    const errors = problem.errors ?? []
    if (bad.error !== undefined) expect(errors.map(({ pointer, code }) => ({ pointer, code }))).toEqual([bad.error])
    for (const locale of ['ru', 'uk', 'es']) {
      const told = (await client(method, path, body, { ...headers, 'accept-language': locale })).problem
      expect([told.code, told.errors?.map(({ pointer, code }) => [pointer, code])]).toEqual([
        problem.code,
        problem.errors?.map(({ pointer, code }) => [pointer, code]),
      ])
      for (const [index, { message }] of errors.entries()) expect(told.errors?.[index]?.message).not.toBe(message)
      if (locale === 'es') continue
      for (const words of [told.detail, ...(told.errors ?? []).map(({ message }) => message)]) expect(words).toMatch(/\p{Script=Cyrillic}/u)
    }
  },
  30_000,
)

test('after all of it the records are as they were', async () => {
  const { data } = await client<{ name: string; version: number }[]>('POST', '/api/records/deal/query', {
    select: ['name'],
    sort: ['name'],
  })
  expect(data.map(({ name, version }) => [name, version])).toEqual([
    ['Cold store', 1],
    ['Shelves for three shops', 1],
  ])
  expect((await stranger('GET', `/api/records/customer/${known['foreign']}`)).data).toMatchObject({ name: 'Not yours', version: 1 })
})

test('what a request lacks is named in the reader’s language, title and all', async () => {
  const told = await client('POST', '/api/auth/login', { tenant: 'acme', email: 'x' }, { 'accept-language': 'ru' })
  expect(told.problem.errors?.map(({ message }) => message).sort()).toEqual([
    'Наименьшая длина поля «Эл. почта» в символах: 3.',
    'Поле «Пароль» обязательно.',
  ])
  const asked = await client('GET', '/api/admin/users?limit=0', undefined, { 'accept-language': 'es' })
  expect(asked.problem.errors?.map(({ message }) => message)).toEqual([expect.stringContaining('Como máximo')])
})
