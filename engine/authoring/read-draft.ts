/** Shows what the draft changes, for people: document by document and part by part, and what is wrong with it. */
import { type Change, diffDocuments, type MetadataDocument, type Problem } from '../../metadata/index.ts'
import { toldIn } from '../../metadata/translate.ts'
import type { Assembled, ModelContext } from '../model/index.ts'
import { refusals } from './authority.ts'
import type { RoleAuthor } from './role-changes.ts'
import { type AuthoringParts, type ChangeSet, findDocument, loadChangeSet } from './change-set.ts'
import type { Address } from './draft-store.ts'

/** The draft as it differs from the live revision. */
export interface DraftView {
  /** The live revision it stands on. */
  readonly revision: number
  readonly documents: readonly (Address & {
    readonly version: number
    readonly removed: boolean
    readonly updated_at: string
    readonly updated_by: string | null
  })[]
  readonly changes: readonly Change[]
  readonly problems: readonly Problem[]
}

/** The draft of the caller's tenant. */
export async function readDraft(parts: AuthoringParts, ctx: ModelContext): Promise<DraftView> {
  const set = await loadChangeSet(parts, ctx.caller.tenant.id)
  return {
    revision: set.live.revision,
    documents: set.rows.map(({ document, ...row }) => ({ ...row, removed: document === null })),
    changes: changesOf(set),
    problems: toldIn(problemsOf(set, ctx.caller), ctx.caller.locale),
  }
}

/** What is wrong with a draft, and what of it its author may not publish himself. */
export function problemsOf(set: ChangeSet, author: RoleAuthor): readonly Problem[] {
  const { before, after, live } = set
  if (before.model === null || after.model === null) return after.problems
  return [...after.problems, ...refusals(author, before.model, after.model, changesOf(set), live.numbers)]
}

/** What differs. A document that is too broken to be read is no removal: it stands among the problems. */
export function changesOf({ before, after, rows }: ChangeSet): Change[] {
  const removed = new Set(rows.filter(row => row.document === null).map(row => `${row.kind}/${row.key}`))
  const unread = before.checked.documents.filter(
    ({ kind, key }) => findDocument(after.checked.documents, { kind, key }) === undefined && !removed.has(`${kind}/${key}`),
  )
  return diffDocuments(documentsOf(before), [...documentsOf(after), ...unread.map(each => each.document)])
}

/** The documents of an assembled model. */
export function documentsOf({ checked }: Assembled): MetadataDocument[] {
  return checked.documents.map(each => each.document)
}
