/** The TypeScript types of what a caller can send and be sent (contracts §2), for programs that use the client. */
import { describeTypes } from '../../authoring/index.ts'
import { unlessKnown } from '../conditional.ts'
import type { Route } from '../route.ts'

export const typesRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/types.ts',
    access: 'caller',
    handler: async door => {
      const { etag, text } = describeTypes(await door.model(), door.engine.build)
      return unlessKnown(door, etag, async () => ({ text: { type: 'text/plain; charset=utf-8', body: await text() } }))
    },
  },
]
