/**
 * Commits a change of which everything can be judged before it is written: one message to the database with all its statements and the
 * commit. What an answer would have been waited for otherwise, whether the caller stands as he did and the record as it was read, is asked by
 * statements that fail. Where anything else is left to be judged there, or one of them fails, the ordinary way decides.
 */
import { insistOnEpochs, STATE_OF_OVERTAKEN_CALLER } from '../identity/index.ts'
import { SqlFailure } from '../platform/index.ts'
import type { TenantConnection } from '../platform/types.ts'
import { renderInsistedUpdate, STATE_OF_MOVED_RECORD } from '../sql/index.ts'
import { isOfSameMinute, noteChange, rowOf } from './commit-changes.ts'
import { appendLedgers } from './finish-journal.ts'
import { Journal } from './journal.ts'
import { environmentOf } from './moment.ts'
import type { PreparedChange } from './prepared.ts'
import { touchedSlots } from './record-state.ts'
import { takesUnique } from './refresh-derived.ts'
import { isAllowedByItself, judge } from './require-result.ts'
import type { RecordContext, RecordState } from './types.ts'
import { writeSatellites } from './write-satellites.ts'

/** What was shown of the change; null where nothing was written, and the ordinary way is to be taken. */
export async function commitForegone<T>(
  ctx: RecordContext,
  change: PreparedChange,
  show: (connection: TenantConnection) => Promise<T>,
): Promise<{ readonly shown: T } | null> {
  const { before, values, id } = change
  const { entity } = change.grant
  if (before === null || !isJudged(ctx, change, before)) return null
  const journal = new Journal(ctx)
  noteChange(journal, change)
  if (!journal.refresh.isIdle || journal.people.length > 0 || journal.unitsMoved) return null
  const touched = touchedSlots(entity, [{ before: before.values, values }])
  try {
    return await ctx.db.writeAs(ctx.caller.tenant.id, async connection => {
      connection.commitAfterThis()
      const [shown] = await inThisOrder(
        insistOnEpochs(connection, ctx.caller),
        connection.execute(renderInsistedUpdate(connection.tenantId, entity, rowOf(change), touched, isOfSameMinute(change))),
        writeSatellites(connection, entity, [{ id, before: before.values, values }], environmentOf(ctx)),
        show(connection),
        appendLedgers(connection, ctx, journal, []),
      )
      return { shown }
    })
  } catch (error) {
    if (error instanceof SqlFailure && OVERTAKEN.has(error.sqlState ?? '')) return null
    throw error
  }
}

const OVERTAKEN: ReadonlySet<string> = new Set([STATE_OF_OVERTAKEN_CALLER, STATE_OF_MOVED_RECORD])

/** They are on their way when this is called, in the order in which they stand. */
async function inThisOrder<T>(
  epochs: Promise<void>,
  row: Promise<number>,
  beside: Promise<unknown>,
  shown: Promise<T>,
  ledgers: Promise<void>,
): Promise<[T, unknown]> {
  return Promise.all([shown, Promise.all([epochs, row, beside, ledgers])])
}

/** Whether the database is left with nothing to judge but that the record stands as it was read. */
function isJudged(ctx: RecordContext, change: PreparedChange, before: RecordState): boolean {
  const { entity } = change.grant
  const isOpen =
    change.references.length > 0 ||
    change.open.length > 0 ||
    change.openTermChecks.size > 0 ||
    change.lines.length > 0 ||
    change.counted.length > 0 ||
    change.later !== null
  if (change.idle || isOpen || entity.parentField !== null) return false
  if (
    !isAllowedByItself(ctx, change) ||
    takesUnique(entity, { id: change.id, before: before.values, values: change.values }, environmentOf(ctx))
  )
    return false
  return judge(change, 'update', HOLDS, HOLDS, '') === null
}

const HOLDS = (): boolean => true
