/**
 * A drill: backs an installation up, restores it into a throw-away one as after the loss of a machine, compares, and measures what an
 * operator has to promise: how fast, how much is lost (RPO), how long until it answers again (RTO). What it made it takes away.
 */
import { chmod, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { auditKeyOf, verifyAudit } from '../audit/index.ts'
import { restoreBackup, type RestoredTenant, verifyBackup } from '../backup/index.ts'
import { createServer } from '../http/server.ts'
import type { Config } from '../kernel/config.ts'
import { createLog } from '../kernel/log.ts'
import { readMigrations } from '../platform/migrate.ts'
import { backUpInto, backupIn, type BackupFile } from './backup-file.ts'
import { CommandFailed, type Tell } from './command.ts'
import { type Acknowledged, type LoadRequest, startWriters } from './drill-load.ts'
import { type Ground, MIGRATIONS, openGround } from './main.ts'
import { inThrowaway } from './remove-installation.ts'
import { buildEngine, readBuild, type Wired } from './wiring.ts'

/** What a drill found. */
export interface DrillReport {
  readonly backup: Pick<BackupFile, 'taken_at' | 'rows' | 'bytes' | 'file_bytes' | 'seconds'> & { readonly gb_per_minute: number }
  readonly restore: { readonly verify_seconds: number; readonly load_seconds: number; readonly gb_per_minute: number }
  /** Age of the youngest change in the file when the file was whole: what is lost besides the time between two backups. */
  readonly rpo_seconds: number
  /** From the file to the first answer: reading it, an empty installation, loading, comparing, starting. */
  readonly rto_seconds: number
  /** The most this process held in memory, of it what it held before; the embedded Postgres is another process. */
  readonly memory: { readonly before_mb: number; readonly most_mb: number }
  readonly tenants: readonly (Pick<RestoredTenant, 'key' | 'rows' | 'compared'> & { readonly audit_intact: boolean })[]
  readonly load: LoadReport | null
}

/** Of the writers beside it. */
export interface LoadReport {
  readonly acknowledged: number
  readonly before: number
  readonly during: number
  /** Of those acknowledged before the backup began: none may be missing. */
  readonly lost: number
  /** Of those begun after it had ended: none may be there. */
  readonly from_later: number
}

/** Writers get going before the backup begins, and go on a moment after it. */
const RUN_UP_MS = 1_000

/** Runs the drill over an open installation. Throws when anything is not as it was. */
export async function drill(
  ground: Ground,
  wired: Wired,
  request: { readonly load: LoadRequest | null; readonly into: string | undefined },
  tell: Tell,
): Promise<DrillReport> {
  const folder = await mkdtemp(join(tmpdir(), 'nexus-drill-'))
  // The user of the embedded Postgres has to get in.
  await chmod(folder, 0o755)
  return inThrowaway(folder, () => drillIn(folder, ground, wired, request, tell))
}

async function drillIn(
  folder: string,
  ground: Ground,
  wired: Wired,
  request: { readonly load: LoadRequest | null; readonly into: string | undefined },
  tell: Tell,
): Promise<DrillReport> {
  const memory = watchMemory()
  try {
    const file = join(folder, 'drill.backup')
    const writers = request.load === null ? null : await startWriters(wired, request.load)
    if (writers !== null) await sleep(RUN_UP_MS)
    const began = Date.now()
    const { secret } = ground.config
    const backup = await backUpInto(file, { adminUrl: ground.adminUrl, secret, engine: readBuild() })
    const ended = Date.now()
    tell(`Backed up ${backup.rows} rows in ${backup.seconds.toFixed(1)} s.`)
    if (writers !== null) await sleep(RUN_UP_MS)
    const acknowledged = (await writers?.stop()) ?? null
    const aside = { ...ground.config, dataDir: folder, databaseUrl: request.into, redisUrl: undefined }
    const restored = await restoreAside(file, aside, tell, { tenant: request.load?.tenant, ids: acknowledged?.map(each => each.id) ?? [] })
    const load = acknowledged === null ? null : judgeLoad(restored.found, acknowledged, began, ended)
    if (load !== null && load.lost + load.from_later > 0)
      throw new CommandFailed(`${load.lost} acknowledged changes are missing, ${load.from_later} are from after the backup.`)
    const { taken_at, rows, bytes, file_bytes, seconds } = backup
    return {
      backup: { taken_at, rows, bytes, file_bytes, seconds, gb_per_minute: speed(bytes, seconds) },
      restore: {
        verify_seconds: restored.verifySeconds,
        load_seconds: restored.loadSeconds,
        gb_per_minute: speed(bytes, restored.loadSeconds),
      },
      rpo_seconds: (ended - Date.parse(taken_at)) / 1000,
      rto_seconds: restored.seconds,
      memory: memory.told(),
      tenants: restored.tenants,
      load,
    }
  } finally {
    memory.stop()
  }
}

/** Looks at this process's memory ten times a second. */
function watchMemory(): { told(): DrillReport['memory']; stop(): void } {
  const held = (): number => process.memoryUsage.rss() / 1e6
  const before = held()
  let most = before
  const timer = setInterval(() => (most = Math.max(most, held())), 100)
  return { told: () => ({ before_mb: Math.round(before), most_mb: Math.round(most) }), stop: () => clearInterval(timer) }
}

function speed(bytes: number, seconds: number): number {
  return (bytes / 1e9 / seconds) * 60
}

interface Aside {
  readonly seconds: number
  readonly verifySeconds: number
  readonly loadSeconds: number
  readonly tenants: DrillReport['tenants']
  /** Those of the records asked for that are in it. */
  readonly found: ReadonlySet<string>
}

/** Restores into an installation that is made for it and answers from it. */
async function restoreAside(
  file: string,
  config: Config,
  tell: Tell,
  wanted: { readonly tenant: string | undefined; readonly ids: readonly string[] },
): Promise<Aside> {
  const started = performance.now()
  const since = (from: number): number => (performance.now() - from) / 1000
  const verified = await verifyBackup(await backupIn(file, config.secret))
  const verifySeconds = since(started)
  const ground = await openGround(config, tell)
  try {
    const began = performance.now()
    const schema = await readMigrations(MIGRATIONS)
    const request = { replace: false, otherSecret: false, schema, adminUrl: ground.adminUrl }
    const { restored } = await restoreBackup(await backupIn(file, config.secret), verified, request)
    const loadSeconds = since(began)
    const log = createLog({ write: line => void process.stderr.write(line) }, 'warn')
    const wired = await buildEngine({ config, databaseUrl: ground.databaseUrl, redisUrl: undefined, background: false, log })
    try {
      await requireAnswers(wired, restored)
      const seconds = since(started)
      const tenants = []
      for (const { id, key, rows, compared } of restored)
        tenants.push({
          key,
          rows,
          compared,
          audit_intact: (await verifyAudit(wired.database, id, { key: auditKeyOf(config.secret) })).intact,
        })
      const broken = tenants.filter(each => !each.audit_intact).map(each => each.key)
      if (broken.length > 0) throw new CommandFailed(`The audit of ${broken.join(', ')} is not whole after the restore.`)
      const tenantId = restored.find(each => each.key === wanted.tenant)?.id
      const found = tenantId === undefined ? [] : await findRecords(wired, tenantId, wanted.ids)
      return { seconds, verifySeconds, loadSeconds, tenants, found: new Set(found) }
    } finally {
      await wired.close()
    }
  } finally {
    await ground.stop()
  }
}

async function findRecords(wired: Wired, tenantId: string, ids: readonly string[]): Promise<string[]> {
  const statement = { text: 'select id from nexus.record where tenant_id = $1 and id = any($2::uuid[])', values: [tenantId, ids] }
  const rows = await wired.database.readAs(tenantId, connection => connection.run<{ id: string }>(statement))
  return rows.map(row => row.id)
}

/** It is up when it says so and the metadata of every tenant can be used. */
async function requireAnswers(wired: Wired, restored: readonly RestoredTenant[]): Promise<void> {
  const app = await createServer(wired.engine)
  try {
    const ready = await app.inject({ method: 'GET', url: '/health/ready' })
    if (ready.statusCode !== 200) throw new CommandFailed(`The restored installation is not ready: ${ready.body}`)
    for (const { id } of restored) await wired.models.current(id)
  } finally {
    await app.close()
  }
}

function judgeLoad(found: ReadonlySet<string>, acknowledged: readonly Acknowledged[], began: number, ended: number): LoadReport {
  const before = acknowledged.filter(each => each.acknowledgedAt < began)
  const later = acknowledged.filter(each => each.begunAt > ended)
  return {
    acknowledged: acknowledged.length,
    before: before.length,
    during: acknowledged.length - before.length - later.length,
    lost: before.filter(each => !found.has(each.id)).length,
    from_later: later.filter(each => found.has(each.id)).length,
  }
}
