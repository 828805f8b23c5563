/** `nexus openapi`: writes the OpenAPI document of one user, the same as `GET /api/openapi.json` answers him. */
import { routes } from '../http/inventory.ts'
import { describeOpenApi } from '../http/openapi/describe.ts'
import { LOCALES } from '../kernel/context.ts'
import { defineCommand } from './command.ts'
import { readLocale, recordContextOf, requestOf, requireOption, spokenIn, withEngine } from './command-engine.ts'
import { writeWhole } from './whole-file.ts'

export const command = defineCommand({
  name: 'openapi',
  about: 'Write what a user may do, as OpenAPI 3.1.',
  usage: '--tenant <key> --as <e-mail> [--locale <locale>] [--out <file>]',
  options: {
    tenant: { type: 'string', value: '<key>', about: 'The tenant to describe.' },
    as: { type: 'string', value: '<e-mail>', about: 'The user whose rights decide what is in it.' },
    locale: {
      type: 'string',
      value: '<locale>',
      about: `Labels in one of ${LOCALES.join(', ')}; the user’s own language unless said otherwise.`,
    },
    out: { type: 'string', value: '<file>', about: 'Where to write; standard output unless said otherwise.' },
  },
  notes: `Whoever generates a client should do it as the user the client will run as: what he may not do is not in it.
Example: nexus openapi --tenant demo --as rep@demo.test --out openapi.json`,
  exits: { 0: 'the document is written', 1: 'nobody of that name signs in to the tenant' },
  async run({ values }, tell) {
    const [tenant, email] = [requireOption(values.tenant, 'tenant'), requireOption(values.as, 'as')]
    const { out } = values
    const locale = readLocale(values.locale)
    return withEngine(tell, async wired => {
      const ctx = await recordContextOf(wired, await requestOf(wired, tenant, email, 'cli openapi'))
      const text = `${describeOpenApi(spokenIn(ctx, locale), wired.engine.build, routes).text()}\n`
      if (out === undefined) process.stdout.write(text)
      else {
        await writeWhole(out, [text])
        tell(`Written to ${out}`)
      }
      return 0
    })
  },
})
