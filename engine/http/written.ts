/** What a write answers, and how a repeated one answers the same (Idempotency-Key). Decides nothing about records. */
import { fingerprintOf, type KeptAnswer, once } from '../guard/index.ts'
import { type BulkResult, type Envelope, readRecord, type RecordContext, type Written } from '../records/index.ts'
import { problemDocument, toEngineError } from './problem.ts'
import type { Answer, DoorRequest } from './route.ts'

/** 201 with where the record is. */
export function createdAnswer(entity: string, written: Written): Answer {
  return {
    ...writtenAnswer(written),
    status: 201,
    headers: { location: `/api/records/${entity}/${written.id}`, etag: `"${written.version}"` },
  }
}

/** The record as its writer sees it, with warnings beside it; 204 where he may not see it any more. */
export function writtenAnswer(written: Written): Answer {
  if (written.dataText === null) return { empty: true }
  return {
    dataText: written.dataText,
    headers: { etag: `"${written.version}"` },
    ...(written.warnings.length === 0 ? {} : { warnings: written.warnings }),
  }
}

/** Remembers a create under the client's key; a repetition reads the record anew, as the caller may see it now. */
export function writtenEnvelope(door: DoorRequest, ctx: RecordContext, entity: string): Envelope<Written> {
  const key = door.idempotencyKey
  if (key === null) return {}
  return {
    around: async (connection, act) => {
      let fresh: Written | null = null
      const kept = await once(
        connection,
        ctx,
        { key, route: ctx.route, fingerprint: fingerprintOf(door.path, door.body) },
        async () => {
          fresh = await act()
          return { status: 201, headers: {}, body: fresh.dataText ?? 'null', entity, record_id: fresh.id }
        },
        async first => {
          const now = await readRecord(ctx, entity, first.record_id ?? '')
          return first.sameRights ? first : { ...first, body: now.dataText }
        },
      )
      return fresh ?? { id: kept.record_id ?? '', version: 1, dataText: kept.body, warnings: [] }
    },
  }
}

/** Runs a bulk and answers its results in the order of the operations; under the client's key what was answered first is answered again. */
export async function bulkAnswer(
  door: DoorRequest,
  ctx: RecordContext,
  run: (envelope: Envelope<readonly BulkResult[]>) => Promise<readonly BulkResult[]>,
): Promise<Answer> {
  const key = door.idempotencyKey
  if (key === null) return { data: resultsOf(door, await run({})) }
  let body = ''
  await run({
    around: async (connection, act) => {
      let results: readonly BulkResult[] = []
      const kept: KeptAnswer = await once(
        connection,
        ctx,
        { key, route: ctx.route, fingerprint: fingerprintOf(door.path, door.body) },
        async () => {
          results = await act()
          return { status: 200, headers: {}, body: JSON.stringify(resultsOf(door, results)), entity: null, record_id: null }
        },
        async first => first,
      )
      body = kept.body
      return results
    },
  })
  return { dataText: body }
}

/** What failed carries its own problem document; what was not created has no id. */
function resultsOf(door: DoorRequest, results: readonly BulkResult[]): unknown[] {
  return results.map(({ id, op, version, error, warnings }) => {
    if (error === null) return { id, op, version, ...(warnings.length === 0 ? {} : { warnings }) }
    const problem = problemDocument(toEngineError(error), door.origin.traceId, door.origin.locale)
    return op === 'create' ? { op, error: problem } : { id, op, error: problem }
  })
}
