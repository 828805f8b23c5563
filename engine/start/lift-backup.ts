/**
 * Brings a backup of an older version up to this one: its rows go as they are into a throw-away database with the schema they were made in, the
 * migrations that came since run there, and what then stands there is backed up. From there on it is a backup like any other.
 */
import { chmod, mkdir, mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { type BackupHead, restoreBackup, type VerifiedBackup, verifyBackup } from '../backup/index.ts'
import type { Config } from '../kernel/config.ts'
import { migrate } from '../platform/migrate.ts'
import { backUpInto, backupIn } from './backup-file.ts'
import type { Tell } from './command.ts'
import { MIGRATIONS, openGround } from './main.ts'
import { inThrowaway } from './remove-installation.ts'

/** The file and what is to be known of it. */
export interface LiftRequest {
  readonly file: string
  readonly verified: VerifiedBackup
  readonly config: Config
  /** An empty database to do it in, left as it then is; an embedded Postgres that is thrown away without it. */
  readonly through: string | undefined
  readonly migrations?: string
}

/** Works with the lifted backup; it is gone afterwards. Throws BackupRefused where the throw-away database is not empty. */
export async function withLifted<T>(
  request: LiftRequest,
  tell: Tell,
  work: (file: string, verified: VerifiedBackup) => Promise<T>,
): Promise<T> {
  const { config, through, verified, migrations = MIGRATIONS } = request
  const { head } = verified
  await mkdir(config.dataDir, { recursive: true })
  const folder = await mkdtemp(join(config.dataDir, 'lift-'))
  // The user of the embedded Postgres has to get in; the file itself is its owner's alone.
  await chmod(folder, 0o755)
  return inThrowaway(folder, async () => {
    const aside = { ...config, dataDir: folder, databaseUrl: through, redisUrl: undefined }
    const upTo = Math.max(...head.schema.map(step => step.number))
    tell(`Made by an older version (${head.engine.version}, ${head.engine.commit}): bringing it up to this one first …`)
    const ground = await openGround(aside, () => undefined, { upTo, migrations })
    const lifted = join(folder, 'lifted.backup')
    try {
      const asItWas = { replace: false, otherSecret: true, schema: head.schema, asItWas: true, adminUrl: ground.adminUrl }
      await restoreBackup(await backupIn(request.file, config.secret), verified, asItWas)
      const applied = await migrate({ url: ground.adminUrl, folder: migrations, role: 'nexus_owner' })
      await backUpInto(lifted, {
        adminUrl: ground.adminUrl,
        secret: config.secret,
        engine: head.engine,
        tenant: onlyTenant(head),
        formOf: head,
      })
      tell(`Brought up: ${applied.join(', ')}`)
    } finally {
      await ground.stop()
    }
    const again = await verifyBackup(await backupIn(lifted, config.secret))
    // By whom the seals inside were made has not changed.
    return work(lifted, { ...again, isOurs: verified.isOurs })
  })
}

function onlyTenant({ scope, tenants: [first] }: BackupHead): string | undefined {
  return scope === 'tenant' ? first?.key : undefined
}
