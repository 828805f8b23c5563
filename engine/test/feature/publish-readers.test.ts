/** Readers of two processes while publishes give what stands in the slots another meaning: every answer is right under one revision. */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type Client, startWorkspace } from '../harness/workspace.ts'

const here = await startWorkspace()
const beside = await startWorkspace({ database: here.database })
await here.createTenant('acme', ['core'])
const admin = await here.signIn('acme', 'admin@acme.test')
const there = await beside.signIn('acme', 'admin@acme.test')

const EACH = 20
const STAGES = ['new', 'won', 'lost']

/** A choice is stored as the place of its option: another order of the options is another content of the slot. */
const dealOf = (stages: readonly string[]): object => ({
  kind: 'entity',
  key: 'deal',
  label: { en: 'Deal' },
  fields: [
    { key: 'name', type: 'text' },
    { key: 'stage', type: 'choice', filterable: true, sortable: true, options: stages.map(value => ({ value, label: { en: value } })) },
  ],
})
const RIGHTS = [
  { kind: 'query_policy', key: 'deal', entity: 'deal', filter: { stage: true }, sort: ['stage'], group: ['stage'] },
  { kind: 'access_profile', key: 'deals', entities: { deal: { operations: ['create', 'read'], fields: { '*': 'write' } } } },
  { kind: 'role', extends: 'core/admin', access_profiles: ['core_admin', 'deals'] },
]

async function publish(...documents: readonly object[]): Promise<void> {
  for (const document of documents) {
    const { kind, key } = { key: 'admin', ...document } as { kind: string; key: string }
    const { headers } = await admin('GET', `/api/studio/documents/${kind}/${key}`)
    const saved = await admin<{ problems: object[] }>('PUT', `/api/studio/draft/${kind}/${key}`, document, {
      'if-match': String(headers['etag'] ?? '"0"'),
    })
    expect(saved.data?.problems ?? saved.problem).toEqual([])
  }
  expect(await admin('POST', '/api/studio/draft/publish', { note: 'A test' })).toMatchObject({ status: 200 })
}

interface Deal {
  readonly id: string
  readonly stage: string
}
const isEvery = (rows: readonly Deal[], stage: string): boolean => rows.length === EACH && rows.every(row => row.stage === stage)

/** What a caller asks again and again, and whether the answer is right under some order of the options. */
const QUESTIONS: ((client: Client) => Promise<{ status: number; right: boolean }>)[] = [
  async client => {
    const { status, data } = await client<Deal[]>('POST', '/api/records/deal/query', { where: { stage: { eq: 'new' } }, limit: 50 })
    return { status, right: isEvery(data ?? [], 'new') }
  },
  async client => {
    const { status, data } = await client<Deal[]>('POST', '/api/records/deal/query', { sort: ['stage'], limit: 100, count: 'exact' })
    const order = (data ?? []).map(row => row.stage).filter((stage, at, all) => stage !== all[at - 1])
    return { status, right: order.join() === STAGES.join() || order.join() === STAGES.toReversed().join() }
  },
  async client => {
    const { status, data } = await client<{ stage: string; n: number }[]>('POST', '/api/records/deal/aggregate', {
      where: { stage: { in: ['new', 'won'] } },
      group_by: ['stage'],
      measures: { n: { count: '*' } },
    })
    return {
      status,
      right:
        (data ?? [])
          .map(row => `${row.stage} ${row.n}`)
          .toSorted()
          .join() === `new ${EACH},won ${EACH}`,
    }
  },
]

test('no reader sees slots of one revision through the model of another', async () => {
  await publish(dealOf(STAGES), ...RIGHTS)
  for (let n = 0; n < EACH * STAGES.length; n++)
    await admin('POST', '/api/records/deal', { name: `Deal ${n}`, stage: STAGES[n % STAGES.length] })
  let running = true
  const wrong: string[] = []
  let right = 0
  const ask = async (client: Client, name: string): Promise<void> => {
    for (let n = 0; running; n++) {
      const answer = await QUESTIONS[n % QUESTIONS.length]?.(client)
      if (answer?.status === 200 && answer.right) right += 1
      // A request that two publishes in a row overtook says so.
      else if (answer?.status !== 409) wrong.push(`${name}, question ${n % QUESTIONS.length}: ${answer?.status}`)
    }
  }
  const asking = [ask(admin, 'same process'), ask(there, 'other process'), ask(there, 'other process')]
  for (let n = 0; n < 8; n++) {
    await publish(dealOf(n % 2 === 0 ? STAGES.toReversed() : STAGES))
    await sleep(300)
  }
  running = false
  await Promise.all(asking)
  expect(wrong).toEqual([])
  expect(right).toBeGreaterThan(100)
}, 60_000)
