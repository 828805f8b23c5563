/** Puts documents into the draft and takes them out again; every change answers with everything that is wrong with the draft then. */
import { type EffectiveDocument, isDocumentKind, isOverlay, type LayerDocument, overlayOf, type Problem } from '../../metadata/index.ts'
import { toldIn } from '../../metadata/translate.ts'
import { append as appendAudit } from '../audit/index.ts'
import { requireCurrentEpochs } from '../identity/index.ts'
import { commonErrors, type EngineError } from '../kernel/errors.ts'
import type { ModelContext } from '../model/index.ts'
import type { TenantConnection } from '../platform/index.ts'
import { requireKind } from './authority.ts'
import {
  addressOf,
  type AuthoringParts,
  changeSetContent,
  findDocument,
  findOverlay,
  loadChangeSet,
  nameOf,
  packDocuments,
  readBoth,
} from './change-set.ts'
import { type Address, type DraftRow, forgetRow, forgetRows, lockRow, readRows, writeRow } from './draft-store.ts'
import { authoringErrors } from './errors.ts'
import { problemsOf } from './read-draft.ts'
import { requireOverlaySize } from './overlay-size.ts'

/** What a change of the draft answers. */
export interface Edited extends Address {
  /** 0 where the draft holds nothing of the document any more. */
  readonly version: number
  /** The document as the overlay will hold it: whole, or what differs from the pack's; null where the overlay has none. */
  readonly document: unknown
  /** Everything that is wrong with the draft as it stands, and what of it the caller may not publish himself. */
  readonly problems: readonly Problem[]
}

/**
 * Puts a document into the draft: a whole one, or an overlay with `extends`. A whole one of a pack is kept as the smallest overlay that makes it.
 * `seen` is the version of the draft it was made from, 0 or null where it was not in it. Throws NOT_FOUND for a kind or key that can not be,
 * AUTHORING_MISPLACED, AUTHORING_VERSION_*.
 */
export async function saveDocument(
  parts: AuthoringParts,
  ctx: ModelContext,
  address: Address,
  input: unknown,
  seen: number | null,
): Promise<Edited> {
  requireEditable(ctx, address)
  const document = layerDocumentOf(await packDocument(parts, ctx, address), address, input)
  const version = await parts.database.writeAs(ctx.caller.tenant.id, async connection => {
    const known = await enter(connection, ctx, address, seen)
    const written = await writeRow(connection, ctx, address, document, known?.version ?? 0)
    if (written === null) throw stale(await lockRow(connection, address))
    await requireSize(connection, parts)
    await appendAudit(connection, ctx, { action: 'draft.saved', details: { ...address, version: written } })
    return written
  })
  return { ...address, version, document, problems: await problemsNow(parts, ctx) }
}

/**
 * Takes the overlay's document away: one of its own altogether, a pack's back to what the pack says. Throws NOT_FOUND for a document that is
 * nowhere, AUTHORING_PACK_DOCUMENT for one that only the pack has.
 */
export async function removeDocument(parts: AuthoringParts, ctx: ModelContext, address: Address, seen: number | null): Promise<Edited> {
  requireEditable(ctx, address)
  const pack = await packDocument(parts, ctx, address)
  const version = await parts.database.writeAs(ctx.caller.tenant.id, async connection => {
    const known = await enter(connection, ctx, address, seen, true)
    const { overlay } = await parts.models.content(connection)
    const isLive = findOverlay(overlay, address) !== undefined
    if (!isLive && known === undefined)
      throw pack === undefined ? commonErrors.NOT_FOUND({}) : authoringErrors.PACK_DOCUMENT({ ...address, pack: pack.layer })
    if (!isLive) await forgetRow(connection, address)
    const written = isLive ? await writeRow(connection, ctx, address, null, known?.version ?? 0) : 0
    if (written === null) throw stale(await lockRow(connection, address))
    await appendAudit(connection, ctx, { action: 'draft.removed', details: { ...address, version: written } })
    return written
  })
  return { ...address, version, document: null, problems: await problemsNow(parts, ctx) }
}

/** Throws the whole draft away. */
export async function discardDraft(parts: AuthoringParts, ctx: ModelContext): Promise<void> {
  await parts.database.writeAs(ctx.caller.tenant.id, async connection => {
    await requireCurrentEpochs(connection, ctx.caller)
    for (const row of await readRows(connection)) requireKind(ctx.caller, row.kind)
    const documents = await forgetRows(connection)
    if (documents > 0) await appendAudit(connection, ctx, { action: 'draft.discarded', details: { documents } })
  })
}

/** Kinds and keys that may be authored; a pack describes itself and is changed with its files. */
function requireEditable(ctx: ModelContext, { kind, key }: Address): void {
  if (!isDocumentKind(kind) || kind === 'pack' || !/^[a-z][a-z0-9_]{0,47}$/.test(key)) throw commonErrors.NOT_FOUND({})
  requireKind(ctx.caller, kind)
}

async function packDocument(
  { database, models }: AuthoringParts,
  ctx: ModelContext,
  address: Address,
): Promise<EffectiveDocument | undefined> {
  const content = await database.readAs(ctx.caller.tenant.id, connection => models.content(connection))
  return findDocument(await packDocuments(models, content), address)
}

/** What the overlay keeps of a document as it was sent. */
function layerDocumentOf(pack: EffectiveDocument | undefined, address: Address, input: unknown): unknown {
  const isObject = typeof input === 'object' && input !== null && !Array.isArray(input)
  const placed = isObject && isNamed(input) && nameOf(addressOf(input)) === nameOf(address)
  if (!placed) throw authoringErrors.MISPLACED({ ...address })
  if (pack === undefined || isOverlay(input)) return input
  return overlayOf(pack, input)
}

/** Whether a document says what it is; everything else in it may be wrong and is told as a problem. */
function isNamed(input: object): input is LayerDocument {
  const { kind, key, extends: base } = input as { kind?: unknown; key?: unknown; extends?: unknown }
  return typeof kind === 'string' && (typeof base === 'string' || (base === undefined && typeof key === 'string'))
}

/** The first statements of an edit: the caller as he is now, and the document at the version he saw. */
async function enter(
  connection: TenantConnection,
  ctx: ModelContext,
  address: Address,
  seen: number | null,
  mayBeAbsent = false,
): Promise<DraftRow | undefined> {
  await requireCurrentEpochs(connection, ctx.caller)
  const known = await lockRow(connection, address)
  if (known !== undefined && seen === null)
    throw authoringErrors.VERSION_REQUIRED({ version: known.version }, { members: { version: known.version } })
  const expected = known?.version ?? 0
  if ((seen ?? 0) !== expected && !(mayBeAbsent && known === undefined && seen === null)) throw stale(known)
  return known
}

async function requireSize(connection: TenantConnection, { models }: AuthoringParts): Promise<void> {
  const { live, rows } = await readBoth(models, connection)
  requireOverlaySize(changeSetContent(live, rows).overlay)
}

function stale(known: DraftRow | undefined): EngineError {
  const version = known?.version ?? 0
  return authoringErrors.VERSION_STALE({ version }, { members: { version, document: known?.document ?? null } })
}

async function problemsNow(parts: AuthoringParts, ctx: ModelContext): Promise<readonly Problem[]> {
  return toldIn(problemsOf(await loadChangeSet(parts, ctx.caller.tenant.id), ctx.caller), ctx.caller.locale)
}
