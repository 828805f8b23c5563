/** `nexus openapi`: writes the OpenAPI document of one user, the same as `GET /api/openapi.json` answers him. */
import { routes } from '../http/inventory.ts'
import { describeOpenApi } from '../http/openapi/describe.ts'
import { defineCommand, JSON_OPTION } from './command.ts'
import { writeForUser, writtenOptions } from './written-for-user.ts'

export const command = defineCommand({
  name: 'openapi',
  about: 'Write what a user may do, as OpenAPI 3.1.',
  usage: '--tenant <key> --as <e-mail> [--locale <locale>] [--out <file>]',
  options: {
    ...writtenOptions('The tenant to describe.', 'The user whose rights decide what is in it.'),
    json: { ...JSON_OPTION, about: 'Changes nothing: the document is JSON.' },
  },
  notes: `Whoever generates a client should do it as the user the client will run as: what he may not do is not in it.
Example: nexus openapi --tenant demo --as rep@demo.test --out openapi.json`,
  exits: { 0: 'the document is written', 1: 'nobody of that name signs in to the tenant' },
  run: ({ values }, tell) =>
    writeForUser(values, 'openapi', tell, ({ engine }, ctx) => `${describeOpenApi(ctx, engine.build, routes).text()}\n`),
})
