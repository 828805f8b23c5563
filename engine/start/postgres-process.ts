/**
 * Runs the programs of the embedded Postgres: initdb once, the server at each start, signals to stop it.
 * Tells a live server from what a killed run left behind; knows nothing of passwords or databases.
 */
import { totalmem } from 'node:os'
import { spawn } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { giveTo, type PostgresHome } from './postgres-home.ts'

/** The major version whose data folders these binaries read. */
export const POSTGRES_MAJOR = '18'

/** A server that accepts connections. */
export interface RunningPostgres {
  readonly pid: number
  readonly port: number
}

/** What differs between the server one works with and the one tests throw away. */
export interface ServerSettings {
  readonly durable: boolean
  readonly maxConnections: number
  /** Where it listens; a free port unless it has to be the same as before. */
  readonly port?: number
}

const READY_WITHIN_MS = 60_000
const LOG_KEPT_BYTES = 5_000_000

/** Creates the data folder; a run killed halfway leaves nothing that looks like one. */
export async function initialise(home: PostgresHome, options: { superuser: string; password: string; durable: boolean }): Promise<void> {
  const unfinished = `${home.data}.${process.pid}`
  const passwordFile = `${home.data}.${process.pid}.password`
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { recursive: true, mode: 0o700 })
  giveTo(home.runAs, unfinished)
  rmSync(passwordFile, { force: true })
  writeFileSync(passwordFile, options.password, { mode: 0o600, flag: 'wx' })
  giveTo(home.runAs, passwordFile)
  try {
    // The built-in provider orders and folds the same on every machine; the bundled ICU is old and may differ from another build's.
    const flags = [
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--auth=scram-sha-256',
      '--no-instructions',
    ]
    if (!options.durable) flags.push('--no-sync', '--no-data-checksums')
    await run(home, 'initdb', [`--pgdata=${unfinished}`, `--username=${options.superuser}`, `--pwfile=${passwordFile}`, ...flags])
    renameSync(unfinished, home.data)
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true })
    // Of two first starts one is faster; its data is as good as ours.
    if (!existsSync(join(home.data, 'PG_VERSION'))) throw error
  } finally {
    rmSync(passwordFile, { force: true })
  }
}

/** The live server of this data folder, if there is one, once it accepts connections; a stale pid file is removed. */
export async function findRunning(home: PostgresHome): Promise<RunningPostgres | undefined> {
  const pidFile = join(home.data, 'postmaster.pid')
  const lines = existsSync(pidFile) ? readFileSync(pidFile, 'utf8').split('\n') : undefined
  if (lines === undefined) return undefined
  const [pid, port] = [Number(lines[0]), Number(lines[3])]
  for (const giveUpAt = Date.now() + READY_WITHIN_MS; pid > 0 && isPostgresOf(home, pid); await sleep(10)) {
    if (isReady(home, pid)) return { pid, port }
    if (Date.now() > giveUpAt) throw new Error(`The Postgres of ${home.data} (process ${pid}) does not become ready; see ${home.logFile}.`)
  }
  // Whoever started meanwhile has written its own.
  if (readPid(pidFile) === pid) rmSync(pidFile, { force: true })
  return undefined
}

/** Starts the server on a loopback port and waits until it accepts connections. */
export async function launch(home: PostgresHome, settings: ServerSettings): Promise<RunningPostgres> {
  const port = settings.port ?? (await findFreePort())
  if ((statSync(home.logFile, { throwIfNoEntry: false })?.size ?? 0) > LOG_KEPT_BYTES) rmSync(home.logFile)
  const logTo = openSync(home.logFile, 'a', 0o600)
  const logFrom = statSync(home.logFile).size
  const child = spawn(join(home.binaries, 'bin/postgres'), ['-D', home.data, '-p', String(port), ...serverArguments(settings)], {
    ...home.runAs,
    cwd: '/',
    env: cleanEnvironment(),
    // A session of its own: Ctrl-C is for the engine, which stops the server after its last request.
    detached: true,
    stdio: ['ignore', logTo, logTo],
  })
  closeSync(logTo)
  let ended: string | undefined
  child.on('error', error => (ended = error.message))
  child.on('exit', code => (ended = `exit code ${code}`))
  const giveUpAt = Date.now() + READY_WITHIN_MS
  while (!(child.pid !== undefined && isReady(home, child.pid))) {
    if (ended !== undefined || Date.now() > giveUpAt) {
      child.kill('SIGQUIT')
      const said = readFileSync(home.logFile).subarray(logFrom).toString('utf8').trim()
      throw new Error(`The embedded Postgres did not start (${ended ?? `not ready after ${READY_WITHIN_MS / 1000} s`}).\n${said}`)
    }
    await sleep(10)
  }
  child.unref()
  return { pid: child.pid, port }
}

/** Ends the server: its clients are cut off, what they committed is kept. */
export async function stopServer(pid: number): Promise<void> {
  for (const [signal, patienceMs] of [
    ['SIGINT', 10_000],
    ['SIGQUIT', 5_000],
  ] as const) {
    if (!signalTo(pid, signal)) return
    const giveUpAt = Date.now() + patienceMs
    while (Date.now() < giveUpAt) {
      if (!signalTo(pid, 0)) return
      await sleep(10)
    }
  }
  throw new Error(`The embedded Postgres (process ${pid}) does not stop.`)
}

const MIB = 1024 * 1024

/**
 * What the server may hold of its pages, by the machine's memory in bytes: an eighth, for it shares the machine, so that the pages of some
 * hundred thousand records are read once and not again and again (a page that only the system holds costs a call and a copy).
 */
export function memorySettings(memory: number): Record<'shared_buffers' | 'effective_cache_size', string> {
  const shared = Math.min(2_048, Math.max(128, Math.floor(memory / 8 / MIB)))
  return { shared_buffers: `${shared}MB`, effective_cache_size: `${Math.max(2 * shared, Math.floor(memory / 2 / MIB))}MB` }
}

/** Settings for a machine that does other things as well: little memory, no plans compiled for queries of a millisecond, nothing of a client's values in the log. */
function serverArguments(settings: ServerSettings): string[] {
  const values: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    // No socket file: no path that could be too long, no folder that could be shared.
    unix_socket_directories: '',
    max_connections: String(settings.maxConnections),
    ...memorySettings(Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)),
    work_mem: '16MB',
    maintenance_work_mem: '128MB',
    max_wal_size: '2GB',
    random_page_cost: '1.1',
    jit: 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_min_messages: 'warning',
    log_min_error_statement: 'panic',
    log_parameter_max_length_on_error: '0',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
  }
  if (!settings.durable) Object.assign(values, { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' })
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

/** The server writes its state into line 8 of its pid file. */
function isReady(home: PostgresHome, pid: number): boolean {
  try {
    const lines = readFileSync(join(home.data, 'postmaster.pid'), 'utf8').split('\n')
    return Number(lines[0]) === pid && lines[7]?.trim() === 'ready'
  } catch {
    return false
  }
}

/** A number in a pid file may belong to anyone by now; a server of ours has its data folder as working directory. */
function isPostgresOf(home: PostgresHome, pid: number): boolean {
  try {
    return realpathSync(readlinkSync(`/proc/${pid}/cwd`)) === realpathSync(home.data)
  } catch {
    return false
  }
}

function readPid(pidFile: string): number | undefined {
  return existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8').split('\n')[0]) : undefined
}

function signalTo(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal)
    return !isZombie(pid)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
}

/** A server taken over from a killed run may have no parent that collects it; ended it is all the same. */
function isZombie(pid: number): boolean {
  try {
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

async function run(home: PostgresHome, program: string, args: string[]): Promise<void> {
  const child = spawn(join(home.binaries, 'bin', program), args, {
    ...home.runAs,
    cwd: '/',
    env: cleanEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')))
  const code = await new Promise<number | string>(done => {
    child.on('error', error => done(error.message))
    child.on('close', status => done(status ?? 'killed'))
  })
  if (code !== 0) throw new Error(`${program} in ${dirname(home.data)} failed (${code}).\n${said.trim()}`)
}

/** Neither the engine's secrets nor PG* settings of the shell reach the server. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }
}

/** A port of the loopback interface that nobody listens on at this moment. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
