/** `nexus import`: brings a file in as a user of a tenant, here and now; a bar on a terminal, what became of it on standard output. */
import { createReadStream } from 'node:fs'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { RecordContext } from '../records/index.ts'
import { type ImportView, ROWS_PAGE, type RowView } from '../transfer/index.ts'
import { defineCommand, JSON_OPTION } from './command.ts'
import { recordContextOf, requestOf, requireOption, withEngine } from './command-engine.ts'
import { StartRefused } from './main.ts'
import { progressBar } from './progress-bar.ts'
import type { Wired } from './wiring.ts'

/** How many single problems and changes are shown; the rest is counted. */
const SHOWN = 20
/** Rows that are looked at for the summary. */
const MOST_ROWS = 10_000

export const command = defineCommand({
  name: 'import',
  about: 'Bring records in from a file.',
  usage: '--tenant <key> --as <e-mail> --map <import map> <file.csv>',
  words: 1,
  options: {
    tenant: { type: 'string', value: '<key>', about: 'The tenant to import into.' },
    as: { type: 'string', value: '<e-mail>', about: 'The user in whose name and with whose rights it is done.' },
    map: { type: 'string', value: '<map>', about: 'The key of an import map, or a file (.json) that holds one.' },
    'dry-run': { type: 'boolean', about: 'Tells what would be done, and does nothing.' },
    errors: { type: 'string', value: '<file>', about: 'Writes the refused rows there, each with what is wrong with it.' },
    json: JSON_OPTION,
  },
  notes: 'Rows that are there already are left as they are: a file may be sent again.',
  exits: { 0: 'every row is in', 1: 'rows were refused or the import ended early' },
  async run({ values, positionals: [path] }, tell) {
    if (path === undefined) throw new StartRefused('Name a file. nexus import --help tells the rest.')
    const [tenant, email, map] = [
      requireOption(values.tenant, 'tenant'),
      requireOption(values.as, 'as'),
      await readMap(requireOption(values.map, 'map')),
    ]
    if (!(await isFile(path))) throw new StartRefused(`There is no file ${path}.`)
    return withEngine(tell, async wired => {
      const ctx = await recordContextOf(wired, await requestOf(wired, tenant, email, 'cli import'))
      const { imports } = wired.engine
      const bar = progressBar(basename(path))
      const started = performance.now()
      const received = await imports.receive(createReadStream(path) as AsyncIterable<Buffer>, basename(path))
      const view = await bar.during(() =>
        imports.runHere(ctx, received, { map, dryRun: values['dry-run'] }, ({ done, total }) => bar.show(done, total)),
      )
      const rows = await rowsOf(wired, ctx, view)
      if (values.errors !== undefined) await writeFile(values.errors, await buffer((await imports.errors(ctx, view.id)).content))
      const answer = values.json
        ? JSON.stringify({ ...view, rows }, null, 2)
        : describe(view, rows, (performance.now() - started) / 1000, values.errors).join('\n')
      process.stdout.write(`${answer}\n`)
      return view.status === 'done' && view.counts.failed + view.counts.incomplete === 0 ? 0 : 1
    })
  },
})

async function readMap(given: string): Promise<string> {
  if (!given.endsWith('.json')) return given
  if (!(await isFile(given))) throw new StartRefused(`There is no file ${given}.`)
  return readFile(given, 'utf8')
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}

async function rowsOf(wired: Wired, ctx: RecordContext, { id }: ImportView): Promise<RowView[]> {
  const rows: RowView[] = []
  for (let after: number | null = 0; after !== null && rows.length < MOST_ROWS; ) {
    const found: { data: RowView[]; page: { next: number | null } } = await wired.engine.imports.rows(ctx, id, {
      limit: ROWS_PAGE.most,
      after,
    })
    rows.push(...found.data)
    after = found.page.next
  }
  return rows
}

function describe(view: ImportView, rows: readonly RowView[], seconds: number, errors: string | undefined): string[] {
  const { counts, dry_run: isTrial } = view
  const verb = (past: string, would: string): string => (isTrial ? `would be ${would}` : past)
  const lines = [
    `${isTrial ? 'Dry run of' : 'Import of'} ${view.filename ?? 'the file'} by ${view.map} into ${view.entity}: ${view.status} after ${seconds.toFixed(1)} s`,
    `  ${counts.created} ${verb('created', 'created')}, ${counts.updated} ${verb('changed', 'changed')}, ${counts.unchanged} as they were, ${counts.failed} refused${counts.incomplete === 0 ? '' : `, ${counts.incomplete} without a reference`}`,
  ]
  if (view.file.ignored_columns.length > 0) lines.push(`  Columns the map says nothing of: ${view.file.ignored_columns.join(', ')}`)
  if (view.failure !== null) lines.push(`  ${view.failure.title}: ${view.failure.detail}`)
  lines.push(...problemLines(rows), ...changeLines(rows))
  if (counts.failed > 0 && errors === undefined) lines.push('  --errors <file> writes the refused rows to a file.')
  return lines
}

/** Equal problems are told once, with how many rows have them. */
function problemLines(rows: readonly RowView[]): string[] {
  const groups = new Map<string, number[]>()
  for (const row of rows) {
    for (const { column, message } of row.problems ?? []) {
      const words = column === null ? message : `${column}: ${message}`
      groups.set(words, [...(groups.get(words) ?? []), row.row])
    }
  }
  const lines = [...groups]
    .sort((a, b) => b[1].length - a[1].length)
    .map(([words, at]) => `  row ${at.slice(0, 3).join(', ')}${at.length > 3 ? ` and ${at.length - 3} more` : ''}: ${words}`)
  return cut(lines, 'problems')
}

function changeLines(rows: readonly RowView[]): string[] {
  const lines = rows.flatMap(row =>
    (row.changes ?? []).map(({ field, old, new: next }) => `  row ${row.row} ${field}: ${text(old)} → ${text(next)}`),
  )
  return cut(lines, 'changes')
}

function cut(lines: readonly string[], what: string): string[] {
  return lines.length <= SHOWN ? [...lines] : [...lines.slice(0, SHOWN), `  … and ${lines.length - SHOWN} more ${what}`]
}

function text(value: unknown): string {
  return value === null || value === undefined ? 'nothing' : typeof value === 'string' ? value : JSON.stringify(value)
}
