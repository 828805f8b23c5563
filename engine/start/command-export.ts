/** `nexus export`: takes records out as a user of a tenant, through the road of an export, with the same caps and the same line in the audit. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { exportRecords, type ExportRequest } from '../records/index.ts'
import { EXPORT_TYPES, fileOf } from '../transfer/index.ts'
import { defineCommand, JSON_OPTION } from './command.ts'
import { recordContextOf, requestOf, requireOption, withEngine } from './command-engine.ts'
import { StartRefused } from './main.ts'
import { progressBar } from './progress-bar.ts'
import { writeWhole } from './whole-file.ts'

const FORMATS = Object.keys(EXPORT_TYPES).join(', ')

export const command = defineCommand({
  name: 'export',
  about: 'Take records out into a file.',
  usage: '--tenant <key> --as <e-mail> --entity <key> [--query <json>] [--out <file>]',
  options: {
    tenant: { type: 'string', value: '<key>', about: 'The tenant to export from.' },
    as: { type: 'string', value: '<e-mail>', about: 'The user in whose name and with whose rights it is done.' },
    entity: { type: 'string', value: '<key>', about: 'What to export, like deal.' },
    query: {
      type: 'string',
      value: '<json>',
      about:
        'Which records and fields, in the query language, or a file (.json) that holds it; everything the user may see unless said otherwise.',
    },
    format: { type: 'string', value: '<format>', about: `One of ${FORMATS}.`, default: 'csv' },
    out: {
      type: 'string',
      value: '<file>',
      about: 'Where to write; standard output unless said otherwise. The file is only there when it is whole.',
    },
    json: { ...JSON_OPTION, about: 'Answers what was exported as JSON; to standard error where the records go to standard output.' },
  },
  notes: `What leaves is written down in the tenant's audit before the first row does.
Example: nexus export --tenant demo --as admin@demo.test --entity deal --query '{"select":["name","amount"]}' --out deals.csv`,
  exits: { 0: 'every row has left', 1: 'the export was refused, by its cap for example' },
  async run({ values }, tell) {
    const [tenant, email, entity] = [
      requireOption(values.tenant, 'tenant'),
      requireOption(values.as, 'as'),
      requireOption(values.entity, 'entity'),
    ]
    const { format } = values
    if (!isFormat(format)) throw new StartRefused(`--format is one of ${FORMATS}.`)
    const query = await readQuery(values.query)
    return withEngine(tell, async wired => {
      const ctx = await recordContextOf(wired, await requestOf(wired, tenant, email, 'cli export'))
      const bar = progressBar(`Exporting ${entity}`)
      let rows = 0
      const progress = (done: number, total: number): void => {
        rows = done
        bar.show(done, total)
      }
      const { out } = values
      await bar.during(async () => {
        const file = Readable.from(await fileOf(() => exportRecords(ctx, entity, { query, format, progress }), format, ctx.caller))
        await (out === undefined ? pipeline(file, process.stdout, { end: false }) : writeWhole(out, file))
      })
      if (out !== undefined) tell(`Exported ${rows} rows into ${out}`)
      if (values.json)
        (out === undefined ? process.stderr : process.stdout).write(
          `${JSON.stringify({ file: out === undefined ? null : resolve(out), entity, format, rows }, null, 2)}\n`,
        )
      return 0
    })
  },
})

function isFormat(text: string): text is ExportRequest['format'] {
  return Object.hasOwn(EXPORT_TYPES, text)
}

async function readQuery(given: string | undefined): Promise<unknown> {
  if (given === undefined) return {}
  const text = given.endsWith('.json') ? await readFile(given, 'utf8').catch(() => null) : given
  if (text === null) throw new StartRefused(`There is no file ${given}.`)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new StartRefused(`--query is not JSON: ${(error as Error).message}`)
  }
}
