/**
 * Answers what a model is for one caller, and the forms of its entities; kept per revision, set of profiles and language, and never shared
 * between profiles. The tag of an answer changes whenever any of these does.
 */
import { createHash } from 'node:crypto'
import { decideAccess } from '../access/index.ts'
import type { ModelContext } from '../model/index.ts'
import { type ComponentSchemas, componentSchemas, type FormMode, shapeForm, shapeModel } from '../shape/index.ts'
import { callerNames } from './caller-names.ts'

/** A description ready to be sent, and its tag. */
export interface Described {
  readonly etag: string
  /** What is sent: JSON, or a source text. */
  text(): string
}

/** The caller's effective model. */
export function describeModel(ctx: ModelContext): Described {
  return described(ctx, 'model', () => JSON.stringify(shapeModel(namesOf(ctx), ctx.caller.tenant, ctx.revision)))
}

/** The form of an entity. Throws NOT_FOUND where the entity does not exist for the caller, ACCESS_OPERATION_FORBIDDEN where he may not do what it is for. */
export function describeForm(ctx: ModelContext, entityKey: string, mode: FormMode): Described {
  const grant = decideAccess(ctx, entityKey, mode === 'create' ? 'create' : mode === 'edit' ? 'update' : 'read')
  return described(ctx, `form ${entityKey} ${mode}`, () => JSON.stringify(shapeForm(namesOf(ctx), grant, mode)))
}

/** Schemas of all that the caller can send and be sent of his entities: what documents and types for programs are made of. */
export function describeComponents(ctx: ModelContext): ComponentSchemas {
  return componentSchemas(namesOf(ctx))
}

/** Texts kept per process, the largest of them 1 MB: descriptions for each of some dozen sets of profiles, and the forms that are open. */
const KEPT_TEXTS = 200

const kept = new Map<string, string>()

/** A description of the caller's model, made once for whoever shares it; `what` names it among the others. */
export function described(ctx: ModelContext, what: string, make: () => string): Described {
  const { caller, revision, building, model } = ctx
  // Tenants without an overlay share a model, and fields become filterable within a revision.
  const identity = JSON.stringify([what, caller.tenant, revision, model.fingerprint, caller.profiles, caller.locale, [...building].sort()])
  const digest = createHash('sha256').update(identity).digest('base64url')
  return {
    etag: `"${digest.slice(0, 32)}"`,
    text: () => {
      const text = kept.get(digest) ?? make()
      kept.delete(digest)
      kept.set(digest, text)
      const oldest = kept.keys().next()
      if (kept.size > KEPT_TEXTS && oldest.done !== true) kept.delete(oldest.value)
      return text
    },
  }
}

function namesOf(ctx: ModelContext) {
  return callerNames(ctx, ctx.caller.profiles, ctx.caller.locale)
}
