/**
 * The demo tenants as a start sees them: who can sign in, and whether they are there. Where they are missing `nexus seed` makes them in a
 * process of its own: what it needs for that is not the engine's to keep. Knows no record of them.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { DEMO_TENANT, demoUsers } from '../../seeds/sales/demo/organisation.ts'
import { OTHER_TENANT, otherUsers } from '../../seeds/sales/demo/organisation-other.ts'
import type { Identity } from '../identity/index.ts'

/** The one password of all demo people; never seeded in production. */
export const DEMO_PASSWORD = 'nexus-demo-1'

/** People who sign in, as the start prints them. */
export interface DemoLogin {
  readonly tenant: string
  readonly email: string
  readonly roles: readonly string[]
}

/** Who can sign in to the demo tenants. */
export function demoLogins(): DemoLogin[] {
  const loginsOf = (tenant: string, users: ReturnType<typeof demoUsers>): DemoLogin[] =>
    users.filter(user => user.signs_in).map(user => ({ tenant, email: user.email, roles: user.roles }))
  return [...loginsOf(DEMO_TENANT.key, demoUsers(today())), ...loginsOf(OTHER_TENANT.key, otherUsers())]
}

/** The day the demo data stands at. */
export function today(): string {
  return new Date().toISOString().slice(0, 10)
}

/** Has the demo tenants made where one is missing; answers who can sign in. */
export async function ensureDemo(identity: Identity): Promise<DemoLogin[]> {
  const there = await Promise.all([DEMO_TENANT.key, OTHER_TENANT.key].map(key => identity.tenants.exists(key)))
  if (there.includes(false)) await runSeed()
  return demoLogins()
}

function runSeed(): Promise<void> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'cli.ts'), 'seed'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    // Ctrl-C is for the start. What makes the tenants goes on to its end, some seconds; what is killed is finished by the next start.
    detached: true,
  })
  return new Promise((done, fail) => {
    child.on('error', fail)
    child.on('close', code => {
      if (code === 0) done()
      else fail(new Error(`The demo tenants could not be made (exit code ${String(code)}).`))
    })
  })
}
