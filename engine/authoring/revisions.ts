/** The history of a model: what was published when and by whom, what differs between two revisions, and how one comes back. */
import { type Change, diffDocuments, type LayerDocument } from '../../metadata/index.ts'
import { append as appendAudit } from '../audit/index.ts'
import { requireCurrentEpochs } from '../identity/index.ts'
import { commonErrors } from '../kernel/errors.ts'
import type { ModelContext, RevisionContent } from '../model/index.ts'
import type { TenantConnection } from '../platform/index.ts'
import { requireKind } from './authority.ts'
import { type Address, readRows, writeRow } from './draft-store.ts'
import { addressOf, type AuthoringParts, findOverlay, nameOf } from './change-set.ts'
import { authoringErrors } from './errors.ts'
import { documentsOf, type DraftView, readDraft } from './read-draft.ts'
import { seesWhole } from './whole-sight.ts'

/** A revision in a list. */
export interface RevisionLine {
  readonly revision: number
  readonly note: string
  readonly created_at: string
  readonly created_by: string | null
  /** How many parts of documents it changed. */
  readonly changes: number
}

/** A revision with what it changed; for the live one also what is still being prepared. */
export interface RevisionView extends Omit<RevisionLine, 'changes'> {
  readonly live: boolean
  readonly packs: RevisionContent['packs']
  readonly changes: readonly Change[]
  readonly building: readonly FieldState[]
}

/** How far the storage of a field is filled. */
export interface FieldState {
  readonly entity: string
  readonly field: string
  /** Records; null where the asker does not see all of them. */
  readonly done: number | null
  readonly total: number | null
  readonly job_id: string | null
}

type Line = { revision: number; note: string; created_at: string; created_by: string | null; changes: number }

/** Revisions, the newest first; `before` is the last one of the page before. */
export async function listRevisions(
  { database }: AuthoringParts,
  ctx: ModelContext,
  page: { limit: number; before: number | null },
): Promise<{ revisions: RevisionLine[]; next: number | null }> {
  const rows = await database.readAs(ctx.caller.tenant.id, connection =>
    connection.run<Line>({
      text: `select revision, note, created_at, created_by, jsonb_array_length(diff) as changes from nexus.revision
        where tenant_id = $1 and ($2::int is null or revision < $2) order by revision desc limit $3`,
      values: [ctx.caller.tenant.id, page.before, page.limit + 1],
    }),
  )
  const revisions = rows.slice(0, page.limit)
  return { revisions, next: rows.length > page.limit ? (revisions.at(-1)?.revision ?? null) : null }
}

/** One revision. Throws NOT_FOUND. */
export async function getRevision({ database }: AuthoringParts, ctx: ModelContext, revision: number): Promise<RevisionView> {
  const found = await database.readAs(ctx.caller.tenant.id, async connection => {
    const [row] = await connection.run<Omit<Line, 'changes'> & { packs: RevisionContent['packs']; diff: Change[]; live: number }>({
      text: `select r.revision, r.note, r.created_at, r.created_by, r.packs, r.diff, t.revision as live
        from nexus.revision r join nexus.tenant t on t.id = r.tenant_id where r.tenant_id = $1 and r.revision = $2`,
      values: [ctx.caller.tenant.id, revision],
    })
    if (row === undefined) throw commonErrors.NOT_FOUND({})
    return { row, building: row.live === revision ? await readBuilding(connection, ctx) : [] }
  })
  const { diff, live, ...line } = found.row
  return { ...line, live: live === revision, changes: diff, building: found.building }
}

async function readBuilding(connection: TenantConnection, { caller, model }: ModelContext): Promise<FieldState[]> {
  const rows = await connection.run<{ entity_no: number; field_no: number; done: string; total: string; job_id: string | null }>({
    text: `select entity_no, field_no, done, total, job_id from nexus.field_state where tenant_id = $1 and state = 'building' order by entity_no, field_no`,
    values: [connection.tenantId],
  })
  return rows.flatMap(row => {
    const entity = model.entitiesByNo.get(row.entity_no)
    const field = entity?.fieldsByNo.get(String(row.field_no))
    if (entity === undefined || field === undefined) return []
    const counts = seesWhole(caller, model, entity) ? { done: Number(row.done), total: Number(row.total) } : { done: null, total: null }
    return [{ entity: field.entity, field: field.key, ...counts, job_id: row.job_id }]
  })
}

/** What differs from one revision to another. Throws NOT_FOUND. */
export async function diffRevisions(parts: AuthoringParts, ctx: ModelContext, from: number, to: number): Promise<Change[]> {
  const contents = await parts.database.readAs(ctx.caller.tenant.id, async connection => {
    await requireRevisions(connection, [from, to])
    return { before: await parts.models.content(connection, from), after: await parts.models.content(connection, to) }
  })
  const documents = async ({ packs, overlay, numbers }: RevisionContent): Promise<ReturnType<typeof documentsOf>> =>
    documentsOf(await parts.models.assembleDraft(ctx.caller.tenant.id, { packs, overlay, numbers }))
  return diffDocuments(await documents(contents.before), await documents(contents.after))
}

/** Makes a draft that brings the overlay of a revision back; the packs stay as they are. Throws NOT_FOUND, AUTHORING_DRAFT_EXISTS. */
export async function restoreRevision(parts: AuthoringParts, ctx: ModelContext, revision: number): Promise<DraftView> {
  await parts.database.writeAs(ctx.caller.tenant.id, async connection => {
    await requireCurrentEpochs(connection, ctx.caller)
    await requireRevisions(connection, [revision])
    if ((await readRows(connection)).length > 0) throw authoringErrors.DRAFT_EXISTS({})
    const wanted = (await parts.models.content(connection, revision)).overlay
    const live = (await parts.models.content(connection)).overlay
    for (const { address, document } of differences(live, wanted)) {
      requireKind(ctx.caller, address.kind)
      await writeRow(connection, ctx, address, document, 0)
    }
    await appendAudit(connection, ctx, { action: 'draft.restored', details: { revision } })
  })
  return readDraft(parts, ctx)
}

/** The documents that make one overlay of another; null takes one away. */
function differences(live: readonly unknown[], wanted: readonly unknown[]): { address: Address; document: unknown }[] {
  const addresses = new Map(
    [...live, ...wanted].map(document => addressOf(document as LayerDocument)).map(address => [nameOf(address), address]),
  )
  return [...addresses.values()].flatMap(address => {
    const [old, document] = [findOverlay(live, address), findOverlay(wanted, address)]
    return JSON.stringify(old) === JSON.stringify(document) ? [] : [{ address, document: document ?? null }]
  })
}

async function requireRevisions(connection: TenantConnection, revisions: readonly number[]): Promise<void> {
  const wanted = [...new Set(revisions)]
  const rows = await connection.run({
    text: 'select 1 from nexus.revision where tenant_id = $1 and revision = any($2::int[])',
    values: [connection.tenantId, wanted],
  })
  if (rows.length < wanted.length) throw commonErrors.NOT_FOUND({})
}
