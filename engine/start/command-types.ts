/** `nexus types`: the TypeScript types of what one user can send and be sent, as `GET /api/types.ts` answers them. */
import { describeTypes } from '../authoring/index.ts'
import { defineCommand, JSON_OPTION } from './command.ts'
import { writeForUser, writtenOptions } from './written-for-user.ts'

export const command = defineCommand({
  name: 'types',
  about: 'Write what a user can send and be sent, as TypeScript.',
  usage: '--tenant <key> --as <e-mail> [--locale <locale>] [--out <file>]',
  options: {
    ...writtenOptions('The tenant whose model is written down.', 'The user whose rights decide what is in it.'),
    json: JSON_OPTION,
  },
  notes: `The types are for the client: createClient<Nexus>(), see docs/how-to/use-the-client.md.
Example: nexus types --tenant demo --as rep@demo.test --out nexus.ts`,
  exits: { 0: 'the types are written', 1: 'nobody of that name signs in to the tenant' },
  run: ({ values }, tell) =>
    writeForUser(values, 'types', tell, async ({ engine }, ctx) => {
      const { etag, text } = describeTypes(ctx, engine.build)
      const types = await text()
      return values.json ? `${JSON.stringify({ revision: ctx.revision, etag, types }, null, 2)}\n` : types
    }),
})
