import { beforeAll, expect, test, vi } from 'vitest'
import { layLine } from '../../engine/test/harness/broken-line.ts'
import { PASSWORD, startWorkspace, type Workspace } from '../../engine/test/harness/workspace.ts'
import { type Client, type ClientOptions, createClient, Problem, Unreachable } from './client.ts'

const demo = { tenant: 'demo', email: 'admin@demo.test', password: PASSWORD }
let workspace: Workspace
let url = ''
beforeAll(async () => {
  workspace = await startWorkspace()
  await workspace.createTenant('demo')
  url = await workspace.listen()
})

async function signedIn(options: ClientOptions = {}): Promise<Client> {
  const client = createClient({ url, ...options })
  await client.signIn(demo)
  return client
}

async function problemOf(call: Promise<unknown>): Promise<Problem> {
  const error: unknown = await call.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof Problem)) throw new Error('This is no problem.', { cause: error })
  return error
}

async function allOf<T>(records: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const record of records) all.push(record)
  return all
}

test('creates, reads, changes, deletes and restores', async () => {
  const client = await signedIn()
  const made = await client.create('task', { subject: 'Call back' })
  if (made === null) throw new Error('An administrator sees what he makes.')
  expect(await client.read('task', made.id, { select: ['subject'] })).toEqual({ id: made.id, version: 1, subject: 'Call back' })
  expect(await client.update('task', made, { subject: 'Call back today' })).toMatchObject({ version: 2, subject: 'Call back today' })
  await client.remove('task', { id: made.id, version: 2 })
  expect((await problemOf(client.read('task', made.id))).code).toBe('NOT_FOUND')
  expect(await client.restore('task', made.id)).toMatchObject({ id: made.id, subject: 'Call back today' })
  const { data: changes } = await client.history('task', made.id)
  expect(changes.map(change => change.op)).toEqual(['restore', 'delete', 'update', 'create'])
})

test('goes through all pages, asking for the next one when it is needed', async () => {
  const line = await layLine(url)
  const client = await signedIn({ url: line.url })
  const subjects = Array.from({ length: 7 }, (_, index) => `Page ${index}`)
  const results = await client.bulk(
    'task',
    subjects.map(subject => ({ op: 'create', values: { subject } })),
  )
  expect(results.every(result => result.op === 'create' && typeof result.id === 'string')).toBe(true)
  const query = { select: ['subject'], where: { subject: { starts_with: 'Page' } }, sort: ['subject'], limit: 3 }
  const isPage = (request: string): boolean => request.endsWith('/query')
  const walk = client.list('task', query)
  for (let taken = 0; taken < 3; taken += 1) await walk.next()
  expect(line.sent.filter(isPage)).toHaveLength(1)
  expect(await allOf(walk)).toHaveLength(4)
  expect(line.sent.filter(isPage)).toHaveLength(3)
  expect((await allOf(client.list('task', query))).map(task => task['subject'])).toEqual(subjects)
  const { data, page } = await client.page('task', { ...query, count: 'exact' })
  expect([data.length, page.count, typeof page.next]).toEqual([3, 7, 'string'])
})

test('counts groups', async () => {
  const client = await signedIn()
  await client.bulk(
    'task',
    ['high', 'low', 'low'].map(priority => ({ op: 'create', values: { subject: 'Group', priority } })),
  )
  const where = { subject: { eq: 'Group' } }
  expect(await client.aggregate('task', { group_by: ['priority'], measures: { n: { count: '*' } }, where, sort: ['n'] })).toEqual([
    { priority: 'high', n: 1 },
    { priority: 'low', n: 2 },
  ])
})

test('a create whose answer was lost is sent again and happens once', async () => {
  const line = await layLine(url)
  const client = await signedIn({ url: line.url })
  line.cut(/POST \/api\/records\/task$/)
  expect(await client.create('task', { subject: 'Once' })).toMatchObject({ subject: 'Once' })
  expect(line.sent.filter(request => request === 'POST /api/records/task')).toHaveLength(2)
  expect(await allOf(client.list('task', { where: { subject: { eq: 'Once' } } }))).toHaveLength(1)
})

test('a bulk whose answer was lost happens once too', async () => {
  const line = await layLine(url)
  const client = await signedIn({ url: line.url })
  line.cut(/\/bulk$/)
  const [result] = await client.bulk('task', [{ op: 'create', values: { subject: 'Once in bulk' } }])
  expect(result).toMatchObject({ op: 'create', version: 1 })
  expect(await allOf(client.list('task', { where: { subject: { eq: 'Once in bulk' } } }))).toHaveLength(1)
})

test('a change whose answer was lost is not sent again: nobody knows whether it happened', async () => {
  const line = await layLine(url)
  const client = await signedIn({ url: line.url })
  const made = await client.create('task', { subject: 'Change me' })
  if (made === null) throw new Error('An administrator sees what he makes.')
  line.cut(/^PATCH/)
  await expect(client.update('task', made, { subject: 'Changed' })).rejects.toBeInstanceOf(Unreachable)
  expect(line.sent.filter(request => request.startsWith('PATCH'))).toHaveLength(1)
  const refused = await problemOf(client.update('task', made, { subject: 'Changed again' }))
  expect([refused.status, refused.document.version]).toEqual([412, 2])
})

test('what is no JSON is told as text: a file, and the types themselves', async () => {
  const client = await signedIn()
  await client.create('task', { subject: 'On paper' })
  const query = { select: ['subject'], where: { subject: { eq: 'On paper' } } }
  const file = await client.request<string>('POST', '/api/records/task/export', { body: { query, format: 'csv' } })
  expect(file.data).toContain('On paper')
  expect((await client.request<string>('GET', '/api/types.ts')).data).toContain('export interface Nexus')
  const nothing = await client.request('PATCH', '/api/me', { body: { locale: 'en' } })
  expect([nothing.status, nothing.data]).toEqual([204, null])
})

test('a question whose answer was lost is asked again, as often as it was told', async () => {
  const line = await layLine(url)
  const client = await signedIn({ url: line.url })
  line.cut(/\/query$/, 2)
  expect((await client.page('task', { limit: 1 })).data).toHaveLength(1)
  const impatient = await signedIn({ url: line.url, retries: 0 })
  line.cut(/\/query$/)
  await expect(impatient.page('task', { limit: 1 })).rejects.toBeInstanceOf(Unreachable)
})

test('what is wrong with a record comes with pointers, in the language that was asked for', async () => {
  const client = await signedIn({ locale: () => 'es' })
  const problem = await problemOf(client.create('task', { subject: '', priority: 'whenever' }))
  expect([problem.status, problem.code, problem.retryAfter]).toEqual([422, 'VALIDATE_FAILED', null])
  expect(problem.errors.map(error => error.pointer).sort()).toEqual(['/priority', '/subject'])
  expect(problem.errors.find(error => error.pointer === '/subject')?.message).toContain('Asunto')
  expect(problem.document.trace_id).toMatch(/^[0-9a-f]{32}$/)
})

test('a token that is refused is renewed by the cookie, once for all calls, and the calls go through', async () => {
  const line = await layLine(url)
  let spoilt = 0
  const client = await signedIn({
    url: line.url,
    fetch: (input, init) => {
      const headers = new Headers(init?.headers)
      if (headers.has('authorization') && spoilt < 3) {
        spoilt += 1
        headers.set('authorization', 'Bearer of-nothing')
      }
      return fetch(input, { ...init, headers })
    },
  })
  await Promise.all([client.page('task'), client.page('deal'), client.search('call')])
  expect(line.sent.filter(request => request === 'POST /api/auth/refresh')).toHaveLength(1)
})

test('a call waits while somebody signs in again, and then goes through', async () => {
  let signInAgain = (): void => undefined
  const client = await signedIn({ onSessionEnd: () => new Promise<void>(resolve => (signInAgain = resolve)) })
  await endAllSessions(client)
  const waiting = Promise.all([client.page('task', { limit: 1 }), client.page('deal', { limit: 1 })])
  const given = new AbortController()
  const abandoned = client.page('task', {}, { signal: given.signal })
  await vi.waitFor(() => expect(signInAgain).not.toHaveLength(0), { timeout: 5_000 })
  given.abort(new Error('Not wanted any more.'))
  await expect(abandoned).rejects.toThrow('Not wanted any more.')
  await client.signIn(demo)
  signInAgain()
  expect((await waiting)[0].data).toHaveLength(1)
})

test('where nobody has signed in by the time the wait is over, calls fail, and the engine is not asked again and again', async () => {
  let asked = 0
  const counted: typeof fetch = (input, init) => {
    if (String(input).endsWith('/auth/refresh')) asked += 1
    return fetch(input, init)
  }
  const client = await signedIn({ fetch: counted, onSessionEnd: async () => undefined })
  await endAllSessions(client)
  expect((await problemOf(client.page('task'))).status).toBe(401)
  expect(asked).toBe(2)
})

test('without anybody to sign in again a call fails with what the engine said', async () => {
  const client = await signedIn()
  await endAllSessions(client)
  expect((await problemOf(client.page('task'))).status).toBe(401)
  await client.signIn(demo)
  await client.signOut()
  expect((await problemOf(client.page('task'))).status).toBe(401)
  expect(await client.resume()).toBe(false)
})

test('a key of the API needs no session', async () => {
  const admin = await signedIn()
  const { data } = await admin.request<{ key: string }>('POST', '/api/admin/api_keys', { body: { name: 'Reports', roles: ['admin'] } })
  const client = createClient({ url, apiKey: data.key })
  expect((await client.page('task', { limit: 1 })).data).toHaveLength(1)
  expect((await problemOf(createClient({ url, apiKey: `${data.key}x` }).page('task'))).status).toBe(401)
})

test('a call that is not wanted any more ends at once, also while it waits to be sent again', async () => {
  const nobody = createClient({ url: 'http://127.0.0.1:9', apiKey: 'key', retries: 20 })
  const given = new AbortController()
  const waiting = nobody.page('task', {}, { signal: given.signal })
  setTimeout(() => given.abort(new Error('Never mind.')), 50)
  await expect(waiting).rejects.toThrow('Never mind.')
})

test('whoever is too fast waits as long as he is asked to', async () => {
  const pace = { perSecond: 1e9, burst: 1e9 }
  const slow = await startWorkspace({
    database: workspace.database,
    rates: { address: pace, refused: pace, principal: { perSecond: 1, burst: 1 } },
  })
  const address = await slow.listen()
  const [patient, hasty] = [await signedIn({ url: address }), await signedIn({ url: address, retries: 0 })]
  await patient.page('task', { limit: 1 })
  const refused = await problemOf(hasty.page('task', { limit: 1 }))
  expect([refused.code, refused.retryAfter]).toEqual(['GUARD_RATE_LIMITED', 1])
  const started = performance.now()
  await patient.create('task', { subject: 'Patient' })
  expect(performance.now() - started).toBeGreaterThan(900)
})

test('whoever signs in too often is told at once', async () => {
  const line = await layLine(url)
  const client = createClient({ url: line.url })
  const wrong = { ...demo, email: 'nobody@demo.test' }
  const refusals = await Promise.all(Array.from({ length: 14 }, () => problemOf(client.signIn(wrong))))
  expect(refusals.filter(refusal => refusal.code === 'IDENTITY_THROTTLED').length).toBeGreaterThan(0)
  expect(line.sent).toEqual(Array.from({ length: 14 }, () => 'POST /api/auth/login'))
})

test('tells of another revision of the model, and is never answered by an older one', async () => {
  const onRevision = vi.fn()
  const [client, author] = [await signedIn({ onRevision }), await signedIn()]
  await client.page('task', { limit: 1 })
  const field = { key: 'room', type: 'text', label: { en: 'Room' } }
  const revision = await publish(author, { kind: 'entity', extends: 'sales/task', fields: [field] })
  await vi.waitFor(async () => {
    await client.page('task', { limit: 1 })
    expect(onRevision).toHaveBeenCalledWith(revision)
  })
  expect(onRevision).toHaveBeenCalledTimes(1)
})

test('what was written in spite of a rule that only warns is told', async () => {
  const onWarnings = vi.fn()
  const [client, author] = [await signedIn({ onWarnings }), await signedIn()]
  const rule = { key: 'say_more', check: { subject: { ne: 'Hm' } }, message: { en: 'Say more.' }, severity: 'warning' }
  await publish(author, { kind: 'entity', extends: 'sales/task', rules: [rule] })
  await client.create('task', { subject: 'Hm' })
  expect(onWarnings).toHaveBeenCalledExactlyOnceWith([expect.objectContaining({ message: 'Say more.' })])
})

/** Publishes a document of tasks and waits until it is live. */
async function publish(author: Client, document: object): Promise<number> {
  await author.request('PUT', '/api/studio/draft/entity/task', { body: document })
  return (await author.request<{ revision: number }>('POST', '/api/studio/draft/publish', { body: { note: 'For a test' } })).data.revision
}

async function endAllSessions(client: Client): Promise<void> {
  await client.request('POST', '/api/auth/logout?everywhere=true')
}
