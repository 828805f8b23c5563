/** Redis is killed, paused and comes back empty while people write: no write waits for it, and afterwards its stream holds every event once, in order. */
import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { administer } from '../../platform/server-admin.ts'
import { hasRedis, startTestRedis } from '../harness/redis.ts'
import { startWorkspace } from '../harness/workspace.ts'

const SLOW_MS = 2_000

test.skipIf(!hasRedis)('writes go on, and the stream is whole again', { timeout: 120_000 }, async () => {
  const redis = await startTestRedis()
  const workspace = await startWorkspace({ background: true, redisUrl: redis.url })
  const tenant = await workspace.createTenant('streams')
  const admin = await workspace.signIn('streams', 'admin@streams.test')
  const slowest: Record<string, number> = {}

  async function write(during: string): Promise<void> {
    for (let n = 0; n < 15; n++) {
      const started = performance.now()
      const answer = await admin('POST', '/api/records/customer', { name: `${during} ${n}`, party: ['client'], status: 'active' })
      expect([during, answer.status]).toEqual([during, 201])
      slowest[during] = Math.max(slowest[during] ?? 0, Math.round(performance.now() - started))
    }
    expect((await workspace.app.inject('/health/ready')).statusCode).toBe(200)
  }

  const given = async (): Promise<number> =>
    administer(workspace.database.adminUrl, async client => {
      const found = await client.query<{ n: number }>(
        'select coalesce(max(sequence), 0)::int as n from nexus.outbox where tenant_id = $1',
        [tenant.id],
      )
      return found.rows[0]?.n ?? 0
    })

  /** What the stream holds is what the ledger has, each once, in its order. */
  async function expectWholeStream(): Promise<void> {
    const client = new Redis(redis.url, { retryStrategy: () => 100 })
    client.on('error', () => undefined)
    try {
      const held = async (): Promise<number[]> => {
        const entries = await client.xrange(`nxp:${tenant.id}`, '-', '+').catch(() => [])
        return entries.map(([, fields]) => Number((JSON.parse(fields[1] ?? '{}') as { sequence: string }).sequence))
      }
      const waiting = async (): Promise<number> =>
        administer(
          workspace.database.adminUrl,
          async connection => (await connection.query('select 1 from nexus.outbox where sequence is null')).rowCount ?? 0,
        )
      await expect.poll(waiting, { timeout: 20_000 }).toBe(0)
      const last = await given()
      expect(last).toBeGreaterThan(0)
      await expect.poll(held, { timeout: 30_000, interval: 200 }).toEqual(Array.from({ length: last }, (_, n) => n + 1))
    } finally {
      client.disconnect()
    }
  }

  try {
    await write('with it')
    await expectWholeStream()

    redis.halt()
    await write('paused')
    redis.resume()
    await write('resumed')
    await expectWholeStream()

    await redis.kill()
    await write('killed')
    await redis.start()
    await write('empty')
    await expectWholeStream()

    const client = new Redis(redis.url)
    await client.flushall()
    client.disconnect()
    await write('emptied under way')
    // It is noticed when a connection is made; what was written since is there in any case, the rest can be read from Postgres.
    await redis.kill()
    await redis.start()
    await expectWholeStream()
    console.info(JSON.stringify({ slowest_ms: slowest }))
    for (const [during, ms] of Object.entries(slowest)) expect([during, ms < SLOW_MS]).toEqual([during, true])
    for (const line of workspace.warnings) expect(() => JSON.parse(line) as unknown).not.toThrow()
  } finally {
    await workspace.stop()
    await redis.kill()
  }
})
