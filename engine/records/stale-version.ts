/** The 412 of a change made from an old version: which version stands now, and which of the fields the caller may see differ. */
import { fieldChanges } from './history-rows.ts'
import type { Grant } from '../access/types.ts'
import type { EngineError } from '../kernel/errors.ts'
import { recordErrors } from './errors.ts'
import type { Intent } from './prepared.ts'
import type { RecordContext, RecordState } from './types.ts'

export async function staleVersion(
  ctx: RecordContext,
  grant: Grant,
  now: RecordState,
  intent: Pick<Intent, 'version'>,
): Promise<EngineError> {
  const rows = await ctx.db.readAs(ctx.caller.tenant.id, connection =>
    connection.run<{ changes: Record<string, unknown> }>({
      text: 'select changes from nexus.record_history where tenant_id = $1 and entity_no = $2 and record_id = $3 and version > $4',
      values: [ctx.caller.tenant.id, grant.entity.no, now.id, intent.version ?? 0],
    }),
  )
  const fields = [...new Set(rows.flatMap(row => fieldChanges(grant.entity, row.changes).map(each => each.field.key)))].filter(
    key => grant.fields.get(key)?.everywhere === true,
  )
  return recordErrors.VERSION_STALE({ version: now.version }, { members: { version: now.version, fields } })
}
