/** `nexus restore`: reads all of a backup, then takes an installation or one tenant out of it. */
import { join } from 'node:path'
import { auditKeyOf, verifyAudit } from '../audit/index.ts'
import {
  chooseTenants,
  isOlder,
  restoreBackup,
  type RestoredTenant,
  type RestoreRequest,
  type VerifiedBackup,
  verifyBackup,
} from '../backup/index.ts'
import type { Config } from '../kernel/config.ts'
import { readMigrations } from '../platform/migrate.ts'
import { createDatabase } from '../platform/postgres.ts'
import { backupIn, withSpooled } from './backup-file.ts'
import { defineCommand, JSON_OPTION, type Tell } from './command.ts'
import { megabytes } from './command-backup.ts'
import { withLifted } from './lift-backup.ts'
import { MIGRATIONS, openGround, requireConfig, StartRefused } from './main.ts'
import { progressBar } from './progress-bar.ts'

const OPTIONS = {
  tenant: { type: 'string', value: '<key>', about: 'One tenant out of the backup; all of it unless said otherwise.' },
  'as-key': { type: 'string', value: '<key>', about: 'Restores the tenant as a copy of this key, beside what is there.' },
  replace: { type: 'boolean', about: 'Puts a tenant that is there back to what the backup holds.' },
  'other-secret': { type: 'boolean', about: 'Trusts a backup that an installation with another NEXUS_SECRET has made.' },
  through: {
    type: 'string',
    value: '<url>',
    about:
      'An empty database in which a backup of an older version is brought up to this one first, left as it then is; an embedded Postgres that is thrown away unless said otherwise.',
  },
  verify: { type: 'boolean', about: 'Reads all of the backup, says what it holds, and changes nothing.' },
  json: JSON_OPTION,
} as const

type Values = { readonly [K in keyof typeof OPTIONS]: (typeof OPTIONS)[K]['type'] extends 'boolean' ? boolean : string | undefined }

export const command = defineCommand({
  name: 'restore',
  about: 'Take a backup back: the installation, or one tenant of it.',
  usage: '<file>|- [--tenant <key>] [--as-key <key>] [--replace] [--verify]',
  words: 1,
  options: OPTIONS,
  notes: `All of the file is read and its digests and signature are compared before anything is changed. Each tenant is one transaction, read back and
compared before it is committed; a whole restore that was broken off is taken up again by the same command. Everybody signs in again.
The whole goes into an installation without tenants. A copy gets no sessions, no keys, no events and a chain of audit of its own.`,
  exits: { 0: 'everything is restored and every chain of audit is whole', 1: 'the backup was refused, or a chain is not whole' },
  async run({ values, positionals: [file] }, tell) {
    if (file === undefined) throw new StartRefused('Name a backup. nexus restore --help tells the rest.')
    if (values.replace && values['as-key'] !== undefined) throw new StartRefused('--replace and --as-key exclude each other.')
    const config = requireConfig(process.env, tell)
    if (file !== '-') return restore(file, values, config, tell)
    return withSpooled(process.stdin, join(config.dataDir, `restore-${process.pid}.spool`), path => restore(path, values, config, tell))
  },
})

async function restore(file: string, values: Values, config: Config, tell: Tell): Promise<number> {
  const bar = progressBar('Reading', ofFile)
  const verified = await bar.during(async () => verifyBackup(await backupIn(file, config.secret, bar.show)))
  tell(wordsOf(verified))
  const request = {
    tenant: values.tenant,
    asKey: values['as-key'],
    replace: values.replace,
    otherSecret: values['other-secret'] || values.verify,
    schema: await readMigrations(MIGRATIONS),
  }
  if (values.verify) {
    const { head, isOurs, rows, bytes } = verified
    if (values.json) answer({ ...head, is_ours: isOurs, rows, bytes })
    return 0
  }
  const older = isOlder(verified.head, request.schema)
  chooseTenants(verified, older ? { ...request, schema: verified.head.schema } : request)
  if (!older) return load({ file, verified, request, config, json: values.json }, tell)
  return withLifted({ file, verified, config, through: values.through }, tell, (lifted, again) =>
    load({ file: lifted, verified: again, request, config, json: values.json }, tell),
  )
}

interface Load {
  readonly file: string
  readonly verified: VerifiedBackup
  readonly request: RestoreRequest
  readonly config: Config
  readonly json: boolean
}

async function load({ file, verified, request, config, json }: Load, tell: Tell): Promise<number> {
  const ground = await openGround(config, tell)
  const database = createDatabase({ url: ground.databaseUrl })
  try {
    const started = performance.now()
    const bar = progressBar('Restoring', ofFile)
    const done = await bar.during(async () =>
      restoreBackup(await backupIn(file, config.secret, bar.show), verified, { ...request, adminUrl: ground.adminUrl }),
    )
    const seconds = (performance.now() - started) / 1000
    const verdicts = new Map<string, boolean>()
    for (const { id } of done.restored) verdicts.set(id, (await verifyAudit(database, id, { key: auditKeyOf(config.secret) })).intact)
    for (const each of done.there_already) tell(`${each.key}: is there already from this backup`)
    for (const each of done.restored) tell(`${each.key}: ${inWords(each, verdicts.get(each.id) ?? false)}`)
    tell(`Restored in ${seconds.toFixed(1)} s.`)
    if (json) answer({ ...done, restored: done.restored.map(each => ({ ...each, audit_intact: verdicts.get(each.id) })), seconds })
    const isWhole = done.restored.every(each => verdicts.get(each.id) === true && (each.chain?.first_break ?? null) === null)
    return isWhole ? 0 : 1
  } finally {
    await database.close()
    await ground.stop()
  }
}

function ofFile(done: number, total: number | null): string {
  return `${megabytes(done)}/${megabytes(total ?? done)}`
}

function answer(value: object): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
}

function wordsOf({ head, isOurs, rows, bytes }: VerifiedBackup): string {
  const what = head.scope === 'instance' ? `an installation of ${head.tenants.length} tenants` : `the tenant ${head.tenants[0]?.key}`
  return `A whole backup of ${what} as of ${head.taken_at}: ${rows} rows, ${megabytes(bytes)}, by version ${head.engine.version}${isOurs ? '' : ', signed with ANOTHER secret'}`
}

function inWords({ mode, rows, compared, chain }: RestoredTenant, isIntact: boolean): string {
  const how = { new: 'restored', replace: 'put back', copy: 'restored as a copy' }[mode]
  const old =
    chain === null
      ? ''
      : chain.first_break === null
        ? `; its ${chain.seals} old seals fit`
        : `; its old seals are BROKEN at ${chain.seals + 1}`
  return `${how}, ${rows} rows of ${compared.length} tables compared; audit ${isIntact ? 'whole' : 'BROKEN'}${old}`
}
