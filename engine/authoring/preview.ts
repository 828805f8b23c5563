/**
 * Shows a form of the draft as the holder of chosen profiles would have it, before anything is published. Describes names and arrangement, never
 * records: what the model hides from a profile is hidden here as well, and what the asker may not see of records is nobody's business yet.
 */
import { commonErrors } from '../kernel/errors.ts'
import type { ModelContext } from '../model/index.ts'
import { type Form, type FormMode, shapeForm } from '../shape/index.ts'
import { callerNames } from './caller-names.ts'
import { type AuthoringParts, loadChangeSet } from './change-set.ts'
import { authoringErrors } from './errors.ts'

/** What is to be shown. */
export interface FormPreview {
  readonly entity: string
  readonly profiles: readonly string[]
  readonly mode: FormMode
}

/** The form. Throws NOT_FOUND where the entity does not exist for these profiles, AUTHORING_DRAFT_BROKEN while the draft does not hold together. */
export async function previewForm(parts: AuthoringParts, ctx: ModelContext, asked: FormPreview): Promise<Form> {
  const { after } = await loadChangeSet(parts, ctx.caller.tenant.id)
  if (after.model === null) throw authoringErrors.DRAFT_BROKEN({ count: after.problems.length }, { errors: after.problems })
  const names = callerNames({ model: after.model, building: new Set() }, [...asked.profiles].sort(), ctx.caller.locale)
  const grant = names.grant(asked.entity)
  if (grant === null) throw commonErrors.NOT_FOUND({})
  return shapeForm(names, grant, asked.mode)
}
