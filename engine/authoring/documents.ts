/** Shows the documents of a model as they work together, and for each part the layer it comes from. */
import { type EffectiveDocument, layersOf } from '../../metadata/index.ts'
import { commonErrors } from '../kernel/errors.ts'
import type { ModelContext } from '../model/index.ts'
import { type AuthoringParts, type ChangeSet, findDocument, findOverlay, loadChangeSet, nameOf } from './change-set.ts'
import type { Address } from './draft-store.ts'

/** Which state of the model: with the draft on top, or as records see it. */
export type DocumentState = 'draft' | 'live'

/** A document in a list. */
export interface DocumentLine extends Address {
  readonly label: unknown
  /** The layer that introduced it: a pack, or `overlay`. */
  readonly layer: string
  readonly changed_by: readonly string[]
  /** Its version in the draft, null where it is not in it. */
  readonly draft_version: number | null
  /** Set where the draft takes it away: what is shown is the live one. */
  readonly removed?: true
}

/** A document with the origin of its parts. */
export interface DocumentView extends DocumentLine {
  readonly document: unknown
  /** JSON pointer → layer, for every part whose layer is not that of the part around it. */
  readonly layers: Readonly<Record<string, string>>
  /** What the overlay itself holds of it, in the state asked for. */
  readonly overlay: unknown
}

/** All documents, or those of one kind, in the order of kinds and keys. */
export async function listDocuments(
  parts: AuthoringParts,
  ctx: ModelContext,
  kind: string | null,
  state: DocumentState,
): Promise<DocumentLine[]> {
  const set = await loadChangeSet(parts, ctx.caller.tenant.id)
  const lines = shownDocuments(set, state).filter(each => kind === null || each.kind === kind)
  return lines.map(each => lineOf(set, each)).sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
}

/** One document. Throws NOT_FOUND. */
export async function getDocument(parts: AuthoringParts, ctx: ModelContext, address: Address, state: DocumentState): Promise<DocumentView> {
  const set = await loadChangeSet(parts, ctx.caller.tenant.id)
  const found = findDocument(shownDocuments(set, state), address)
  if (found === undefined) throw commonErrors.NOT_FOUND({})
  const overlay = findOverlay(state === 'draft' ? set.content.overlay : set.live.overlay, address)
  return { ...lineOf(set, found), document: found.document, layers: layersOf(found.part), overlay: overlay ?? null }
}

/** What the draft breaks or takes away is shown as it is live, so that it can be found and mended. */
function shownDocuments({ before, after }: ChangeSet, state: DocumentState): readonly EffectiveDocument[] {
  const live = before.checked.documents
  if (state === 'live') return live
  return [...after.checked.documents, ...live.filter(document => findDocument(after.checked.documents, document) === undefined)]
}

function lineOf(set: ChangeSet, { kind, key, layer, changedBy, document }: EffectiveDocument): DocumentLine {
  const row = set.rows.find(each => nameOf(each) === nameOf({ kind, key }))
  const isRemoved = row !== undefined && row.document === null && findDocument(set.after.checked.documents, { kind, key }) === undefined
  return {
    kind,
    key,
    label: 'label' in document ? (document.label ?? null) : null,
    layer,
    changed_by: changedBy,
    draft_version: row?.version ?? null,
    ...(isRemoved ? { removed: true } : {}),
  }
}
