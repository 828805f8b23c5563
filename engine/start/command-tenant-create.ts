/** `nexus tenant:create`: makes a tenant through the operator's door. */
import type { NewTenant } from '../identity/index.ts'
import { newSecret } from '../kernel/ids.ts'
import { defineCommand, JSON_OPTION } from './command.ts'
import { requireBody, requireOption, withEngine } from './command-engine.ts'
import { readPassword } from './read-password.ts'

export const command = defineCommand({
  name: 'tenant:create',
  about: 'Make a tenant with its first administrator.',
  usage: '--key <key> --admin <e-mail> [--name <name>]',
  options: {
    key: { type: 'string', value: '<key>', about: 'How the tenant is called at sign-in: letters, digits, - and _.' },
    name: { type: 'string', value: '<name>', about: 'How people call it; the key unless said otherwise.' },
    packs: { type: 'string', value: '<keys>', about: 'Packs to install, with commas.', default: 'sales' },
    admin: { type: 'string', value: '<e-mail>', about: 'Its first administrator.' },
    locale: { type: 'string', value: '<locale>', about: 'Its language.', default: 'en' },
    currency: { type: 'string', value: '<code>', about: 'Its currency.', default: 'EUR' },
    'time-zone': { type: 'string', value: '<zone>', about: 'Its time zone.', default: 'Europe/Berlin' },
    'password-stdin': {
      type: 'boolean',
      about: "Reads the administrator's password from standard input; without it one is made and told once.",
    },
    json: JSON_OPTION,
  },
  exits: { 0: 'the tenant is there', 1: 'it was refused, because its key is taken for example' },
  async run({ values }, tell) {
    const key = requireOption(values.key, 'key')
    const email = requireOption(values.admin, 'admin')
    const given = values['password-stdin'] ? await readPassword() : undefined
    const password = given ?? newSecret(18)
    const input = {
      key,
      name: values.name ?? key,
      packs: values.packs.split(','),
      admin: { email, password },
      locale: values.locale,
      currency: values.currency,
      time_zone: values['time-zone'],
    }
    requireBody('POST', '/api/platform/tenants', input)
    return withEngine(tell, async wired => {
      const visit = {
        now: new Date(),
        ip: '127.0.0.1',
        traceId: newSecret(16),
        traceparent: '',
        route: 'cli tenant:create',
        caller: null,
        userAgent: null,
        locale: 'en' as const,
      }
      const made = await wired.identity.tenants.create(input as NewTenant, visit)
      const told = { ...made, admin_email: email, ...(given === undefined ? { password } : {}) }
      process.stdout.write(
        values.json
          ? `${JSON.stringify(told, null, 2)}\n`
          : `Tenant ${made.key} (${made.id}) with administrator ${email}${given === undefined ? `, password ${password}` : ''}\n`,
      )
      return 0
    })
  },
})
