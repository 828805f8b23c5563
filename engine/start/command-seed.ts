/** `nexus seed`: makes the demo tenants where they are missing. */
import { administer } from '../platform/server-admin.ts'
import { defineCommand, JSON_OPTION } from './command.ts'
import { withEngine } from './command-engine.ts'
import { demoLogins } from './demo-tenants.ts'
import { StartRefused } from './main.ts'
import { seedDemo } from './seed-demo.ts'

export const command = defineCommand({
  name: 'seed',
  about: 'Make the demo tenants where they are missing.',
  usage: '[--json]',
  options: { json: JSON_OPTION },
  notes: 'Answers who can sign in. Never in production: everybody knows the password of the demo people.',
  exits: { 0: 'the demo tenants are there' },
  run: ({ values }, tell) =>
    withEngine(tell, async (wired, ground) => {
      if (wired.engine.config.production)
        throw new StartRefused('The demo tenants have a password that everybody knows: they are not made in production.')
      // Of two at once, such as a start and one that was ended a moment ago, the second finds everything made.
      await administer(ground.databaseUrl, async client => {
        await client.query(`select pg_advisory_lock(hashtext('nexus.seed'))`)
        await seedDemo(wired, tell)
      })
      const logins = demoLogins()
      process.stdout.write(
        values.json
          ? `${JSON.stringify(logins, null, 2)}\n`
          : `${logins.map(login => `${login.tenant} ${login.email} ${login.roles.join(', ')}`).join('\n')}\n`,
      )
      return 0
    }),
})
