/** Redis beside the engine: found, taken over, stopped, and absent without harm. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { canReachRedis, connectRedis } from '../platform/redis.ts'
import { findRedis } from './embedded-redis.ts'

const hasServer = (await import('node:child_process')).spawnSync('redis-server', ['--version']).status === 0
let dataDir: string

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'nexus-redis-'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(dataDir, { recursive: true, force: true })
})

const find = (redisUrl?: string) => findRedis({ redisUrl, dataDir, log: () => undefined, launches: true })

test('uses the one that is named', async () => {
  expect((await find('redis://elsewhere:6379'))?.url).toBe('redis://elsewhere:6379')
})

test('is nothing where there is no server to find', async () => {
  vi.stubEnv('PATH', dataDir)
  expect(await find()).toBeUndefined()
})

test.runIf(hasServer)('starts one with a password, takes it over the next time, and the last one out stops it', async () => {
  const first = await find()
  if (first === undefined) throw new Error('no Redis started')
  expect(statSync(join(dataDir, 'redis/url')).mode & 0o777).toBe(0o600)
  expect(await canReachRedis(first.url.replace(/:[^:@]+@/, ':guess@'))).toBe(false)
  expect((await find())?.url).toBe(readFileSync(join(dataDir, 'redis/url'), 'utf8').trim())

  const user = connectRedis(first.url)
  await vi.waitFor(() => expect(user.isUp()).toBe(true), { timeout: 5_000 })
  await first.stop()
  expect(await user.client.ping()).toBe('PONG')
  await user.close()
  await first.stop()
  expect(await canReachRedis(first.url)).toBe(false)
})

test.runIf(hasServer)('who only uses what is there starts none, and finds the one that runs', async () => {
  const look = () => findRedis({ redisUrl: undefined, dataDir, log: () => undefined, launches: false })
  expect(await look()).toBeUndefined()
  expect(readdirSync(dataDir)).toEqual([])
  const started = await find()
  expect((await look())?.url).toBe(started?.url)
  await started?.stop()
  expect(await look()).toBeUndefined()
})

test.runIf(hasServer)('a command fails at once while Redis is away, and nothing else happens', async () => {
  const redis = await find()
  if (redis === undefined) throw new Error('no Redis started')
  const away = connectRedis('redis://127.0.0.1:1')
  await expect(away.client.ping()).rejects.toThrow()
  expect(away.isUp()).toBe(false)
  await away.close()
  await redis.stop()
})
