/** The commands of `nexus`, one file each, in the order in which the help lists them. A file is loaded when its command runs. */
import type { Command } from './command.ts'

type Load = () => Promise<{ readonly command: Command }>

/** Name → where the command is. */
export const COMMANDS: ReadonlyMap<string, Load> = new Map<string, Load>([
  ['start', () => import('./command-start.ts')],
  ['dev', () => import('./command-dev.ts')],
  ['migrate', () => import('./command-migrate.ts')],
  ['seed', () => import('./command-seed.ts')],
  ['tenant:create', () => import('./command-tenant-create.ts')],
  ['user:create', () => import('./command-user-create.ts')],
  ['doctor', () => import('./command-doctor.ts')],
  ['mend', () => import('./command-mend.ts')],
  ['import', () => import('./command-import.ts')],
  ['export', () => import('./command-export.ts')],
  ['openapi', () => import('./command-openapi.ts')],
  ['types', () => import('./command-types.ts')],
  ['backup', () => import('./command-backup.ts')],
  ['restore', () => import('./command-restore.ts')],
  ['drill', () => import('./command-drill.ts')],
  ['audit', () => import('./command-audit.ts')],
  ['trace', () => import('./command-trace.ts')],
  ['smoke', () => import('./command-smoke.ts')],
  ['bench', () => import('./command-bench.ts')],
])

/** All of them, loaded: for the help and the page of commands. */
export async function loadCommands(): Promise<Command[]> {
  return Promise.all([...COMMANDS.values()].map(async load => (await load()).command))
}
