/**
 * Starts what is measured as processes of their own, and reads from /proc what they cost. The engine is started as an operator starts it:
 * production, every guard on, behind a proxy whose word about addresses counts. Knows no request.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { openSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BenchDatabase } from './database.ts'
import type { FloorCaller } from './floor.ts'

/** A process that answers. */
export interface Running {
  readonly pid: number
  readonly origin: string
  readonly logFile: string
  /** From its start to the first answer of 200 to a request of a caller. */
  readonly startMs: number
  stop(): Promise<void>
}

/** A request that is answered once a process is up: path and token. */
export interface Probe {
  readonly path: string
  readonly token: string
  readonly address: string
}

const root = resolve(import.meta.dirname, '../..')
const UP_WITHIN_MS = 60_000
const TICKS_PER_SECOND = 100
const KIB = 1024

/** Starts the engine of a checkout (this one unless said otherwise) over the run's database. */
export async function startEngine(database: BenchDatabase, probe: Probe, checkout = root, flags: readonly string[] = []): Promise<Running> {
  const port = await freePort()
  return start([...flags, join(checkout, 'engine/start/cli.ts'), 'start'], port, probe, join(database.folder, 'engine.log'), {
    NODE_ENV: 'production',
    PORT: String(port),
    DATABASE_URL: database.url,
    NEXUS_DATA_DIR: join(database.folder, 'engine'),
    NEXUS_SECRET: database.secret,
    NEXUS_OPERATOR_TOKEN: `operator-${database.secret}`,
    NEXUS_PUBLIC_URL: 'https://bench.example',
    NEXUS_TRUSTED_PROXIES: 'loopback',
    NEXUS_ALLOW_OLD_POSTGRES: '1',
  })
}

/** Starts the floor. */
export async function startFloor(
  database: BenchDatabase,
  callers: Readonly<Record<string, FloorCaller>>,
  probe: Probe,
  flags: readonly string[] = [],
): Promise<Running> {
  const port = await freePort()
  const file = join(database.folder, 'floor.json')
  writeFileSync(file, JSON.stringify({ url: database.url, port, callers }), { mode: 0o600 })
  return start([...flags, join(import.meta.dirname, 'floor.ts'), file], port, probe, join(database.folder, 'floor.log'), {
    NODE_ENV: 'production',
  })
}

/** Below those that systems give to whoever connects. */
const PORTS = { from: 20_000, to: 32_000 }

/** A free port. Asking for one of the others until a process answers there can end in a connection with itself, which keeps the process out. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = PORTS.from + Math.floor(Math.random() * (PORTS.to - PORTS.from))
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const trial = createServer()
    trial.on('error', () => resolve(false))
    trial.listen(port, '127.0.0.1', () => trial.close(() => resolve(true)))
  })
}

async function start(args: readonly string[], port: number, probe: Probe, logFile: string, env: NodeJS.ProcessEnv): Promise<Running> {
  const log = openSync(logFile, 'w')
  const begun = performance.now()
  const child = spawn(process.execPath, args, { env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', log, log] })
  const origin = `http://127.0.0.1:${port}`
  while (!(await answers(origin, probe))) {
    if (child.exitCode !== null || performance.now() - begun > UP_WITHIN_MS)
      throw new Error(`${args.join(' ')} did not come up:\n${readFileSync(logFile, 'utf8').slice(-2000)}`)
    await sleep(3)
  }
  return { pid: child.pid ?? 0, origin, logFile, startMs: performance.now() - begun, stop: () => stop(child) }
}

async function answers(origin: string, { path, token, address }: Probe): Promise<boolean> {
  try {
    const answer = await fetch(origin + path, { headers: { authorization: `Bearer ${token}`, 'x-forwarded-for': address } })
    await answer.arrayBuffer()
    return answer.status === 200
  } catch {
    return false
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await ended
  clearTimeout(timer)
}

/** Seconds of CPU that a process and its children have used, those that ended among them. */
export function cpuSeconds(pid: number): number {
  return [pid, ...childrenOf(pid)].reduce((sum, each) => sum + ownCpu(each), 0)
}

function ownCpu(pid: number): number {
  const fields = statOf(pid)
  if (fields === undefined) return 0
  // utime, stime, and those of children that were waited for.
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / TICKS_PER_SECOND
}

/** Fields of /proc/<pid>/stat after the name, which may hold spaces. */
function statOf(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}

function childrenOf(pid: number): number[] {
  const parents = new Map<number, number[]>()
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const parent = Number(statOf(Number(name))?.[1])
    parents.set(parent, [...(parents.get(parent) ?? []), Number(name)])
  }
  const below = (each: number): number[] => (parents.get(each) ?? []).flatMap(child => [child, ...below(child)])
  return below(pid)
}

/** MiB of memory that a process and its children hold. */
export function residentMiB(pid: number): number {
  const kib = [pid, ...childrenOf(pid)].map(each => {
    try {
      return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${each}/status`, 'utf8'))?.[1] ?? 0)
    } catch {
      return 0
    }
  })
  return kib.reduce((sum, each) => sum + each, 0) / KIB
}
