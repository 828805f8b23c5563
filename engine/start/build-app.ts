/**
 * Builds the apps of the checkout where their sources have changed since, so that the first start has them and the second does not wait.
 * A build takes its place as a whole: of several processes that build at once, none serves a half of one.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')
const APPS = ['runtime-ui', 'studio']
/** What an app is made of besides its own folder. */
const SHARED = ['metadata', 'package-lock.json']

/** Builds what is out of date; gives the folders of the built apps. Where nothing can be built (no sources, no tools) what is there is used. */
export async function buildApps(log: (line: string) => void): Promise<string[]> {
  for (const app of APPS.filter(each => existsSync(join(root, each, 'vite.config.ts')))) {
    const stampFile = join(root, app, 'dist/.nexus-sources')
    const stamp = hashSources([app, ...SHARED])
    const isBuilt = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp
    if (isBuilt || !existsSync(join(root, 'node_modules/vite'))) continue
    log(`Building ${app} …`)
    const fresh = join(root, 'node_modules/.nexus', `${app}-${process.pid}`)
    await runVite(app, fresh)
    writeFileSync(join(fresh, '.nexus-sources'), stamp)
    putInPlace(fresh, join(root, app, 'dist'))
  }
  return APPS.map(app => join(root, app, 'dist')).filter(dist => existsSync(join(dist, 'index.html')))
}

/** Swaps a build in. Another process may do so at the same instant, with the same build: whoever meets it tries once more. */
function putInPlace(fresh: string, place: string, again = true): void {
  const old = `${fresh}-old`
  try {
    if (existsSync(place)) renameSync(place, old)
    renameSync(fresh, place)
  } catch (error) {
    if (!again) throw error
    rmSync(old, { recursive: true, force: true })
    putInPlace(fresh, place, false)
  }
  rmSync(old, { recursive: true, force: true })
}

function hashSources(places: readonly string[]): string {
  const hash = createHash('sha256')
  for (const file of places.flatMap(listFiles)) hash.update(`${relative(root, file)}\n`).update(readFileSync(file))
  return hash.digest('hex')
}

function listFiles(place: string): string[] {
  const path = join(root, place)
  if (place.includes('.')) return [path]
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && !/[/\\](dist|node_modules)([/\\]|$)/.test(entry.parentPath) && !/\.test\.tsx?$/.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
}

/** In a process of its own: the bundler's memory is not the engine's. */
function runVite(app: string, folder: string): Promise<void> {
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  const child = spawn(process.execPath, [vite, 'build', app, '--outDir', folder, '--emptyOutDir', '--logLevel', 'warn'], {
    cwd: root,
    // What is built once is served from then on: a test run must not leave a development build behind.
    env: { ...process.env, NODE_ENV: 'production', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')))
  return new Promise((done, fail) => {
    child.on('error', fail)
    child.on('close', code => (code === 0 ? done() : fail(new Error(`Building ${app} failed.\n${said.trim()}`))))
  })
}
