/** Starts a Redis of its own for a test, on a free loopback port, holding nothing on disk; null where no redis-server is installed. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { shutDownRedisUnlessInUse } from '../../platform/redis.ts'

export interface TestRedis {
  readonly url: string
  /** As by kill -9: what it held is gone. */
  kill(): Promise<void>
  /** Starts an empty one at the same address. */
  start(): Promise<void>
  /** Neither answers nor goes away, until it is let go on. */
  halt(): void
  resume(): void
}

/** Ends the Redis that a process with this data folder had brought and was killed over: it outlives it, as it would an operator's, and nobody takes it up again. */
export async function endLeftRedis(dataDir: string): Promise<void> {
  const url = await readFile(join(dataDir, 'redis/url'), 'utf8').catch(() => undefined)
  if (url !== undefined) await shutDownRedisUnlessInUse(url.trim())
}

/** Whether this machine has a redis-server. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0

/** A running Redis. */
export async function startTestRedis(): Promise<TestRedis> {
  const port = await freePort()
  let child: ChildProcess | null = null
  const redis: TestRedis = {
    url: `redis://127.0.0.1:${port}`,
    async start() {
      const started = spawn('redis-server', [
        '--port',
        String(port),
        '--bind',
        '127.0.0.1',
        '--save',
        '',
        '--appendonly',
        'no',
        '--dir',
        tmpdir(),
      ])
      child = started
      for await (const chunk of started.stdout) if (String(chunk).includes('Ready to accept connections')) break
      started.stdout.resume()
    },
    halt: () => void child?.kill('SIGSTOP'),
    resume: () => void child?.kill('SIGCONT'),
    async kill() {
      if (child === null || child.exitCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
  await redis.start()
  return redis
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}
