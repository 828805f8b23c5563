/** `nexus types`: the TypeScript types of what one user can send and be sent, as `GET /api/types.ts` answers them. */
import { describeTypes } from '../authoring/index.ts'
import { LOCALES } from '../kernel/context.ts'
import { defineCommand, JSON_OPTION } from './command.ts'
import { readLocale, recordContextOf, requestOf, requireOption, spokenIn, withEngine } from './command-engine.ts'
import { writeWhole } from './whole-file.ts'

export const command = defineCommand({
  name: 'types',
  about: 'Write what a user can send and be sent, as TypeScript.',
  usage: '--tenant <key> --as <e-mail> [--locale <locale>] [--out <file>]',
  options: {
    tenant: { type: 'string', value: '<key>', about: 'The tenant whose model is written down.' },
    as: { type: 'string', value: '<e-mail>', about: 'The user whose rights decide what is in it.' },
    locale: {
      type: 'string',
      value: '<locale>',
      about: `Labels in one of ${LOCALES.join(', ')}; the user’s own language unless said otherwise.`,
    },
    out: { type: 'string', value: '<file>', about: 'Where to write; standard output unless said otherwise.' },
    json: JSON_OPTION,
  },
  notes: `The types are for the client: createClient<Nexus>(), see docs/how-to/use-the-client.md.
Example: nexus types --tenant demo --as rep@demo.test --out nexus.ts`,
  exits: { 0: 'the types are written', 1: 'nobody of that name signs in to the tenant' },
  async run({ values }, tell) {
    const [tenant, email] = [requireOption(values.tenant, 'tenant'), requireOption(values.as, 'as')]
    const { out, json } = values
    const locale = readLocale(values.locale)
    return withEngine(tell, async wired => {
      const ctx = await recordContextOf(wired, await requestOf(wired, tenant, email, 'cli types'))
      const { etag, text } = describeTypes(spokenIn(ctx, locale))
      const types = await text()
      const told = json ? `${JSON.stringify({ revision: ctx.revision, etag, types }, null, 2)}\n` : types
      if (out === undefined) process.stdout.write(told)
      else {
        await writeWhole(out, [told])
        tell(`Written to ${out}`)
      }
      return 0
    })
  },
})
