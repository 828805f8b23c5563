/** The caller's effective model and the forms of its entities, for apps and clients. Answered anew only when something changed. */
import { type Described, describeForm, describeModel } from '../../authoring/index.ts'
import type { FormMode } from '../../shape/index.ts'
import { isKnownTag } from '../headers.ts'
import type { Answer, DoorRequest, Route } from '../route.ts'

function answerOf({ headers }: DoorRequest, described: Described): Answer {
  const own = { etag: described.etag, 'cache-control': 'private, no-cache', vary: 'authorization, accept-language' }
  const known = headers['if-none-match']
  if (isKnownTag(typeof known === 'string' ? known : undefined, described.etag)) return { status: 304, empty: true, headers: own }
  return { dataText: described.text(), headers: own }
}

export const modelRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/model',
    access: 'caller',
    handler: async door => answerOf(door, describeModel(await door.model())),
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
      return answerOf(door, describeForm(await door.model(), door.params['entity'] ?? '', mode))
    },
  },
]
