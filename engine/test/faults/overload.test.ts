/** What people wait when three times as many come as a process can serve: with the guard some two seconds or no time at all, without it until their connection is given up. */
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
const { data: session } = await workspace.client('')<{ access_token: string }>('POST', '/api/auth/login', {
  tenant: 'crowd',
  email: 'admin@crowd.test',
  password: PASSWORD,
})
const customer = (await workspace.wired.models.current(tenant.id)).model.entities.get('customer')
await administer(workspace.database.adminUrl, async client => {
  await client.query(
    `insert into nexus.record (tenant_id, entity_no, id, created_at, updated_at, data) select $1, $2, (lpad(to_hex(n), 8, '0') || '-0000-7000-8000-000000000000')::uuid,
      now(), now(), jsonb_build_object($4::text, 'Customer ' || n) from generate_series(1, $3::int) n`,
    [tenant.id, customer?.no, RECORDS, String(customer?.fields.get('name')?.no)],
  )
  await client.query('analyze nexus.record')
})

/** Processes that serve until the test file is done. */
async function serve(manner: 'guarded' | 'unguarded'): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'nexus-served-'))
  const child = spawn(process.execPath, [join(import.meta.dirname, 'served-process.ts'), workspace.database.url, folder, manner], {
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

const [open, guarded] = [await serve('unguarded'), await serve('guarded')]

interface Answer {
  readonly status: number
  readonly ms: number
  readonly retryAfter: string | undefined
  readonly code: string | undefined
}

const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY })
afterAll(() => agent.destroy())

function ask(url: string, path: string): Promise<Answer> {
  const began = performance.now()
  return new Promise((resolve, reject) => {
    const asked = request(url + path, { agent, headers: { authorization: `Bearer ${session.access_token}` } }, answer => {
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
async function capacityOf(url: string): Promise<number> {
  for (let n = 0; n < 20; n++) expect((await ask(url, QUESTION)).status).toBe(200)
  const until = performance.now() + 2_000
  let answered = 0
  const lane = async (): Promise<void> => {
    while (performance.now() < until) {
      await ask(url, QUESTION)
      answered += 1
    }
  }
  await Promise.all(Array.from({ length: 16 }, lane))
  return answered / 2
}

/** People who come one by one, whatever became of those before them. */
async function crowd(url: string, perSecond: number): Promise<{ answers: Answer[]; health: Answer[] }> {
  const coming: Promise<Answer>[] = []
  const health: Promise<Answer>[] = []
  const began = performance.now()
  while (performance.now() < began + LOAD_S * 1_000) {
    while (coming.length < ((performance.now() - began) / 1_000) * perSecond) coming.push(ask(url, QUESTION))
    if (health.length < (performance.now() - began) / 500) health.push(ask(url, '/health/ready'))
    await sleep(5)
  }
  return { answers: await Promise.all(coming), health: await Promise.all(health) }
}

const at = (share: number, answers: readonly Answer[]): number =>
  answers.map(({ ms }) => ms).sort((a, b) => a - b)[Math.floor(answers.length * share)] ?? Number.NaN

function tell(manner: string, perSecond: number, answers: readonly Answer[]): string {
  const served = answers.filter(each => each.status === 200)
  const refused = answers.filter(each => each.status !== 200)
  const waits = (of: readonly Answer[]): string => [0.5, 0.99, 0.9999].map(share => `${(at(share, of) / 1_000).toFixed(2)}`).join(' / ')
  return `${manner}: ${perSecond.toFixed(0)} come per second; ${(served.length / LOAD_S).toFixed(0)} served after ${waits(served)} s (p50 / p99 / most), ${(refused.length / LOAD_S).toFixed(0)} refused after ${waits(refused)} s`
}

test('who comes to an overloaded process is answered in time, or told at once that he will not be', { timeout: 120_000 }, async () => {
  const perSecond = (await capacityOf(guarded)) * TIMES_CAPACITY
  await capacityOf(open)
  const without = await crowd(open, perSecond)
  const { answers, health } = await crowd(guarded, perSecond)
  console.log([tell('without the guard', perSecond, without.answers), tell('with it', perSecond, answers)].join('\n'))

  const served = answers.filter(each => each.status === 200)
  const refused = answers.filter(each => each.status !== 200)
  // A few of the first ones may still be sent away by the pool of connections.
  const told = refused.filter(each => each.status === 503 && each.code === 'HTTP_OVERLOADED' && each.retryAfter === '5')
  expect(told.length / refused.length).toBeGreaterThan(0.97)
  expect(health.every(each => each.status === 200)).toBe(true)
  // What is served is what can be: nobody is sent away from a process that has time for him.
  expect(served.length / LOAD_S).toBeGreaterThan((perSecond / TIMES_CAPACITY) * 0.5)
  expect(at(0.99, served)).toBeLessThan(4_000)
  expect([at(0.5, told) < 100, at(0.95, told) < 1_000]).toEqual([true, true])
  // Without it they wait in vain.
  const inVain = without.answers.filter(each => each.status !== 200 && each.ms > 1_500)
  expect(inVain.length / without.answers.length).toBeGreaterThan(0.2)
  // It passes by itself.
  await expect.poll(async () => (await ask(guarded, QUESTION)).status, { timeout: 5_000, interval: 100 }).toBe(200)
})
