/**
 * `nexus doctor`: looks at one thing after the other, from the settings to the records, as deep as what it stands on carries. Changes nothing
 * and takes each thing as it is: neither roles nor schema are brought up to date.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readConfig } from '../../kernel/config.ts'
import { createLog } from '../../kernel/log.ts'
import { longSession } from '../../platform/long-session.ts'
import { keepSecrets } from '../kept-secrets.ts'
import { type Ground, MIGRATIONS, openGround } from '../main.ts'
import { buildEngine, readBuild } from '../wiring.ts'
import { lookAtMail, lookAtProcess, lookAtTraces } from './look-at-process.ts'
import { lookAtClock, lookAtServer, lookAtVersions } from './look-at-server.ts'
import { lookAtDisk, lookAtSettings } from './look-at-settings.ts'
import { lookAtTenants } from './look-at-tenants.ts'
import { lookAtRoles, lookAtRowSecurity, lookAtSchema } from './look-at-walls.ts'
import { lookAtUpkeep } from './look-at-upkeep.ts'
import { lookAtWork } from './look-at-work.ts'
import { type Verdict, wordsOf } from './verdict.ts'

export interface Examination {
  readonly env: NodeJS.ProcessEnv
  readonly tenant: string | undefined
  readonly sample: number
  readonly seconds: number
}

/** Looks at everything; `tell` hears what is said beside. */
export async function examine(request: Examination, tell: (line: string) => void): Promise<Verdict[]> {
  const settings = readConfig(request.env, keepSecrets)
  const verdicts = lookAtSettings(settings)
  const { config } = settings
  if (config === undefined)
    return [...verdicts, wordsOf('database').skipped('Nothing further was looked at: the settings can not be used.')]
  let ground: Ground
  try {
    ground = await openGround(config, tell, { asItIs: true })
  } catch (error) {
    const mend = 'Is Postgres up, and are host, port, login and database of DATABASE_URL right?'
    return [...verdicts, ...(await lookAtDisk(config, new Map())), wordsOf('database').wrong(firstLine(error), mend)]
  }
  try {
    const bundled = config.databaseUrl === undefined
    const embedded = bundled ? new Map([['the embedded Postgres', await embeddedIn(config.dataDir)]]) : new Map<string, string>()
    verdicts.push(...(await lookAtDisk(config, embedded)), ...(await lookAtProcess(config, readBuild())))
    verdicts.push(...(await lookAtMail(config)), ...(await lookAtTraces(config)))
    await longSession(ground.adminUrl, 'nexus_doctor', async session => {
      const look = async (check: string, work: () => Promise<Verdict[]>): Promise<Verdict[]> => {
        const seen = await work().catch((error: unknown) => [
          wordsOf(check).wrong(`It can not be looked at: ${firstLine(error)}`, 'Mend what is named above it first, then look again.'),
        ])
        verdicts.push(...seen)
        return seen
      }
      await look('versions', () => lookAtVersions(session, readBuild(), { production: config.production, bundled }))
      await look('clock', () => lookAtClock(session))
      await look('server', () => lookAtServer(session))
      await look('upkeep', () => lookAtUpkeep(session))
      const walls = [
        await look('roles', () => lookAtRoles(session, config.production)),
        await look('schema', () => lookAtSchema(session, MIGRATIONS)),
      ]
      if (walls.flat().some(each => each.level === 'wrong')) {
        verdicts.push(wordsOf('tenants').skipped('Neither tables nor tenants were looked at: roles and schema come first.'))
        return
      }
      await look('row security', () => lookAtRowSecurity(session))
      const log = createLog({ write: line => void process.stderr.write(line) }, 'error')
      const wired = await buildEngine({ config, databaseUrl: ground.databaseUrl, redisUrl: undefined, background: false, log })
      try {
        await look('work', () => lookAtWork(wired.database, session, ground.redisUrl))
        const until = performance.now() + 1000 * request.seconds
        await look('tenants', () => lookAtTenants(wired, { tenant: request.tenant, sample: request.sample, until }))
      } finally {
        await wired.close()
      }
    })
    return verdicts
  } finally {
    await ground.stop()
  }
}

/** Where the user of Postgres can not reach the data folder, its data is elsewhere. */
async function embeddedIn(dataDir: string): Promise<string> {
  const folder = join(dataDir, 'postgres')
  const away = await readFile(join(folder, 'data-is-at'), 'utf8').catch(() => '')
  return away.trim() === '' ? folder : away.trim()
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
}
