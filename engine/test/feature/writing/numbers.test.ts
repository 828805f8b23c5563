/** Numbers that several processes give at once, and one that ends with numbers still in its hands. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { administer } from '../../../platform/server-admin.ts'
import { type Client, startWorkspace, type Workspace } from '../../harness/workspace.ts'

const first = await startWorkspace()
await first.createTenant('acme', ['core'])
const admin = await first.signIn('acme', 'admin@acme.test')

const WRITERS = 32
const slip = {
  kind: 'entity',
  key: 'slip',
  label: { en: 'Slip' },
  title_field: 'name',
  fields: [
    { key: 'name', type: 'text', required: true, max_length: 40, filterable: true, sortable: true },
    { key: 'number', type: 'autonumber', template: 'N-{seq}' },
    { key: 'serial', type: 'autonumber', template: 'S-{seq}', gapless: true },
  ],
  unique: [{ fields: ['name'] }],
}

const stub = { kind: 'entity', key: 'stub', label: { en: 'Stub' }, fields: [{ key: 'number', type: 'autonumber', template: 'N-{seq}' }] }

const numberOf = (text: unknown): number => Number(String(text).slice(2))

async function publishSlips(): Promise<void> {
  const all = { operations: ['create', 'read'], fields: { '*': 'write' } }
  const rights = { slip: all, stub: all }
  const documents = [
    slip,
    stub,
    { kind: 'access_profile', key: 'slips', label: { en: 'Slips' }, entities: rights },
    { kind: 'role', key: 'admin', extends: 'core/admin', access_profiles: ['core_admin', 'slips'] },
  ]
  for (const { key, ...document } of documents) {
    const body = 'extends' in document ? document : { key, ...document }
    expect((await admin('PUT', `/api/studio/draft/${document.kind}/${key}`, body, { 'if-match': '"0"' })).status).toBeLessThan(300)
  }
  const published = await admin('POST', '/api/studio/draft/publish', { note: 'Slips' })
  expect(published.status).toBe(200)
}

/** Creates that many at once, every third of them one that the unique rule refuses; answers the numbers of those that were made. */
async function write(client: Client, name: string): Promise<{ numbers: number[]; serials: number[] }> {
  const answers = await Promise.all(
    Array.from({ length: WRITERS }, (_, n) =>
      client<{ number: string; serial: string }>('POST', '/api/records/slip', { name: n % 3 === 2 ? 'taken' : `${name} ${n}` }),
    ),
  )
  const made = answers.filter(answer => answer.status === 201)
  expect(new Set(answers.map(answer => answer.status))).toEqual(new Set([201, 409]))
  return { numbers: made.map(({ data }) => numberOf(data.number)), serials: made.map(({ data }) => numberOf(data.serial)) }
}

test('many creates at once take one number after the other', async () => {
  await publishSlips()
  const made = async (count: number): Promise<number[]> => {
    const creates = Array.from({ length: count }, () => admin<{ number: string }>('POST', '/api/records/stub', {}))
    return (await Promise.all(creates)).map(({ data }) => numberOf(data.number))
  }
  const numbers = [...(await made(200)), ...(await made(1)), ...(await made(100))]
  expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 301 }, (_, n) => n + 1))
})

test('a reservation that fails fails its own create; those who waited for it ask themselves', async () => {
  // More than a block holds: some of them have to wait.
  const CREATES = 60
  const [answers, cancelled] = await administer(first.database.adminUrl, async client => {
    await client.query('begin')
    await client.query('select from nexus.number_series for update')
    const creates = Array.from({ length: CREATES }, () => admin<{ number: string }>('POST', '/api/records/stub', {}))
    const held: { pid: number }[] = []
    while (held.length === 0) {
      await sleep(200)
      const { rows } = await client.query<{ pid: number }>(
        `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%number_series%'`,
      )
      held.push(...rows)
    }
    for (const { pid } of held) await client.query('select pg_cancel_backend($1)', [pid])
    await client.query('rollback')
    return [await Promise.all(creates), held.length] as const
  })
  expect(cancelled).toBe(1)
  const made = answers.filter(answer => answer.status === 201).map(({ data }) => numberOf(data.number))
  expect([made.length, new Set(made).size]).toEqual([CREATES - 1, CREATES - 1])
})

test('two processes and the one that follows an ended one give no number twice, and a gapless series has no gap', async () => {
  expect((await admin('POST', '/api/records/slip', { name: 'taken' })).status).toBe(201)

  const process = async (): Promise<[Workspace, Client]> => {
    const workspace = await startWorkspace({ database: first.database })
    return [workspace, await workspace.signIn('acme', 'admin@acme.test')]
  }
  const [second, there] = await process()
  const rounds = [await Promise.all([write(admin, 'a'), write(there, 'b')]), await Promise.all([write(admin, 'c'), write(there, 'd')])]
  // What it had reserved is lost with it: whoever comes after must not give it again.
  await second.stop()
  const [, after] = await process()
  rounds.push(await Promise.all([write(admin, 'e'), write(after, 'f')]))

  const numbers = rounds.flat().flatMap(each => each.numbers)
  const serials = rounds.flat().flatMap(each => each.serials)
  const made = 6 * Math.ceil((WRITERS * 2) / 3)
  expect([numbers.length, new Set(numbers).size]).toEqual([made, made])
  expect(serials.toSorted((a, b) => a - b)).toEqual(Array.from({ length: made }, (_, n) => n + 2))
})
