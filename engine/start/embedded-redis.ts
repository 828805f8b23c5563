/**
 * Finds a Redis: the one named, else a redis-server in PATH started beside the database, else none.
 * Nothing depends on it, so nothing here is an error.
 */
import { randomBytes } from 'node:crypto'
import { spawn } from 'node:child_process'
import { accessSync, constants, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { canReachRedis, shutDownRedisUnlessInUse } from '../platform/redis.ts'
import { findFreePort } from './postgres-process.ts'

export interface FoundRedis {
  readonly url: string
  readonly stop: () => Promise<void>
}

const READY_WITHIN_MS = 5_000

/** Gives a Redis to connect to, or undefined where there is none. */
export async function findRedis(options: {
  redisUrl: string | undefined
  dataDir: string
  log: (line: string) => void
  /** False for who only uses what is there: a command leaves no server behind. */
  launches: boolean
}): Promise<FoundRedis | undefined> {
  if (options.redisUrl !== undefined) return { url: options.redisUrl, stop: async () => undefined }
  const program = findInPath('redis-server')
  if (program === undefined) return undefined
  const folder = join(resolve(options.dataDir), 'redis')
  if (options.launches) mkdirSync(folder, { recursive: true })
  const url = (await findKept(folder)) ?? (options.launches ? await launch(program, folder) : undefined)
  if (url === undefined && options.launches) options.log(`${program} was found but did not start; going on without Redis.`)
  return url === undefined ? undefined : { url, stop: () => shutDownRedisUnlessInUse(url) }
}

/** The server of an earlier start that still runs: it proves itself by knowing the password. */
async function findKept(folder: string): Promise<string | undefined> {
  try {
    const url = readFileSync(join(folder, 'url'), 'utf8').trim()
    return (await canReachRedis(url)) ? url : undefined
  } catch {
    return undefined
  }
}

async function launch(program: string, folder: string): Promise<string | undefined> {
  const port = await findFreePort()
  const password = randomBytes(24).toString('base64url')
  const url = `redis://:${password}@127.0.0.1:${port}`
  const settings = {
    port,
    bind: '127.0.0.1',
    requirepass: password,
    dir: `"${folder}"`,
    save: '""',
    appendonly: 'no',
    maxmemory: '256mb',
    'maxmemory-policy': 'allkeys-lru',
    loglevel: 'warning',
    logfile: 'redis.log',
  }
  // Through standard input: a password on the command line would be readable by every user of the machine.
  const child = spawn(program, ['-'], { cwd: folder, detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  let ended = false
  child.on('error', () => (ended = true))
  child.on('exit', () => (ended = true))
  child.stdin.on('error', () => undefined)
  child.stdin.end(
    Object.entries(settings)
      .map(([name, value]) => `${name} ${value}\n`)
      .join(''),
  )
  child.unref()
  for (const giveUpAt = Date.now() + READY_WITHIN_MS; Date.now() < giveUpAt && !ended; await sleep(20)) {
    if (!(await canReachRedis(url))) continue
    writeFileSync(join(folder, 'url'), `${url}\n`, { mode: 0o600 })
    return url
  }
  child.kill()
  return undefined
}

function findInPath(name: string): string | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const file = join(folder, name)
    try {
      accessSync(file, constants.X_OK)
      return file
    } catch {
      continue
    }
  }
  return undefined
}
