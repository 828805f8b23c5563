/**
 * `nexus dev`: the engine started anew whenever its sources change, and the app by Vite, which replaces parts of it in the open page.
 * People use Vite's address, which hands what is the engine's on to the engine.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, watch } from 'node:fs'
import { join, resolve } from 'node:path'
import { defineCommand, type Tell } from './command.ts'
import { openGround, requireConfig, StartRefused } from './main.ts'

const root = resolve(import.meta.dirname, '../..')
const SOURCES = ['engine', 'metadata', 'seeds']
/** An editor saves several files at once. */
const SETTLE_MS = 150

export const command = defineCommand({
  name: 'dev',
  about: 'Develop: the engine restarts when its sources change, the app reloads by itself.',
  usage: '[--ui-port <port>]',
  options: { 'ui-port': { type: 'string', value: '<port>', about: 'Where Vite listens.', default: '5173' } },
  notes: `The database stays up between restarts. Ctrl-C ends everything that was started.`,
  exits: { 0: 'it was ended' },
  async run({ values }, tell) {
    const uiPort = Number(values['ui-port'])
    if (!/^\d{1,5}$/.test(values['ui-port']) || uiPort > 65_535) throw new StartRefused('--ui-port is a port number.')
    if (!existsSync(join(root, 'node_modules/vite'))) throw new StartRefused('The tools for developing are not installed: run npm ci.')
    const config = requireConfig(process.env, tell)
    if (config.production) throw new StartRefused('Developing is not for production: NODE_ENV says production.')
    const ground = await openGround(config, tell, { serves: true })
    const vite = await startVite(uiPort, config.port)
    const address = `http://localhost:${vite.config.server.port}`
    const engine = keepRunning({ ...process.env, NEXUS_PUBLIC_URL: process.env['NEXUS_PUBLIC_URL'] ?? address }, tell)
    tell(`The app, reloading as you write: ${address}`)
    await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')])
    await Promise.all([engine.stop(), vite.close()])
    await ground.stop()
    return 0
  },
})

async function startVite(port: number, enginePort: number) {
  const { createServer } = await import('vite')
  const engine = `http://127.0.0.1:${enginePort}`
  const server = await createServer({
    configFile: join(root, 'runtime-ui/vite.config.ts'),
    clearScreen: false,
    logLevel: 'warn',
    server: { port, strictPort: true, proxy: { '/api': engine, '/content': engine } },
  })
  return server.listen()
}

/** Runs the engine in a process of its own and puts another in its place after a change; one that fell is started by the next change. */
function keepRunning(env: NodeJS.ProcessEnv, tell: Tell): { stop(): Promise<void> } {
  let child: ChildProcess = launch(env)
  let timer: NodeJS.Timeout | undefined
  let turn: Promise<void> = Promise.resolve()
  const restart = (file: string): void => {
    turn = turn.then(async () => {
      tell(`${file} changed: starting again …`)
      await end(child)
      child = launch(env)
    })
  }
  const watchers = SOURCES.map(folder =>
    watch(join(root, folder), { recursive: true }, (_event, file) => {
      if (file === null || !/\.(ts|json|sql)$/.test(file) || file.endsWith('.test.ts')) return
      clearTimeout(timer)
      timer = setTimeout(restart, SETTLE_MS, join(folder, file))
    }),
  )
  return {
    async stop() {
      clearTimeout(timer)
      for (const each of watchers) each.close()
      await turn
      await end(child)
    },
  }
}

function launch(env: NodeJS.ProcessEnv): ChildProcess {
  return spawn(process.execPath, [join(import.meta.dirname, 'dev-engine.ts')], { cwd: root, env, stdio: 'inherit' })
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}
