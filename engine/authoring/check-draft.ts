/** Checks the draft: what is wrong with it, what is permitted but worth seeing, and what it would mean for the records. */
import type { Problem } from '../../metadata/index.ts'
import { toldIn } from '../../metadata/translate.ts'
import type { RecordContext } from '../records/index.ts'
import { type AuthoringParts, loadChangeSet } from './change-set.ts'
import { findImpact, type Impact } from './impact.ts'
import { problemsOf } from './read-draft.ts'

export interface DraftCheck {
  /** What is wrong with the draft, and what of it the asker may not publish himself. */
  readonly problems: readonly Problem[]
  readonly notes: readonly Problem[]
  /** Null while the draft does not hold together. */
  readonly impact: Impact | null
}

/** Checks the draft of the caller's tenant against its records. */
export async function checkDraft(parts: AuthoringParts, ctx: RecordContext): Promise<DraftCheck> {
  const set = await loadChangeSet(parts, ctx.caller.tenant.id)
  const { before, after } = set
  const known = new Set(before.checked.notes.map(note => JSON.stringify(note)))
  const notes = after.checked.notes.filter(note => !known.has(JSON.stringify(note)))
  const impact = before.model === null || after.model === null ? null : await findImpact(parts, ctx, set, before.model, after.model)
  const { locale } = ctx.caller
  return { problems: toldIn(problemsOf(set, ctx.caller), locale), notes: toldIn(notes, locale), impact }
}
