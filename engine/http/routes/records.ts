/** Records over REST (contracts §2): every route hands its input to one use case of the records room. */
import {
  bulkRecords,
  createRecord,
  deleteRecord,
  listRecords,
  parseOperations,
  readRecord,
  restoreRecord,
  updateRecord,
} from '../../records/index.ts'
import { DEFAULT_CAPS, grantOver } from '../../access/index.ts'
import { recordContext } from '../record-context.ts'
import { bulkAnswer, createdAnswer, writtenAnswer, writtenEnvelope } from '../written.ts'
import type { DoorRequest, Route } from '../route.ts'

const ANY_BODY = { title: 'Body' } as const
const entityOf = (door: DoorRequest): string => door.params['entity'] ?? ''
const idOf = (door: DoorRequest): string => door.params['id'] ?? ''
const listed = { type: 'string', maxLength: 4_000 } as const

/** `select` and `sort` are lists of names with commas, `where` is JSON; the rest as in the query language. */
function queryFromAddress(query: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const names = (text: unknown): string[] | undefined => (typeof text === 'string' ? text.split(',') : undefined)
  const { select, sort, ...rest } = query
  return { ...rest, ...(select === undefined ? {} : { select: names(select) }), ...(sort === undefined ? {} : { sort: names(sort) }) }
}

export const recordRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/api/records/:entity',
    access: 'caller',
    operation: 'read',
    query: {
      type: 'object',
      additionalProperties: false,
      properties: {
        select: listed,
        where: { contentMediaType: 'application/json' },
        sort: listed,
        search: { type: 'string', maxLength: 200 },
        limit: { type: 'integer' },
        after: { type: 'string', maxLength: 4_000 },
        count: { enum: ['none', 'estimated', 'exact'] },
        trash: { type: 'boolean' },
      },
    },
    handler: async door => listRecords(await recordContext(door), entityOf(door), queryFromAddress(door.query)),
  },
  {
    method: 'POST',
    path: '/api/records/:entity/query',
    access: 'caller',
    operation: 'read',
    body: ANY_BODY,
    handler: async door => listRecords(await recordContext(door), entityOf(door), door.body),
  },
  {
    method: 'POST',
    path: '/api/records/:entity',
    access: 'caller',
    operation: 'create',
    body: ANY_BODY,
    handler: async door => {
      const ctx = await recordContext(door)
      return createdAnswer(entityOf(door), await createRecord(ctx, entityOf(door), door.body, writtenEnvelope(door, ctx, entityOf(door))))
    },
  },
  {
    method: 'GET',
    path: '/api/records/:entity/:id',
    access: 'caller',
    operation: 'read',
    query: { type: 'object', additionalProperties: false, properties: { select: listed } },
    handler: async door => {
      const found = await readRecord(await recordContext(door), entityOf(door), idOf(door), queryFromAddress(door.query))
      return { dataText: found.dataText, headers: { etag: `"${found.version}"` } }
    },
  },
  {
    method: 'PATCH',
    path: '/api/records/:entity/:id',
    access: 'caller',
    operation: 'update',
    body: ANY_BODY,
    handler: async door =>
      writtenAnswer(await updateRecord(await recordContext(door), entityOf(door), idOf(door), door.ifMatch(), door.body)),
  },
  {
    method: 'DELETE',
    path: '/api/records/:entity/:id',
    access: 'caller',
    operation: 'delete',
    handler: async door => {
      await deleteRecord(await recordContext(door), entityOf(door), idOf(door), door.ifMatch())
      return { empty: true }
    },
  },
  {
    method: 'POST',
    path: '/api/records/:entity/:id/restore',
    access: 'caller',
    operation: 'restore',
    handler: async door => writtenAnswer(await restoreRecord(await recordContext(door), entityOf(door), idOf(door))),
  },
  {
    method: 'POST',
    path: '/api/records/:entity/bulk',
    access: 'caller',
    operation: 'create',
    body: {
      type: 'object',
      additionalProperties: false,
      required: ['operations'],
      properties: {
        operations: { type: 'array', minItems: 1, items: {}, title: 'Operations' },
        atomic: { type: 'boolean', title: 'Atomic' },
      },
    },
    handler: async door => {
      const ctx = await recordContext(door)
      const { operations, atomic = true } = door.body as { operations: unknown[]; atomic?: boolean }
      const limit = grantOver(ctx.model, ctx.caller.profiles, entityOf(door))?.caps.bulkOperations ?? DEFAULT_CAPS.bulkOperations
      const parsed = parseOperations(operations, limit)
      return bulkAnswer(door, ctx, envelope => bulkRecords(ctx, entityOf(door), parsed, atomic, envelope))
    },
  },
]
