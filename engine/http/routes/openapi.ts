/** What a caller may do here, as OpenAPI 3.1, and the page that lets him try it. */
import { describeOpenApi } from '../openapi/describe.ts'
import { unlessKnown } from '../conditional.ts'
import type { Route } from '../route.ts'

/** The routes of the description; `described` are those that it is about. */
export const openApiRoutes = (described: () => readonly Route[]): readonly Route[] => [
  {
    method: 'GET',
    path: '/api/openapi.json',
    access: 'caller',
    handler: async door => {
      const document = describeOpenApi(await door.model(), door.engine.build, described())
      return unlessKnown(door, document.etag, async () => ({ text: { type: 'application/json; charset=utf-8', body: document.text() } }))
    },
  },
]
