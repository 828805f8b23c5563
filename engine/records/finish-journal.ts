/**
 * Ends a transaction whose rows are written: parents are refreshed, what came of it is judged, and what is to be told is appended to the three
 * ledgers. Nothing is changed after this.
 */
import { append as appendAudit } from '../audit/index.ts'
import { guardPeople } from '../identity/index.ts'
import { append as appendEvents, type NewEvent } from '../outbox/index.ts'
import type { TenantConnection } from '../platform/types.ts'
import { renderHistory } from '../sql/index.ts'
import type { Journal } from './journal.ts'
import { judgeOutcome } from './judge-outcome.ts'
import type { RecordContext } from './types.ts'
import type { AtLast } from './write-transaction.ts'

/** Refreshes parents once, at the end, then appends to the three ledgers. */
export async function finishJournal(connection: TenantConnection, ctx: RecordContext, journal: Journal, atLast?: AtLast): Promise<void> {
  await finishAndShow(connection, ctx, journal, async () => undefined, atLast)
}

/** The same; `show` reads what came of it, sent together with what is appended. */
export async function finishAndShow<T>(
  connection: TenantConnection,
  ctx: RecordContext,
  journal: Journal,
  show: () => Promise<T>,
  atLast: AtLast = async () => undefined,
): Promise<T> {
  if (journal.people.length > 0) await guardPeople(connection, ctx, journal.people)
  const derived = await journal.refresh.run(connection, ctx)
  await judgeOutcome(connection, ctx, journal)
  await atLast()
  const { tenantId } = connection
  const [shown] = await Promise.all([
    show(),
    journal.refresh.stored(),
    appendLedgers(connection, ctx, journal, derived),
    journal.unitsMoved
      ? connection.execute({ text: 'update nexus.tenant set tree_epoch = tree_epoch + 1 where id = $1', values: [tenantId] })
      : null,
  ])
  return shown
}

/** Appends what the journal tells to history, audit and events. */
export async function appendLedgers(
  connection: TenantConnection,
  ctx: RecordContext,
  journal: Journal,
  derived: readonly NewEvent[],
): Promise<void> {
  const made = { at: ctx.now.toISOString(), actor: ctx.caller.userId, traceId: ctx.traceId }
  await Promise.all([
    journal.history.length === 0 ? null : connection.run(renderHistory(connection.tenantId, journal.history, made)),
    appendAudit(connection, ctx, journal.audit),
    appendEvents(connection, ctx, [...journal.events, ...derived]),
  ])
}
