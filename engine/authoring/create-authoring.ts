/** Puts authoring together for one process: the use cases with what they stand on. Decides nothing itself. */
import type { ModelContext } from '../model/index.ts'
import type { Envelope, RecordContext } from '../records/index.ts'
import type { AuthoringParts } from './change-set.ts'
import { checkDraft } from './check-draft.ts'
import { type DocumentState, getDocument, listDocuments } from './documents.ts'
import type { Address } from './draft-store.ts'
import { discardDraft, removeDocument, saveDocument } from './edit-draft.ts'
import { metaSchemaOf } from './meta-schema.ts'
import { type FormPreview, previewForm } from './preview.ts'
import { type Published, publishDraft } from './publish.ts'
import { readDraft } from './read-draft.ts'
import { diffRevisions, getRevision, listRevisions, restoreRevision } from './revisions.ts'
import { whereUsed } from './where-used.ts'

export type Authoring = ReturnType<typeof createAuthoring>

/** Makes the authoring of one process; `wake` is told of a publish that left work for the background. */
export function createAuthoring(parts: AuthoringParts & { readonly wake?: () => void }) {
  return {
    documents: {
      list: (ctx: ModelContext, kind: string | null, state: DocumentState) => listDocuments(parts, ctx, kind, state),
      get: (ctx: ModelContext, address: Address, state: DocumentState) => getDocument(parts, ctx, address, state),
    },
    schema: metaSchemaOf,
    draft: {
      read: (ctx: ModelContext) => readDraft(parts, ctx),
      save: (ctx: ModelContext, address: Address, input: unknown, seen: number | null) => saveDocument(parts, ctx, address, input, seen),
      remove: (ctx: ModelContext, address: Address, seen: number | null) => removeDocument(parts, ctx, address, seen),
      discard: (ctx: ModelContext) => discardDraft(parts, ctx),
      check: (ctx: RecordContext) => checkDraft(parts, ctx),
      publish: async (ctx: RecordContext, note: string, envelope?: Envelope<Published>) => {
        const published = await publishDraft(parts, ctx, note, envelope)
        if (published.job_id !== null) parts.wake?.()
        return published
      },
    },
    revisions: {
      list: (ctx: ModelContext, page: { limit: number; before: number | null }) => listRevisions(parts, ctx, page),
      get: (ctx: ModelContext, revision: number) => getRevision(parts, ctx, revision),
      diff: (ctx: ModelContext, from: number, to: number) => diffRevisions(parts, ctx, from, to),
      restore: (ctx: ModelContext, revision: number) => restoreRevision(parts, ctx, revision),
    },
    previewForm: (ctx: ModelContext, asked: FormPreview) => previewForm(parts, ctx, asked),
    whereUsed: (ctx: ModelContext, address: Address, field: string | null) => whereUsed(parts, ctx, address, field),
  }
}
