/**
 * Takes a fresh clone with nothing but Node ≥ 20 and npm to a command running under Node 24 with its packages in place.
 * Uses Node's built-ins only and must parse on Node 20; knows nothing of what the commands do.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import module from 'node:module'
import { basename, delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** The checkout this file belongs to. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

const NODE_MAJOR = 24
/** Whether npm has put this program beside the other packages of another program: then its packages are there too, and nothing is left to install. */
const isPackage = basename(dirname(root)) === 'node_modules'
const modules = isPackage ? dirname(root) : join(root, 'node_modules')
const stampFile = join(modules, '.nexus-stamp')

const CLI = 'engine/start/cli.ts'
/** Commands of `nexus` that `npm run` knows by their names. */
const NEXUS = [
  'start',
  'dev',
  'migrate',
  'seed',
  'tenant:create',
  'user:create',
  'doctor',
  'mend',
  'import',
  'export',
  'openapi',
  'types',
  'backup',
  'restore',
  'drill',
  'audit',
  'trace',
  'smoke',
]
/** What each `npm run` command starts; the first words of the command line, then the file and its leading arguments. */
const COMMANDS = {
  nexus: [CLI],
  ...Object.fromEntries(NEXUS.map(name => [name, [CLI, name]])),
  check: ['engine/test/check.ts'],
  test: ['engine/test/run.ts'],
  'test:only': ['node_modules/vitest/vitest.mjs', 'run', '--config', 'engine/test/vitest.config.ts'],
  'test:postgres': ['engine/test/keep-postgres.ts'],
  generate: ['engine/test/generate.ts'],
  bench: ['engine/bench/bench.ts'],
  format: ['node_modules/@biomejs/biome/bin/biome', 'format', '--write', '.'],
}

/** Installs what is missing, then runs a file of the checkout under Node 24; ends this process with its exit code. */
export async function runUnderNode24(file, args) {
  try {
    if (!isPackage) await installIfNeeded()
    const node = findNode24()
    // Not every npm links the packaged node into .bin.
    process.env.PATH = [dirname(node), join(modules, '.bin'), process.env.PATH ?? ''].join(delimiter)
    const script = join(root, file)
    keepCompiledCode()
    if (isPackage) {
      const typed = pathToFileURL(join(root, 'engine/start/typed-in-packages.mjs')).href
      await handOver(node, ['--disable-warning=ExperimentalWarning', '--import', typed, script, ...args])
    } else if (isSameFile(node, process.execPath)) {
      process.argv = [process.execPath, script, ...args]
      await import(pathToFileURL(script).href)
    } else {
      await handOver(node, [script, ...args])
    }
  } catch (error) {
    if (!(error instanceof StartProblem)) throw error
    console.error(`nexus: ${error.message}`)
    process.exitCode = 2
  }
}

/** Code that was parsed and stripped of its types once lies beside the packages from then on: 0.3 s and 20 MB less for each process. */
function keepCompiledCode() {
  process.env.NODE_COMPILE_CACHE ??= join(modules, '.nexus-code')
  module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE)
}

class StartProblem extends Error {}

async function installIfNeeded() {
  const lockfile = readFileSync(join(root, 'package-lock.json'))
  const stamp = `${createHash('sha256').update(lockfile).digest('hex')} ${process.platform}-${process.arch}\n`
  if (readText(stampFile) === stamp) return
  if (!isInstalled(JSON.parse(lockfile.toString('utf8')))) {
    await alone(async () => {
      if (!isInstalled(JSON.parse(lockfile.toString('utf8')))) await install()
    })
  }
  try {
    writeFileSync(stampFile, stamp)
  } catch (error) {
    // A checkout of another user is fine as long as everything is in place; only the short cut is lost.
    if (error.code !== 'EACCES' && error.code !== 'EROFS') throw error
  }
}

/** Whether node_modules holds what the lockfile asks for, judged by npm's own note of what it installed. */
function isInstalled(lockfile) {
  const note = readText(join(modules, '.package-lock.json'))
  if (note === undefined) return false
  const there = JSON.parse(note).packages
  for (const [path, wanted] of Object.entries(lockfile.packages)) {
    if (path === '' || wanted.link) continue
    const found = there[path]
    if (found === undefined ? !mayBeMissing(wanted) : found.version !== wanted.version) return false
    if (found !== undefined && !existsSync(join(root, path, 'package.json'))) return false
  }
  return true
}

/** npm leaves out optional packages of other machines; which C library counts is its own matter. */
function mayBeMissing(entry) {
  const names = (list, own) => list !== undefined && [list].flat().includes(own)
  const isForThisMachine = names(entry.os, process.platform) && names(entry.cpu, process.arch) && entry.libc === undefined
  return entry.optional === true && !isForThisMachine
}

async function install() {
  const started = Date.now()
  const words = 'Installing packages (first start only)'
  const onTerminal = process.stderr.isTTY === true
  process.stderr.write(onTerminal ? `${words} …` : `${words} …\n`)
  const timer = onTerminal && setInterval(() => process.stderr.write(`\r${words} … ${Math.round((Date.now() - started) / 1000)} s`), 1000)
  const npm = npmCommand()
  // Development tools are part of the checkout's promise (check, test), whatever NODE_ENV says; install scripts never run.
  const flags = ['ci', '--include=dev', '--include=optional', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
  const { code, output } = await new Promise(done => {
    const child = spawn(npm.file, [...npm.args, ...flags], { cwd: root, shell: npm.shell, stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', chunk => (text = (text + chunk).slice(-8000)))
    child.on('error', error => done({ code: 1, output: error.message }))
    child.on('close', status => done({ code: status ?? 1, output: text }))
  })
  clearInterval(timer)
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  if (code !== 0) {
    if (onTerminal) process.stderr.write('\n')
    throw new StartProblem(`\`npm ci\` failed after ${seconds} s. Can this machine reach the package registry?\n${output.trim()}`)
  }
  process.stderr.write(onTerminal ? `\r${words} … ${seconds} s\n` : `Packages installed in ${seconds} s\n`)
}

function npmCommand() {
  const running = process.env.npm_execpath
  if (running?.endsWith('npm-cli.js') && existsSync(running)) return { file: process.execPath, args: [running], shell: false }
  return { file: 'npm', args: [], shell: process.platform === 'win32' }
}

/** Keeps two first starts in one checkout from installing over each other. */
async function alone(work) {
  const lock = join(root, '.nexus-install')
  for (let waited = 0; ; waited += 250) {
    try {
      mkdirSync(lock)
      break
    } catch (error) {
      if (error.code === 'EACCES' || error.code === 'EROFS') {
        throw new StartProblem(`The packages must be installed first, and ${root} is not writable for you. Run \`npm ci\` as its owner.`)
      }
      if (error.code !== 'EEXIST') throw error
    }
    if (isAbandoned(lock)) rmSync(lock, { recursive: true, force: true })
    else await new Promise(wake => setTimeout(wake, 250))
    if (waited === 0) console.error('Another start is installing packages; waiting for it …')
  }
  try {
    writeFileSync(join(lock, 'pid'), String(process.pid))
    await work()
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

function isAbandoned(lock) {
  const pid = Number(readText(join(lock, 'pid')))
  if (!pid) {
    try {
      return Date.now() - statSync(lock).mtimeMs > 5000
    } catch {
      return false
    }
  }
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}

function findNode24() {
  const bundled = join(
    modules,
    `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  )
  // A machine with another C library (Alpine's musl) has the file but can't run it.
  if (existsSync(bundled) && spawnSync(bundled, ['--version'], { timeout: 20_000 }).status === 0) return bundled
  if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) return process.execPath
  throw new StartProblem(
    `Node ${NODE_MAJOR} or newer is needed. It comes with the packages on Linux (x64, arm64; glibc) and Windows (x64); ` +
      `here (${process.platform}-${process.arch}, Node ${process.versions.node}) install it from https://nodejs.org and start again.`,
  )
}

function isSameFile(a, b) {
  try {
    return realpathSync(a) === realpathSync(b)
  } catch {
    return false
  }
}

/** Runs the command as a child, passes signals on and ends as it ended. */
function handOver(node, args) {
  return new Promise(done => {
    const child = spawn(node, args, { stdio: 'inherit' })
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
    // The terminal sends Ctrl-C to the whole group; a second one from here would cut the child's orderly stop short.
    const pass = signal => (signal === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(signal))
    for (const signal of signals) process.on(signal, pass)
    child.on('error', error => {
      console.error(`nexus: ${error.message}`)
      process.exitCode = 1
      done()
    })
    child.on('close', (code, signal) => {
      for (const each of signals) process.removeListener(each, pass)
      if (signal) process.kill(process.pid, signal)
      process.exitCode = code ?? 1
      done()
    })
  })
}

function readText(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

if (process.argv[1] !== undefined && isSameFile(process.argv[1], fileURLToPath(import.meta.url))) {
  const [name = '', ...rest] = process.argv.slice(2)
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command === undefined) {
    console.error(`nexus: there is no command "${name}"; there are ${Object.keys(COMMANDS).join(', ')}.`)
    process.exitCode = 2
  } else {
    await runUnderNode24(command[0], [...command.slice(1), ...rest])
  }
}
