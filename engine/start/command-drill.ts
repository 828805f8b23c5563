/** `nexus drill`: shows that a backup of this installation can be restored, and in which time. */
import { defineCommand, JSON_OPTION, type Tell } from './command.ts'
import { megabytes } from './command-backup.ts'
import { requireOption, withEngine } from './command-engine.ts'
import { drill, type DrillReport } from './drill.ts'
import { StartRefused } from './main.ts'

export const command = defineCommand({
  name: 'drill',
  about: 'Back up, restore into a throw-away installation, compare, and tell how long it takes.',
  usage: '[--into <database url>] [--writers <n> --tenant <key> --as <e-mail>]',
  options: {
    into: {
      type: 'string',
      value: '<url>',
      about:
        'An empty database to restore into, which is left as it then is; an embedded Postgres that is thrown away unless said otherwise.',
    },
    writers: {
      type: 'string',
      value: '<n>',
      about: 'So many writers enter customers meanwhile, which stay. Not in production.',
      default: '0',
    },
    tenant: { type: 'string', value: '<key>', about: 'The tenant they write to.', default: 'demo' },
    as: { type: 'string', value: '<e-mail>', about: 'In whose name they do.' },
    json: JSON_OPTION,
  },
  exits: { 0: 'everything came back as it was', 1: 'something did not' },
  async run({ values }, tell) {
    const writers = Number(values.writers)
    if (!/^\d{1,2}$/.test(values.writers)) throw new StartRefused('--writers is a number up to 99.')
    const load = writers === 0 ? null : { tenant: values.tenant, email: requireOption(values.as, 'as'), writers }
    return withEngine(tell, async (wired, ground) => {
      if (load !== null && ground.config.production) throw new StartRefused('Writers make records up: not in production.')
      const report = await drill(ground, wired, { load, into: values.into }, tell)
      if (values.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
      else tellOf(report, line => void process.stdout.write(`${line}\n`))
      return 0
    })
  },
})

function tellOf({ backup, restore, rpo_seconds: rpo, rto_seconds: rto, memory, tenants, load }: DrillReport, say: Tell): void {
  say(
    `Backup   ${backup.rows} rows, ${megabytes(backup.bytes)} in ${megabytes(backup.file_bytes)}: ${backup.seconds.toFixed(1)} s, ${backup.gb_per_minute.toFixed(2)} GB/min`,
  )
  say(`Verify   ${restore.verify_seconds.toFixed(1)} s`)
  say(`Restore  ${restore.load_seconds.toFixed(1)} s, ${restore.gb_per_minute.toFixed(2)} GB/min, read back and compared`)
  say(`RPO      ${rpo.toFixed(1)} s besides the time between two backups`)
  say(`RTO      ${rto.toFixed(1)} s from the file to the first answer`)
  say(`Memory   ${memory.most_mb} MB at most, ${memory.before_mb} MB before`)
  if (load !== null)
    say(
      `Writers  ${load.acknowledged} changes acknowledged: ${load.before} before (${load.lost} lost), ${load.during} during, the rest after (${load.from_later} of them in it)`,
    )
  for (const { key, rows, compared } of tenants.slice(0, 20))
    say(`  ${key}: ${rows} rows in ${compared.length} tables are the same; audit whole`)
  if (tenants.length > 20) say(`  … and ${tenants.length - 20} tenants more`)
}
