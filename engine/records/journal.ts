/** What one transaction has to tell when its rows are written: history, audit, events, and the parents to refresh. */
import type { PersonChange } from '../identity/index.ts'
import { type CompiledEntity, ORG_UNIT_ENTITY, USER_ENTITY } from '../model/index.ts'
import type { NewEvent } from '../outbox/index.ts'
import type { TenantConnection } from '../platform/types.ts'
import type { HistoryRow } from '../sql/index.ts'
import { type ChangedField, changedFields, storedChanges } from './history-rows.ts'
import type { PreparedChange } from './prepared.ts'
import { Refresh } from './refresh-derived.ts'
import type { RecordContext, Values } from './types.ts'

/** How a change came about. */
export interface Circumstances {
  /** It says when something was that is not now. */
  readonly past?: boolean
  /** Where its input stands in what was sent; null where nothing was sent of it. */
  readonly pointer?: string | null
  /** It follows from another change: nobody asked for it. */
  readonly follows?: boolean
}

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
  /** Changes that are judged when all is counted, with what another record holds against them. */
  readonly later: { readonly change: PreparedChange; readonly taken: Error | null }[] = []
  /** Records whose tables were judged by their own door: created, or changed with their lines. */
  readonly withTheirLines = new Set<string>()
  /** Records that came out of the trash, their lines with them. */
  readonly restored = new Set<string>()
  private readonly owners = new Map<string, string>()
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
    { past = false, pointer = null, follows = false }: Circumstances = {},
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
    if (op === 'restore') this.restored.add(id)
    this.refresh.note(this.model, entity, { id, before, after, pointer, follows })
  }

  /** Notes on whose behalf a record is changed: what is refused of it is told of the other. */
  hangs(id: string, on: string): void {
    if (id !== on) this.owners.set(id, on)
  }

  /** Whose item a record is changed by. */
  ownerOf(id: string): string {
    const seen = new Set([id])
    for (let at = id; ; ) {
      const owner = this.owners.get(at)
      if (owner === undefined || seen.has(owner)) return at
      seen.add(owner)
      at = owner
    }
  }

  /** Asks about the parents of changes that are on their way; what is noted of these changes later is known already. */
  askAhead(connection: TenantConnection, ctx: RecordContext, changes: readonly PreparedChange[]): void {
    for (const { grant, id, pointer, before, values } of changes)
      this.refresh.note(this.model, grant.entity, { id, before: before?.values ?? null, after: values, pointer, follows: false })
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
