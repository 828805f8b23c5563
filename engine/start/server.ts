/** Serves: opens the ground, makes the engine, listens, and ends in order on a signal. */
import { setImmediate } from 'node:timers/promises'
import { flushCompileCache } from 'node:module'
import type { AppFiles } from '../http/app-files.ts'
import { metricsRoutes, routes } from '../http/inventory.ts'
import { createServer } from '../http/server.ts'
import { buildApps } from './build-app.ts'
import type { Config } from '../kernel/config.ts'
import { type Ground, openGround, requireConfig } from './main.ts'
import { DEMO_PASSWORD, type DemoLogin, ensureDemo } from './demo-tenants.ts'
import { refusedAddress, requirePort } from './require-port.ts'
import { settleMemory } from './settle-memory.ts'
import { stopInOrder } from './stop-in-order.ts'
import { buildEngine, type Wired } from './wiring.ts'

export type ServerRole = 'all' | 'api' | 'content' | 'worker'

/** Starts a process of a role and resolves when it has ended; without `apps` nothing is built and only the API answers. */
export async function serve(
  role: ServerRole,
  env: NodeJS.ProcessEnv,
  tell: (line: string) => void,
  { apps: withApps = true }: { readonly apps?: boolean } = {},
): Promise<void> {
  const started = performance.now()
  const config = requireConfig(env, tell)
  for (const port of [config.port, config.metricsPort]) if (port !== undefined) await requirePort(config.host, port)
  const ground = await openGround(config, tell, { serves: true })
  const { wired, app, metricsServer, logins } = await listen(role, config, ground, tell, withApps)
  tell(
    `Nexus is up after ${((performance.now() - started) / 1000).toFixed(1)} s: ${role === 'worker' ? 'background work, health only' : config.publicUrl}`,
  )
  if (logins.length > 0) tell(describeLogins(logins))
  // Now, and not at the end, which a kill would skip.
  flushCompileCache()
  const stopSettling = settleMemory()
  await stopInOrder({
    tell,
    // Nobody sends a worker requests that could be lost.
    drainMs: role === 'worker' ? 0 : config.drainSeconds * 1000,
    leave: () => wired.health.leave(),
    end: async () => {
      stopSettling()
      // Right after the loop has taken every connection that waited: one that the system accepted and nobody took would be reset.
      await setImmediate()
      await app.close()
      await metricsServer?.close()
      await wired.close()
      await ground.stop()
    },
  })
}

interface Listening {
  readonly wired: Wired
  readonly app: Server
  readonly metricsServer: Server | null
  readonly logins: readonly DemoLogin[]
}

/** Makes the engine and listens. Who can not leaves nothing running either: his process would never end. */
async function listen(
  role: ServerRole,
  config: Config,
  ground: Ground,
  tell: (line: string) => void,
  withApps: boolean,
): Promise<Listening> {
  const opened: (() => Promise<unknown>)[] = [() => ground.stop()]
  try {
    const wired = await buildEngine({
      config,
      databaseUrl: ground.databaseUrl,
      redisUrl: ground.redisUrl,
      background: role === 'all' || role === 'worker',
      imports: role !== 'content',
      role,
    })
    opened.push(() => wired.close())
    const servesPeople = role === 'all' || role === 'api'
    const [logins, apps] = await Promise.all([
      servesPeople && !config.production ? ensureDemo(wired.identity) : [],
      servesPeople && withApps ? builtApps(tell) : [],
    ])
    const app = await createServer(wired.engine, { apps, routes: routes.filter(route => isServedBy(role, route.path)) })
    opened.push(() => app.close())
    await listenAt(app, config.host, config.port)
    const metricsServer = config.metricsPort === undefined ? null : await createServer(wired.engine, { routes: metricsRoutes })
    if (metricsServer === null) return { wired, app, metricsServer, logins }
    opened.push(() => metricsServer.close())
    tell(`Metrics are at ${await listenAt(metricsServer, config.host, config.metricsPort ?? 0)}/metrics`)
    return { wired, app, metricsServer, logins }
  } catch (error) {
    for (const close of opened.toReversed()) await close().catch(() => undefined)
    throw error
  }
}

type Server = Awaited<ReturnType<typeof createServer>>

/** The address was free before all else was made ready, and may be taken by now. */
async function listenAt(server: Server, host: string, port: number): Promise<string> {
  try {
    return await server.listen({ host, port })
  } catch (error) {
    throw refusedAddress(error, host, port)
  }
}

/** Every role tells whether it is up; the content plane is a process of its own, a worker serves nothing else. */
function isServedBy(role: ServerRole, path: string): boolean {
  const isContent = path.startsWith('/content/')
  if (path === '/health' || path === '/health/ready' || path === '/version' || role === 'all') return true
  return role === 'content' ? isContent : role === 'api' && !isContent
}

/** The API serves even where an app can not be built; it is said loudly. */
async function builtApps(tell: (line: string) => void): Promise<AppFiles[]> {
  try {
    return (await buildApps(tell)).map((root, index) => ({ prefix: index === 0 ? '/' : '/studio/', root }))
  } catch (error) {
    tell(`WARNING: the apps could not be built and are not served: ${String(error).split('\n')[0]}`)
    return []
  }
}

function describeLogins(logins: readonly DemoLogin[]): string {
  const lines = logins.map(login => `  ${login.tenant.padEnd(6)} ${login.email.padEnd(26)} ${login.roles.join(', ')}`)
  return ['Sign in with tenant, e-mail and the password ' + DEMO_PASSWORD + ':', ...lines].join('\n')
}
