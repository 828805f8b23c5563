/**
 * What clients and operators see while Postgres is killed, hangs or has no connection left, and how it ends: nobody waits without an answer,
 * nothing has to be started again but Postgres itself. NEXUS_TEST_AWAY_SECONDS makes the time it hangs longer than it is by default.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { administer } from '../../platform/server-admin.ts'
import { startOwnPostgres } from '../harness/own-postgres.ts'
import { type Client, type Reply, startWorkspace } from '../harness/workspace.ts'

const AWAY_MS = Number(process.env['NEXUS_TEST_AWAY_SECONDS'] ?? '4') * 1000
// The longest a request may wait: a connection (3 s) and a statement that nobody answers (6 s).
const LONGEST_MS = 10_000

const postgres = await startOwnPostgres()
const workspace = await startWorkspace({
  database: postgres.database,
  background: true,
  env: { NEXUS_METRICS_TOKEN: 'metrics-token-of-the-test-0123456789' },
})
await workspace.createTenant('away')
const admin = await workspace.signIn('away', 'admin@away.test')

const create = (client: Client, name: string): Promise<Reply<{ id: string }>> =>
  client('POST', '/api/records/customer', { name, party: ['client'], status: 'active' })
const health = async (): Promise<number[]> => [
  (await workspace.app.inject('/health')).statusCode,
  (await workspace.app.inject('/health/ready')).statusCode,
]

async function timed<T>(work: Promise<T>): Promise<{ answer: T; ms: number }> {
  const started = performance.now()
  const answer = await work
  return { answer, ms: performance.now() - started }
}

/** Reads and writes meanwhile: what each was answered, and how long the slowest took. */
async function askAll(): Promise<{ statuses: string[]; slowest: number }> {
  const asked = [admin('GET', '/api/records/customer?limit=1'), create(admin, `Meanwhile ${Math.random()}`)].map(timed)
  const answers = await Promise.all(asked)
  return {
    statuses: answers.map(({ answer }) =>
      `${answer.status} ${answer.status < 400 ? '' : `${answer.problem.code} retry-after=${String(answer.headers['retry-after'])}`}`.trim(),
    ),
    slowest: Math.max(...answers.map(({ ms }) => ms)),
  }
}

const AWAY = '503 SQL_UNAVAILABLE retry-after=2'
/** A commit that was on its way when the line broke; a client can not send it again unread. */
const UNKNOWN = '503 SQL_OUTCOME_UNKNOWN retry-after=undefined'

async function recovers(): Promise<number> {
  const started = performance.now()
  await expect.poll(async () => (await askAll()).statuses, { timeout: 30_000, interval: 100 }).toEqual(['200', '201'])
  const ms = performance.now() - started
  await expect.poll(health, { timeout: 5_000 }).toEqual([200, 200])
  // Background work goes on by itself: nothing waits for its place or its seal.
  const waiting = async (): Promise<unknown> =>
    administer(postgres.database.adminUrl, async client => {
      const found = await client.query<object>(
        `select (select count(*)::int from nexus.outbox where sequence is null) as events, (select count(*)::int from nexus.audit_unsealed) as audit`,
      )
      return found.rows[0]
    })
  await expect.poll(waiting, { timeout: 15_000, interval: 100 }).toEqual({ events: 0, audit: 0 })
  return Math.round(ms)
}

function expectCleanLog(): void {
  for (const line of workspace.warnings) {
    const { level, msg } = JSON.parse(line) as { level: string; msg: string }
    expect(['warn', 'error']).toContain(level)
    expect(msg).not.toMatch(/password|insert into|select /i)
  }
}

test('a server that was killed: 503 at once, and everything by itself once it is back', { timeout: 120_000 }, async () => {
  expect((await create(admin, 'Before')).status).toBe(201)
  await postgres.kill()
  const { statuses, slowest } = await askAll()
  expect(statuses).toEqual([AWAY, AWAY])
  expect(slowest).toBeLessThan(2_000)
  await sleep(1_100)
  expect(await health()).toEqual([200, 503])
  const scraped = await workspace.app.inject({ url: '/metrics', headers: { authorization: 'Bearer metrics-token-of-the-test-0123456789' } })
  expect(scraped.body).toMatch(/^nexus_postgres_up 0$/m)
  await postgres.start()
  console.info(JSON.stringify({ killed: true, slowest_ms: Math.round(slowest), recovered_ms: await recovers() }))
  expect((await admin<object[]>('POST', '/api/records/customer/query', { where: { name: { eq: 'Before' } } })).data).toHaveLength(1)
  expectCleanLog()
})

test('a server that hangs: nobody waits without an end, and everything by itself once it goes on', { timeout: 120_000 }, async () => {
  postgres.halt()
  const started = performance.now()
  const rounds: Awaited<ReturnType<typeof askAll>>[] = []
  while (performance.now() - started < AWAY_MS) rounds.push(await askAll())
  expect(await health()).toEqual([200, 503])
  postgres.resume()
  const slowest = Math.max(...rounds.map(round => round.slowest))
  const seen = new Set(rounds.flatMap(round => round.statuses))
  console.info(JSON.stringify({ hung_ms: AWAY_MS, slowest_ms: Math.round(slowest), answers: [...seen], recovered_ms: await recovers() }))
  expect([...seen].filter(status => ![AWAY, UNKNOWN, '503 SQL_TIMEOUT retry-after=2'].includes(status))).toEqual([])
  expect(slowest).toBeLessThan(LONGEST_MS)
  expectCleanLog()
})

test('writers that all wait for one lock: 503 with retry-after, others go on reading', { timeout: 60_000 }, async () => {
  await administer(postgres.database.adminUrl, async client => {
    await client.query('begin')
    await client.query(`select set_config('nexus.tenant_id', (select id::text from nexus.tenant where key = 'away'), true)`)
    await client.query('select pg_advisory_xact_lock(nexus.tenant_lock())')
    const writes = Array.from({ length: 40 }, (_, n) => timed(create(admin, `Queued ${n}`)))
    await sleep(500)
    const read = await timed(admin('GET', '/api/records/customer?limit=1'))
    expect(read.answer.status).toBe(200)
    expect(read.ms).toBeLessThan(1_500)
    const scraped = await workspace.app.inject({
      url: '/metrics',
      headers: { authorization: 'Bearer metrics-token-of-the-test-0123456789' },
    })
    expect(Number(/^nexus_postgres_pool_waiting\{pool="write"\} (\d+)$/m.exec(scraped.body)?.[1])).toBeGreaterThan(0)
    const answers = await Promise.all(writes)
    const told = new Set(answers.map(({ answer }) => `${answer.status} ${answer.problem.code} ${String(answer.headers['retry-after'])}`))
    expect([...told].filter(each => !['503 SQL_TIMEOUT 2', '503 SQL_UNAVAILABLE 2'].includes(each))).toEqual([])
    expect(Math.max(...answers.map(({ ms }) => ms))).toBeLessThan(LONGEST_MS)
    await client.query('rollback')
  })
  expect((await create(admin, 'After')).status).toBe(201)
  const { data } = await admin<object[]>('POST', '/api/records/customer/query', { where: { name: { starts_with: 'Queued' } } })
  expect(data).toEqual([])
  expectCleanLog()
})
