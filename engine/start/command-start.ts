/** `nexus start`: serves until a signal ends it. */
import { defineCommand } from './command.ts'
import { StartRefused } from './main.ts'
import { serve, type ServerRole } from './server.ts'

const ROLES: readonly string[] = ['all', 'api', 'content', 'worker']

export const command = defineCommand({
  name: 'start',
  about: 'Serve the API and the apps.',
  usage: '[--role all|api|content|worker]',
  options: { role: { type: 'string', value: '<role>', about: 'Which part of the program this process is.', default: 'all' } },
  notes: 'SIGTERM and SIGINT end it: requests that run are answered, new ones are not taken.',
  exits: { 0: 'it was ended' },
  async run({ values: { role } }, tell) {
    if (!isRole(role)) throw new StartRefused(`--role is one of ${ROLES.join(', ')}.`)
    await serve(role, process.env, tell)
    return 0
  },
})

function isRole(text: string): text is ServerRole {
  return ROLES.includes(text)
}
