/** The draft change set: put, take out, look at, check, publish, throw away (contracts §6). */
import type { Published } from '../../authoring/index.ts'
import { fingerprintOf, once } from '../../guard/index.ts'
import type { Envelope, RecordContext } from '../../records/index.ts'
import { recordContext } from '../record-context.ts'
import type { DoorRequest, Route } from '../route.ts'

const edit = { capability: 'studio.edit' } as const
const addressOf = ({ params }: DoorRequest) => ({ kind: params['kind'] ?? '', key: params['key'] ?? '' })

/** The version of the draft the client has seen: `"0"` says that the document was not in it, null that the client says nothing. */
function seenOf({ headers, ifMatch }: DoorRequest): number | null {
  const header = headers['if-match']
  return header === undefined ? null : header === '"0"' ? 0 : ifMatch()
}

/** Makes a publish that is sent twice happen once. */
function oncePublished({ idempotencyKey: key, origin, path, body }: DoorRequest, ctx: RecordContext): Envelope<Published> {
  if (key === null) return {}
  return {
    around: async (connection, act) => {
      const kept = await once(
        connection,
        ctx,
        { key, route: origin.route, fingerprint: fingerprintOf(path, body) },
        async () => ({ status: 200, headers: {}, body: JSON.stringify(await act()), entity: null, record_id: null }),
        async first => first,
      )
      return JSON.parse(kept.body) as Published
    },
  }
}

export const studioDraftRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/studio/draft',
    access: { capability: 'studio.read' },
    handler: async ({ engine, model }) => ({ data: await engine.authoring.draft.read(await model()) }),
  },
  {
    method: 'DELETE',
    path: '/api/studio/draft',
    access: edit,
    handler: async ({ engine, model }) => {
      await engine.authoring.draft.discard(await model())
      return { empty: true }
    },
  },
  {
    method: 'PUT',
    path: '/api/studio/draft/:kind/:key',
    access: edit,
    body: { title: 'Document' },
    handler: async door => {
      const saved = await door.engine.authoring.draft.save(await door.model(), addressOf(door), door.body, seenOf(door))
      return { status: saved.version === 1 ? 201 : 200, data: saved, headers: { etag: `"${saved.version}"` } }
    },
  },
  {
    method: 'DELETE',
    path: '/api/studio/draft/:kind/:key',
    access: edit,
    handler: async door => {
      const removed = await door.engine.authoring.draft.remove(await door.model(), addressOf(door), seenOf(door))
      return { data: removed, headers: { etag: `"${removed.version}"` } }
    },
  },
  {
    method: 'POST',
    path: '/api/studio/draft/check',
    access: edit,
    handler: async door => ({ data: await door.engine.authoring.draft.check(await recordContext(door)) }),
  },
  {
    method: 'POST',
    path: '/api/studio/draft/publish',
    access: { capability: 'studio.publish' },
    body: {
      type: 'object',
      additionalProperties: false,
      required: ['note'],
      properties: { note: { type: 'string', maxLength: 2000, title: 'Note' } },
    },
    handler: async door => {
      const ctx = await recordContext(door)
      const { note } = door.body as { note: string }
      return { data: await door.engine.authoring.draft.publish(ctx, note, oncePublished(door, ctx)) }
    },
  },
]
