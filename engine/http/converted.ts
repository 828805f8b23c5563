/** What a conversion answers, and how a repeated one answers the same (Idempotency-Key). Decides nothing about records. */
import { fingerprintOf, once } from '../guard/index.ts'
import { type Converted, type Envelope, readRecord, type RecordContext } from '../records/index.ts'
import type { Answer, DoorRequest } from './route.ts'

/** Ids of what was made, by step, and the record as its writer may see it now. */
export function convertedAnswer(converted: Converted): Answer {
  return {
    dataText: textOf(converted.steps, converted.dataText),
    headers: { etag: `"${converted.version}"` },
    ...(converted.warnings.length === 0 ? {} : { warnings: converted.warnings }),
  }
}

/** Remembers a conversion under the client's key; who has other rights by now sees the record as they let him. */
export function convertedEnvelope(door: DoorRequest, ctx: RecordContext, entity: string): Envelope<Converted> {
  const key = door.idempotencyKey
  if (key === null) return {}
  return {
    around: async (connection, act) => {
      let fresh: Converted | null = null
      const kept = await once(
        connection,
        ctx,
        { key, route: ctx.route, fingerprint: fingerprintOf(door.path, [door.ifMatch(), door.body]) },
        async () => {
          fresh = await act()
          return {
            status: 200,
            headers: { etag: String(fresh.version) },
            body: textOf(fresh.steps, fresh.dataText),
            entity,
            record_id: fresh.id,
          }
        },
        async first => {
          const now = await readRecord(ctx, entity, first.record_id ?? '')
          return first.sameRights ? first : { ...first, body: textOf(stepsOf(first.body), now.dataText) }
        },
      )
      if (fresh !== null) return fresh
      const { record } = JSON.parse(kept.body) as { record: unknown }
      return {
        id: kept.record_id ?? '',
        steps: stepsOf(kept.body),
        version: Number(kept.headers['etag']),
        dataText: JSON.stringify(record),
        warnings: [],
      }
    },
  }
}

function stepsOf(body: string): Converted['steps'] {
  return (JSON.parse(body) as { steps: Converted['steps'] }).steps
}

function textOf(steps: Converted['steps'], record: string | null): string {
  return `{"steps":${JSON.stringify(steps)},"record":${record ?? 'null'}}`
}
