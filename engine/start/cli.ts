/** `nexus <command>`: finds the command, hands over what was typed, and says in words and by the exit code what came of it. */
import { BackupRefused } from '../backup/refusal.ts'
import { EngineError } from '../kernel/errors.ts'
import { ConnectionLost } from '../platform/long-session.ts'
import { RolesMissing } from '../platform/roles.sql.ts'
import { SqlFailure, type SqlFailureKind } from '../platform/sql-failure.ts'
import { CommandFailed, meant, type Tell } from './command.ts'
import { refusalLines } from './command-engine.ts'
import { COMMANDS, loadCommands } from './commands.ts'
import { StartRefused } from './main.ts'

const tell: Tell = line => void process.stderr.write(`${line}\n`)
/** Of these a stack tells more than words. */
const OURS: ReadonlySet<SqlFailureKind> = new Set(['other', 'unique', 'foreign', 'check'])
const HELP = ['help', '--help', '-h']

// Who read on is gone (`nexus types … | head`): what is still to be said is for nobody, and the work ends in order all the same.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })

const [name = 'help', ...args] = process.argv.slice(2)
process.exitCode = await main()

async function main(): Promise<number> {
  if (HELP.includes(name) && args[0] === undefined) {
    process.stdout.write(`${await overview()}\n`)
    return 0
  }
  // `nexus help import` asks the same as `nexus import --help`.
  const asked = HELP.includes(name) ? (args[0] ?? '') : name
  const load = COMMANDS.get(asked)
  if (load === undefined) {
    tell(`nexus: there is no command “${asked}”.${meant(asked, COMMANDS.keys())} nexus --help tells what there is.`)
    return 2
  }
  const { command } = await load()
  const given = args.slice(0, args.includes('--') ? args.indexOf('--') : args.length)
  if (HELP.includes(name) || given.includes('--help') || given.includes('-h')) {
    process.stdout.write(`${command.help}\n`)
    return 0
  }
  try {
    return await command.run(args, tell)
  } catch (error) {
    const failure = failureOf(error)
    if (failure === null) throw error
    for (const line of failure.lines) tell(line)
    return failure.code
  }
}

async function overview(): Promise<string> {
  const commands = await loadCommands()
  const width = Math.max(...commands.map(each => each.name.length))
  return [
    'nexus <command> [options]',
    '',
    ...commands.map(each => `  ${each.name.padEnd(width)}  ${each.about}`),
    '',
    'nexus <command> --help tells the options of one. All of them read the settings of the environment.',
    'Exit code 0 when it is done, 1 when something was refused or is wrong, 2 when it could not begin.',
  ].join('\n')
}

/** What a failure says to the operator; null for what nobody foresaw, which ends with its stack. */
function failureOf(error: unknown): { lines: string[]; code: number } | null {
  if (error instanceof StartRefused || error instanceof RolesMissing) return { lines: [`nexus: ${error.message}`], code: 2 }
  if (error instanceof CommandFailed || error instanceof BackupRefused || error instanceof ConnectionLost)
    return { lines: [`nexus: ${error.message}`], code: 1 }
  if (error instanceof EngineError) {
    const [first = '', ...rest] = refusalLines(error)
    return { lines: [`nexus: ${first}`, ...rest], code: error.status === 422 ? 2 : 1 }
  }
  if (error instanceof SqlFailure && !OURS.has(error.kind))
    return {
      lines: [
        `nexus: the database did not do it: ${error.kind.replaceAll('_', ' ')}. Try again; nexus doctor tells what is wrong with it.`,
      ],
      code: 1,
    }
  if (error instanceof Error && 'code' in error && error.code === 'EPIPE')
    return { lines: ['nexus: whoever read standard output is gone: it has not got all of it.'], code: 1 }
  // A full disk, a file that may not be read, a database that went away: the system's own words are the best there are.
  if (error instanceof Error && ('syscall' in error || 'severity' in error)) return { lines: [`nexus: ${error.message}`], code: 1 }
  return null
}
