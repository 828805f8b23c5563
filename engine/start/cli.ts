/** `nexus <command>`: reads the command line and hands over. Each command is one line in the list and one function elsewhere. */
import { parseArgs } from 'node:util'
import { EngineError } from '../kernel/errors.ts'
import { CommandFailed, refusalLines, type Tell } from './command-engine.ts'
import { IMPORT_HELP, importCommand } from './command-import.ts'
import { migrateCommand, seedCommand, TENANT_HELP, tenantCommand, USER_HELP, userCommand } from './command-tenants.ts'
import { TRACE_HELP, traceCommand } from './command-trace.ts'
import { RolesMissing } from '../platform/roles.sql.ts'
import { StartRefused } from './main.ts'
import { serve, type ServerRole } from './server.ts'
import { verifyAudits } from './verify-audit.ts'

interface Command {
  readonly usage: string
  readonly about: string
  /** What `--help` tells beyond the usage. */
  readonly help?: string
  /** Answers the exit code. */
  readonly run: (args: string[], tell: Tell) => Promise<number>
}

const tell: Tell = line => void process.stderr.write(`${line}\n`)
const ROLES: readonly string[] = ['all', 'api', 'content', 'worker']

/** `nexus audit`: exit code 1 where a chain is not whole. */
async function audit(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { tenant: { type: 'string' }, head: { type: 'string' } } })
  return (await verifyAudits(process.env, values, line => void process.stdout.write(`${line}\n`))) ? 0 : 1
}

async function start(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { role: { type: 'string', default: 'all' } } })
  if (!isRole(values.role)) throw new StartRefused(`--role is one of ${ROLES.join(', ')}.`)
  await serve(values.role, process.env, tell)
  return 0
}

function isRole(text: string): text is ServerRole {
  return ROLES.includes(text)
}

const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['start', { usage: 'start [--role all|api|content|worker]', about: 'Serve the API and the apps.', run: start }],
  ['migrate', { usage: 'migrate', about: 'Bring the schema of the database up to date.', run: migrateCommand }],
  ['seed', { usage: 'seed', about: 'Make the demo tenants where they are missing.', run: seedCommand }],
  [
    'import',
    {
      usage: 'import --tenant … --as … --map … <csv> [--dry-run]',
      about: 'Bring records in from a file.',
      help: IMPORT_HELP,
      run: importCommand,
    },
  ],
  [
    'tenant:create',
    {
      usage: 'tenant:create --key … --admin …',
      about: 'Make a tenant with its first administrator.',
      help: TENANT_HELP,
      run: tenantCommand,
    },
  ],
  [
    'user:create',
    { usage: 'user:create --tenant … --as … --email … --name … --roles …', about: 'Make a user.', help: USER_HELP, run: userCommand },
  ],
  ['audit', { usage: 'audit [--tenant …] [--head <number>:<head>]', about: 'Verify the chains of the audit.', run: audit }],
  [
    'trace',
    {
      usage: 'trace "GET /api/records/…" --as …',
      about: 'Show what each station makes of a request.',
      help: TRACE_HELP,
      run: traceCommand,
    },
  ],
])

const [name = 'help', ...args] = process.argv.slice(2)
const command = COMMANDS.get(name)
if (command === undefined) {
  const lines = [...COMMANDS.values()].map(each => `  nexus ${each.usage.padEnd(60)} ${each.about}`)
  const isAsked = ['help', '--help', '-h'].includes(name)
  ;(isAsked ? (line: string) => void process.stdout.write(`${line}\n`) : tell)(
    [...(isAsked ? [] : [`nexus: there is no command “${name}”.`]), ...lines].join('\n'),
  )
  process.exitCode = isAsked ? 0 : 2
} else if (args.includes('--help') || args.includes('-h')) {
  process.stdout.write(`${command.help ?? `nexus ${command.usage}\n\n${command.about}`}\n`)
} else {
  try {
    process.exitCode = await command.run(args, tell)
  } catch (error) {
    const lines = linesOf(error)
    if (lines === null) throw error
    for (const line of lines.words) tell(line)
    process.exitCode = lines.code
  }
}

/** What a failure says to the operator; null for what nobody foresaw, which ends with its stack. */
function linesOf(error: unknown): { words: string[]; code: number } | null {
  const isUsage = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
  if (error instanceof StartRefused || isUsage) return { words: [`nexus: ${error.message}`], code: 2 }
  if (error instanceof CommandFailed || error instanceof RolesMissing) return { words: [`nexus: ${error.message}`], code: 1 }
  if (!(error instanceof EngineError)) return null
  const [first = '', ...rest] = refusalLines(error)
  return { words: [`nexus: ${first}`, ...rest], code: error.status === 422 ? 2 : 1 }
}
