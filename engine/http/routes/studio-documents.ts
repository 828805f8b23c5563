/** Documents of the model as authors see them, the schemas they are written by, who names what, and a look at a draft's form (contracts §6). */
import type { DocumentState, FormPreview } from '../../authoring/index.ts'
import type { DoorRequest, Route } from '../route.ts'

const access = { capability: 'studio.read' } as const
const state = { enum: ['draft', 'live'], title: 'State' } as const
const addressOf = ({ params }: DoorRequest) => ({ kind: params['kind'] ?? '', key: params['key'] ?? '' })
const stateOf = ({ query }: DoorRequest): DocumentState => (query['state'] === 'live' ? 'live' : 'draft')

export const studioDocumentRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/studio/schemas/:name',
    access,
    handler: async ({ engine, params }) => ({ data: engine.authoring.schema(params['name'] ?? '') }),
  },
  {
    method: 'GET',
    path: '/api/studio/documents',
    access,
    query: {
      type: 'object',
      additionalProperties: false,
      properties: { kind: { type: 'string', maxLength: 48, title: 'Kind' }, state },
    },
    handler: async door => {
      const { kind = null } = door.query as { kind?: string }
      return { data: await door.engine.authoring.documents.list(await door.model(), kind, stateOf(door)) }
    },
  },
  {
    method: 'GET',
    path: '/api/studio/documents/:kind/:key',
    access,
    query: { type: 'object', additionalProperties: false, properties: { state } },
    handler: async door => {
      const found = await door.engine.authoring.documents.get(await door.model(), addressOf(door), stateOf(door))
      return { data: found, headers: { etag: `"${found.draft_version ?? 0}"` } }
    },
  },
  {
    method: 'GET',
    path: '/api/studio/where_used/:kind/:key',
    access,
    query: { type: 'object', additionalProperties: false, properties: { field: { type: 'string', maxLength: 48, title: 'Field' } } },
    handler: async door => {
      const { field = null } = door.query as { field?: string }
      return { data: await door.engine.authoring.whereUsed(await door.model(), addressOf(door), field) }
    },
  },
  {
    method: 'POST',
    path: '/api/studio/preview/form',
    access,
    body: {
      type: 'object',
      additionalProperties: false,
      required: ['entity', 'profiles'],
      properties: {
        entity: { type: 'string', maxLength: 48, title: 'Entity' },
        profiles: { type: 'array', items: { type: 'string', maxLength: 48 }, minItems: 1, maxItems: 16, title: 'Profiles' },
        mode: { enum: ['create', 'edit', 'view'], title: 'Mode' },
      },
    },
    handler: async door => {
      const { mode = 'edit', ...asked } = door.body as Omit<FormPreview, 'mode'> & { mode?: FormPreview['mode'] }
      return { data: await door.engine.authoring.previewForm(await door.model(), { ...asked, mode }) }
    },
  },
]
