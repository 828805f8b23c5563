/** `nexus user:create`: makes a user in the name of an administrator. */
import type { NewUser } from '../identity/index.ts'
import { defineCommand, JSON_OPTION } from './command.ts'
import { recordContextOf, requestOf, requireBody, requireOption, withEngine } from './command-engine.ts'
import { readPassword } from './read-password.ts'

export const command = defineCommand({
  name: 'user:create',
  about: 'Make a user.',
  usage: '--tenant <key> --as <e-mail> --email <e-mail> --name <name> --roles <keys>',
  options: {
    tenant: { type: 'string', value: '<key>', about: 'The tenant.' },
    as: { type: 'string', value: '<e-mail>', about: 'The administrator in whose name it is done; nobody gives more than he holds.' },
    email: { type: 'string', value: '<e-mail>', about: 'What the new user signs in by.' },
    name: { type: 'string', value: '<name>', about: 'How he is called.' },
    roles: { type: 'string', value: '<keys>', about: 'His roles, with commas.' },
    unit: { type: 'string', value: '<id>', about: "The org unit; the administrator's own unless said otherwise." },
    actor: { type: 'string', value: '<kind>', about: 'employee, client, supplier or professional.', default: 'employee' },
    'password-stdin': {
      type: 'boolean',
      about: 'Reads the password from standard input; without it the person is invited by mail.',
    },
    json: JSON_OPTION,
  },
  exits: { 0: 'the user is there', 1: 'it was refused' },
  async run({ values }, tell) {
    const [tenant, admin] = [requireOption(values.tenant, 'tenant'), requireOption(values.as, 'as')]
    const input = {
      email: requireOption(values.email, 'email'),
      name: requireOption(values.name, 'name'),
      roles: requireOption(values.roles, 'roles').split(','),
      actor: values.actor,
      ...(values.unit === undefined ? {} : { org_unit_id: values.unit }),
      ...(values['password-stdin'] ? { password: await readPassword() } : {}),
    }
    requireBody('POST', '/api/admin/users', input)
    return withEngine(tell, async wired => {
      const ctx = await recordContextOf(wired, await requestOf(wired, tenant, admin, 'cli user:create'))
      const made = await wired.identity.users.create(ctx, { org_unit_id: ctx.caller.orgUnitId, ...(input as NewUser) })
      process.stdout.write(
        values.json
          ? `${JSON.stringify(made, null, 2)}\n`
          : `User ${made.email} (${made.id}) of ${tenant}: ${input.roles.join(', ')}${values['password-stdin'] ? '' : ', invited by mail'}\n`,
      )
      return 0
    })
  },
})
