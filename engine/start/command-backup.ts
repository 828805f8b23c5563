/** `nexus backup`: all of the installation or one tenant into a file or a pipe, while it is used. */
import { join, resolve } from 'node:path'
import type { Config } from '../kernel/config.ts'
import { backUpInto, backUpTo, type BackupFile } from './backup-file.ts'
import { defineCommand, JSON_OPTION, type Tell } from './command.ts'
import { openGround, requireConfig } from './main.ts'
import { progressBar } from './progress-bar.ts'
import { readBuild } from './wiring.ts'

export const command = defineCommand({
  name: 'backup',
  about: 'Back up the installation or one tenant, while it is used.',
  usage: '[--tenant <key>] [--out <file>|-]',
  options: {
    tenant: { type: 'string', value: '<key>', about: 'One tenant; the whole installation unless said otherwise.' },
    out: {
      type: 'string',
      value: '<file>',
      about: 'Where to write, - for standard output; nexus-<what>-<when>.backup in this folder unless said otherwise.',
    },
    json: JSON_OPTION,
  },
  notes: `The file holds one moment of all tables, hashes of passwords and keys among them, and no secret of the installation: keep NEXUS_SECRET
and NEXUS_OPERATOR_TOKEN elsewhere. It is only there under its name when it is whole. Neither roles nor schema are touched.`,
  exits: { 0: 'the backup is whole', 1: 'it is not' },
  async run({ values }, tell) {
    const config = requireConfig(process.env, tell)
    const ground = await openGround(config, tell, { asItIs: true })
    try {
      let rows = 0
      const bar = progressBar('Backing up', (done, total) => `${total === null ? '' : `${done}/${total} tenants, `}${rows} rows`)
      const request = {
        adminUrl: ground.adminUrl,
        secret: config.secret,
        engine: readBuild(),
        tenant: values.tenant,
        progress: (done: number, total: number, written: number) => {
          rows = written
          // Of one tenant nobody knows how much of it is left.
          bar.show(done, total > 1 ? total : null)
        },
      }
      const isPiped = values.out === '-'
      const path = values.out ?? `nexus-${values.tenant ?? 'instance'}-${new Date().toISOString().replaceAll(/[-:]|\..*/g, '')}.backup`
      const written = await bar.during(() => (isPiped ? backUpTo(process.stdout, request) : backUpInto(path, request)))
      tellOf(isPiped ? null : path, written, config, tell)
      // What is piped is the answer itself.
      if (values.json)
        (isPiped ? process.stderr : process.stdout).write(
          `${JSON.stringify({ file: isPiped ? null : resolve(path), ...written }, null, 2)}\n`,
        )
      return 0
    } finally {
      await ground.stop()
    }
  },
})

function tellOf(path: string | null, written: BackupFile, config: Config, tell: Tell): void {
  const { tenants, rows, bytes, file_bytes: packed, seconds } = written
  tell(
    `${path ?? 'Backup'}: ${tenants.length} ${tenants.length === 1 ? 'tenant' : 'tenants'}, ${rows} rows, ${megabytes(bytes)} in ${megabytes(packed)}, as of ${written.taken_at}, ${seconds.toFixed(1)} s`,
  )
  const kept = process.env['NEXUS_SECRET'] === undefined ? ` (${join(config.dataDir, 'secrets.json')})` : ''
  tell(`It holds no secret of the installation: keep NEXUS_SECRET and NEXUS_OPERATOR_TOKEN${kept} elsewhere.`)
}

/** A size for people. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 0)} MB`
}
