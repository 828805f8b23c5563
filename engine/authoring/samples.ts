/** Shows some records of a finding as the asker may see them: through the same door as any list, so that a count never opens what a right closes. */
import { grantOver } from '../access/index.ts'
import { EngineError } from '../kernel/errors.ts'
import { listRecords, type RecordContext } from '../records/index.ts'

/** A record in a sample: its id and version, its title, and the value in question. */
export type Sample = Readonly<Record<string, unknown>>

/** Those of the records that the caller may see, with the values he may see of them. */
export async function sampleRecords(ctx: RecordContext, entity: string, field: string | null, ids: readonly string[]): Promise<Sample[]> {
  const grant = grantOver(ctx.model, ctx.caller.profiles, entity)
  if (grant === null || ids.length === 0) return []
  const wanted = [grant.entity.titleField, ...(field === null ? [] : [field])]
  const select = [...new Set(wanted)].filter(key => grant.fields.has(key))
  try {
    const { dataText } = await listRecords(ctx, entity, {
      select: ['id', ...select],
      where: { id: { in: [...ids] } },
      limit: Math.min(ids.length, grant.caps.maxPageSize),
    })
    return JSON.parse(dataText) as Sample[]
  } catch (error) {
    // Whoever may not list them gets the numbers alone.
    if (error instanceof EngineError && error.status < 500) return []
    throw error
  }
}
