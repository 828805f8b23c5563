/** What people wait when five times as many come as a process can serve: some two seconds or no time at all, and people of other tenants do not wait for them. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { administer } from '../../platform/server-admin.ts'
import { PASSWORD, startWorkspace } from '../harness/workspace.ts'

const RECORDS = 200_000
const LOAD_S = 8
const TIMES_CAPACITY = 5

const workspace = await startWorkspace()
const tenant = await workspace.createTenant('crowd')
await workspace.createTenant('quiet')
async function signIn(key: string): Promise<string> {
  const { data } = await workspace.client('')<{ access_token: string }>('POST', '/api/auth/login', {
    tenant: key,
    email: `admin@${key}.test`,
    password: PASSWORD,
  })
  return data.access_token
}
const [crowded, quiet] = [await signIn('crowd'), await signIn('quiet')]
const customer = (await workspace.wired.models.current(tenant.id)).model.entities.get('customer')
await administer(workspace.database.adminUrl, async client => {
  await client.query(
    `insert into nexus.record (tenant_id, entity_no, id, created_at, updated_at, data) select $1, $2, (lpad(to_hex(n), 8, '0') || '-0000-7000-8000-000000000000')::uuid,
      now(), now(), jsonb_build_object($4::text, 'Customer ' || n) from generate_series(1, $3::int) n`,
    [tenant.id, customer?.no, RECORDS, String(customer?.fields.get('name')?.no)],
  )
  await client.query('analyze nexus.record')
})

/** A process that serves until the test file is done. */
async function serve(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'nexus-served-'))
  const child = spawn(process.execPath, [join(import.meta.dirname, 'served-process.ts'), workspace.database.url, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  afterAll(async () => {
    const gone = once(child, 'close')
    child.kill('SIGKILL')
    await gone
    await rm(folder, { recursive: true, force: true })
  })
  const [address] = (await once(child.stdout, 'data')) as [Buffer]
  return address.toString()
}

const url = await serve()

interface Answer {
  readonly status: number
  readonly ms: number
  readonly retryAfter: string | undefined
  readonly code: string | undefined
}

const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })
afterAll(() => agent.destroy())

function ask(path: string, token = crowded): Promise<Answer> {
  const began = performance.now()
  return new Promise((resolve, reject) => {
    const asked = request(url + path, { agent, headers: { authorization: `Bearer ${token}` } }, answer => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () => {
        const code = /"code":"(\w+)"/.exec(answer.statusCode === 200 ? '' : Buffer.concat(chunks).toString())?.[1]
        resolve({ status: answer.statusCode ?? 0, ms: performance.now() - began, retryAfter: answer.headers['retry-after'], code })
      })
    })
    asked.on('error', reject)
    asked.end()
  })
}

/** A question that Postgres has some work with. */
const QUESTION = '/api/records/customer?select=name&limit=1&count=exact'

/** How many a process answers in a second when nobody has to wait for long. */
async function capacity(): Promise<number> {
  for (let n = 0; n < 20; n++) expect((await ask(QUESTION)).status).toBe(200)
  const until = performance.now() + 2_000
  let answered = 0
  const lane = async (): Promise<void> => {
    while (performance.now() < until) {
      await ask(QUESTION)
      answered += 1
    }
  }
  await Promise.all(Array.from({ length: 16 }, lane))
  return answered / 2
}

interface Told {
  readonly answers: Answer[]
  readonly others: Answer[]
  readonly health: Answer[]
}

/** People who come one by one, whatever became of those before them; beside them somebody of another tenant, and whoever watches the process. */
async function crowd(perSecond: number): Promise<Told> {
  const coming: Promise<Answer>[] = []
  const others: Promise<Answer>[] = []
  const health: Promise<Answer>[] = []
  const began = performance.now()
  while (performance.now() < began + LOAD_S * 1_000) {
    while (coming.length < ((performance.now() - began) / 1_000) * perSecond) coming.push(ask(QUESTION))
    if (others.length < (performance.now() - began) / 100) others.push(ask('/api/records/customer?limit=1', quiet))
    if (health.length < (performance.now() - began) / 500) health.push(ask('/health/ready'))
    await sleep(5)
  }
  return { answers: await Promise.all(coming), others: await Promise.all(others), health: await Promise.all(health) }
}

const at = (share: number, answers: readonly Answer[]): number =>
  answers.map(({ ms }) => ms).sort((a, b) => a - b)[Math.floor(answers.length * share)] ?? Number.NaN

const waits = (of: readonly Answer[]): string => [0.5, 0.99, 0.9999].map(share => (at(share, of) / 1_000).toFixed(2)).join(' / ')

test('who comes to an overloaded tenant is answered in time or told at once, and nobody else waits', { timeout: 120_000 }, async () => {
  const perSecond = (await capacity()) * TIMES_CAPACITY
  expect((await ask('/api/records/customer?limit=1', quiet)).status).toBe(200)
  const { answers, others, health } = await crowd(perSecond)
  const served = answers.filter(each => each.status === 200)
  const refused = answers.filter(each => each.status !== 200)
  console.log(
    `${perSecond.toFixed(0)} come per second; ${(served.length / LOAD_S).toFixed(0)} served after ${waits(served)} s (p50 / p99 / most), ${(refused.length / LOAD_S).toFixed(0)} refused after ${waits(refused)} s; another tenant answered after ${waits(others)} s`,
  )
  const told = refused.filter(each => each.status === 503 && each.code === 'HTTP_OVERLOADED' && each.retryAfter === '5')
  // The first ones came before it was known how long they take.
  expect(told.length / refused.length).toBeGreaterThan(0.9)
  expect(refused.length).toBeGreaterThan(served.length)
  expect([...health, ...others].every(each => each.status === 200)).toBe(true)
  // What is served is what can be: nobody is sent away from a process that has time for him.
  expect(served.length / LOAD_S).toBeGreaterThan((perSecond / TIMES_CAPACITY) * 0.5)
  // To be told takes a fraction of what the answer takes; whoever belongs to another tenant waits for Postgres and not for a turn.
  expect([at(0.5, told) < at(0.5, served) / 4, at(0.5, others) < at(0.5, served) / 2]).toEqual([true, true])
  // It passes by itself.
  await expect.poll(async () => (await ask(QUESTION)).status, { timeout: 5_000, interval: 100 }).toBe(200)
})
