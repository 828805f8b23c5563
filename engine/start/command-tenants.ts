/** `nexus migrate`, `seed`, `tenant:create`, `user:create`: what an operator does once, through the doors everybody uses. */
import { text as textOf } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import type { NewTenant, NewUser } from '../identity/index.ts'
import { newSecret } from '../kernel/ids.ts'
import { recordContextOf, requestOf, requireBody, requireOption, type Tell, withEngine } from './command-engine.ts'
import { openGround, requireConfig, StartRefused } from './main.ts'
import { seedDemo } from './seed-demo.ts'

export const TENANT_HELP = `nexus tenant:create --key <key> --admin <e-mail> [--name <name>]

  --key <key>         How the tenant is called at sign-in: letters, digits, - and _.
  --name <name>       How people call it; the key unless said otherwise.
  --packs <keys>      Packs to install, with commas (default: sales).
  --admin <e-mail>    Its first administrator.
  --locale, --currency, --time-zone   Its settings (default: en, EUR, Europe/Berlin).
  --password-stdin    Reads the administrator's password from standard input; without it one is made and told once.
  --json              Answers as JSON.`

export const USER_HELP = `nexus user:create --tenant <key> --as <e-mail> --email <e-mail> --name <name> --roles <keys>

  --as <e-mail>       The administrator in whose name it is done; nobody gives more than he holds.
  --roles <keys>      With commas.
  --unit <id>         The org unit; the administrator's own unless said otherwise.
  --actor <kind>      employee (default), client, supplier or professional.
  --password-stdin    Reads the password from standard input; without it the person is invited by mail.
  --json              Answers as JSON.`

/** `nexus migrate`: brings the schema up to date and tells what was done. */
export async function migrateCommand(args: string[], tell: Tell): Promise<number> {
  parseArgs({ args, options: {} })
  const lines: string[] = []
  const ground = await openGround(requireConfig(process.env, tell), line => {
    lines.push(line)
    tell(line)
  })
  await ground.stop()
  if (!lines.some(line => line.startsWith('Schema brought up to date'))) tell('The schema is up to date.')
  return 0
}

/** `nexus seed`: makes the demo tenants where they are missing. */
export async function seedCommand(args: string[], tell: Tell): Promise<number> {
  parseArgs({ args, options: {} })
  return withEngine(tell, async wired => {
    if (wired.engine.config.production)
      throw new StartRefused('The demo tenants have a password that everybody knows: they are not made in production.')
    const logins = await seedDemo(wired, tell)
    process.stdout.write(`${logins.map(login => `${login.tenant} ${login.email} ${login.roles.join(', ')}`).join('\n')}\n`)
    return 0
  })
}

/** `nexus tenant:create`. */
export async function tenantCommand(args: string[], tell: Tell): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      key: { type: 'string' },
      name: { type: 'string' },
      packs: { type: 'string', default: 'sales' },
      admin: { type: 'string' },
      locale: { type: 'string', default: 'en' },
      currency: { type: 'string', default: 'EUR' },
      'time-zone': { type: 'string', default: 'Europe/Berlin' },
      'password-stdin': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  })
  const key = requireOption(values.key, 'key')
  const given = values['password-stdin'] ? await readPassword() : undefined
  const password = given ?? newSecret(18)
  const input = {
    key,
    name: values.name ?? key,
    packs: values.packs.split(','),
    admin: { email: requireOption(values.admin, 'admin'), password },
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
    const told = { ...made, admin_email: input.admin.email, ...(given === undefined ? { password } : {}) }
    process.stdout.write(
      values.json
        ? `${JSON.stringify(told, null, 2)}\n`
        : `Tenant ${made.key} (${made.id}) with administrator ${input.admin.email}${given === undefined ? `, password ${password}` : ''}\n`,
    )
    return 0
  })
}

/** `nexus user:create`. */
export async function userCommand(args: string[], tell: Tell): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      tenant: { type: 'string' },
      as: { type: 'string' },
      email: { type: 'string' },
      name: { type: 'string' },
      roles: { type: 'string' },
      unit: { type: 'string' },
      actor: { type: 'string', default: 'employee' },
      'password-stdin': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  })
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
}

/** A password does not stand on a command line, which every user of the machine can read. */
async function readPassword(): Promise<string> {
  const password = (await textOf(process.stdin)).replace(/\r?\n$/, '')
  if (password === '') throw new StartRefused('--password-stdin reads the password from standard input, where there is none.')
  return password
}
