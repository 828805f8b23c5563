/**
 * Brings what the tests use beyond the packages, from the system's package manager: a Chromium, a Redis, an nginx, the tool that tries alert rules.
 * Where that can't be, it says so loudly; the tests that need them are skipped, the others run.
 */
import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

interface Need {
  readonly what: string
  readonly programs: readonly string[]
  readonly debianPackage: string
  readonly for: string
}

const NEEDS: readonly Need[] = [
  {
    what: 'Chromium',
    programs: ['chromium', 'chromium-browser', 'google-chrome'],
    debianPackage: 'chromium',
    for: 'tests in a real browser',
  },
  { what: 'Redis', programs: ['redis-server'], debianPackage: 'redis-server', for: 'tests of the Redis transport' },
  { what: 'promtool', programs: ['promtool'], debianPackage: 'prometheus', for: 'tests of the alerts over time' },
  { what: 'nginx', programs: ['nginx'], debianPackage: 'nginx', for: 'tests of the gateway of the compose file' },
]

/** The file of the first of these programs that PATH has. */
export function findProgram(names: readonly string[]): string | undefined {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    for (const name of names) {
      try {
        accessSync(join(folder, name), constants.X_OK)
        return join(folder, name)
      } catch {
        continue
      }
    }
  }
  return undefined
}

/** A browser for tests, or undefined: then they are skipped. */
export function findChromium(): string | undefined {
  return findProgram(NEEDS[0]?.programs ?? [])
}

/** What tries alert rules, or undefined: then they are not tried. */
export function findPromtool(): string | undefined {
  return findProgram(['promtool'])
}

/** What scrapes as an operator's monitoring does, or undefined: then the dashboard is not tried on it. */
export function findPrometheus(): string | undefined {
  return findProgram(['prometheus'])
}

/** Installs what is missing where that is possible. */
export function bringNeeds(): void {
  const missing = NEEDS.filter(need => findProgram(need.programs) === undefined)
  if (missing.length > 0 && process.getuid?.() === 0 && findProgram(['apt-get']) !== undefined) install(missing)
  for (const need of NEEDS) {
    if (findProgram(need.programs) === undefined)
      console.log(`!!! ${need.what} is not on this machine and could not be installed: ${need.for} are SKIPPED.`)
  }
}

function install(needs: readonly Need[]): void {
  console.log(`Installing ${needs.map(need => need.what).join(' and ')} for the tests …`)
  // RUNLEVEL=1 keeps Debian from starting a Redis, a Prometheus and an nginx of its own.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
  const aptGet = (...args: string[]): boolean => spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0
  const packages = needs.map(need => need.debianPackage)
  const tryInstall = (): boolean => aptGet('install', '-y', '-qq', '--no-install-recommends', ...packages)
  if (!tryInstall() && aptGet('update', '-qq')) tryInstall()
}
