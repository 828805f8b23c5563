/** The history of the model: revisions, what they changed, and the way back (contracts §6). */
import { commonErrors } from '../../kernel/errors.ts'
import type { DoorRequest, Route } from '../route.ts'

const access = { capability: 'studio.read' } as const

/** A revision's number in the address; any other text names no revision. */
function numberOf({ params }: DoorRequest, name: string): number {
  const text = params[name] ?? ''
  if (!/^[1-9][0-9]{0,8}$/.test(text)) throw commonErrors.NOT_FOUND({})
  return Number(text)
}

export const studioRevisionRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/studio/revisions',
    access,
    query: {
      type: 'object',
      additionalProperties: false,
      properties: {
        limit: { type: 'integer', minimum: 1, maximum: 100, title: 'Limit' },
        before: { type: 'integer', minimum: 1, maximum: 999_999_999, title: 'Before' },
      },
    },
    handler: async ({ engine, model, query }) => {
      const { limit = 50, before = null } = query as { limit?: number; before?: number }
      const { revisions, next } = await engine.authoring.revisions.list(await model(), { limit, before })
      return { data: revisions, page: { next } }
    },
  },
  {
    method: 'GET',
    path: '/api/studio/revisions/:revision',
    access,
    handler: async door => ({ data: await door.engine.authoring.revisions.get(await door.model(), numberOf(door, 'revision')) }),
  },
  {
    method: 'GET',
    path: '/api/studio/revisions/:revision/diff/:other',
    access,
    handler: async door => {
      const changes = await door.engine.authoring.revisions.diff(await door.model(), numberOf(door, 'revision'), numberOf(door, 'other'))
      return { data: { changes } }
    },
  },
  {
    method: 'POST',
    path: '/api/studio/revisions/:revision/restore',
    access: { capability: 'studio.edit' },
    handler: async door => ({ data: await door.engine.authoring.revisions.restore(await door.model(), numberOf(door, 'revision')) }),
  },
]
