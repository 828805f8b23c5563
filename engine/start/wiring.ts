/**
 * Puts one process together: every room is made here and handed to those that call it. The only file that knows them all.
 * Decides nothing itself.
 */
import { execFileSync } from 'node:child_process'
import { hkdfSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { append as appendAudit, createDenialLedger, startSealer } from '../audit/index.ts'
import { createAuthoring, startFiller } from '../authoring/index.ts'
import { stopExpressions } from '../expression/index.ts'
import { type RateLimits, RateGuard } from '../guard/index.ts'
import type { Engine } from '../http/engine.ts'
import { createIdentity, type Identity, requireRevision, spoolTo } from '../identity/index.ts'
import { systemClock } from '../kernel/clock.ts'
import type { Config } from '../kernel/config.ts'
import { createLog, type Log } from '../kernel/log.ts'
import { openSecurityLog } from '../kernel/security-log.ts'
import { untold } from '../kernel/steps.ts'
import { createModels, type Models } from '../model/index.ts'
import { announceWrites, startRelay } from '../outbox/index.ts'
import { createEventStreams } from '../platform/event-streams.ts'
import { createDatabase } from '../platform/postgres.ts'
import { connectRedis } from '../platform/redis.ts'
import { createSignals } from '../platform/signals.ts'
import type { Database } from '../platform/types.ts'
import { createImports, keepFilesIn } from '../transfer/index.ts'
import { createCursorBox } from '../validate/index.ts'
import { createHealth, type Health } from './health.ts'
import { startHousekeeping } from './housekeeping.ts'
import { peopleRecords } from './people-records.ts'
import { readPacks } from './read-packs.ts'

/** The parts of a running process. */
export interface Wired {
  readonly engine: Engine
  readonly identity: Identity
  readonly models: Models
  readonly database: Database
  readonly log: Log
  readonly health: Health
  /** Ends background work and closes every connection. */
  close(): Promise<void>
}

export interface WiringOptions {
  readonly config: Config
  readonly databaseUrl: string
  readonly redisUrl: string | undefined
  /** Whether this process seals the audit and relays events. */
  readonly background: boolean
  /** Whether it works on imports whose files it has; as `background` unless said otherwise. */
  readonly imports?: boolean
  /** The name of what it does, for its metrics. */
  readonly role?: string
  readonly log?: Log
  readonly rates?: RateLimits
}

const root = join(import.meta.dirname, '../..')

/** Makes an engine. */
export async function buildEngine(options: WiringOptions): Promise<Wired> {
  const { config, databaseUrl, redisUrl } = options
  const log = options.log ?? createLog()
  const build = readBuild()
  const tracing =
    config.otlpEndpoint === undefined
      ? null
      : (await import('../telemetry/open-tracing.ts')).openTracing({
          endpoint: config.otlpEndpoint,
          ratio: config.traceRatio,
          role: options.role ?? 'all',
          build,
          log,
        })
  const steps = tracing?.steps ?? untold
  const securityLog = openSecurityLog(join(config.dataDir, 'security.log'), cause =>
    log.error('The security log can not be written', {}, cause),
  )
  const database = createDatabase({ url: databaseUrl, onLost: () => log.warn('A database connection was lost') })
  const models = createModels({ database, packs: await readPacks(join(root, 'seeds'), join(config.dataDir, 'fitting-packs')), log })
  const cursors = createCursorBox(config.secret)
  const identity = createIdentity({
    config: { secret: config.secret, publicUrl: config.publicUrl },
    database,
    models,
    people: peopleRecords({ database, cursors }),
    appendAudit,
    securityLog,
    log,
    deliver: spoolTo(join(config.dataDir, 'mail'), `nexus@${new URL(config.publicUrl).hostname}`),
  })
  const redis = redisUrl === undefined ? null : connectRedis(redisUrl)
  const signals = createSignals(databaseUrl)
  const filler = options.background ? startFiller({ database, models, trees: identity.trees, cursors, log, steps }) : null
  const background = options.background
    ? [
        startSealer({ database, log, steps, securityLog, key: Buffer.from(hkdfSync('sha256', config.secret, '', 'nexus audit seal', 32)) }),
        startHousekeeping({ database, log, steps }),
        startRelay({ database, log, steps, signals, streams: redis === null ? null : createEventStreams(redis) }),
      ]
    : []
  const stopAnnouncing = announceWrites(signals)
  const takeModel: Engine['models']['take'] = async (ctx, atLeast) => {
    const wanted = Math.max(atLeast ?? 0, ctx.caller.epochs.revision)
    const [live, within] = await Promise.all([models.current(ctx.caller.tenant.id, wanted), identity.trees.of(ctx.caller.tenant.id)])
    // Profiles of one revision over the entities of another would be a model that nobody has published.
    requireRevision(ctx.caller, live.revision)
    return { ...ctx, ...live, within }
  }
  const imports = createImports(
    {
      database,
      log,
      steps,
      files: keepFilesIn(join(config.dataDir, 'imports')),
      now: () => systemClock.now(),
      async admit({ tenantId, userId, ...via }, origin) {
        const now = systemClock.now()
        const caller = await identity.callerOf(tenantId, userId, now, via)
        const ctx = await takeModel({ ...origin, now, caller, causationId: null, stations: { ms: {} } })
        return { ...ctx, db: database, cursors, history: true }
      },
    },
    { background: options.imports ?? options.background },
  )
  const health = createHealth(database)
  const isMeasured = config.metricsPort !== undefined || config.metricsToken !== undefined
  const metrics = isMeasured
    ? // Not loaded where nobody asks.
      (await import('../telemetry/index.ts')).createMetrics({
        database,
        models: models.held,
        redis: redis?.isUp ?? null,
        build: { version: build.version, commit: build.commit },
        role: options.role ?? 'all',
      })
    : null
  const engine: Engine = {
    config,
    build,
    clock: systemClock,
    log,
    securityLog,
    database,
    identity,
    cursors,
    models: { take: takeModel },
    authoring: createAuthoring({ database, models, wake: () => filler?.wake() }),
    imports,
    rate: new RateGuard(options.rates),
    denials: createDenialLedger({ database, securityLog, log }),
    metrics,
    tracing,
    health,
  }
  return {
    engine,
    identity,
    models,
    database,
    log,
    health,
    async close() {
      stopAnnouncing()
      await Promise.all([imports.stop(), filler?.stop(), ...background.map(each => each.stop())])
      await identity.close()
      await tracing?.close()
      stopExpressions()
      await Promise.all([signals.close(), redis?.close(), database.close()])
    },
  }
}

/** Which program this is. */
export function readBuild(): Engine['build'] {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { name: string; version: string }
  try {
    return {
      name,
      version,
      commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] })
        .toString()
        .trim(),
    }
  } catch {
    return { name, version, commit: 'unknown' }
  }
}
