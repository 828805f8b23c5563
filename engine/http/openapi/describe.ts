/** The OpenAPI document of a caller, made once per revision, set of profiles, capabilities and language, and never shared beyond them. */
import { callerNames, type Described, describeComponents, described } from '../../authoring/index.ts'
import type { ModelContext } from '../../model/types.ts'
import type { Build } from '../engine.ts'
import type { Route } from '../route.ts'
import { openApiDocument } from './document.ts'

/** The document, and its tag. */
export function describeOpenApi(ctx: ModelContext, build: Build, routes: readonly Route[]): Described {
  const { capabilities, tenant, profiles, locale } = ctx.caller
  return described(ctx, build, `openapi ${[...capabilities].sort().join(' ')}`, () =>
    JSON.stringify(
      openApiDocument({
        names: callerNames(ctx, profiles, locale),
        locale,
        schemas: describeComponents(ctx),
        capabilities,
        tenant: tenant.name,
        revision: ctx.revision,
        version: build.version,
        routes,
      }),
    ),
  )
}
