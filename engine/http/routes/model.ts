/** The caller's effective model and the forms of its entities, for apps and clients. Answered anew only when something changed. */
import { describeForm, describeModel } from '../../authoring/index.ts'
import type { FormMode } from '../../shape/index.ts'
import { unlessKnown } from '../conditional.ts'
import type { Route } from '../route.ts'

export const modelRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/model',
    access: 'caller',
    handler: async door => {
      const { etag, text } = describeModel(await door.model(), door.engine.build)
      return unlessKnown(door, etag, async () => ({ dataText: text() }))
    },
  },
  {
    method: 'GET',
    path: '/api/model/:entity/form',
    access: 'caller',
    query: {
      type: 'object',
      additionalProperties: false,
      properties: { mode: { enum: ['create', 'edit', 'view'], title: 'Mode' } },
    },
    handler: async door => {
      const mode = (door.query['mode'] ?? 'edit') as FormMode
      const { etag, text } = describeForm(await door.model(), door.engine.build, door.params['entity'] ?? '', mode)
      return unlessKnown(door, etag, async () => ({ dataText: text() }))
    },
  },
]
