/** What records answer besides themselves (contracts §2): every route hands its input to one use case of the records room. */
import { aggregateRecords, type ConversionRequest, convertRecord, readHistory, type Reveal, revealField } from '../../records/index.ts'
import { convertedAnswer, convertedEnvelope } from '../converted.ts'
import { recordContext } from '../record-context.ts'
import type { DoorRequest, Route } from '../route.ts'

const ANY_BODY = { title: 'Body' } as const
const entityOf = (door: DoorRequest): string => door.params['entity'] ?? ''
const idOf = (door: DoorRequest): string => door.params['id'] ?? ''

export const recordExtraRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/api/records/:entity/aggregate',
    access: 'caller',
    operation: 'read',
    body: ANY_BODY,
    handler: async door => aggregateRecords(await recordContext(door), entityOf(door), door.body),
  },
  {
    method: 'GET',
    path: '/api/records/:entity/:id/history',
    access: 'caller',
    operation: 'read',
    query: {
      type: 'object',
      additionalProperties: false,
      properties: { limit: { type: 'integer', minimum: 1, title: 'Limit' }, after: { type: 'string', maxLength: 1_000, title: 'After' } },
    },
    handler: async door => readHistory(await recordContext(door), entityOf(door), idOf(door), door.query),
  },
  {
    method: 'POST',
    path: '/api/records/:entity/:id/reveal',
    access: 'caller',
    operation: 'reveal',
    body: {
      type: 'object',
      additionalProperties: false,
      required: ['field', 'reason'],
      properties: {
        field: { type: 'string', maxLength: 200, title: 'Field' },
        // Three characters that are no blanks.
        reason: { type: 'string', pattern: '\\S\\s*\\S\\s*\\S', maxLength: 500, title: 'Reason' },
      },
    },
    handler: async door => {
      const ctx = await recordContext(door)
      const dataText = await revealField(ctx, entityOf(door), idOf(door), door.body as Reveal)
      const { traceId, route, ip } = ctx
      door.engine.securityLog.append({
        event: 'value_revealed',
        tenant_id: ctx.caller.tenant.id,
        user_id: ctx.caller.userId,
        ip,
        route,
        trace_id: traceId,
        reference: idOf(door),
      })
      return { dataText }
    },
  },
  {
    method: 'POST',
    path: '/api/records/:entity/:id/convert',
    access: 'caller',
    operation: 'update',
    body: {
      type: 'object',
      additionalProperties: false,
      required: ['conversion'],
      properties: { conversion: { type: 'string', maxLength: 200, title: 'Conversion' }, values: { type: 'object', title: 'Values' } },
    },
    handler: async door => {
      const ctx = await recordContext(door)
      const request = door.body as ConversionRequest
      return convertedAnswer(
        await convertRecord(ctx, entityOf(door), idOf(door), door.ifMatch(), request, convertedEnvelope(door, ctx, entityOf(door))),
      )
    },
  },
]
