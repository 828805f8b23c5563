/** A port that somebody takes while a process gets ready: it says so, ends, and leaves no server of its own behind. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { canReachRedis } from '../platform/redis.ts'
import { freshDatabase } from '../test/harness/database.ts'

test('a port that is taken after it was looked at', { timeout: 60_000 }, async () => {
  const { adminUrl } = await freshDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'nexus-port-'))
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  other.close()
  await once(other, 'close')
  const { PATH, NODE_COMPILE_CACHE } = process.env
  const env = { PATH, NODE_COMPILE_CACHE, NODE_ENV: 'test', NEXUS_DATA_DIR: folder, DATABASE_URL: adminUrl, PORT: String(port) }
  const ended = new Promise<{ code: number; stderr: string }>(done => {
    execFile(process.execPath, [join(import.meta.dirname, 'cli.ts'), 'start', '--role', 'worker'], { env }, (error, _, stderr) =>
      done({ code: error === null ? 0 : Number(error.code), stderr }),
    )
  })
  // The port was looked at before the Redis was started, and is listened on after.
  const redis = join(folder, 'redis/url')
  while (!existsSync(redis)) await sleep(1)
  const taker = createServer().listen(port, '127.0.0.1')
  await once(taker, 'listening')
  expect(await ended).toEqual({ code: 2, stderr: expect.stringContaining(`Port ${port} of 127.0.0.1 is taken by another program.`) })
  expect(await canReachRedis(readFileSync(redis, 'utf8').trim())).toBe(false)
  taker.close()
  rmSync(folder, { recursive: true })
})
