/** What one transaction has to tell when its rows are written: history, audit, events, and the parents to refresh. */
import { append as appendAudit } from '../audit/index.ts'
import { guardPeople, type PersonChange } from '../identity/index.ts'
import { type CompiledEntity, ORG_UNIT_ENTITY, USER_ENTITY } from '../model/index.ts'
import { append as appendEvents, type NewEvent } from '../outbox/index.ts'
import type { TenantConnection } from '../platform/types.ts'
import { type HistoryRow, renderHistory } from '../sql/index.ts'
import { type ChangedField, changedFields, storedChanges } from './history-rows.ts'
import type { PreparedChange } from './prepared.ts'
import { Refresh } from './refresh-derived.ts'
import type { RecordContext, Values } from './types.ts'
import type { AtLast } from './write-transaction.ts'

/** What one transaction has to append when its rows are written. */
export class Journal {
  readonly history: HistoryRow[] = []
  readonly events: NewEvent[] = []
  readonly audit: {
    action: `${string}.${string}`
    entity: string
    record_id: string
    details: { version: number; fields?: string[]; past?: true }
  }[] = []
  readonly people: PersonChange[] = []
  readonly refresh = new Refresh()
  /** Whether units were added or moved: every process then looks at the tree again. */
  unitsMoved = false
  private readonly model: RecordContext['model']

  constructor(ctx: RecordContext) {
    this.model = ctx.model
  }

  /** Notes a change of a record. */
  note(
    entity: CompiledEntity,
    op: HistoryRow['op'],
    id: string,
    version: number,
    before: Values | null,
    after: Values | null,
    past = false,
  ): void {
    const changed = changedFields(entity, before, after)
    const fields = changed.map(each => each.key)
    this.history.push({ entity_no: entity.no, record_id: id, version, op, changes: storedChanges(op, changed) })
    this.audit.push({
      action: `record.${PAST[op]}`,
      entity: entity.key,
      record_id: id,
      // What a create gave stands in its history, all of it.
      details: { version, ...(op === 'create' ? {} : { fields }), ...(past ? { past: true as const } : {}) },
    })
    this.events.push({
      type: `record.${PAST[op]}`,
      data: {
        entity: entity.key,
        id,
        version,
        changed: fields,
        before: before && valuesOf(changed, 'before'),
        after: after && valuesOf(changed, 'after'),
      },
    })
    if (entity.key === USER_ENTITY) this.people.push({ op, id, given: fields })
    if (entity.key === ORG_UNIT_ENTITY && (op === 'create' || (entity.parentField !== null && fields.includes(entity.parentField))))
      this.unitsMoved = true
    this.refresh.note(this.model, entity, before, after)
  }

  /** Asks about the parents of changes that are on their way; what is noted of these changes later is known already. */
  askAhead(connection: TenantConnection, ctx: RecordContext, changes: readonly PreparedChange[]): void {
    for (const { grant, before, values } of changes) this.refresh.note(this.model, grant.entity, before?.values ?? null, values)
    this.refresh.askAhead(connection, ctx)
  }
}

/** One side of what changed, as an event tells it. */
function valuesOf(changed: readonly ChangedField[], side: 'before' | 'after'): Record<string, never> {
  const values: Record<string, never> = {}
  for (const each of changed) values[each.key] = each[side] as never
  return values
}

const PAST = { create: 'created', update: 'updated', delete: 'deleted', restore: 'restored' } as const

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
  await atLast()
  const { tenantId } = connection
  const made = { at: ctx.now.toISOString(), actor: ctx.caller.userId, traceId: ctx.traceId }
  const [shown] = await Promise.all([
    show(),
    journal.refresh.stored(),
    journal.history.length === 0 ? null : connection.run(renderHistory(tenantId, journal.history, made)),
    appendAudit(connection, ctx, journal.audit),
    appendEvents(connection, ctx, [...journal.events, ...derived]),
    journal.unitsMoved
      ? connection.execute({ text: 'update nexus.tenant set tree_epoch = tree_epoch + 1 where id = $1', values: [tenantId] })
      : null,
  ])
  return shown
}
