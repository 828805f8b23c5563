/**
 * Looks at what stands around the database on this machine: the process that serves here, the letters that wait for a mail system, the
 * collector of traces. Asks them as anybody would and tells them nothing.
 */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../../kernel/config.ts'
import { count, duration, type Verdict, wordsOf } from './verdict.ts'

const WAIT_MS = 2_000

/** Whether the process at this address is ready, and of the build that looks. */
export async function lookAtProcess({ host, port }: Pick<Config, 'host' | 'port'>, build: { readonly commit: string }): Promise<Verdict[]> {
  const say = wordsOf('process')
  const [open, name] = [['0.0.0.0', '::'].includes(host), host.includes(':') ? `[${host}]` : host]
  const place = `http://${open ? '127.0.0.1' : name}:${port}`
  const version = await ask(`${place}/version`)
  if (version === null) return [say.ok(`none answers at ${place}: none serves on this machine`)]
  const told = ((await version.json().catch(() => null)) as { data?: { name?: string; commit?: string } } | null)?.data
  if (told?.name !== 'nexus')
    return [
      say.wrong(
        `Another program answers at ${place}`,
        'Stop it, or let PORT name another port; where Nexus runs elsewhere, nothing is wrong.',
      ),
    ]
  const ready = await ask(`${place}/health/ready`)
  if (ready?.ok !== true)
    return [
      say.wrong(`The process at ${place} is up and not ready`, 'Its log says why: it does not reach the database, or is about to end.'),
    ]
  if (told.commit !== build.commit)
    return [
      say.warning(
        `The process at ${place} is of the build ${told.commit}, and this program of ${build.commit}`,
        'Start it again: it runs what was there when it was started.',
      ),
    ]
  return [say.ok(`ready at ${place}`)]
}

/** A letter that nobody takes reaches nobody: invitations, and links to set a password. */
const UNTAKEN_S = 3_600

/** Letters that a mail system should have taken. */
export async function lookAtMail({ dataDir, production }: Pick<Config, 'dataDir' | 'production'>, now = Date.now()): Promise<Verdict[]> {
  const say = wordsOf('mail')
  const folder = join(dataDir, 'mail')
  const names = (await readdir(folder).catch(() => [])).filter(name => name.endsWith('.eml')).sort()
  // Their names begin with their time.
  const [first] = names
  const written =
    first === undefined
      ? now
      : await stat(join(folder, first)).then(
          ({ mtimeMs }) => mtimeMs,
          () => now,
        )
  const seconds = (now - written) / 1000
  const words = `${count(names.length, 'letter')} in ${folder}${first === undefined ? '' : `, the first for ${duration(seconds)}`}`
  if (!production || seconds < UNTAKEN_S) return [say.ok(words)]
  return [say.warning(words, 'Is the mail system running that takes them from there? Nobody is reached by them until then.')]
}

/** Whether somebody answers where traces are sent. */
export async function lookAtTraces({ otlpEndpoint }: Pick<Config, 'otlpEndpoint'>): Promise<Verdict[]> {
  if (otlpEndpoint === undefined) return []
  const say = wordsOf('traces')
  if ((await ask(otlpEndpoint)) !== null) return [say.ok(`somebody answers at ${otlpEndpoint}`)]
  return [
    say.warning(
      `Nobody answers at ${otlpEndpoint}: traces are lost`,
      'Start the collector, or correct OTEL_EXPORTER_OTLP_ENDPOINT. No request waits for it.',
    ),
  ]
}

async function ask(url: string): Promise<Response | null> {
  return fetch(url, { signal: AbortSignal.timeout(WAIT_MS), redirect: 'manual' }).catch(() => null)
}
