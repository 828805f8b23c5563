/** Looks at the settings of this process, at the files it keeps and at the room they have. */
import { statfs, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config, ConfigResult } from '../../kernel/config.ts'
import { few, orOk, type Verdict, wordsOf } from './verdict.ts'

const HERE = ['localhost', '127.0.0.1', '::1']
const GIGABYTE = 1e9

/** Settings that can not be used, or that are not for where they are used. */
export function lookAtSettings({ problems, warnings, config }: ConfigResult): Verdict[] {
  const say = wordsOf('settings')
  const found = [
    ...(problems ?? []).map(({ name, message }) =>
      say.wrong(`${name} ${message}`, `Set ${name} as the settings' page tells (docs/reference/settings.md).`),
    ),
    ...warnings.map(warning => say.warning(warning, 'Take it out, or spell it as the settings are called.')),
    ...(config === undefined ? [] : unsafe(config)),
  ]
  return orOk(found, say.ok(config?.production === true ? 'fit for production' : 'for development: demo tenants, secrets kept in a file'))
}

function unsafe(config: Config): Verdict[] {
  const say = wordsOf('settings')
  const found: Verdict[] = []
  const publicHost = new URL(config.publicUrl).hostname
  if (!config.production && !HERE.includes(config.host))
    found.push(
      say.wrong(
        `A development installation listens on ${config.host}: everybody who reaches it can sign in to the demo tenants`,
        'Set NODE_ENV=production, or HOST=127.0.0.1.',
      ),
    )
  if (!config.production && !HERE.includes(publicHost))
    found.push(
      say.warning(
        `NEXUS_PUBLIC_URL is ${config.publicUrl}, but NODE_ENV is not production`,
        'Set NODE_ENV=production where people use it.',
      ),
    )
  if (config.production && config.allowOldPostgres)
    found.push(say.warning('NEXUS_ALLOW_OLD_POSTGRES lets a Postgres with known faults serve', 'Update Postgres and take the setting out.'))
  if (config.metricsPort !== undefined && config.metricsToken === undefined && !HERE.includes(config.host))
    found.push(
      say.warning(
        `Whoever reaches port ${config.metricsPort} of ${config.host} reads the metrics, ids of tenants among them`,
        'Set NEXUS_METRICS_TOKEN, unless only your monitoring reaches that port.',
      ),
    )
  const database = config.databaseUrl === undefined ? null : new URL(config.databaseUrl)
  if (config.production && database !== null && !HERE.includes(database.hostname) && !database.searchParams.has('sslmode'))
    found.push(
      say.warning(
        `The connection to ${database.hostname} does not ask for TLS`,
        'Add ?sslmode=verify-full to DATABASE_URL, unless a private network is all there is between.',
      ),
    )
  if (config.production && HERE.includes(config.host) && config.trustedProxies.length === 0)
    found.push(
      say.warning(
        'Only this machine reaches the server, so a proxy stands before it, and none is trusted: everybody comes from its address',
        'Name the proxy in NEXUS_TRUSTED_PROXIES.',
      ),
    )
  return found
}

/** Who may read what the installation keeps, and how much room is left; `places` are named folders of this machine. */
export async function lookAtDisk(config: Pick<Config, 'dataDir'>, places: ReadonlyMap<string, string>): Promise<Verdict[]> {
  const say = wordsOf('disk')
  const found: Verdict[] = []
  const free: string[] = []
  for (const [name, path] of new Map([['the data folder', config.dataDir], ...places])) {
    const room = await statfs(path).catch(() => null)
    if (room === null) {
      found.push(say.wrong(`${path} (${name}) can not be looked at`, 'Make the folder, or let the user of Nexus read and write it.'))
      continue
    }
    const bytes = room.bavail * room.bsize
    const share = room.blocks === 0 ? 1 : room.bavail / room.blocks
    const words = `${(bytes / GIGABYTE).toFixed(1)} GB (${Math.round(100 * share)} %) free for ${name}`
    free.push(words)
    if (room.files > 0 && room.ffree / room.files < 0.02)
      found.push(
        say.wrong(
          `Hardly a file more can be made for ${name}: ${room.ffree} of ${room.files}`,
          'Find the folder with many small files (du --inodes) and clear it.',
        ),
      )
    if (bytes < 0.2 * GIGABYTE) found.push(say.wrong(`Only ${words}`, 'Make room now: a Postgres without room stops.'))
    else if (bytes < GIGABYTE || share < 0.05) found.push(say.warning(`Only ${words}`, 'Make room, or move the folder.'))
  }
  for (const name of ['secrets.json', 'security.log', 'postgres/password']) {
    const mode = await stat(join(config.dataDir, name)).then(
      each => each.mode & 0o077,
      () => 0,
    )
    if (mode !== 0) found.push(say.wrong(`${join(config.dataDir, name)} can be read by others`, `chmod 600 ${join(config.dataDir, name)}`))
  }
  return orOk(found, say.ok(few(free)))
}
