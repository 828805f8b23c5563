/**
 * The change set of a tenant: the live revision, the draft on top of it, and what both are when they are put together. Nothing is decided here;
 * a draft that does not hold together is as good a change set as any other.
 */
import { type EffectiveDocument, keyOf, type LayerDocument } from '../../metadata/index.ts'
import type { Assembled, Models, RevisionContent } from '../model/index.ts'
import { emptyBook, OVERLAY_BASE } from '../model/index.ts'
import type { Database, TenantConnection } from '../platform/index.ts'
import { type Address, type DraftRow, readRows } from './draft-store.ts'

/** What authoring stands on. */
export interface AuthoringParts {
  readonly database: Database
  readonly models: Models
}

export interface ChangeSet {
  readonly live: RevisionContent & { readonly revision: number }
  readonly rows: readonly DraftRow[]
  /** What a publish would make live. */
  readonly content: RevisionContent
  readonly before: Assembled
  readonly after: Assembled
}

/** The change set as it stands now. */
export async function loadChangeSet({ database, models }: AuthoringParts, tenantId: string): Promise<ChangeSet> {
  const { live, rows } = await database.readAs(tenantId, async connection => readBoth(models, connection))
  return changeSetOf(models, tenantId, live, rows)
}

/** The live content and the draft, read over one connection. */
export async function readBoth(models: Models, connection: TenantConnection): Promise<{ live: ChangeSet['live']; rows: DraftRow[] }> {
  return { live: await models.content(connection), rows: await readRows(connection) }
}

/** What the draft makes of the live content. */
export function changeSetContent({ packs, overlay, numbers }: RevisionContent, rows: readonly DraftRow[]): RevisionContent {
  return { packs, overlay: withRows(overlay, rows), numbers }
}

async function changeSetOf(models: Models, tenantId: string, live: ChangeSet['live'], rows: readonly DraftRow[]): Promise<ChangeSet> {
  const plain: RevisionContent = { packs: live.packs, overlay: live.overlay, numbers: live.numbers }
  const content = changeSetContent(live, rows)
  const before = await models.assembleLive(plain)
  const after = rows.length === 0 ? before : await models.assembleDraft(tenantId, content)
  return { live, rows, content, before, after }
}

/** The overlay with the draft's documents in the place of its own; new ones stand last. */
function withRows(overlay: readonly unknown[], rows: readonly DraftRow[]): unknown[] {
  const open = new Map(rows.map(row => [nameOf(row), row.document]))
  const kept = overlay.flatMap(document => {
    const name = nameOf(addressOf(document as LayerDocument))
    const replaced = open.has(name) ? open.get(name) : document
    open.delete(name)
    return replaced === null || replaced === undefined ? [] : [replaced]
  })
  return [...kept, ...[...open.values()].filter(document => document !== null)]
}

/** Documents as the packs alone make them. */
export async function packDocuments(models: Models, content: RevisionContent): Promise<readonly EffectiveDocument[]> {
  const bare = { packs: content.packs, overlay: [], numbers: emptyBook(OVERLAY_BASE) }
  return (await models.assembleLive(bare)).checked.documents
}

/** The document of an address among others. */
export function findDocument(documents: readonly EffectiveDocument[], { kind, key }: Address): EffectiveDocument | undefined {
  return documents.find(document => document.kind === kind && document.key === key)
}

/** The overlay's own document of an address, as it is written. */
export function findOverlay(overlay: readonly unknown[], address: Address): LayerDocument | undefined {
  return (overlay as readonly LayerDocument[]).find(document => nameOf(addressOf(document)) === nameOf(address))
}

export function addressOf(document: LayerDocument): Address {
  return { kind: document.kind, key: keyOf(document) }
}

export function nameOf({ kind, key }: Address): string {
  return `${kind}/${key}`
}
