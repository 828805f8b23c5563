/** `nexus <command>`: reads the command line and hands over. Each command is one line in the list and one function elsewhere. */
import { parseArgs } from 'node:util'
import { StartRefused } from './main.ts'
import { serve, type ServerRole } from './server.ts'

interface Command {
  readonly usage: string
  readonly about: string
  readonly run: (args: string[]) => Promise<void>
}

const tell = (line: string): void => void process.stderr.write(`${line}\n`)
const ROLES: readonly string[] = ['all', 'api', 'content', 'worker']

async function start(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { role: { type: 'string', default: 'all' } } })
  if (!isRole(values.role)) throw new StartRefused(`--role is one of ${ROLES.join(', ')}.`)
  await serve(values.role, process.env, tell)
}

function isRole(text: string): text is ServerRole {
  return ROLES.includes(text)
}

const COMMANDS: Readonly<Record<string, Command>> = {
  start: { usage: 'start [--role all|api|content|worker]', about: 'Serve the API and the apps.', run: start },
}

const [name = 'help', ...args] = process.argv.slice(2)
const command = COMMANDS[name]
if (command === undefined) {
  tell(['Usage: nexus <command>', ...Object.values(COMMANDS).map(each => `  ${each.usage.padEnd(44)} ${each.about}`)].join('\n'))
  process.exitCode = name === 'help' || name === '--help' ? 0 : 2
} else {
  try {
    await command.run(args)
  } catch (error) {
    if (!(error instanceof StartRefused) && !(error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'))) throw error
    tell(`nexus: ${error.message}`)
    process.exitCode = 2
  }
}
